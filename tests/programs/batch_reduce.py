"""BATCH runtime mode: a keyed reduce and sums give one final result per key."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(1)
words = "to be or not to be that is the question".split()
pairs = env.from_collection(words, Types.STRING()).map(
    lambda w: (w, 1), Types.TUPLE([Types.STRING(), Types.INT()])
)
pairs.key_by(lambda t: t[0], Types.STRING()).reduce(lambda a, b: (a[0], a[1] + b[1])).print(
    "reduce"
)
pairs.key_by(lambda t: t[0]).sum(1).print("sum")
pairs.key_by(lambda t: len(t[0]), Types.INT()).reduce(
    lambda a, b: (min(a[0], b[0]), a[1] + b[1])
).print("by length")
pairs.map(lambda t: t[0][0]).key_by(lambda c: c).map(lambda c: c.upper()).print("keyed map")
env.execute()
