"""Dates and times as fields of rows and tuples."""
# output: sorted
import datetime

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
cases = [
    ("date", Types.SQL_DATE(), [datetime.date(2001, 2, 3)]),
    ("time", Types.SQL_TIME(), [datetime.time(4, 5, 6)]),
    ("timestamp", Types.SQL_TIMESTAMP(), [datetime.datetime(2001, 2, 3, 4, 5, 6)]),
]
for name, type_info, values in cases:
    row_type = Types.ROW([type_info, Types.STRING()])
    env.from_collection([(v, name) for v in values], row_type).map(
        lambda r: (r[0], r[1]), Types.TUPLE([type_info, Types.STRING()])).print(name)
env.execute()
