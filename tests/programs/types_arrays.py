"""Primitive, basic and object arrays: what a Python function gets and gives."""
# output: sorted
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("ints", Types.PRIMITIVE_ARRAY(Types.INT()), [[1, 2, 3], []]),
    ("longs", Types.PRIMITIVE_ARRAY(Types.LONG()), [[2**40, -1]]),
    ("shorts", Types.PRIMITIVE_ARRAY(Types.SHORT()), [[1, -2]]),
    ("doubles", Types.PRIMITIVE_ARRAY(Types.DOUBLE()), [[0.5, -1.25]]),
    ("floats", Types.PRIMITIVE_ARRAY(Types.FLOAT()), [[0.5, 2.0]]),
    ("booleans", Types.PRIMITIVE_ARRAY(Types.BOOLEAN()), [[True, False]]),
    ("bytes", Types.PRIMITIVE_ARRAY(Types.BYTE()), [b"\x00\x7f\xff"]),
    ("basic strings", Types.BASIC_ARRAY(Types.STRING()), [["a", "", "\u00e9"]]),
    ("basic ints", Types.BASIC_ARRAY(Types.INT()), [[7, 8]]),
    ("tuples", Types.OBJECT_ARRAY(Types.TUPLE([Types.INT(), Types.STRING()])), [[(1, "x")]]),
]
for name, type_info, values in cases:
    stream = env.from_collection([*values]).map(lambda x: x, type_info)
    stream.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name)
env.execute()
