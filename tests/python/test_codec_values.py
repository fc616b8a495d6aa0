"""Which values the codec takes for a type, what it makes of them, what it says of others."""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
from array import array
from typing import Any

import pytest
from codec_support import engine, row, tuple_of
from pyflink.common import Instant, Row


def pass_through(schema: bytes, value: Any) -> Any:
    return engine.decode_batch(engine.encode_batch([value], schema), schema)[0]


class Level(enum.IntEnum):
    HIGH = 2


class Index:
    def __index__(self) -> int:
        return 7


class Broken:
    def __int__(self) -> int:
        raise OSError("from the value's own code")


@pytest.mark.parametrize(
    ("schema", "given", "got"),
    [
        (b"i", True, 1),
        (b"i", 3.0, 3),
        (b"b", -128.0, -128),
        (b"l", decimal.Decimal("3.00"), 3),
        (b"l", fractions.Fraction(8, 2), 4),
        (b"h", Level.HIGH, 2),
        (b"h", Index(), 7),
        (b"N", 1e20, 10**20),
        (b"z", 2, True),
        (b"z", 0.0, False),
        (b"d", 2**60, 2.0**60),
        (b"D", 0.1, decimal.Decimal("0.1")),
        (b"D", 1e22, decimal.Decimal("1E+22")),
        (b"[d", array("d", [0.5, -0.0, 2]), [0.5, -0.0, 2.0]),
        (b"[d", memoryview(array("d", [1, 2, 3, 4]))[::2], [1.0, 3.0]),
        (b"[d", [1, True, 0.5, decimal.Decimal("2.5")], [1.0, 1.0, 0.5, 2.5]),
        (b"[f", array("d", [0.5]), [0.5]),
        (b"[l", array("q", [2**63 - 1, -(2**63)]), [2**63 - 1, -(2**63)]),
        (b"[l", array("i", [1, -1]), [1, -1]),
        (b"[i", array("I", [1, 2**31 - 1]), [1, 2**31 - 1]),
        (b"[h", [1.0, Level.HIGH, Index()], [1, 2, 7]),
        (b"[z", [True, 0, 1.0], [True, False, True]),
        (b"[c", ["a", "\udc00"], ["a", "\udc00"]),
        (b"B", memoryview(b"abcd")[::2], b"ac"),
        (b"B", array("b", [-1, 1]), b"\xff\x01"),
        (b"B", range(3), b"\x00\x01\x02"),
        (b"Lp", [None, {1}], [None, {1}]),
        (b"Kpp", {None: None}, {None: None}),
        (tuple_of(b"p", b"i"), (None, None), (None, None)),
    ],
    ids=repr,
)
def test_values_that_fit(schema: bytes, given: Any, got: Any) -> None:
    result = pass_through(schema, given)
    assert result == got and repr(result) == repr(got)


INNER = row(b"i", b"s", names=["x", "y"])


@pytest.mark.parametrize(
    ("schema", "value", "error", "text"),
    [
        (b"b", 128, OverflowError, "int 128 is out of range for BYTE"),
        (b"b", -129, OverflowError, "int -129 is out of range for BYTE"),
        (b"h", 2**15, OverflowError, "int 32768 is out of range for SHORT"),
        (b"i", -(2**31) - 1, OverflowError, "int -2147483649 is out of range for INT"),
        (b"l", 2**63, OverflowError, "int 9223372036854775808 is out of range for LONG"),
        (b"i", 1e300, OverflowError, r"float 1e\+300 is out of range for INT"),
        (b"i", float("inf"), OverflowError, "float inf is out of range for INT"),
        (b"i", float("nan"), TypeError, "the declared type is INT, found float nan"),
        (b"i", 3.5, TypeError, "the declared type is INT, found float 3.5"),
        (b"i", decimal.Decimal("3.5"), TypeError, "INT, found decimal.Decimal"),
        (b"i", "3", TypeError, "the declared type is INT, found str '3'"),
        (b"i", 1j, TypeError, "the declared type is INT, found complex 1j"),
        (b"i", Broken(), OSError, "from the value's own code"),
        (b"z", "x", TypeError, "the declared type is BOOLEAN, found str 'x'"),
        (b"z", [], TypeError, r"the declared type is BOOLEAN, found list \[\]"),
        (b"z", 0.5, TypeError, "the declared type is BOOLEAN, found float 0.5"),
        (b"f", 1e300, OverflowError, r"float 1e\+300 is out of range for FLOAT"),
        (b"d", 10**400, OverflowError, "is out of range for DOUBLE"),
        (b"d", "1", TypeError, "the declared type is DOUBLE, found str '1'"),
        (b"s", b"a", TypeError, "the declared type is STRING, found bytes b'a'"),
        (b"c", "ab", TypeError, "str 'ab' is not one UTF-16 character, as needed for CHAR"),
        (b"c", "\U0001f600", TypeError, "is not one UTF-16 character, as needed for CHAR"),
        (b"N", 1.5, TypeError, "the declared type is BIG_INT, found float 1.5"),
        (b"N", float("inf"), TypeError, "the declared type is BIG_INT, found float inf"),
        (b"D", decimal.Decimal("NaN"), OverflowError, "is out of range for BIG_DEC"),
        (b"D", float("inf"), OverflowError, "is out of range for BIG_DEC"),
        (b"D", True, TypeError, "the declared type is BIG_DEC, found bool True"),
        (b"D", "1.5", TypeError, "the declared type is BIG_DEC, found str '1.5'"),
        (b"E", datetime.time(1), TypeError, "the declared type is SQL_DATE, found datetime.time"),
        (b"e", "2020-01-01", TypeError, "the declared type is LOCAL_DATE, found str"),
        (b"M", datetime.date(2020, 1, 1), TypeError, "SQL_TIME, found datetime.date"),
        (b"W", datetime.date(2020, 1, 1), TypeError, "SQL_TIMESTAMP, found datetime.date"),
        (b"w", 5, TypeError, "the declared type is LOCAL_DATE_TIME, found int 5"),
        (b"t", datetime.datetime(2020, 1, 1), TypeError, "INSTANT, found datetime.datetime"),
        (b"t", Instant(2**70, 0), OverflowError, "is out of range for INSTANT"),
        (b"[i", [1, None], TypeError, "element 1 of .*ARRAY<INT> expects INT, found None"),
        (b"[i", array("q", [2**40]), OverflowError, "element 0 .* is out of range for INT"),
        (b"[d", [0.5, "x"], TypeError, "element 1 of .* expects DOUBLE, found str 'x'"),
        (b"[d", "text", TypeError, "PRIMITIVE_ARRAY<DOUBLE>, found str 'text'"),
        (b"[f", [0.5, 1e300], OverflowError, r"element 1 .* 1e\+300 is out of range for FLOAT"),
        (b"B", [1, 256], OverflowError, "element 1 .* int 256 is out of range for BYTE"),
        (b"B", [1, None], TypeError, "element 1 .* expects BYTE, found None"),
        (b"B", array("i", [1]), TypeError, "PRIMITIVE_ARRAY<BYTE>, found array.array"),
        (b"B", "text", TypeError, "PRIMITIVE_ARRAY<BYTE>, found str 'text'"),
        (b"Ai", [1, "x"], TypeError, "element 1 of .*OBJECT_ARRAY<INT> expects INT, found str"),
        (b"Li", "ab", TypeError, r"the declared type is LIST<INT>, found str 'ab'"),
        (b"Li", {1: 2}, TypeError, r"the declared type is LIST<INT>, found dict \{1: 2\}"),
        (b"Ksi", [("a", 1)], TypeError, r"the declared type is MAP<STRING, INT>, found list"),
        (b"Ksi", {1: 1}, TypeError, "key number 0 of .* expects STRING, found int 1"),
        (b"Ksi", {"a": "b"}, TypeError, "the value of key number 0 of .* expects INT, found str"),
        (tuple_of(b"i"), [1], TypeError, r"the declared type is TUPLE<INT>, found list \[1\]"),
        (tuple_of(b"i"), (1, 2), TypeError, "does not have the number of fields of TUPLE<INT>"),
        (tuple_of(b"i", INNER), (1, Row(1, 2)), TypeError,
         "field f1, field y of .* expects STRING, found int 2"),
        (INNER, Row(1), TypeError, "Row .* does not have the number of fields of ROW<x: INT"),
        (INNER, Row(x=1, z="a"), TypeError, r"Row Row\(x=1, z='a'\) does not have the field names"),
        (INNER, 5, TypeError, "the declared type is ROW<x: INT, y: STRING>, found int 5"),
        (b"Ks" + b"A" + INNER, {"k": [Row("1", "a")]}, TypeError,
         "the value of key number 0, element 0, field x of .* expects INT, found str '1'"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)  # fmt: skip
def test_values_that_do_not_fit(schema: bytes, value: Any, error: type, text: str) -> None:
    with pytest.raises(error, match=text):
        engine.encode_batch([value], schema)


def test_zones_count_in_collections_only() -> None:
    east = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2020, 1, 1, 1, 30, 0, 5, tzinfo=east)
    for schema in (b"W", b"w"):
        assert pass_through(schema, moment) == datetime.datetime(2019, 12, 31, 23, 30, 0, 5)
        steps = [(1, "m", lambda _: moment, None)]
        chain = engine.ChainProbe(steps, 0, b"i", None, 0, schema, None)
        out = chain.run(engine.encode_batch([1], b"i"))[0]
        assert engine.decode_batch(out, schema) == [moment.replace(tzinfo=None)]
    assert pass_through(b"M", datetime.time(1, tzinfo=east)) == datetime.time(23)


def test_objects_of_a_local_class_are_records_and_keys() -> None:
    class Local:
        count = 0

        def __init__(self, value: int) -> None:
            self.value = value

    keyed = engine.ChainProbe([(4, "key", lambda v: v[0], None)], 0, b"o", None, 1, b"o", b"o")
    batch = engine.encode_batch([(Local(1), 1)], b"o")
    Local.count = 5
    (found, number) = engine.decode_batch(keyed.run(batch)[0], b"o", 1)[0]
    # The class is this very one, and reading a record changes nothing in it.
    assert type(found) is Local and found.value == number == 1 and Local.count == 5
