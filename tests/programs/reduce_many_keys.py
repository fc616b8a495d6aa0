"""reduce over more keys than any small cache holds, at two subtasks; only the totals are shown."""
# output: sorted unprefixed
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(2)
data = [(i % 500, 1) for i in range(2000)]
(env.from_collection(data, Types.TUPLE([Types.INT(), Types.INT()]))
    .key_by(lambda t: t[0], Types.INT())
    .reduce(lambda a, b: (a[0], a[1] + b[1]))
    .filter(lambda t: t[1] == 4)
    .map(lambda t: f"{t[0]} four times", Types.STRING())
    .print())
env.execute()
