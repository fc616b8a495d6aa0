"""A word count of five records, COUNT times in one process: the time of each job.

usage: small.py MODE COUNT
"""

import json
import sys
import time

from pyflink.common import Configuration, Types
from pyflink.datastream import StreamExecutionEnvironment

mode, jobs = sys.argv[1], int(sys.argv[2])
config = Configuration()
if mode != "shell":
    config.set_string("python.execution-mode", mode)
env = StreamExecutionEnvironment.get_execution_environment(config)
env.set_parallelism(1)
times = []
for _ in range(jobs):
    begun = time.perf_counter()
    lines = env.from_collection(["a b c", "b c", "c d", "a", "d d"], Types.STRING())
    (
        lines.flat_map(lambda line: line.split(" "), Types.STRING())
        .map(lambda word: (word, 1), Types.TUPLE([Types.STRING(), Types.INT()]))
        .key_by(lambda pair: pair[0], Types.STRING())
        .reduce(lambda a, b: (a[0], a[1] + b[1]))
        .print()
    )
    env.execute("words")
    times.append(time.perf_counter() - begun)
print("RESULT " + json.dumps({"times": times}), flush=True)
