"""Floating point types: limits, NaN, infinities, signed zero, single precision."""
# output: sorted
import math

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
values = [0.0, -0.0, 1.5, 0.1, 1e-300, 1e300, math.inf, -math.inf, math.nan, 123456789.125]
doubles = env.from_collection(values, Types.DOUBLE())
doubles.print("DOUBLE")
doubles.map(lambda x: x, Types.DOUBLE()).print("DOUBLE mapped")
doubles.map(lambda x: repr(x), Types.STRING()).print("DOUBLE in python")
singles = env.from_collection([0.5, 1.1, -2.25, math.inf, math.nan, 3.0e38], Types.FLOAT())
singles.print("FLOAT")
singles.map(lambda x: x, Types.FLOAT()).print("FLOAT mapped")
singles.map(lambda x: repr(x), Types.STRING()).print("FLOAT in python")
env.execute()
