"""File sinks with checkpoints: what a bounded job leaves, in all finished files together."""

import pathlib
import re

from pyflink.common import Encoder, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    OutputFileConfig,
    RollingPolicy,
    StreamingFileSink,
)


def show(name):
    """The kinds of names and all lines: how many files there are is a matter of timing."""
    folder = pathlib.Path(name)
    kinds, lines = set(), []
    for path in folder.rglob("*"):
        if path.is_file():
            name = re.sub(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+", "-ID-N", path.name)
            kinds.add(re.sub(r"-\d+-\d+", "-S-N", name))
            lines += path.read_text().splitlines()
    print(folder, sorted(kinds), sorted(lines))


def path(name):
    return str(pathlib.Path(name).absolute())


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
env.enable_checkpointing(50)
names = OutputFileConfig.builder().with_part_prefix("pre").with_part_suffix(".txt").build()
words = (
    env.from_collection(["a", "b", "c", "d", "e"], Types.STRING())
    .rebalance()
    .map(str.upper, Types.STRING())
)
words.sink_to(
    FileSink.for_row_format(path("new"), Encoder.simple_string_encoder("UTF-8"))
    .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
    .with_rolling_policy(RollingPolicy.on_checkpoint_rolling_policy())
    .with_output_file_config(names)
    .build()
)
words.add_sink(
    StreamingFileSink.for_row_format(path("old"), Encoder.simple_string_encoder("UTF-8"))
    .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
    .with_rolling_policy(RollingPolicy.on_checkpoint_rolling_policy())
    .with_output_file_config(names)
    .build()
)
env.execute()
show("new")
show("old")
