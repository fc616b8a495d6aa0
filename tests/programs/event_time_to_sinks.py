"""Event time from sources to sinks: timestamps and watermarks that a process function sees."""

import pathlib

from pyflink.common import Duration, Encoder, Types, WatermarkStrategy
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import ProcessFunction, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    FileSource,
    StreamFormat,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource


class Tens(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return int(value) * 10


class Show(ProcessFunction):
    def process_element(self, value, ctx):
        yield "%s@%s" % (value, ctx.timestamp())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.get_config().set_auto_watermark_interval(1)
tens = WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(Tens())
late = WatermarkStrategy.for_bounded_out_of_orderness(
    Duration.of_millis(5)
).with_timestamp_assigner(Tens())
pathlib.Path("in.txt").write_text("7\n9\n8\n")


def sink(name):
    return (
        FileSink.for_row_format(str(pathlib.Path(name).absolute()), Encoder.simple_string_encoder())
        .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
        .build()
    )


numbers = env.from_source(NumberSequenceSource(1, 3), tens, "numbers", Types.LONG())
numbers.process(Show(), Types.STRING()).sink_to(sink("numbers"))
source = FileSource.for_record_stream_format(
    StreamFormat.text_line_format(), str(pathlib.Path("in.txt").absolute())
)
lines = env.from_source(source.build(), late, "lines")
lines.process(Show(), Types.STRING()).sink_to(sink("lines"))
collected = env.from_collection([5, 4], Types.INT()).assign_timestamps_and_watermarks(late)
collected.process(Show(), Types.STRING()).sink_to(sink("collected"))
plain = env.from_source(
    NumberSequenceSource(1, 2), WatermarkStrategy.for_monotonous_timestamps(), "plain"
)
plain.process(Show(), Types.STRING()).sink_to(sink("plain"))
env.execute()
for name in ("numbers", "lines", "collected", "plain"):
    print(
        name, [line for path in pathlib.Path(name).iterdir() for line in path.read_text().split()]
    )
