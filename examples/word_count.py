"""The most frequent words of a text.

usage: pyflink-shell -f word_count.py [--input FILE] [--top N]

A PyFlink program as any other: `python word_count.py` runs it on apache-flink 1.20, too.
"""
import argparse
import pathlib
import re

from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSource, StreamFormat

TEXT = pathlib.Path(__file__).resolve().parent / "data" / "moby-dick.txt"


def words(line):
    return re.findall(r"[a-z]+(?:['\u2019][a-z]+)?", line.lower())


def main():
    cli = argparse.ArgumentParser(description="The most frequent words of a text.")
    cli.add_argument("--input", default=str(TEXT), help="a text file (default: Moby Dick)")
    cli.add_argument("--top", type=int, default=10, help="how many words to show")
    options = cli.parse_args()

    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_runtime_mode(RuntimeExecutionMode.BATCH)
    env.set_parallelism(1)
    source = FileSource.for_record_stream_format(
        StreamFormat.text_line_format(), options.input).process_static_file_set().build()
    lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "text")
    counts = (lines.flat_map(words, Types.STRING())
              .map(lambda word: (word, 1), Types.TUPLE([Types.STRING(), Types.INT()]))
              .key_by(lambda pair: pair[0], Types.STRING())
              .reduce(lambda a, b: (a[0], a[1] + b[1])))
    with counts.execute_and_collect("word count") as results:
        best = sorted(results, key=lambda pair: (-pair[1], pair[0]))[:options.top]
    for word, count in best:
        print(f"{count:8,}  {word}")


if __name__ == "__main__":
    main()
