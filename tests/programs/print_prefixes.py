"""print() with an identifier, for each declared type and untyped, between Python prints."""

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
print("first")
env.from_collection(["a"], Types.STRING()).print("id")
env.execute()
print("second")
env.from_collection([True, False], Types.BOOLEAN()).print()
env.execute()
env.from_collection(
    [Row(True, None, 1.0, "x", [1], {"k": 2.5})],
    Types.ROW(
        [
            Types.BOOLEAN(),
            Types.INT(),
            Types.DOUBLE(),
            Types.STRING(),
            Types.LIST(Types.INT()),
            Types.MAP(Types.STRING(), Types.DOUBLE()),
        ]
    ),
).print("row")
env.execute()
env.from_collection([(True, 1.0, "x", b"y", None, [1, "2"], {"k": None})]).print("object")
env.execute()
env.from_collection(
    [(True, 1.0, "x")], Types.TUPLE([Types.BOOLEAN(), Types.DOUBLE(), Types.STRING()])
).print()
env.execute()
env.from_collection(
    [("x", Row(1, "y"))], Types.TUPLE([Types.STRING(), Types.ROW([Types.INT(), Types.STRING()])])
).print("tuple of row")
env.execute()
print("last")
