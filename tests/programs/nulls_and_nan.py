"""None and NaN in every position that takes them."""

# output: sorted
import math

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
fields = [Types.INT(), Types.STRING(), Types.DOUBLE(), Types.LIST(Types.INT())]
rows = [
    Row(*[value if i != n else None for i, value in enumerate((1, "s", 0.5, [1]))])
    for n in range(5)
]
stream = env.from_collection(list(range(5))).map(lambda i: rows[i], Types.ROW(fields))
stream.print("row")
stream.map(lambda r: r, Types.ROW(fields)).map(lambda r: repr(r), Types.STRING()).print("python")
env.from_collection(
    [(math.nan, "n"), (math.nan, "m")], Types.TUPLE([Types.DOUBLE(), Types.STRING()])
).map(lambda t: (t[1], t[0] != t[0]), Types.TUPLE([Types.STRING(), Types.BOOLEAN()])).print("nan")
env.from_collection([0, 1, 2]).map(lambda x: x if x == 1 else None, Types.INT()).map(
    lambda x: x is None, Types.BOOLEAN()
).print("none")
env.from_collection([1, 2]).map(lambda x: None).print("all none")
env.execute()
