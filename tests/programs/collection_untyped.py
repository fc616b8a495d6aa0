"""from_collection without a type: every element is passed as a Python object."""

from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection(
    [1, "two", 3.0, None, (4, "four"), [5, 6], {"seven": 7}, b"8", True, 2**80]
).map(lambda x: (type(x).__name__, x)).print()
env.execute("objects")
env.from_collection([("a", 1), ("b", 2)]).print()
env.execute("direct")
env.from_collection([x * x for x in (1, 2, 3)]).print()
env.execute("numbers")
