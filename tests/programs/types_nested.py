"""Containers inside containers, and empty ones: as printed, and as Python sees them."""

# output: sorted
import datetime
from decimal import Decimal

from pyflink.common import Row, Types
from pyflink.common.time import Instant
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
inner = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
pair = Types.TUPLE([Types.INT(), Types.STRING()])
day = datetime.date(2020, 1, 2)
moment = datetime.datetime(2020, 1, 2, 3, 4, 5, 6000)
printed = [
    ("tuple of tuples", Types.TUPLE([pair, Types.TUPLE([pair])]), ((1, "a"), ((2, "b"),))),
    ("tuple of row", Types.TUPLE([inner, Types.STRING()]), (Row(1, "a"), "b")),
    ("tuple of list and map",
     Types.TUPLE([Types.LIST(Types.DOUBLE()), Types.MAP(Types.STRING(), Types.BOOLEAN())]),
     ([0.5, -1.0], {"t": True})),
    ("tuple of times", Types.TUPLE([Types.SQL_DATE(), Types.SQL_TIME(), Types.SQL_TIMESTAMP()]),
     (day, datetime.time(1, 2, 3), moment)),
    ("tuple of numbers",
     Types.TUPLE([Types.BYTE(), Types.SHORT(), Types.FLOAT(), Types.BIG_DEC(), Types.BOOLEAN()]),
     (1, -2, 1.1, Decimal("1.50"), False)),
    ("row of everything",
     Types.ROW([Types.PRIMITIVE_ARRAY(Types.DOUBLE()), Types.LIST(Types.BIG_DEC()),
                Types.MAP(Types.STRING(), Types.SQL_DATE()), pair, inner, Types.INSTANT()]),
     Row([1.5], [Decimal("1.50")], {"d": day}, (1, "a"), Row(2, "b"), Instant(1, 2_000_000))),
    ("list of rows", Types.LIST(inner), [Row(1, "a"), Row(2, "b")]),
    ("list of tuples", Types.LIST(pair), [(1, "a"), (2, "b")]),
    ("list of maps of lists",
     Types.LIST(Types.MAP(Types.INT(), Types.LIST(Types.STRING()))), [{1: ["a"]}, {2: []}, {}]),
    ("map of tuples", Types.MAP(Types.STRING(), pair), {"k": (1, "v")}),
    ("map of maps", Types.MAP(Types.INT(), Types.MAP(Types.INT(), Types.INT())), {1: {2: 3}}),
    ("map of rows of maps",
     Types.MAP(Types.STRING(), Types.ROW([Types.MAP(Types.STRING(), Types.INT())])),
     {"k": Row({"i": 1})}),
    ("empty list", Types.LIST(inner), []),
    ("empty map", Types.MAP(Types.STRING(), inner), {}),
    ("empty strings", Types.TUPLE([Types.STRING(), Types.LIST(Types.STRING())]), ("", [""])),
]  # fmt: skip
arrays = [
    ("array of rows", Types.OBJECT_ARRAY(inner), [Row(1, "a")]),
    ("array of tuples", Types.OBJECT_ARRAY(pair), [(1, "a"), (2, "b")]),
    ("array of lists", Types.OBJECT_ARRAY(Types.LIST(Types.INT())), [[1], []]),
    ("rows in arrays in maps", Types.MAP(Types.STRING(), Types.OBJECT_ARRAY(inner)),
     {"k": [Row(1, "a"), Row(2, "b")]}),
    ("arrays in a list", Types.LIST(Types.PRIMITIVE_ARRAY(Types.INT())), [[1, 2], []]),
    ("empty arrays", Types.ROW([Types.PRIMITIVE_ARRAY(Types.INT()),
                                Types.BASIC_ARRAY(Types.STRING()), Types.OBJECT_ARRAY(inner),
                                Types.PRIMITIVE_ARRAY(Types.BYTE())]), Row([], [], [], b"")),
]  # fmt: skip
for name, type_info, value in printed + arrays:
    stream = env.from_collection([0]).map(lambda _, value=value: value, type_info)
    if (name, type_info, value) in printed:
        stream.print(name)
    same = stream.map(lambda x: x, type_info)
    same.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name + " in python")
env.execute()
