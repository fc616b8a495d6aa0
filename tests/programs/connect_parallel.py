"""connect with other operators around it: parallelisms, unions, exchanges, connects in a row."""

# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import (
    CoFlatMapFunction,
    CoMapFunction,
    KeyedCoProcessFunction,
    StreamExecutionEnvironment,
)

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
numbers = env.from_collection(list(range(20)), Types.INT())
words = env.from_collection(["w%d" % i for i in range(10)], Types.STRING())


class Text(CoMapFunction):
    def map1(self, value):
        return "1:%s" % (value,)

    def map2(self, value):
        return "2:%s" % (value,)


class Twice(CoFlatMapFunction):
    def flat_map1(self, value):
        yield value
        yield value

    def flat_map2(self, value):
        yield value


class Key(KeyedCoProcessFunction):
    def process_element1(self, value, ctx):
        yield ctx.get_current_key(), value

    def process_element2(self, value, ctx):
        yield ctx.get_current_key(), len(value)


wide = numbers.rebalance().map(lambda n: n + 100, Types.INT()).set_parallelism(3)
wide.connect(words).map(Text(), Types.STRING()).set_parallelism(2).print("wide")
text = numbers.connect(words).map(Text())
text.connect(text.rebalance()).flat_map(Twice()).union(words.map(lambda w: w)).print("in-a-row")
keyed = wide.key_by(lambda n: n % 3).connect(words.key_by(lambda w: int(w[1:]) % 3)).process(Key())
keyed.set_parallelism(3).key_by(lambda pair: pair[0]).connect(
    numbers.key_by(lambda n: n % 3)
).map(Text()).print("keyed")
united = numbers.union(wide).connect(words.union(words.map(str.upper, Types.STRING())))
united.map(Text(), Types.STRING()).shuffle().map(lambda s: s[::-1], Types.STRING()).print("union")
numbers.broadcast().connect(words.rebalance()).map(Text()).print("broadcast")
numbers.connect(words).map(Text()).disable_chaining().map(len).start_new_chain().print("unchained")
env.execute()
results = numbers.connect(words).map(Text(), Types.STRING()).execute_and_collect()
print(sorted(results))
