"""Java sinks: SinkFunction and Sink by object and by class name; names and uids of sinks."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.base import Sink
from pyflink.datastream.functions import SinkFunction
from pyflink.java_gateway import get_gateway

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
jvm = get_gateway().jvm
old = jvm.org.apache.flink.streaming.api.functions.sink
pairs = env.from_collection([("a", 1), ("b", 2)], Types.TUPLE([Types.STRING(), Types.INT()]))
strings = pairs.map(lambda p: p[0] * p[1], Types.STRING())

pairs.add_sink(SinkFunction(old.PrintSinkFunction("function", False))).name("one").uid("sink-one")
strings.sink_to(Sink(old.v2.DiscardingSink())).name("two").set_parallelism(1)
strings.add_sink(
    SinkFunction("org.apache.flink.streaming.api.functions.sink.DiscardingSink")
).disable_chaining()
strings.add_sink(
    SinkFunction("org.apache.flink.streaming.api.functions.sink.PrintSinkFunction")
).set_description("prints")
pairs.key_by(lambda p: p[0]).sum(1).sink_to(Sink(old.PrintSink("sink")))
strings.print("named")
strings.print()
env.execute("java sinks")
