"""Dates, times and timestamps of java.sql, and Instant."""
# output: sorted
import datetime

from pyflink.common import Types
from pyflink.common.time import Instant
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("SQL_DATE", Types.SQL_DATE(), [datetime.date(1970, 1, 1), datetime.date(2024, 2, 29),
                                    datetime.date(1969, 12, 31)]),
    ("SQL_TIME", Types.SQL_TIME(), [datetime.time(0, 0, 0), datetime.time(23, 59, 59),
                                    datetime.time(12, 30, 1)]),
    ("SQL_TIMESTAMP", Types.SQL_TIMESTAMP(), [datetime.datetime(2020, 1, 2, 3, 4, 5, 6000),
                                              datetime.datetime(1999, 12, 31, 23, 59, 59)]),
    ("INSTANT", Types.INSTANT(), [Instant(0, 0), Instant(1, 2_000_000), Instant(1600000000, 7)]),
]
for name, type_info, values in cases:
    stream = env.from_collection(values, type_info)
    stream.print(name)
    stream.map(lambda x: x, type_info).print(name + " mapped")
    stream.map(lambda x: f"{type(x).__name__} {x}", Types.STRING()).print(name + " in python")
env.execute()
