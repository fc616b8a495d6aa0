"""from_collection takes the values of every type, where the peer loses or refuses some."""

# output: sorted
# runs: here
import enum

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment


class Colour(enum.Enum):
    RED = 1


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
pair = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
cases = [
    ("list", Types.LIST(Types.STRING()), [["a", "b"], []]),
    ("list of list", Types.LIST(Types.LIST(Types.INT())), [[[1], [], [2, 3]]]),
    ("bytes", Types.PRIMITIVE_ARRAY(Types.BYTE()), [b"\x00\xff"]),
    ("basic array", Types.BASIC_ARRAY(Types.STRING()), [["a", None]]),
    ("row", pair, [Row(x=1, y="one"), Row(2, None), (3, "tuple"), {"x": 4, "y": "dict"}]),
    ("null", Types.STRING(), [None, "s"]),
    ("map", Types.MAP(Types.STRING(), pair), [{"k": Row(1, "v")}]),
]
for name, type_info, values in cases:
    env.from_collection(values, type_info).map(lambda x: repr(x), Types.STRING()).print(name)
env.from_collection([Colour.RED, Row(1, "x"), {1: Colour.RED}]).map(lambda x: repr(x)).print(
    "objects"
)
env.execute()
