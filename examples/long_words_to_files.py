"""Writes the long words of each initial to part files: a class as function, a FileSink.

usage: pyflink-shell -f long_words_to_files.py FOLDER
"""

import pathlib
import re
import sys

from pyflink.common import Encoder, Types
from pyflink.datastream import FlatMapFunction, RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSink, OutputFileConfig

TEXT = pathlib.Path(__file__).resolve().parent / "data" / "moby-dick.txt"


class LongWords(FlatMapFunction):
    """The words of a line that have at least `length` letters."""

    def __init__(self, length):
        self.length = length

    def open(self, runtime_context):
        self.pattern = re.compile(r"[a-z]{%d,}" % self.length)

    def flat_map(self, line):
        yield from self.pattern.findall(line.lower())


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "long-words").resolve()
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_runtime_mode(RuntimeExecutionMode.BATCH)
    env.set_parallelism(2)
    sink = (
        FileSink.for_row_format(str(folder), Encoder.simple_string_encoder())
        .with_output_file_config(
            OutputFileConfig.builder().with_part_prefix("words").with_part_suffix(".txt").build()
        )
        .build()
    )
    (
        env.read_text_file(str(TEXT))
        .flat_map(LongWords(15), Types.STRING())
        .key_by(lambda word: word, Types.STRING())
        .reduce(lambda a, b: a)
        .key_by(lambda word: word[0], Types.STRING())
        .reduce(lambda a, b: f"{a} {b}")
        .sink_to(sink)
    )
    env.execute("long words")
    for path in sorted(folder.rglob("words-*")):
        print(path.name.split("-")[0], sum(1 for _ in path.open()), "lines")


if __name__ == "__main__":
    main()
