"""execute_and_collect: values come back as Python objects; early close; iteration to the end."""

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
tuples = env.from_collection([(1, "a"), (2, "b")], Types.TUPLE([Types.INT(), Types.STRING()]))
with tuples.execute_and_collect() as results:
    print(list(results))
with tuples.map(lambda t: {"n": t[0], "s": t[1]}).execute_and_collect("named") as results:
    for value in results:
        print(value)
rows = env.from_collection(
    [Row(1, "x")], Types.ROW_NAMED(["n", "s"], [Types.INT(), Types.STRING()])
)
with rows.execute_and_collect() as results:
    row = next(results)
    print(type(row).__name__, row[0], row[1])
numbers = env.from_collection(list(range(1000)), Types.LONG()).map(lambda x: x + 1, Types.LONG())
results = numbers.execute_and_collect()
print(next(results), next(results))
results.close()
print(numbers.execute_and_collect(limit=3))
print(sum(numbers.execute_and_collect()))
print(list(env.from_collection([1.5, 2.5], Types.DOUBLE()).execute_and_collect()))
