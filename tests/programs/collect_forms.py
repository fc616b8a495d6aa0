"""execute_and_collect: limits, with, iterating in parts, a failure half-way, keyed streams."""

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection(list(range(10)), Types.INT())
try:
    numbers.execute_and_collect(limit=0)
except Exception:
    print("no limit of 0")
print("limit 3", numbers.map(lambda x: -x, Types.INT()).execute_and_collect("three", 3))
print("limit beyond", numbers.execute_and_collect(limit=100))
with numbers.execute_and_collect("parts") as results:
    print("next", results.next(), next(results))
    for value in results:
        if value == 4:
            break
    print("rest", list(results), list(results))
    try:
        next(results)
    except StopIteration:
        print("no more")
print(
    "keyed",
    sorted(numbers.key_by(lambda x: x % 3).reduce(lambda a, b: a + b).execute_and_collect()),
)
print(
    "empty", list(env.from_collection([0], Types.INT()).filter(lambda x: x).execute_and_collect())
)
rows = env.from_collection([Row(1, "a"), Row(2, None)], Types.ROW([Types.INT(), Types.STRING()]))
print("rows", list(rows.execute_and_collect()))
arrays = env.from_collection([[1, 2]]).map(lambda v: {"v": v})
print("untyped", list(arrays.execute_and_collect()))
seen = []
try:
    with numbers.map(lambda x: 10 // (5 - x)).execute_and_collect() as results:
        for value in results:
            seen.append(value)
except Exception as error:
    print("failed", "ZeroDivisionError" in str(error), seen == [2, 2, 3, 5, 10][: len(seen)])
print("again", numbers.filter(lambda x: x > 7).execute_and_collect(limit=5))
