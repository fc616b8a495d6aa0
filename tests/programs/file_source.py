"""FileSource with the text line format, bounded, over one file and over a folder."""
# output: sorted
# args: {data}/lines.txt
import pathlib
import sys

from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSource, StreamFormat

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
source = FileSource.for_record_stream_format(
    StreamFormat.text_line_format(), sys.argv[1]).process_static_file_set().build()
env.from_source(source, WatermarkStrategy.no_watermarks(), "lines").print()
env.execute()

folder = pathlib.Path("in")
(folder / "deep").mkdir(parents=True)
(folder / "one.txt").write_text("one\neins\n")
(folder / "deep" / "two.txt").write_text("two\nzwei")
source = FileSource.for_record_stream_format(
    StreamFormat.text_line_format("UTF-8"), str(folder.absolute())).build()
env.from_source(source, WatermarkStrategy.for_monotonous_timestamps(), "folder").map(
    lambda s: s.upper(), Types.STRING()).print()
env.execute()
