"""Rows by position and by name: names in another order, more of them, kinds, access."""

# output: sorted
from pyflink.common import Row, RowKind, Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
named = Types.ROW_NAMED(["x", "y"], [Types.INT(), Types.STRING()])
plain = Types.ROW([Types.INT(), Types.STRING()])
template = Row("y", "x")
cases = [
    ("by position", named, Row(1, "a")),
    ("by name", named, Row(x=1, y="a")),
    ("by name in another order", named, Row(y="a", x=1)),
    ("from a template", named, template("a", 1)),
    ("with another field", named, Row(x=1, y="a", z=2.5)),
    ("with another field first", named, Row(w=0, y="a", x=1)),
    ("names of a plain row", plain, Row(f1="a", f0=1)),
    ("deleted", named, Row.of_kind(RowKind.DELETE, 1, "a")),
    ("before", named, Row.of_kind(RowKind.UPDATE_BEFORE, x=1, y="a")),
    ("after", named, Row.of_kind(RowKind.UPDATE_AFTER, 1, "a")),
    ("nested", Types.ROW_NAMED(["id", "in"], [Types.LONG(), named]), Row(5, Row(y="s", x=6))),
    ("in a list", Types.LIST(named), [Row(y="s", x=6), Row(7, "t")]),
]
for name, type_info, value in cases:
    stream = env.from_collection([0]).map(lambda _, value=value: value, type_info)
    stream.print(name)
    same = stream.map(lambda r: r, type_info)
    same.print(name + " again")
    same.map(lambda r: repr(r), Types.STRING()).print(name + " in python")
rows = env.from_collection([0]).map(lambda _: Row(1, "a"), named)
rows.map(
    lambda r: f"{r.x} {r['y']} {r[0]} {r[0:2]} {r.as_dict()} {len(r)} {list(r)} {'x' in r}",
    Types.STRING(),
).print("access")
rows.map(lambda r: str(r.get_row_kind()), Types.STRING()).print("kind")
rows.map(lambda r: Row(y=r.y * 2, x=r.x + 1), named).print("changed")
env.execute()
