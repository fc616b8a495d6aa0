"""sum, min and max of keyed rows, by field name and by position."""
# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
type_info = Types.ROW_NAMED(["k", "n"], [Types.STRING(), Types.LONG()])
rows = [Row(k="a", n=5), Row(k="b", n=1), Row(k="a", n=-2), Row(k="b", n=100)]
keyed = env.from_collection(rows, type_info).key_by(lambda r: r.k, Types.STRING())
keyed.sum("n").print("sum")
keyed.min("n").print("min")
keyed.max("n").print("max")
keyed.min_by("n").print("min_by")
keyed.max_by("n").print("max_by")
keyed.sum(1).print("sum by position")
env.execute()
