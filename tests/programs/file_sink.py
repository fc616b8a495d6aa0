"""FileSink in row format: prefix and suffix of the part files, and their contents."""

import pathlib

from pyflink.common import Encoder, Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    OutputFileConfig,
    RollingPolicy,
)


def show(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            print(path.relative_to(folder).parent, path.name.split("-")[0], path.suffix)
            print(path.read_text(), end="")


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
out = pathlib.Path("out").absolute()
sink = (
    FileSink.for_row_format(str(out), Encoder.simple_string_encoder("UTF-8"))
    .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
    .with_output_file_config(
        OutputFileConfig.builder().with_part_prefix("part").with_part_suffix(".txt").build()
    )
    .with_rolling_policy(RollingPolicy.default_rolling_policy())
    .build()
)
env.from_collection(
    [(1, "caf\u00e9"), (2, "b")], Types.TUPLE([Types.INT(), Types.STRING()])
).sink_to(sink)
env.execute()
show(out)

dated = pathlib.Path("dated").absolute()
sink = (
    FileSink.for_row_format(str(dated), Encoder.simple_string_encoder())
    .with_bucket_assigner(BucketAssigner.date_time_bucket_assigner("'year'"))
    .with_rolling_policy(RollingPolicy.on_checkpoint_rolling_policy())
    .build()
)
env.from_collection([1, 2, 3], Types.INT()).map(lambda x: str(x), Types.STRING()).sink_to(sink)
env.execute()
show(dated)
