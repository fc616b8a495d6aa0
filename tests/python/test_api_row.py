"""Row, RowKind, Instant and Time behave as PyFlink's do."""

import copy
import pickle

import pytest
from pyflink.common import Instant, Row, RowKind, Time


def test_row_prints_like_the_peer():
    assert repr(Row(1, "a")) == "<Row(1, 'a')>"
    assert repr(Row(a=1, b="x")) == "Row(a=1, b='x')"
    assert repr(Row("a", Row(1), Row(b=None))) == "<Row('a', <Row(1)>, Row(b=None))>"
    assert repr(Row()) == "<Row()>"


def test_row_of_strings_is_a_template():
    person = Row("name", "age")
    assert person("Ada", 36) == Row(name="Ada", age=36)
    assert repr(person("Ada")) == "Row(name='Ada')"
    with pytest.raises(ValueError):
        person("Ada", 36, "extra")


def test_row_takes_positions_or_names():
    with pytest.raises(ValueError):
        Row(1, b=2)
    row = Row(b=1, a=2)
    assert list(row) == [1, 2] and len(row) == 2
    assert row["a"] == row.a == row[1] == row[-1] == 2
    assert row[0:2] == [1, 2]
    assert "a" in row and 2 not in row and 2 in Row(1, 2)


def test_row_is_written_by_position_and_name():
    row = Row(a=1, b=2)
    row[0] = 5
    row["b"] = 6
    assert row == Row(a=5, b=6)
    with pytest.raises(AttributeError):
        row.a = 7
    with pytest.raises(ValueError):
        row["c"] = 7
    with pytest.raises(IndexError):
        row[9] = 7


def test_missing_fields():
    with pytest.raises(ValueError):
        Row(a=1)["b"]
    with pytest.raises(AttributeError):
        Row(a=1).b  # noqa: B018
    with pytest.raises(AttributeError):
        Row(1).b  # noqa: B018
    with pytest.raises(IndexError):
        Row(1)[3]


def test_as_dict():
    row = Row(a=1, b=Row(c=2), d=[Row(e=3)], f={"x": Row(g=4)}, t=(Row(h=5),))
    assert row.as_dict()["b"] == Row(c=2)
    plain = row.as_dict(True)
    assert plain["b"] == {"c": 2} and plain["d"] == [{"e": 3}] and plain["f"] == {"x": {"g": 4}}
    assert plain["t"] == (Row(h=5),)
    with pytest.raises(TypeError):
        Row(1, 2).as_dict()


def test_get_fields_by_names():
    assert Row(a=1, b=2).get_fields_by_names(["b", "a"]) == [2, 1]
    assert Row(1, 2).get_fields_by_names(["b"]) == [1, 2]
    with pytest.raises(Exception, match="zz"):
        Row(a=1).get_fields_by_names(["zz"])


def test_set_field_names():
    row = Row(1, 2)
    row.set_field_names(["x", "y"])
    assert row == Row(x=1, y=2)


def test_equality_and_hash():
    assert Row(1) == Row(1) and Row(1) != Row(2) and Row(1) != (1,)
    assert Row(a=1) != Row(1) and Row(a=1) != Row(b=1)
    assert Row(1) != Row.of_kind(RowKind.DELETE, 1)
    assert hash(Row(1, 2)) == hash(Row(a=1, b=2)) == hash((1, 2))


def test_row_kind():
    assert [str(kind) for kind in RowKind] == ["+I", "-U", "+U", "-D"]
    assert Row(1).get_row_kind() is RowKind.INSERT
    row = Row.of_kind(RowKind.UPDATE_AFTER, a=1)
    assert row.get_row_kind() is RowKind.UPDATE_AFTER and row.a == 1
    row.set_row_kind(RowKind.DELETE)
    assert row.get_row_kind() is RowKind.DELETE


@pytest.mark.parametrize(
    "row", [Row(), Row(1, "a"), Row(a=1, b=Row(2)), Row.of_kind(RowKind.DELETE, a=None)]
)
def test_row_survives_copies(row):
    assert pickle.loads(pickle.dumps(row)) == row
    assert copy.copy(row) == row
    assert copy.deepcopy(row) == row


def test_instant():
    assert repr(Instant(1, 2)) == "Instant<1, 2>"
    assert Instant.of_epoch_milli(1234) == Instant(1, 234000000)
    for milli in (0, 1, -1, 1234, -1234):
        assert Instant.of_epoch_milli(milli).to_epoch_milli() == milli
    assert pickle.loads(pickle.dumps(Instant(1, 2))) == Instant(1, 2)


def test_time():
    assert str(Time.seconds(5)) == "5000 ms"
    assert Time.days(1) == Time.hours(24) == Time.minutes(1440) == Time.milliseconds(86400000)
    assert Time.hours(1).to_milliseconds() == 3600000
