"""Days before 1970 and 1900, milliseconds, time zones, instants before 1970."""

# output: sorted
import datetime

from pyflink.common import Row, Types
from pyflink.common.time import Instant
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
east = datetime.timezone(datetime.timedelta(hours=2))
cases = [
    ("SQL_DATE", Types.SQL_DATE(),
     [datetime.date(1899, 12, 31), datetime.date(1850, 1, 1), datetime.date(1600, 2, 29),
      datetime.date(9999, 12, 31), datetime.date(1900, 2, 28), datetime.date(2000, 2, 29)]),
    ("SQL_TIME", Types.SQL_TIME(),
     [datetime.time(1, 2, 3, 456_000), datetime.time(23, 59, 59, 999_000),
      datetime.time(1, 2, 3, 456_789), datetime.time(1, 2, 3, tzinfo=east)]),
    ("SQL_TIMESTAMP", Types.SQL_TIMESTAMP(),
     [datetime.datetime(2020, 2, 29, 23, 59, 59, 999_000), datetime.datetime(2038, 1, 19, 3, 14, 8),
      datetime.datetime(2100, 1, 1), datetime.datetime(1970, 1, 1),
      datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=east)]),
    ("INSTANT", Types.INSTANT(),
     [Instant(-5, 6_000_000), Instant(-1, 999_000_000), Instant(253402300799, 0)]),
]  # fmt: skip
for name, type_info, values in cases:
    stream = env.from_collection(list(range(len(values)))).map(
        lambda i, values=values: values[i], type_info
    )
    stream.print(name)
    stream.map(lambda x: x, type_info).print(name + " again")
    stream.map(lambda x: f"{type(x).__name__} {x!r}", Types.STRING()).print(name + " in python")
    stream.map(lambda x: Row([x], {"k": x}),
               Types.ROW([Types.LIST(type_info), Types.MAP(Types.STRING(), type_info)])).map(
        lambda r: repr(r), Types.STRING()).print(name + " inside")
zoned = [datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=east)]
env.from_collection(zoned, Types.SQL_TIMESTAMP()).print("collection SQL_TIMESTAMP")
env.from_collection([datetime.time(1, 2, 3, tzinfo=east)], Types.SQL_TIME()).print(
    "collection SQL_TIME"
)
env.execute()
