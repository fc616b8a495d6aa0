"""Does the cost grow linearly? One job for each size, one line of JSON for each.

usage: scale.py operators|slots N,N,...

operators: N maps, started anew each (a chain of N); slots: N parallel subtasks over 64,000 records.
"""

import json
import sys
import time

from pyflink.common import Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.java_gateway import get_gateway

what, sizes = sys.argv[1], [int(n) for n in sys.argv[2].split(",")]


def build(env, operators, records):
    stream = env.from_source(
        NumberSequenceSource(1, records),
        WatermarkStrategy.no_watermarks(),
        "numbers",
        Types.LONG(),
    )
    for _ in range(operators):
        stream = stream.map(lambda x: x + 1, Types.LONG())
    stream._j_data_stream.sinkTo(
        get_gateway().jvm.org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink()
    )


for size in [sizes[0], *sizes, *sizes, *sizes]:
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(size if what == "slots" else 1)
    begun = time.perf_counter()
    build(env, size if what == "operators" else 1, 64_000 if what == "slots" else 1_000)
    built = time.perf_counter()
    env.execute(what)
    print(
        "RESULT "
        + json.dumps({"n": size, "build": built - begun, "s": time.perf_counter() - built}),
        flush=True,
    )
