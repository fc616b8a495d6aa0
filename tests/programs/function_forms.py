"""Every kind of Python callable as a function: builtins, static and class methods, defaults, …"""

import functools
import operator
import re

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment


class Tools:
    factor = 10

    class Inner:
        @staticmethod
        def negate(value):
            return -value

        def __call__(self, value):
            return value, "inner"

    @staticmethod
    def plain(value):
        return value + 1

    @classmethod
    def scaled(cls, value):
        return value * cls.factor

    def bound(self, value, *, unused="keyword"):
        return value, unused


def loud(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return f"{function.__name__}!", function(*args, **kwargs)

    return wrapper


@loud
def decorated(value):
    return value * 2


def with_defaults(value, amount=5, *rest, factor=2, **more):
    return (value + amount) * factor, rest, more


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def generator(value):
    for i in range(value):
        yield value * 10 + i


def local_import(value):
    import math
    from fractions import Fraction

    return math.gcd(value, 6), Fraction(value, 6)


def counting():
    count = 0

    def count_up(value):
        nonlocal count
        count += value
        return count

    return count_up


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3], Types.INT())
words = env.from_collection(["a 1", "B"], Types.STRING())
late = [lambda x: (i, x) for i in range(3)]
early = [lambda x, i=i: (i, x) for i in range(3)]
for stream, function in (
    (numbers, float),
    (numbers, str),
    (numbers, int),
    (numbers, operator.neg),
    (numbers, operator.index),
    (numbers, Tools.plain),
    (numbers, Tools.scaled),
    (numbers, Tools().scaled),
    (numbers, Tools().bound),
    (numbers, Tools.Inner.negate),
    (numbers, Tools.Inner()),
    (numbers, decorated),
    (numbers, with_defaults),
    (numbers, functools.partial(with_defaults, amount=1, factor=3)),
    (numbers, functools.partial(pow, 2)),
    (numbers, even),
    (numbers, factorial),
    (numbers, local_import),
    (numbers, counting()),
    (numbers, late[0]),
    (numbers, early[0]),
    (numbers, [1, 2, 3, 4].__getitem__),
    (numbers, {1: "one"}.get),
    (words, len),
    (words, str.upper),
    (words, str.split),
    (words, re.compile(r"\d").findall),
    (words, "<{}>".format),
    (words, operator.methodcaller("replace", "a", "b")),
):
    stream.map(function).print()
    env.execute()
for function in (generator, lambda x: range(x), lambda x: (i for i in [x]), lambda x: {x: 1}):
    numbers.flat_map(function).print()
    env.execute()
words.flat_map(str.split).print()
env.execute()
words.filter(str.isupper).print()
env.execute()
words.filter(re.compile("B").match).print()
env.execute()
numbers.key_by(functools.partial(operator.mod, 7)).reduce(operator.add).print()
env.execute()
numbers.key_by(even).reduce(max).print()
env.execute()
