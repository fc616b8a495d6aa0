"""Births in the United States by day of the week: named rows, keyed sums, one result per key.

usage: pyflink-shell -f births_by_weekday.py
"""

import calendar
import pathlib

from pyflink.common import Row, Types
from pyflink.datastream import RuntimeExecutionMode, StreamExecutionEnvironment

FILE = pathlib.Path(__file__).resolve().parent / "data" / "us-births-1994-2003.csv"
DAY = Types.ROW_NAMED(["weekday", "days", "births"], [Types.INT(), Types.INT(), Types.LONG()])


def parse(line):
    """One line `year,month,day,day of week,births`, as the weekday, one day, and its births."""
    if line[:1].isdigit():
        year, month, day, _, births = map(int, line.split(","))
        yield Row(calendar.weekday(year, month, day), 1, births)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_runtime_mode(RuntimeExecutionMode.BATCH)
env.set_parallelism(1)
totals = (
    env.read_text_file(str(FILE))
    .flat_map(parse, DAY)
    .key_by(lambda row: row.weekday, Types.INT())
    .reduce(lambda a, b: Row(a.weekday, a.days + b.days, a.births + b.births))
)
for weekday, days, births in sorted(tuple(row) for row in totals.execute_and_collect()):
    print(f"{calendar.day_name[weekday]:10} {births / days:8,.0f} births a day")
