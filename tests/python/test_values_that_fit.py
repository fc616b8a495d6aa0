"""Declared types in operators: numbers at and over their range, and numbers of numpy."""

from __future__ import annotations

import decimal
import fractions
import math
import struct
from typing import Any

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from pyflink.common import Row, Types  # noqa: E402
from pyflink.testing.harness import OneInputStreamOperatorTestHarness  # noqa: E402

WHOLE = {"BYTE": 8, "SHORT": 16, "INT": 32, "LONG": 64}


class Gives:
    """A map of one type, that gives what it is told to."""

    def __init__(self, type_info: Any) -> None:
        self.harness = OneInputStreamOperatorTestHarness(
            lambda stream: stream.map(lambda value: value, type_info)
        )
        self.harness.open()

    def __call__(self, value: Any) -> Any:
        self.harness.get_output().clear()
        self.harness.process_element(value)
        return self.harness.extract_output_values()[0]


@pytest.fixture(scope="module")
def gives() -> Any:
    made: dict[str, Gives] = {}

    def give(name: str, type_info: Any, value: Any) -> Any:
        if name not in made:
            made[name] = Gives(type_info)
        return made[name](value)

    yield give
    for one in made.values():
        one.harness.close()


def near_bounds(bits: int) -> st.SearchStrategy[int]:
    bound = 2 ** (bits - 1)
    return st.one_of(
        st.integers(-bound - 2, -bound + 2), st.integers(bound - 3, bound + 2), st.integers()
    )


quick = settings(deadline=None, max_examples=150, database=None, derandomize=True)


@quick
@given(
    st.sampled_from(sorted(WHOLE)).flatmap(
        lambda name: st.tuples(st.just(name), near_bounds(WHOLE[name]))
    )
)
def test_whole_numbers_fit_or_the_error_says_why(gives: Any, example: tuple[str, int]) -> None:
    name, value = example
    type_info = getattr(Types, name)()
    bound = 2 ** (WHOLE[name] - 1)
    if -bound <= value < bound:
        assert gives(name, type_info, value) == value
        return
    with pytest.raises(OverflowError) as caught:
        gives(name, type_info, value)
    assert str(caught.value).startswith("operator 'Map': int %s" % str(value)[:20])
    assert str(caught.value).endswith("is out of range for %s" % name)


@quick
@given(
    st.sampled_from(sorted(WHOLE)),
    st.floats() | st.decimals() | st.fractions() | st.integers(-200, 200).map(float),
)
def test_other_numbers_for_whole_ones(gives: Any, name: str, value: Any) -> None:
    bound = 2 ** (WHOLE[name] - 1)
    finite = value.is_finite() if isinstance(value, decimal.Decimal) else math.isfinite(value)
    fits = finite and value == int(value) and -bound <= int(value) < bound
    type_info = getattr(Types, name)()
    if fits:
        assert gives(name, type_info, value) == int(value)
        return
    with pytest.raises((TypeError, OverflowError), match="operator 'Map': .*" + name):
        gives(name, type_info, value)


@quick
@given(st.floats() | st.integers(-(10**60), 10**60) | st.fractions())
def test_floats_fit_or_the_error_says_why(gives: Any, value: Any) -> None:
    real = float(value)
    try:
        single = struct.unpack("<f", struct.pack("<f", real))[0]
    except OverflowError:
        with pytest.raises(OverflowError, match="operator 'Map': .* is out of range for FLOAT"):
            gives("FLOAT", Types.FLOAT(), value)
    else:
        back = gives("FLOAT", Types.FLOAT(), value)
        assert struct.pack("f", back) == struct.pack("f", single)
    back = gives("DOUBLE", Types.DOUBLE(), value)
    assert back == real or (math.isnan(back) and math.isnan(real))


@pytest.mark.parametrize("wrong", ["x", None, 1.5, 2**40, b"1", [1]])
def test_the_error_names_operator_field_expected_and_found(gives: Any, wrong: Any) -> None:
    inner = Types.ROW_NAMED(["n"], [Types.INT()])
    deep = Types.MAP(Types.STRING(), Types.OBJECT_ARRAY(inner))
    value = {"key": [Row(n=1), Row(n=wrong)]}
    if wrong is None:  # null has a place in rows, arrays and maps
        assert gives("deep", deep, value) == {"key": [Row(n=1), Row(n=None)]}
        return
    with pytest.raises((TypeError, OverflowError)) as caught:
        gives("deep", deep, value)
    text = str(caught.value)
    assert text.startswith("operator 'Map': the value of key number 0, element 1, field n of ")
    assert "INT" in text and type(wrong).__name__ in text


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ((1, "a", 2), "tuple .* does not have the number of fields of TUPLE<INT, STRING>"),
        ((1,), "tuple .* does not have the number of fields of TUPLE<INT, STRING>"),
        ((1, 2), "field f1 of .* expects STRING, found int 2"),
    ],
)
def test_tuples_that_do_not_fit(gives: Any, value: Any, error: str) -> None:
    with pytest.raises(TypeError, match="operator 'Map': " + error):
        gives("pair", Types.TUPLE([Types.INT(), Types.STRING()]), value)


class Scalar:
    """A number of another library: it is one, and prints as one, without being Python's."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __float__(self) -> float:
        return float(self.text)

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def test_decimals_of_other_numbers(gives: Any) -> None:
    for value, expected in [
        (Scalar("0.1"), "0.1"),
        (Scalar("12"), "12"),
        (fractions.Fraction(8, 2), "4"),
    ]:
        assert gives("BIG_DEC", Types.BIG_DEC(), value) == decimal.Decimal(expected)
    for wrong in (fractions.Fraction(1, 3), Scalar("x"), True, "1"):
        with pytest.raises(TypeError, match="operator 'Map': the declared type is BIG_DEC, found"):
            gives("BIG_DEC", Types.BIG_DEC(), wrong)


def test_numbers_of_numpy(gives: Any) -> None:
    """What the peer takes, recorded with numpy 1.24; more where it says that it expects a list."""
    np = pytest.importorskip("numpy")
    long_list, doubles = Types.LIST(Types.LONG()), Types.PRIMITIVE_ARRAY(Types.DOUBLE())
    for name, type_info, value, expected in [
        ("BYTE", Types.BYTE(), np.int8(-5), -5),
        ("SHORT", Types.SHORT(), np.int16(300), 300),
        ("INT", Types.INT(), np.int64(7), 7),
        ("INT", Types.INT(), np.bool_(True), 1),
        ("INT", Types.INT(), np.float32(3.0), 3),
        ("LONG", Types.LONG(), np.uint64(2**63 - 1), 2**63 - 1),
        ("FLOAT", Types.FLOAT(), np.float32(0.1), 0.1),
        ("DOUBLE", Types.DOUBLE(), np.float32(0.1), 0.10000000149011612),
        ("DOUBLE", Types.DOUBLE(), np.int64(3), 3.0),
        ("BOOLEAN", Types.BOOLEAN(), np.bool_(True), True),
        ("STRING", Types.STRING(), np.str_("a"), "a"),
        ("BIG_INT", Types.BIG_INT(), np.int64(3), 3),
        ("BIG_DEC", Types.BIG_DEC(), np.int64(3), decimal.Decimal(3)),
        ("BIG_DEC", Types.BIG_DEC(), np.float32(0.1), decimal.Decimal("0.1")),
        ("longs", long_list, np.array([1, 2]), [1, 2]),
        ("doubles", doubles, np.array([1.5, 2]), [1.5, 2.0]),
        ("doubles", doubles, np.array([1.5, 2], dtype=np.float32), [1.5, 2.0]),
    ]:
        back = gives(name, type_info, value)
        assert back == expected and type(back) is type(expected)
    with pytest.raises(OverflowError, match="numpy.uint64 .* is out of range for LONG"):
        gives("LONG", Types.LONG(), np.uint64(2**63))
    with pytest.raises(TypeError, match="the declared type is INT, found numpy.float64"):
        gives("INT", Types.INT(), np.float64(3.5))
    with pytest.raises(TypeError, match="SQL_TIMESTAMP, found numpy.datetime64"):
        gives("SQL_TIMESTAMP", Types.SQL_TIMESTAMP(), np.datetime64("2020-01-01T00:00:00"))
    kept = gives("any", None, np.int64(3))
    assert type(kept) is np.int64 and kept == 3
