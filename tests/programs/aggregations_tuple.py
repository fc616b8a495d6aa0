"""sum, min, max, min_by and max_by of keyed tuples, by position."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
data = [("a", 3, 0.5), ("b", 7, 1.5), ("a", 1, 2.5), ("b", 9, -1.0), ("a", 2, 0.25)]
typed = env.from_collection(data, Types.TUPLE([Types.STRING(), Types.INT(), Types.DOUBLE()]))
for label, stream in (("typed", typed), ("untyped", env.from_collection(data))):
    keyed = stream.key_by(lambda t: t[0])
    keyed.sum(1).print(f"{label} sum 1")
    keyed.sum(2).print(f"{label} sum 2")
    keyed.min(1).print(f"{label} min")
    keyed.max(1).print(f"{label} max")
    keyed.min_by(2).print(f"{label} min_by")
    keyed.max_by(1).print(f"{label} max_by")
env.execute()
