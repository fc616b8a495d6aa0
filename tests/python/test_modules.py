"""Where functions and their classes come from: modules of every kind, and what __main__ defines."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest
from runner import Shell

FILES = {
    "beside.py": """
FACTOR = 3

def times(x):
    return x * FACTOR
""",
    "changing.py": "def changing(x):\n    return 'one', x\n",
    "package/__init__.py": "from .inner.deep import deep\n",
    "package/inner/__init__.py": "",
    "package/inner/deep.py": """
from ..other import other

def deep(x):
    return other(x) * 10
""",
    "package/other.py": "def other(x):\n    return x - 1\n",
    "installed/site_module.py": "def doubled(x):\n    return x * 2\n",
}

PROGRAM = """
import collections, dataclasses, enum, functools, importlib, json, os, sys, time, typing
sys.dont_write_bytecode = True
sys.path.append(os.path.abspath("installed"))
from pyflink.common import Types
from pyflink.datastream import MapFunction, StreamExecutionEnvironment

import beside, changing, package, site_module

def environment():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env

def job(name, function, check=None, env=None):
    numbers = (env or environment()).from_collection([1, 2], Types.INT())
    results = list(numbers.map(function).execute_and_collect())
    print(json.dumps([name, results if check is None else check(results)]))

job("beside", beside.times)
job("package", package.deep)
job("installed", site_module.doubled)
job("before reload", changing.changing)
with open("changing.py", "w") as file:
    file.write("def changing(x):\\n    return 'twotwo', x\\n")
os.utime("changing.py", (time.time() + 5, time.time() + 5))
importlib.reload(changing)
job("after reload", changing.changing)
beside.FACTOR = 4
job("changed", beside.times)

def of_a_zip(x):
    import zipped.inner
    return repr(zipped.inner.Box(x))

env = environment()
env.add_python_file("lib.zip")
job("zip", of_a_zip, env=env)

class Base(MapFunction):
    def __init__(self, n):
        super().__init__()
        self.n = n
    def map(self, value):
        return value + self.n

class Child(Base):
    def __init__(self):
        super().__init__(100)
    @property
    def two(self):
        return 2
    @staticmethod
    def times(a, b):
        return a * b
    def map(self, value):
        return self.times(super().map(value), self.two)

job("inheritance", Child())
job("dynamic class", type("Dynamic", (Base,), {"map": lambda self, value: value - self.n})(1))
job("metaclass", type("Meta", (type(MapFunction),), {})("Made", (Base,), {})(5))

@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    y: str = "d"

class Slots:
    __slots__ = ("a", "b")
    def __init__(self, a, b):
        self.a, self.b = a, b

Pair = collections.namedtuple("Pair", "a b")

class Typed(typing.NamedTuple):
    a: int
    b: str = "z"

class Color(enum.Enum):
    RED = 1
    BLUE = 2

class Flags(enum.IntFlag):
    A = 1
    B = 2

job("dataclass", Point, lambda results: results == [Point(1), Point(2)])
job("slots", lambda x: Slots(x, 2), lambda rs: [(type(r) is Slots, r.a, r.b) for r in rs])
job("named tuple", lambda x: Pair(x, 1), lambda results: repr(results[0]))
job("typed tuple", Typed, lambda results: repr(results[0]))
job("enum", Color, lambda results: [r is c for r, c in zip(results, Color)])
job("flags", lambda x: Flags.A | Flags.B, lambda results: results[0] is Flags(3))
keyed = environment().from_collection([Color.RED, Point(1), Color.RED, Point(1)])
found = keyed.key_by(lambda key: key).map(lambda key: (key, 1)).execute_and_collect()
print(json.dumps(["keys", sorted(str(key) for key, one in found)]))

def factorial():
    def f(n):
        return 1 if n < 2 else n * f(n - 1)
    return f

def parity():
    def even(n):
        return n == 0 or odd(n - 1)
    def odd(n):
        return n != 0 and even(n - 1)
    return even

job("recursive closure", factorial())
job("mutual closures", parity())
job("partial", functools.partial(lambda a, x: a + x, 10))
"""

EXPECTED: dict[str, Any] = {
    "beside": [3, 6],
    "package": [0, 10],
    "installed": [2, 4],
    "before reload": [["one", 1], ["one", 2]],
    "after reload": [["twotwo", 1], ["twotwo", 2]],
    "changed": [4, 8],
    "zip": ["Box(1)", "Box(2)"],
    "inheritance": [202, 204],
    "dynamic class": [0, 1],
    "metaclass": [6, 7],
    "dataclass": True,
    "slots": [[True, 1, 2], [True, 2, 2]],
    "named tuple": "Pair(a=1, b=1)",
    "typed tuple": "Typed(a=1, b='z')",
    "enum": [True, True],
    "flags": True,
    "keys": ["Color.RED", "Color.RED", "Point(x=1, y='d')", "Point(x=1, y='d')"],
    "recursive closure": [1, 2],
    "mutual closures": [False, True],
    "partial": [11, 12],
}

BOX = """
class Box:
    def __init__(self, value):
        self.value = value
    def __repr__(self):
        return "Box(%r)" % self.value
"""


def test_functions_of_modules_and_classes_of_main(shell: Shell) -> None:
    for name, text in FILES.items():
        shell.script(text, name)
    with zipfile.ZipFile(shell.folder / "lib.zip", "w") as archive:
        archive.writestr("zipped/__init__.py", "")
        archive.writestr("zipped/inner.py", BOX)
    done = shell.code(PROGRAM).ok()
    assert dict(json.loads(line) for line in done.stdout.splitlines()) == EXPECTED


@pytest.mark.parametrize(
    "content",
    ["__version__ = '1.6.0'\ndumps = len\n", "", "raise RuntimeError('broken')\n"],
    ids=["old", "another", "broken"],
)
def test_a_cloudpickle_that_does_not_fit_is_left_to_others(shell: Shell, content: str) -> None:
    shell.script(content, "user/cloudpickle.py")
    script = """
from pyflink.datastream import MapFunction, StreamExecutionEnvironment

class Local:
    def __init__(self, x):
        self.x = x

class Wrap(MapFunction):
    def map(self, value):
        return Local(value)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
local = env.from_collection([1, 2]).map(Wrap()).rebalance()
found = list(local.map(lambda x: x).execute_and_collect())
print([(type(one) is Local, one.x) for one in found])
"""
    done = shell.code(script, env={"PYTHONPATH": str(shell.folder / "user")}).ok()
    assert done.stdout == "[(True, 1), (True, 2)]\n"


def test_the_programs_own_cloudpickle_is_used(shell: Shell) -> None:
    """What it registers there holds for its functions."""
    shell.script("def times(x):\n    return x * FACTOR\nFACTOR = 3\n", "beside.py")
    script = """
import beside
import cloudpickle
cloudpickle.__version__ = "3.0"  # whichever is installed here
cloudpickle.register_pickle_by_value(beside)
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
stream = env.from_collection([1, 2]).map(beside.times)
beside.FACTOR = 1000
print(list(stream.execute_and_collect()))
"""
    assert shell.code(script).ok().stdout == "[3, 6]\n"
