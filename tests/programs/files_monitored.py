"""A FileSource that never ends finds the files that come later; the program ends it."""

import pathlib

from pyflink.common import Duration, Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSource, StreamFormat

folder = pathlib.Path("in").absolute()
folder.mkdir()
(folder / "first.txt").write_text("first\n")
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
source = (
    FileSource.for_record_stream_format(StreamFormat.text_line_format(), str(folder))
    .monitor_continuously(Duration.of_millis(100))
    .build()
)
lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "watch")
with lines.map(str.upper, Types.STRING()).execute_and_collect("watching") as results:
    print(next(results))
    (folder / ".later.tmp").write_text("later\nlast\n")
    (folder / ".later.tmp").rename(folder / "later.txt")
    print(next(results))
    print(next(results))
