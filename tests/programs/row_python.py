"""Row in Python: construction, access, equality, kinds, printing, as a template."""

from pyflink.common import Row, RowKind

row = Row("Alice", 11)
print(row, row[0], row[1], len(row), "Alice" in row, list(row))
named = Row(name="Bob", age=12)
print(named, named.name, named["age"], named.as_dict(), named == Row(name="Bob", age=12))
print(named == Row("Bob", 12), row != Row("Alice", 12))
Person = Row("name", "age")
person = Person("Carol", 13)
print(person, person.name, person.age, "name" in person)
person["age"] = 14
print(person)
row.set_row_kind(RowKind.DELETE)
print(
    row.get_row_kind(),
    [str(kind) for kind in RowKind],
    row.to_tuple() if hasattr(row, "to_tuple") else "",
)
print(
    Row(1, Row(2, "x"), [Row(a=3)]).as_dict(True) if False else Row(a=1, b=Row(c=2)).as_dict(True)
)
print(hash(Row(1, 2)) == hash(Row(1, 2)) if Row.__hash__ else "unhashable")
for wrong in (
    lambda: Row(1, a=2),
    lambda: named.absent,
    lambda: named["absent"],
    lambda: row.as_dict(),
):
    try:
        print(wrong())
    except Exception as error:
        print(type(error).__name__)
