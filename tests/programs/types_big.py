"""Big integers and decimals: printed, mapped, and their Python classes."""
# output: sorted
from decimal import Decimal

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
integers = env.from_collection([-1, 255, 256, -(2**63), 2**63 - 1]).map(
    lambda x: x, Types.BIG_INT())
integers.print("BIG_INT")
integers.map(lambda x: f"{type(x).__name__} {x}", Types.STRING()).print("BIG_INT in python")
decimals = [Decimal("0"), Decimal("1.50"), Decimal("-123456789.000000001"), Decimal("12.5")]
numbers = env.from_collection(decimals, Types.BIG_DEC())
numbers.print("BIG_DEC")
numbers.map(lambda x: x, Types.BIG_DEC()).print("BIG_DEC mapped")
numbers.map(lambda x: f"{type(x).__name__} {x}", Types.STRING()).print("BIG_DEC in python")
env.execute()
