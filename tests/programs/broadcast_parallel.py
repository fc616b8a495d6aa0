"""Every instance gets the whole broadcast stream, whatever the parallelism of its source."""

# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import (
    BroadcastProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(4)
counts = MapStateDescriptor("counts", Types.STRING(), Types.INT())
numbers = env.from_collection(range(400), Types.INT())
rules = env.from_collection(range(1500), Types.INT()).rebalance().map(lambda n: n, Types.INT())


class Count(BroadcastProcessFunction):
    def open(self, runtime_context):
        self.index = runtime_context.get_index_of_this_subtask()
        self.all = runtime_context.get_number_of_parallel_subtasks()
        self.first = True

    def process_element(self, value, ctx):
        state = ctx.get_broadcast_state(counts)
        if self.first:
            self.first = False
            yield "instance %d of %d: %d keys, count %d, sum %d" % (
                self.index,
                self.all,
                len(list(state.keys())),
                state.get("count"),
                state.get("sum"),
            )
        if state.get(str(value * 4)) != value * 4 and value * 4 < 1500:
            yield "%d is not there" % (value * 4)

    def process_broadcast_element(self, value, ctx):
        state = ctx.get_broadcast_state(counts)
        state.put("count", (state.get("count") or 0) + 1)
        state.put("sum", (state.get("sum") or 0) + value)
        state.put(str(value), value)


numbers.rebalance().connect(rules.broadcast(counts)).process(Count(), Types.STRING()).print()
env.execute()
