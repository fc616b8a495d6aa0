"""map by lambda, def, class, partial, bound method, closure, builtin and callable object."""

import functools

from pyflink.common import Types
from pyflink.datastream import MapFunction, RuntimeContext, StreamExecutionEnvironment


class Plus(MapFunction):
    def __init__(self, amount):
        self.amount = amount
        self.opened = False

    def open(self, runtime_context: RuntimeContext):
        self.opened = True

    def map(self, value):
        return value + self.amount, self.opened


class Scale:
    def __init__(self, factor):
        self.factor = factor

    def times(self, value):
        return value * self.factor

    def __call__(self, value):
        return value * self.factor + 1


def power(base, exponent):
    return base**exponent


def closure(limit):
    seen = []

    def inner(value):
        seen.append(value)
        return len(seen) if value < limit else -1

    return inner


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3], Types.LONG())
for function in (
    Plus(10),
    functools.partial(power, exponent=3),
    Scale(4).times,
    Scale(5),
    closure(3),
    str,
    lambda x: (x, x / 2),
):
    numbers.map(function).print()
    env.execute()
