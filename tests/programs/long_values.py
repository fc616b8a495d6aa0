"""Values larger than any buffer: strings of megabytes, wide rows, deep nesting, many elements."""
# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
big = "\u00fc" * 3_000_000
env.from_collection([big, "small"], Types.STRING()).map(lambda s: s * 2, Types.STRING()).key_by(
    lambda s: s[:1], Types.STRING()).map(lambda s: len(s), Types.INT()).print("string")
wide = Types.ROW([Types.INT()] * 200)
env.from_collection([Row(*range(200))], wide).map(lambda r: r, wide).map(
    lambda r: sum(r), Types.INT()).print("wide")
nested, value = Types.INT(), 7
for _ in range(20):
    nested, value = Types.LIST(nested), [value]
env.from_collection([value]).map(lambda v: v, nested).print("deep")
many = Types.LIST(Types.LONG())
env.from_collection([100_000]).map(lambda n: list(range(n)), many).map(lambda v: v + v, many).map(
    lambda v: (len(v), sum(v)), Types.TUPLE([Types.INT(), Types.LONG()])).print("many")
env.from_collection([bytes(range(256)) * 20_000]).map(lambda b: b + b).map(len).print("bytes")
env.execute()
