"""connect with streams that Java operators make, and Java operators behind it."""

# output: sorted
from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import CoMapFunction, KeyedCoProcessFunction, StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
sequence = env.from_source(
    NumberSequenceSource(1, 5), WatermarkStrategy.no_watermarks(), "sequence", Types.LONG()
)
projected = env.from_collection(
    [(1, "a"), (2, "b")], Types.TUPLE([Types.INT(), Types.STRING()])
).project(1, 0)


class Pair(CoMapFunction):
    def map1(self, value):
        return "sequence", value

    def map2(self, value):
        return value


class Keys(KeyedCoProcessFunction):
    def process_element1(self, value, ctx):
        yield ctx.get_current_key(), value

    def process_element2(self, value, ctx):
        yield ctx.get_current_key(), -value[1]


pairs = sequence.connect(projected).map(Pair(), Types.TUPLE([Types.STRING(), Types.LONG()]))
pairs.project(1).print("project")
pairs.print("pairs")
keyed = sequence.key_by(lambda n: n % 2, Types.LONG()).connect(
    projected.key_by(lambda p: p[1], Types.LONG())
)
keyed.process(Keys(), Types.TUPLE([Types.LONG(), Types.LONG()])).print("keyed")
env.execute()
