"""A program that reaches into the Java API: Java operators between Python ones."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
jvm = get_gateway().jvm
java_stream = env._j_stream_execution_environment.fromSequence(1, 4)
stream = DataStream(java_stream)
stream.map(lambda x: x * 10, Types.LONG()).print()
print(stream.get_type(), stream._j_data_stream.getParallelism())
stream.map(lambda x: x, Types.LONG())._j_data_stream.sinkTo(
    jvm.org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink()
)
stream.map(lambda x: (x, str(x)), Types.TUPLE([Types.LONG(), Types.STRING()]))._j_data_stream.print(
    "java"
)
env.execute()
