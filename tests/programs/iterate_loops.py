"""Loops in several forms: filters at both ends, untyped, parallel, by key, two bodies, nested."""
# runs: here
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

WAIT = 3000


def environment(parallelism):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(parallelism)
    return env


# Subtract until zero: the textbook's loop.
env = environment(1)
numbers = env.from_collection([3, 1, 2], Types.LONG())
loop = numbers.iterate(WAIT)
minus_one = loop.map(lambda x: x - 1, Types.LONG())
loop.close_with(minus_one.filter(lambda x: x > 0))
minus_one.print("minus one")
minus_one.filter(lambda x: x <= 0).print("zero")
env.execute("typed")

# Any Python objects, in parallel, through an exchange inside the loop.
env = environment(2)
counters = env.from_collection(list(range(6))).rebalance().map(lambda n: {"n": n, "left": n})
loop = counters.iterate(WAIT)
lower = loop.rebalance().map(lambda d: {"n": d["n"], "left": d["left"] - 1})
loop.close_with(lower.filter(lambda d: d["left"] > 0))
lower.filter(lambda d: d["left"] <= 0).map(lambda d: d["n"], Types.INT()).print(
    "objects").set_parallelism(1)
env.execute("untyped")

# Keyed state inside the loop: the sum of all that passes, by remainder.
env = environment(2)
loop = env.from_collection([(0, 4), (1, 3)], Types.TUPLE([Types.INT(), Types.INT()])).iterate(WAIT)
body = loop.key_by(lambda t: t[0], Types.INT()).reduce(lambda a, b: (a[0], a[1] + b[1]))
again = loop.map(lambda t: (t[0], t[1] - 1), Types.TUPLE([Types.INT(), Types.INT()])).filter(
    lambda t: t[1] > 0).rebalance().map(
    lambda t: t, Types.TUPLE([Types.INT(), Types.INT()])).set_parallelism(1)
loop.close_with(again)
body.print("sum so far").set_parallelism(1)
env.execute("keyed")

# Two streams are fed back, and a loop inside a loop: count down by two, then by one.
env = environment(1)
outer = env.from_collection([5], Types.INT()).iterate(WAIT)
inner = outer.map(lambda x: x, Types.INT()).iterate(WAIT)
twice = inner.filter(lambda x: x > 2).map(lambda x: x - 2, Types.INT())
inner.close_with(twice)
odd = inner.filter(lambda x: x == 1).map(lambda x: 4, Types.INT())
even = inner.filter(lambda x: x == 2).map(lambda x: 0, Types.INT())
outer.close_with(odd)
outer.close_with(even)
inner.print("inner")
env.execute("nested")
