"""Values of many types through connect: as first and second input, and as declared result."""

# output: sorted
import datetime
import decimal

from pyflink.common import Row, Types
from pyflink.datastream import CoMapFunction, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)


class Pass(CoMapFunction):
    def map1(self, value):
        return value

    def map2(self, value):
        return value


class Show(CoMapFunction):
    def map1(self, value):
        return "first %s %r" % (type(value).__name__, value)

    def map2(self, value):
        return "second %s %r" % (type(value).__name__, value)


CASES = {
    "boolean": ([True, False], Types.BOOLEAN()),
    "short": ([-32768, 5], Types.SHORT()),
    "long": ([2**62, -1], Types.LONG()),
    "double": ([0.5, float("-inf")], Types.DOUBLE()),
    "string": (["", "ä€😀"], Types.STRING()),
    "big dec": ([decimal.Decimal("1.50")], Types.BIG_DEC()),
    "date": ([datetime.date(2024, 2, 29)], Types.SQL_DATE()),
    "timestamp": ([datetime.datetime(2024, 2, 29, 1, 2, 3, 4000)], Types.SQL_TIMESTAMP()),
    "array": ([[1, 2]], Types.PRIMITIVE_ARRAY(Types.INT())),
    "list": ([["a", "b"]], Types.LIST(Types.STRING())),
    "map": ([{"a": 1}], Types.MAP(Types.STRING(), Types.INT())),
    "tuple": ([(1, ("x", 2.5))],
              Types.TUPLE([Types.INT(), Types.TUPLE([Types.STRING(), Types.DOUBLE()])])),
    "row": ([Row(1, "x")], Types.ROW([Types.INT(), Types.STRING()])),
    "named row": ([Row(1, "x")], Types.ROW_NAMED(["n", "s"], [Types.INT(), Types.STRING()])),
}  # fmt: skip
untyped = env.from_collection(["other"])
for name, (values, value_type) in CASES.items():
    stream = env.from_collection(range(len(values)), Types.INT()).map(
        lambda i, values=values: values[i], value_type
    )
    stream.connect(untyped).map(Show()).filter(lambda s: "other" not in s).print(name)
    typed = untyped.connect(stream).map(Show(), Types.STRING())
    typed.filter(lambda s: "other" not in s).print(name)
    result = stream.connect(stream).map(Pass(), value_type)
    if name != "array":  # Java prints an address
        result.print(name)
    result.map(repr, Types.STRING()).print(name)
env.execute()
