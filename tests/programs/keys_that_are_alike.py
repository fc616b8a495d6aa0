"""The keys 1, 1.0, True and Decimal(1), without a declared type and as values of one."""

# output: sorted
from decimal import Decimal

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
values = [1, 1.0, True, Decimal(1), 1, 1.0, True, Decimal(1)]
stream = env.from_collection(list(range(len(values)))).map(lambda i: (values[i], 1))


def count(keyed, name):
    keyed.reduce(lambda a, b: (a[0], a[1] + b[1])).map(repr).print(name)


count(stream.key_by(lambda p: p[0]), "untyped")
count(stream.key_by(lambda p: (p[0], "in a tuple")), "tuple")
count(stream.key_by(lambda p: p[0], Types.INT()), "INT")
count(stream.key_by(lambda p: p[0], Types.DOUBLE()), "DOUBLE")
count(stream.key_by(lambda p: str(p[0]), Types.STRING()), "STRING")
env.execute()
