"""One workload from a sequence source into a discarding sink; the same file on the peer and here.

usage: streams.py WORK MODE N,N,...     WORK: none map chain wc pickled; MODE: process thread shell

One job per N, one line of JSON for each. N counts source records; wc makes ten words of each.
"""

import json
import os
import sys
import time

from pyflink.common import Configuration, Types, WatermarkStrategy
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.java_gateway import get_gateway

WORK, MODE, COUNTS = sys.argv[1], sys.argv[2], [int(n) for n in sys.argv[3].split(",")]
PARALLELISM = int(sys.argv[4]) if len(sys.argv) > 4 else 1
LONG, STRING = Types.LONG, Types.STRING


def words(stream):
    jvm = get_gateway().jvm
    lines = DataStream(
        stream._j_data_stream.map(jvm.bench.Sentences(), STRING().get_java_type_info())
    )
    return (
        lines.flat_map(lambda line: line.split(" "), STRING())
        .map(lambda word: (word, 1), Types.TUPLE([STRING(), Types.INT()]))
        .key_by(lambda pair: pair[0], STRING())
        .reduce(lambda a, b: (a[0], a[1] + b[1]))
    )


def dicts(stream):
    return (
        stream.map(lambda x: {"id": x, "name": "n%d" % (x % 100), "v": x * 0.5})
        .map(lambda d: {**d, "w": d["v"] + 1})
        .filter(lambda d: d["id"] % 2 == 0)
    )


WORKLOADS = {
    "none": lambda s: s,
    "map": lambda s: s.map(lambda x: x + 1, LONG()),
    "chain": lambda s: (
        s.map(lambda x: x + 1, LONG()).filter(lambda x: x % 2 == 0).map(lambda x: x * 3, LONG())
    ),
    "wc": words,
    "pickled": dicts,
}

config = Configuration()
if MODE != "shell":
    config.set_string("python.execution-mode", MODE)
env = StreamExecutionEnvironment.get_execution_environment(config)
env.set_parallelism(PARALLELISM)
if WORK == "wc":
    env.add_jars("file://" + os.environ["BENCH_JAR"])
for count in COUNTS:
    source = env.from_source(
        NumberSequenceSource(1, count),
        WatermarkStrategy.no_watermarks(),
        "numbers",
        LONG(),
    )
    WORKLOADS[WORK](source)._j_data_stream.sinkTo(
        get_gateway().jvm.org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink()
    )
    begun = time.perf_counter()
    env.execute(WORK)
    print(
        "RESULT " + json.dumps({"n": count, "s": time.perf_counter() - begun}),
        flush=True,
    )
