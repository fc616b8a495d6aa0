"""Rows with and without names, nested, in tuples and arrays; null in each position."""
# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
inner = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
cases = [
    ("row", Types.ROW([Types.INT(), Types.STRING(), Types.BOOLEAN()]),
     [Row(1, "a", True), Row(None, "b", False), Row(2, None, True), Row(None, None, None)]),
    ("named", inner, [Row(x=1, y="one"), Row(x=None, y="two"), Row(x=3, y=None)]),
    ("nested", Types.ROW_NAMED(["id", "in"], [Types.LONG(), inner]), [Row(5, Row(6, "six"))]),
    ("tuple", Types.TUPLE([Types.INT(), Types.TUPLE([Types.STRING(), Types.DOUBLE()])]),
     [(1, ("a", 0.5)), (2, ("b", -1.0))]),
    ("row in tuple", Types.TUPLE([Types.INT(), inner]), [(1, Row(2, "two"))]),
    ("row in list", Types.LIST(inner), [[Row(2, "two"), Row(3, "three")]]),
    ("map in row", Types.ROW([Types.MAP(Types.STRING(), inner)]), [Row({"k": Row(1, "v")})]),
]
for name, type_info, values in cases:
    stream = env.from_collection(list(range(len(values)))).map(
        lambda i, values=values: values[i], type_info).map(lambda x: x, type_info)
    stream.print(name)
    stream.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name + " in python")
env.execute()
