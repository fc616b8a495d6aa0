"""connect of a keyed stream with one that has no keys: the keyed records are rows."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import (
    CoFlatMapFunction,
    CoMapFunction,
    CoProcessFunction,
    StreamExecutionEnvironment,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([1, 2, 3], Types.INT())
words = env.from_collection(["x", "yy"], Types.STRING())
objects = words.map(lambda w: {"w": w})


class Show(CoMapFunction):
    def map1(self, value):
        return "first %s %r" % (type(value).__name__, value)

    def map2(self, value):
        return "second %s %r" % (type(value).__name__, value)


class Values(CoFlatMapFunction):
    def flat_map1(self, value):
        yield value[1]

    def flat_map2(self, value):
        yield value


class Times(CoProcessFunction):
    def process_element1(self, value, ctx):
        yield value, ctx.timestamp(), hasattr(ctx, "get_current_key")

    def process_element2(self, value, ctx):
        yield value, ctx.timestamp(), hasattr(ctx, "get_current_key")


numbers.key_by(lambda n: n % 2, Types.INT()).connect(words).map(Show()).print("first")
numbers.key_by(lambda n: n % 2).connect(words).map(Show(), Types.STRING()).print("first untyped")
numbers.connect(words.key_by(len, Types.LONG())).map(Show()).print("second")
words.connect(objects.key_by(lambda o: o["w"])).map(Show()).print("objects")
objects.key_by(lambda o: len(o["w"])).connect(objects).flat_map(Values()).print("values")
process = numbers.connect(words.key_by(len, Types.INT())).process(Times())
print(process.get_name())
process.print("process")
env.execute()
