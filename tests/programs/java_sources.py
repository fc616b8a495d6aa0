"""Java sources through the gateway: SourceFunction objects, class names, InputFormat, Source."""

# output: sorted
import pathlib

from pyflink.common import Types, WatermarkStrategy
from pyflink.common.io import InputFormat
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.base import Source
from pyflink.datastream.functions import SourceFunction
from pyflink.java_gateway import get_gateway

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
jvm = get_gateway().jvm
legacy = jvm.org.apache.flink.streaming.api.functions.source

sequence = env.add_source(
    SourceFunction(legacy.StatefulSequenceSource(1, 4)), "four numbers", Types.LONG()
)
print("about", sequence.get_name(), sequence.get_type())
sequence.map(lambda n: "sequence %d" % (n * n), Types.STRING()).print()

generator = legacy.datagen.SequenceGenerator.longGenerator(5, 7)
generated = env.add_source(
    SourceFunction(legacy.datagen.DataGeneratorSource(generator)), type_info=Types.LONG()
)
print("about", generated.get_name(), generated.get_type())
generated.map(lambda n: "generated %d" % n, Types.STRING()).print()

path = pathlib.Path("lines.txt").absolute()
path.write_text("one\ntwo\n")
flink_path = jvm.org.apache.flink.core.fs.Path(str(path))
text_format = jvm.org.apache.flink.api.java.io.TextInputFormat(flink_path)
lines = env.create_input(InputFormat(text_format), Types.STRING())
print("about", lines.get_name(), lines.get_type())
lines.map(lambda line: "input format " + line, Types.STRING()).print()

java_source = jvm.org.apache.flink.api.connector.source.lib.NumberSequenceSource(8, 9)
wrapped = env.from_source(Source(java_source), WatermarkStrategy.no_watermarks(), "wrapped")
print("about", wrapped.get_name(), wrapped.get_type())
wrapped.map(lambda n: "source %d" % n, Types.STRING()).print()
env.execute()
