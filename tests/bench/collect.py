"""execute_and_collect of (int, str) tuples: rows a second, after a small first job.

usage: collect.py MODE N
"""

import json
import sys
import time

from pyflink.common import Configuration, Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource

mode, total = sys.argv[1], int(sys.argv[2])
config = Configuration()
if mode != "shell":
    config.set_string("python.execution-mode", mode)
env = StreamExecutionEnvironment.get_execution_environment(config)
env.set_parallelism(1)
for count in (10, total):
    numbers = env.from_source(
        NumberSequenceSource(1, count),
        WatermarkStrategy.no_watermarks(),
        "numbers",
        Types.LONG(),
    )
    pairs = numbers.map(
        lambda x: (x % 1_000_000, "name-%d" % x),
        Types.TUPLE([Types.INT(), Types.STRING()]),
    )
    begun, rows = time.perf_counter(), 0
    with pairs.execute_and_collect() as results:
        for _ in results:
            rows += 1
    seconds = time.perf_counter() - begun
    assert rows == count
print("RESULT " + json.dumps({"n": total, "s": seconds}), flush=True)
