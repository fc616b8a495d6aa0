"""Objects of the program's own classes pass untouched when no type is declared."""

import collections
import dataclasses
import enum

from pyflink.datastream import StreamExecutionEnvironment


@dataclasses.dataclass
class Point:
    x: int
    y: int


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


Named = collections.namedtuple("Named", "left right")

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
objects = [Point(1, 2), Colour.BLUE, Named(3, 4), {1}, frozenset([5]), 1 + 2j, range(3), ...]
env.from_collection(list(range(len(objects)))).map(lambda i: objects[i]).map(
    lambda x: (type(x).__name__, x)
).print()
env.execute()
