"""Records that are objects of classes which the program defines itself."""

import collections
import dataclasses
import enum
import typing

from pyflink.datastream import StreamExecutionEnvironment


@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    y: int = 0


@dataclasses.dataclass
class Tree:
    name: str
    children: typing.List["Tree"] = dataclasses.field(default_factory=list)


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Level(enum.IntFlag):
    READ = 1
    WRITE = 2


Pair = collections.namedtuple("Pair", "left right")


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b

    def __repr__(self):
        return f"Slots({self.a}, {self.b})"


class Reduced:
    def __init__(self, text):
        self.text = text

    def __reduce__(self):
        return Reduced, (self.text + "+",)

    def __repr__(self):
        return f"Reduced({self.text[:4]})"


class Failure(ValueError):
    def __init__(self, code, text):
        super().__init__(code, text)
        self.code = code


class Words(list):
    pass


class Counts(dict):
    def __missing__(self, key):
        return 0


class Name(str):
    def shout(self):
        return self.upper() + "!"


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
objects = [
    Point(1, 2),
    Tree("root", [Tree("leaf")]),
    Colour.BLUE,
    Level.READ | Level.WRITE,
    Pair(1, "r"),
    Slots(1, None),
    Reduced("text"),
    Failure(3, "why"),
    Words(["a"]),
    Counts(x=1),
    Name("n"),
    Point,
]
numbers = env.from_collection(list(range(len(objects))))
made = numbers.map(lambda i: objects[i])
made.map(lambda o: (type(o).__name__, o)).print()
env.execute()
made.rebalance().map(lambda o: o).map(lambda o: (type(o).__name__, repr(o))).print()
env.execute()
made.filter(lambda o: isinstance(o, (Point, Failure, Name, Counts, Colour))).map(
    lambda o: (isinstance(o, Point) and o.x, isinstance(o, Failure) and o.code,
               isinstance(o, Name) and o.shout(), isinstance(o, Counts) and o["absent"],
               o is Colour.BLUE)
).print()  # fmt: skip
env.execute()
points = env.from_collection([1, 2, 1, 3]).map(lambda x: (Point(x), Colour.RED, x))
points.key_by(lambda p: p[0]).reduce(lambda a, b: (a[0], b[1], a[2] + b[2])).print()
env.execute()
points.key_by(lambda p: Pair(p[0].x % 2, p[1])).reduce(
    lambda a, b: (max(a[0], b[0], key=lambda p: p.x), b[1], a[2] + b[2])
).print()
env.execute()
