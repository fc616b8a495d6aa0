"""from_collection with a declared type, printed without and with a Python function between."""
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pairs = [(1, "a"), (2, "b"), (3, None)]
env.from_collection(pairs, Types.TUPLE([Types.INT(), Types.STRING()])).print()
env.execute("tuples")
env.from_collection(pairs, Types.ROW([Types.INT(), Types.STRING()])).print()
env.execute("rows")
env.from_collection(pairs, Types.ROW_NAMED(["n", "s"], [Types.INT(), Types.STRING()])).map(
    lambda row: f"{row.n}/{row.s}/{row[0]}").print()
env.execute("named rows")
env.from_collection([1, 2, 3], Types.LONG()).map(lambda x: x + 2**40).print()
env.execute("longs")
env.from_collection(["x", "y"], type_info=Types.STRING()).print()
env.execute("strings")
