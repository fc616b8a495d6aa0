"""When a function's globals and closures are taken: as they are when it is given to the stream."""

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

LIMIT = 1
TABLE = {"n": 1}
CALLS = []


class Settings:
    value = "class attribute before"


def limit(x):
    return x, LIMIT


def table(x):
    return x, TABLE["n"]


def remember(x):
    CALLS.append(x)
    return len(CALLS)


def helper(x):
    return x, "helper before"


def through_helper(x):
    return helper(x)


def setting(x):
    return x, Settings.value


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2], Types.INT())
local = "before"
local_list = [0]


def of_local(x):
    return x, local, len(local_list)


streams = [
    numbers.map(f) for f in (limit, table, remember, through_helper, setting, of_local)
]
LIMIT = 2
TABLE["n"] = 2
Settings.value = "class attribute after"
local = "after"
local_list.append(1)


def helper(x):  # noqa: F811
    return x, "helper after"


for stream in streams:
    stream.print()
    env.execute()
print("here", CALLS, LIMIT, TABLE, Settings.value, helper(0))
numbers.map(limit).print()
env.execute()
