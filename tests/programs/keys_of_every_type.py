"""key_by on every type that has equal values: they meet in one group, others do not."""

# output: sorted
import datetime
from decimal import Decimal

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
inner = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
cases = [
    ("BYTE", Types.BYTE(), [1, -1, 1]),
    ("SHORT", Types.SHORT(), [300, 1, 300]),
    ("FLOAT", Types.FLOAT(), [0.5, 1.5, 0.5]),
    ("STRING", Types.STRING(), ["\U0001f600", "\u4f60", "\U0001f600", ""] + ["caf\u00e9"] * 2),
    ("SQL_DATE", Types.SQL_DATE(), [datetime.date(1969, 1, 1), datetime.date(2020, 1, 1)] * 2),
    ("SQL_TIME", Types.SQL_TIME(), [datetime.time(1, 2), datetime.time(1, 3), datetime.time(1, 2)]),
    ("SQL_TIMESTAMP", Types.SQL_TIMESTAMP(), [datetime.datetime(2020, 1, 1, 2)] * 2),
    ("ROW", inner, [Row(1, "a"), Row(y="a", x=1), Row(2, "a")]),
    ("ROW in TUPLE", Types.TUPLE([inner, Types.LONG()]), [(Row(1, "a"), 2), (Row(1, "a"), 2)]),
    ("TUPLE", Types.TUPLE([Types.STRING(), Types.TUPLE([Types.INT()])]), [("a", (1,))] * 2),
    ("BIG_DEC", Types.BIG_DEC(), [Decimal("1.50"), Decimal("2"), Decimal("1.50")]),
    ("untyped int", None, [1, 2, 1, 2**40, 2**40, -1]),
    ("untyped str", None, ["a", "\U0001f600", "a", "\U0001f600", ""]),
    ("untyped bytes", None, [b"a", b"\x00", b"a"]),
    ("untyped None", None, [None, 0, None]),
    ("untyped bool", None, [True, False, True]),
    ("untyped float", None, [0.5, 1.5, 0.5]),
    ("untyped tuple", None, [(1, "a"), (1, "b"), (1, "a"), ()]),
    ("untyped Row", None, [Row(1, "a"), Row(1, "b"), Row(1, "a")]),
    ("untyped date", None, [datetime.date(2020, 1, 1)] * 2),
    ("untyped Decimal", None, [Decimal("1.5"), Decimal("2.5"), Decimal("1.5")]),
    ("untyped mixture", None, [1, "1", b"1", (1,), None, 1]),
]
for name, type_info, values in cases:
    stream = env.from_collection(list(range(len(values)))).map(
        lambda i, values=values: (values[i], 1))
    stream.key_by(lambda pair: pair[0], type_info).reduce(
        lambda a, b: (a[0], a[1] + b[1])).map(repr).print(name)
env.execute()
