"""Sequences that the peer refuses where a list, a tuple or a Row is declared."""

# output: sorted
# runs: here
import collections
from array import array

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

Named = collections.namedtuple("Named", "x y")
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
row = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
pair = Types.TUPLE([Types.INT(), Types.STRING()])
cases = [
    ("tuple for LIST", Types.LIST(Types.INT()), (1, 2)),
    ("set for LIST", Types.LIST(Types.INT()), {7}),
    ("range for LIST", Types.LIST(Types.INT()), range(3)),
    ("deque for LIST", Types.LIST(Types.STRING()), collections.deque("ab")),
    ("array for LIST", Types.LIST(Types.INT()), array("h", [1, -2])),
    ("tuple for doubles", Types.PRIMITIVE_ARRAY(Types.DOUBLE()), (1, 2.5, True)),
    ("array for doubles", Types.PRIMITIVE_ARRAY(Types.DOUBLE()), array("d", [0.5, -0.0])),
    ("array of floats for doubles", Types.PRIMITIVE_ARRAY(Types.DOUBLE()), array("f", [0.5])),
    ("array for longs", Types.PRIMITIVE_ARRAY(Types.LONG()), array("q", [2**40, -1])),
    ("array of shorts for ints", Types.PRIMITIVE_ARRAY(Types.INT()), array("h", [2, -1])),
    ("unsigned array for ints", Types.PRIMITIVE_ARRAY(Types.INT()), array("I", [2**31 - 1])),
    ("bytes for shorts", Types.PRIMITIVE_ARRAY(Types.SHORT()), b"\x01\xff"),
    ("bools for ints", Types.PRIMITIVE_ARRAY(Types.INT()), [True, False]),
    ("bytearray for bytes", Types.PRIMITIVE_ARRAY(Types.BYTE()), bytearray(b"a\xff")),
    ("list for bytes", Types.PRIMITIVE_ARRAY(Types.BYTE()), [1, -2, 255]),
    ("chars", Types.PRIMITIVE_ARRAY(Types.CHAR()), ["a", "\u00e9", "\u4f60"]),
    ("str for chars", Types.BASIC_ARRAY(Types.CHAR()), ["a", None]),
    ("bytes in a basic array", Types.BASIC_ARRAY(Types.BYTE()), [1, None, -128]),
    ("tuple for BASIC_ARRAY", Types.BASIC_ARRAY(Types.STRING()), ("a", None)),
    ("tuple for OBJECT_ARRAY", Types.OBJECT_ARRAY(Types.DOUBLE()), (1.5, 2)),
    ("tuple for ROW", row, (1, "a")),
    ("list for ROW", row, [1, "a"]),
    ("dict for ROW", row, {"y": "a", "x": 1}),
    ("namedtuple for ROW", row, Named(1, "a")),
    ("namedtuple for TUPLE", pair, Named(1, "a")),
    ("None in TUPLE", pair, (None, None)),
    ("None in LIST", Types.LIST(Types.INT()), [1, None]),
    ("None as a key", Types.MAP(Types.STRING(), Types.INT()), {None: 1}),
    ("None in untyped elements", Types.LIST(Types.PICKLED_BYTE_ARRAY()), [None, {1: None}]),
    ("untyped field", Types.TUPLE([Types.INT(), Types.PICKLED_BYTE_ARRAY()]), (1, None)),
]  # fmt: skip
for name, type_info, value in cases:
    # Two readers: a single one would be fused and get the function's own object.
    stream = env.from_collection([0]).map(lambda _, value=value: value, type_info)
    for reader in ("first", "second"):
        stream.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(f"{name} {reader}")
env.execute()
