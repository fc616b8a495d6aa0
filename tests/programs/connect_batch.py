"""BATCH runtime mode: both inputs of a keyed connect come key by key; without keys as they are."""

# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import (
    CoFlatMapFunction,
    CoMapFunction,
    KeyedCoProcessFunction,
    RuntimeExecutionMode,
    StreamExecutionEnvironment,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(1)
numbers = env.from_collection([i * 7 % 30 for i in range(30)], Types.INT())
words = env.from_collection(["w" * (i * 5 % 12) for i in range(12)], Types.STRING())


class Runs(KeyedCoProcessFunction):
    """Gives a result where another key begins."""

    def open(self, runtime_context):
        self.seen = []

    def _seen(self, key):
        if not self.seen or self.seen[-1] != key:
            self.seen.append(key)
            yield key, self.seen.count(key)

    def process_element1(self, value, ctx):
        return self._seen(ctx.get_current_key())

    def process_element2(self, value, ctx):
        return self._seen(ctx.get_current_key())


class Text(CoMapFunction):
    def map1(self, value):
        return "first %s" % (value,)

    def map2(self, value):
        return "second %s" % (value,)


class Lengths(CoFlatMapFunction):
    def flat_map1(self, value):
        return [value]

    def flat_map2(self, value):
        return [len(value)]


def five(value):
    return value % 5


def length(value):
    return len(value) % 5


numbers.key_by(five, Types.INT()).connect(words.key_by(length, Types.INT())).process(Runs()).print(
    "typed keys"
)
numbers.key_by(five).connect(words.key_by(length)).process(Runs()).print("untyped keys")
objects = words.map(lambda w: w)
numbers.key_by(five).connect(objects.key_by(length)).process(Runs()).print("untyped values")
numbers.connect(words).map(Text(), Types.STRING()).print("not keyed")
numbers.key_by(five, Types.INT()).connect(words).map(Text(), Types.STRING()).print("half keyed")
numbers.key_by(five).connect(words.key_by(length)).flat_map(Lengths(), Types.INT()).key_by(
    lambda n: n % 3, Types.INT()
).reduce(lambda a, b: a + b).print("reduced")
env.execute()
