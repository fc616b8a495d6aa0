"""Functions use the program's globals, modules imported at the top, and other functions."""

import collections
import json
import math

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

LIMIT = 3
TABLE = {"a": 1, "b": 2}


def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)


def look_up(text):
    return TABLE.get(text, LIMIT) + math.floor(1.5)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection(["a", "b", "c"], Types.STRING()).map(look_up, Types.INT()).map(
    recursive
).print()
env.execute()
env.from_collection([{"z": [1, 2]}]).map(json.dumps, Types.STRING()).map(json.loads).map(
    lambda d: collections.Counter(d["z"])[1]
).print()
env.execute()
