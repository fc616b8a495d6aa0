"""Values of another class than the declared type's that fit it all the same."""

# output: sorted
import collections
import datetime
import enum
from decimal import Decimal
from fractions import Fraction

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Text(str):
    pass


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("bool for INT", Types.INT(), True),
    ("bool for LONG", Types.LONG(), False),
    ("whole float for INT", Types.INT(), 3.0),
    ("whole float for BYTE", Types.BYTE(), -128.0),
    ("whole Decimal for INT", Types.INT(), Decimal("3")),
    ("whole Fraction for LONG", Types.LONG(), Fraction(8, 2)),
    ("IntEnum for INT", Types.INT(), Level.HIGH),
    ("int for BOOLEAN", Types.BOOLEAN(), 1),
    ("zero for BOOLEAN", Types.BOOLEAN(), 0),
    ("greater int for BOOLEAN", Types.BOOLEAN(), 2),
    ("int for DOUBLE", Types.DOUBLE(), 3),
    ("large int for DOUBLE", Types.DOUBLE(), 2**60 + 1),
    ("bool for DOUBLE", Types.DOUBLE(), True),
    ("Decimal for DOUBLE", Types.DOUBLE(), Decimal("1.5")),
    ("int for FLOAT", Types.FLOAT(), 7),
    ("str subclass", Types.STRING(), Text("text")),
    ("int for BIG_DEC", Types.BIG_DEC(), 5),
    ("float for BIG_DEC", Types.BIG_DEC(), 0.1),
    ("datetime for SQL_DATE", Types.SQL_DATE(), datetime.datetime(2020, 1, 2, 3, 4)),
    ("OrderedDict for MAP", Types.MAP(Types.STRING(), Types.INT()), collections.OrderedDict(b=1)),
    ("Counter for MAP", Types.MAP(Types.STRING(), Types.INT()), collections.Counter("aa")),
    ("defaultdict for MAP", Types.MAP(Types.STRING(), Types.INT()),
     collections.defaultdict(int, x=4)),
]  # fmt: skip
for name, type_info, value in cases:
    stream = env.from_collection([0]).map(lambda _, value=value: value, type_info)
    stream.print(name)
    stream.map(lambda x: x, type_info).map(
        lambda x: f"{type(x).__name__} {x!r}", Types.STRING()
    ).print(name + " in python")
env.execute()
