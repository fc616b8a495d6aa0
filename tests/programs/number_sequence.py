"""NumberSequenceSource, and env.from_source with a declared type and a name."""
# output: sorted unprefixed
from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_source(NumberSequenceSource(1, 5), WatermarkStrategy.no_watermarks(), "numbers",
                          Types.LONG())
numbers.print()
env.execute()
print(numbers.get_name(), numbers.get_type())
env.set_parallelism(2)
env.from_source(NumberSequenceSource(-3, 3), WatermarkStrategy.no_watermarks(), "numbers").map(
    lambda x: x * x, Types.LONG()).print()
env.execute()
