"""Broadcast process functions between other operators; what they may return."""

# output: sorted unprefixed
from pyflink.common import Row, Types
from pyflink.datastream import (
    BroadcastProcessFunction,
    KeyedBroadcastProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)
from pyflink.datastream.state import MapStateDescriptor, ReducingStateDescriptor

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(2)
weights = MapStateDescriptor("weights", Types.STRING(), Types.INT())
rows = Types.ROW_NAMED(["word", "count"], [Types.STRING(), Types.INT()])
lines = env.from_collection(["to be or not to be", "that is the question", "be"], Types.STRING())
rules = env.from_collection([Row("be", 10), Row("the", 0), Row("to", 2)], rows)


class Weigh(BroadcastProcessFunction):
    def process_element(self, value, ctx):
        weight = ctx.get_broadcast_state(weights).get(value)
        if weight == 0:
            return None
        if weight is None:
            return [Row(value, 1)]
        return (Row(value, 1) for _ in range(weight))

    def process_broadcast_element(self, value, ctx):
        ctx.get_broadcast_state(weights).put(value.word, value["count"])


class Sum(KeyedBroadcastProcessFunction):
    def open(self, runtime_context):
        self.sum = runtime_context.get_reducing_state(
            ReducingStateDescriptor("sum", lambda a, b: a + b, Types.INT())
        )

    def process_element(self, value, ctx):
        self.sum.add(value[1])
        yield value[0], self.sum.get(), ctx.get_broadcast_state(weights).contains(value[0])

    def process_broadcast_element(self, value, ctx):
        ctx.get_broadcast_state(weights).put(value[0], value[1])


upper = rules.filter(lambda r: r[1] > 0).map(lambda r: Row(r[0].upper(), r[1]), rows)
(
    lines.flat_map(lambda line: line.split(), Types.STRING())
    .connect(rules.broadcast(weights))
    .process(Weigh(), rows)
    .map(lambda r: (r[0].upper(), r[1]), Types.TUPLE([Types.STRING(), Types.INT()]))
    .key_by(lambda t: t[0], Types.STRING())
    .connect(upper.broadcast(weights))
    .process(Sum(), Types.TUPLE([Types.STRING(), Types.INT(), Types.BOOLEAN()]))
    .filter(lambda t: t[1] > 0)
    .map(lambda t: "%s=%d %s" % t, Types.STRING())
    .print()
)
env.execute()
