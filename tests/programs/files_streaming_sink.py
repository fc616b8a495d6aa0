"""FileSink in streaming mode without checkpoints: which files are there when a bounded job ends."""

import pathlib
import re

from pyflink.common import Encoder, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    RollingPolicy,
    StreamingFileSink,
)

HEX = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def show(name):
    folder = pathlib.Path(name)
    print(name)
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            parts = [re.sub(HEX, "ID", part) for part in path.relative_to(folder).parts]
            lines.append(("/".join(parts), path.read_text(encoding="utf-8").splitlines()))
    for line in sorted(lines):
        print("  %s %s" % line)


def path(name):
    return str(pathlib.Path(name).absolute())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection(list(range(12)), Types.INT()).map(
    lambda i: "n%02d" % i, Types.STRING()
)
base = BucketAssigner.base_path_bucket_assigner()

numbers.sink_to(
    FileSink.for_row_format(path("default"), Encoder.simple_string_encoder())
    .with_bucket_assigner(base)
    .build()
)
numbers.sink_to(
    FileSink.for_row_format(path("small"), Encoder.simple_string_encoder())
    .with_bucket_assigner(base)
    .with_rolling_policy(RollingPolicy.default_rolling_policy(part_size=12))
    .build()
)
numbers.sink_to(
    FileSink.for_row_format(path("checkpoint"), Encoder.simple_string_encoder())
    .with_bucket_assigner(BucketAssigner.date_time_bucket_assigner("'day'", "UTC"))
    .with_rolling_policy(RollingPolicy.on_checkpoint_rolling_policy())
    .with_bucket_check_interval(1000)
    .build()
)
env.execute("three sinks")
for name in ("default", "small", "checkpoint"):
    show(name)

for name, policy in (
    ("old", RollingPolicy.default_rolling_policy(1024, 60000, 60000)),
    ("old small", RollingPolicy.default_rolling_policy(part_size=12)),
    ("old checkpoint", RollingPolicy.on_checkpoint_rolling_policy()),
):
    numbers.add_sink(
        StreamingFileSink.for_row_format(path(name), Encoder.simple_string_encoder())
        .with_bucket_assigner(base)
        .with_rolling_policy(policy)
        .with_bucket_check_interval(1000)
        .build()
    )
    env.execute(name)
    show(name)
