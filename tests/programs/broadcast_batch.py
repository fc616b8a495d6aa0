"""BroadcastProcessFunction in batch mode: all rules are there before the first record."""

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
env.set_parallelism(2)
rules = MapStateDescriptor("rules", Types.STRING(), Types.INT())
pair = Types.TUPLE([Types.STRING(), Types.INT()])
orders = env.from_collection([("tea", 3), ("milk", 20), ("tea", 11), ("jam", 1)], pair)
limits = env.from_collection([("tea", 5), ("milk", 10), ("tea", 10)], pair)


class OverLimit(BroadcastProcessFunction):
    def process_element(self, value, ctx: BroadcastProcessFunction.ReadOnlyContext):
        limit = ctx.get_broadcast_state(rules).get(value[0])
        if limit is None:
            yield "no limit for %s" % value[0]
        elif value[1] > limit:
            yield "%d %s are more than %d" % (value[1], value[0], limit)

    def process_broadcast_element(self, value, ctx: BroadcastProcessFunction.Context):
        state = ctx.get_broadcast_state(rules)
        before = state.get(value[0])
        state.put(value[0], value[1])
        yield "limit of %s: %s, then %s" % (value[0], before, value[1])


orders.connect(limits.broadcast(rules)).process(OverLimit(), Types.STRING()).print()
env.execute()
