"""LOCAL_DATE, LOCAL_TIME and LOCAL_DATE_TIME: java.time in Java, datetime in Python."""

# output: sorted
# runs: here
import datetime

from pyflink.common import Row, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("LOCAL_DATE", Types.LOCAL_DATE(),
     [datetime.date(1970, 1, 1), datetime.date(1500, 2, 28), datetime.date(9999, 12, 31)]),
    ("LOCAL_TIME", Types.LOCAL_TIME(),
     [datetime.time(0, 0), datetime.time(23, 59, 59, 999_999), datetime.time(1, 2, 3, 4)]),
    ("LOCAL_DATE_TIME", Types.LOCAL_DATE_TIME(),
     [datetime.datetime(1969, 12, 31, 23, 59, 59, 999_999), datetime.datetime(2020, 1, 2, 3, 4)]),
]  # fmt: skip
for name, type_info, values in cases:
    print(type_info)
    stream = env.from_collection(values, type_info)
    stream.print(name)
    again = stream.map(lambda x: x, type_info)
    again.print(name + " again")
    again.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name + " in python")
    again.map(lambda x: Row(x, [x, None]), Types.ROW([type_info, Types.LIST(type_info)])).map(
        lambda row: repr(row), Types.STRING()).print(name + " in a row")
    again.key_by(lambda x: x, type_info).map(lambda x: x, type_info).map(
        repr, Types.STRING()).print(name + " as a key")
env.execute()
