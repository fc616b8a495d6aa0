"""File sinks in batch mode: names, sizes, buckets, charsets, and small files put together."""

import pathlib
import re

from pyflink.common import Encoder, Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileCompactor,
    FileCompactStrategy,
    FileSink,
    OutputFileConfig,
    RollingPolicy,
)

HEX = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def show(name, charset="utf-8"):
    folder = pathlib.Path(name)
    print(name)
    files = []
    for path in folder.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode(charset)
            files.append((re.sub(HEX, "ID", str(path.relative_to(folder))), text.split("\n")))
    for file in sorted(files):
        print("  %s %s" % file)


def path(name):
    return str(pathlib.Path(name).absolute())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
words = env.from_collection(["caf\u00e9", "na\u00efve", "", "end"], Types.STRING())
names = OutputFileConfig("data", ".log")
print(names.get_part_prefix(), names.get_part_suffix())
words.sink_to(
    FileSink.for_row_format(path("latin"), Encoder.simple_string_encoder("ISO-8859-1"))
    .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
    .with_output_file_config(names)
    .build()
).name("latin files").set_parallelism(1)
words.sink_to(
    FileSink.for_row_format(path("small"), Encoder.simple_string_encoder())
    .with_bucket_assigner(BucketAssigner.date_time_bucket_assigner("'b'", "Europe/Berlin"))
    .with_rolling_policy(RollingPolicy.default_rolling_policy(part_size=5))
    .build()
)
env.execute()
show("latin", "iso-8859-1")
show("small")

strategy = FileCompactStrategy.builder().set_size_threshold(20).set_num_compact_threads(1).build()
for name, letters, compactor in (
    ("concat", "abc", FileCompactor.concat_file_compactor()),
    ("delimited", "abc", FileCompactor.concat_file_compactor(b"--\n")),
    ("identical", "a", FileCompactor.identical_file_compactor()),
):
    builder = FileSink.for_row_format(path(name), Encoder.simple_string_encoder())
    builder = builder.with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
    builder = builder.with_rolling_policy(RollingPolicy.default_rolling_policy(part_size=5))
    sink = builder.enable_compact(strategy, compactor).build()
    env.from_collection(["%s%s" % (c, c * 5) for c in letters], Types.STRING()).sink_to(sink).uid(
        name
    )
    env.execute()
    show(name)
sink = builder.disable_compact().build()
print(type(sink).__name__, sink.get_transformer())
