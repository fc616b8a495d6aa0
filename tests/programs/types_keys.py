"""Values of many types as keys: equal keys meet, each in its own group."""

# output: sorted
from decimal import Decimal

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
row = Types.ROW([Types.INT(), Types.STRING()])
cases = [
    ("INT", Types.INT(), [1, 2, 1]),
    ("LONG", Types.LONG(), [2**40, 0, 2**40]),
    ("STRING", Types.STRING(), ["a", "", "a"]),
    ("BOOLEAN", Types.BOOLEAN(), [True, False, True]),
    ("DOUBLE", Types.DOUBLE(), [0.5, 1.5, 0.5]),
    ("TUPLE", Types.TUPLE([Types.INT(), Types.STRING()]), [(1, "a"), (1, "b"), (1, "a")]),
    ("ROW", row, [Row(1, "a"), Row(2, "a"), Row(1, "a")]),
    ("BIG_DEC", Types.BIG_DEC(), [Decimal("1.5"), Decimal("2.5"), Decimal("1.5")]),
]
for name, type_info, values in cases:
    stream = env.from_collection(values, type_info)
    ones = stream.map(lambda v: (str(v), 1), Types.TUPLE([Types.STRING(), Types.INT()]))
    ones.key_by(lambda t: t[0], Types.STRING()).reduce(lambda a, b: (a[0], a[1] + b[1])).print(name)
    stream.key_by(lambda v: v, type_info).map(lambda v: str(v), Types.STRING()).print(
        name + " keyed"
    )
env.execute()
