"""Rows with names through functions: access by name and position, new rows, row kinds."""
from pyflink.common import Row, RowKind, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
person = Types.ROW_NAMED(["name", "age"], [Types.STRING(), Types.INT()])
people = env.from_collection([Row("Alice", 11), Row("Bob", 12)], person)


def older(row):
    return Row(name=row.name, age=row["age"] + 1)


def deleted(row):
    row.set_row_kind(RowKind.DELETE)
    return row


people.map(older, person).print()
env.execute()
people.map(lambda row: Row(row[1], row[0]), Types.ROW([Types.INT(), Types.STRING()])).print()
env.execute()
people.map(deleted, person).print()
env.execute()
people.map(lambda row: row.as_dict()).print()
env.execute()
people.map(lambda row: Row(age=row.age, name=row.name), person).print()
env.execute()
people.map(lambda row: (row.name, row), Types.TUPLE([Types.STRING(), person])).print()
env.execute()
