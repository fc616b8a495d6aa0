"""None at the top, in fields, elements and values, wherever a type takes it."""

# output: sorted
from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
inner = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
every = [
    Types.BOOLEAN(), Types.BYTE(), Types.SHORT(), Types.INT(), Types.LONG(), Types.FLOAT(),
    Types.DOUBLE(), Types.STRING(), Types.BIG_DEC(), Types.SQL_DATE(), Types.SQL_TIME(),
    Types.SQL_TIMESTAMP(), Types.INSTANT(), Types.LIST(Types.INT()),
    Types.MAP(Types.STRING(), Types.INT()), Types.PRIMITIVE_ARRAY(Types.DOUBLE()),
    Types.PRIMITIVE_ARRAY(Types.BYTE()), Types.BASIC_ARRAY(Types.STRING()),
    Types.OBJECT_ARRAY(Types.STRING()), Types.TUPLE([Types.INT(), Types.STRING()]), inner,
]  # fmt: skip
printed = [
    ("row", Types.ROW(every), Row(*[None] * len(every))),
    ("row in row", Types.ROW([inner, inner]), Row(None, Row(None, None))),
    ("row of a kind", inner, Row(x=None, y="a")),
    ("map values", Types.MAP(Types.STRING(), Types.INT()), {"a": None, "b": 1}),
    ("row in map", Types.MAP(Types.STRING(), inner), {"a": Row(None, "y")}),
    ("row in list", Types.LIST(inner), [Row(None, None), Row(1, None)]),
]
arrays = [
    ("basic array", Types.BASIC_ARRAY(Types.INT()), [1, None, 3]),
    ("basic array of strings", Types.BASIC_ARRAY(Types.STRING()), [None]),
    ("object array", Types.OBJECT_ARRAY(Types.STRING()), ["a", None]),
    ("object array of rows", Types.OBJECT_ARRAY(inner), [Row(None, "a"), None]),
]
for name, type_info, value in printed + arrays:
    stream = env.from_collection([0]).map(lambda _, value=value: value, type_info)
    if (name, type_info, value) in printed:
        stream.print(name)
    stream.map(lambda x: x, type_info).map(lambda x: repr(x), Types.STRING()).print(
        name + " in python"
    )
env.from_collection([0, 1]).map(lambda i: i or None).map(lambda x: repr(x)).print("untyped")
env.from_collection([0]).map(lambda _: (None, [None], {None: None})).print("untyped inside")
for type_info in (Types.STRING(), Types.DOUBLE(), Types.BOOLEAN(), Types.SQL_DATE()):
    env.from_collection([0]).map(lambda _: None, type_info).map(
        lambda x: x is None, Types.BOOLEAN()
    ).print(f"top {type_info}")
env.execute()
