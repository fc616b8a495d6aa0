"""Decimals: printed, mapped, and their Python class."""
# output: sorted
from decimal import Decimal

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
decimals = [Decimal("0"), Decimal("1.50"), Decimal("-123456789.000000001"), Decimal("12.5")]
numbers = env.from_collection(decimals, Types.BIG_DEC())
numbers.print("BIG_DEC")
numbers.map(lambda x: x, Types.BIG_DEC()).print("BIG_DEC mapped")
numbers.map(lambda x: f"{type(x).__name__} {x}", Types.STRING()).print("BIG_DEC in python")
env.execute()
