"""FileSource: several paths, folders, gzip, character sets, hidden files, enumerators."""

# output: sorted
import gzip
import pathlib

from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import (
    FileEnumeratorProvider,
    FileSource,
    FileSplitAssignerProvider,
    StreamFormat,
)

root = pathlib.Path("in").absolute()
(root / "deep" / "er").mkdir(parents=True)
(root / "one.txt").write_text("one\neins\r\n\nun")
(root / "deep" / "two.txt").write_text("two\nzwei\n")
(root / "deep" / "er" / "three.txt").write_text("three\n")
(root / ".hidden").write_text("hidden\n")
(root / "_hidden").write_text("hidden too\n")
(root / "deep" / "empty.txt").write_text("")
packed = pathlib.Path("packed.gz").absolute()
packed.write_bytes(gzip.compress(b"zip\nped\n"))
latin = pathlib.Path("latin.txt").absolute()
latin.write_bytes("caf\u00e9\n".encode("iso-8859-1"))

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


def read(label, builder):
    source = builder.build()
    stream = env.from_source(source, WatermarkStrategy.no_watermarks(), label)
    stream.map(lambda line: "%s: %r" % (label, line), Types.STRING()).print()
    return stream


text = StreamFormat.text_line_format()
stream = read(
    "paths",
    FileSource.for_record_stream_format(text, str(root / "one.txt"), str(root / "deep" / "er")),
)
print("type", stream.get_type(), stream.get_name())
read("folder", FileSource.for_record_stream_format(text, str(root)).process_static_file_set())
read("gzip", FileSource.for_record_stream_format(text, str(packed)))
read(
    "uri",
    FileSource.for_record_stream_format(text, latin.as_uri().replace("latin.txt", "packed.gz")),
)
read(
    "latin",
    FileSource.for_record_stream_format(StreamFormat.text_line_format("ISO-8859-1"), str(latin)),
)
read(
    "whole",
    FileSource.for_record_stream_format(text, str(root / "deep"))
    .set_file_enumerator(FileEnumeratorProvider.default_non_splittable_file_enumerator())
    .set_split_assigner(FileSplitAssignerProvider.locality_aware_split_assigner()),
)
read(
    "parts",
    FileSource.for_record_stream_format(text, str(root / "deep")).set_file_enumerator(
        FileEnumeratorProvider.default_splittable_file_enumerator()
    ),
)
env.execute()
lines = env.read_text_file(str(latin), "ISO-8859-1")
lines.map(lambda line: "read_text_file: " + line, Types.STRING()).print()
env.read_text_file(str(root / "deep")).map(
    lambda line: "folder only: " + line, Types.STRING()
).print()
env.execute()
