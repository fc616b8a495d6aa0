"""Property tests that run inside pyflink-shell: values of every type survive their journeys.

usage: pyflink-shell -f exchange_types_program.py PROPERTY EXAMPLES

Each example is one job over a row of several generated types, so that a run of some seconds sees
thousands of values. Hypothesis must be importable. On failure it shows the smallest example.
"""
from __future__ import annotations

import collections
import datetime
import decimal
import math
import os
import shutil
import struct
import sys
import tempfile
from typing import Any, Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyflink.common import Row, Types
from pyflink.common.time import Instant
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway

PROPERTY, EXAMPLES = sys.argv[1], int(sys.argv[2])
RANDOM = bool(os.environ.get("PYFLINK_SHELL_RANDOM_TESTS"))
common = settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not RANDOM,
                  suppress_health_check=list(HealthCheck), print_blob=RANDOM)

integers = st.one_of(st.integers(-2, 2), st.integers())


def signed(bits: int) -> st.SearchStrategy[int]:
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return st.one_of(st.sampled_from([low, high, -1, 0, 1]), st.integers(low, high))


# Lone surrogates are legal in str and in java.lang.String.
text = st.one_of(st.text(max_size=20), st.text(st.characters(max_codepoint=255), max_size=300),
                 st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0x10FFFF), max_size=5),
                 st.text(st.characters(), min_size=1, max_size=3).map(lambda s: s * 1000))
chars = st.characters(max_codepoint=0xFFFF)
# java.sql.Date counts days before 1582 in the Julian calendar.
dates = st.dates(min_value=datetime.date(1600, 1, 1))
times = st.times().map(lambda t: t.replace(microsecond=0))
datetimes = st.datetimes(min_value=datetime.datetime(1600, 1, 1))
instants = st.builds(Instant, st.integers(-(10**11), 10**11), st.integers(0, 999_999_999))
decimals = st.decimals(allow_nan=False, allow_infinity=False)

BASIC: list[tuple[str, Callable[[], Any], st.SearchStrategy[Any]]] = [
    ("BOOLEAN", Types.BOOLEAN, st.booleans()),
    ("BYTE", Types.BYTE, signed(8)), ("SHORT", Types.SHORT, signed(16)),
    ("INT", Types.INT, signed(32)), ("LONG", Types.LONG, signed(64)),
    ("FLOAT", Types.FLOAT, st.floats(width=32)), ("DOUBLE", Types.DOUBLE, st.floats()),
    ("CHAR", Types.CHAR, chars), ("STRING", Types.STRING, text),
    ("BIG_INT", Types.BIG_INT, integers), ("BIG_DEC", Types.BIG_DEC, decimals),
    ("SQL_DATE", Types.SQL_DATE, dates), ("SQL_TIME", Types.SQL_TIME, times),
    ("SQL_TIMESTAMP", Types.SQL_TIMESTAMP, datetimes), ("INSTANT", Types.INSTANT, instants),
    ("LOCAL_DATE", Types.LOCAL_DATE, st.dates()), ("LOCAL_TIME", Types.LOCAL_TIME, st.times()),
    ("LOCAL_DATE_TIME", Types.LOCAL_DATE_TIME, st.datetimes()),
]
PRIMITIVE = ["BOOLEAN", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "CHAR"]
KEYS = ["BOOLEAN", "BYTE", "SHORT", "INT", "LONG", "STRING", "BIG_INT", "SQL_DATE"]
objects = st.recursive(
    st.one_of(st.none(), st.booleans(), integers, st.floats(), text, st.binary(max_size=50), dates),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.tuples(inner, inner),
                            st.dictionaries(text, inner, max_size=3)), max_leaves=8)

# A pair of a type (as a function that makes it) and of the strategy of its values.
Typed = tuple[Callable[[], Any], st.SearchStrategy[Any]]


def leaf(names: list[str] | None = None) -> st.SearchStrategy[Typed]:
    return st.sampled_from([(make, values) for name, make, values in BASIC
                            if names is None or name in names])


def lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, max_size=5)


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.none())


def row_of(fields: list[Typed], named: bool) -> Typed:
    names = [f"name_{i}" for i in range(len(fields))]
    values = st.tuples(*[optional(v) for _, v in fields])
    if not named:
        return lambda: Types.ROW([make() for make, _ in fields]), values.map(lambda v: Row(*v))
    return (lambda: Types.ROW_NAMED(names, [make() for make, _ in fields]),
            values.map(lambda v: Row(**dict(zip(names, v)))))


def containers(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    return st.one_of(
        inner.map(lambda t: (lambda: Types.LIST(t[0]()), lists(t[1]))),
        inner.map(lambda t: (lambda: Types.OBJECT_ARRAY(t[0]()), lists(optional(t[1])))),
        st.tuples(leaf(KEYS), inner).map(lambda kv: (
            lambda: Types.MAP(kv[0][0](), kv[1][0]()),
            st.dictionaries(kv[0][1], optional(kv[1][1]), max_size=4))),
        st.lists(inner, min_size=1, max_size=4).map(lambda ts: (
            lambda: Types.TUPLE([make() for make, _ in ts]), st.tuples(*[v for _, v in ts]))),
        st.lists(inner, min_size=1, max_size=4).flatmap(
            lambda ts: st.booleans().map(lambda named: row_of(ts, named))))


arrays = st.one_of(
    leaf(PRIMITIVE).map(lambda t: (lambda: Types.PRIMITIVE_ARRAY(t[0]()), lists(t[1]))),
    st.just((lambda: Types.PRIMITIVE_ARRAY(Types.BYTE()), st.binary(max_size=300))),
    leaf([*PRIMITIVE, "BYTE", "STRING"]).map(
        lambda t: (lambda: Types.BASIC_ARRAY(t[0]()), lists(optional(t[1])))))
# Flink's tuples take no null, and None is one in a field of this type.
pickled = st.just((Types.PICKLED_BYTE_ARRAY, objects.filter(lambda value: value is not None)))
any_type = st.recursive(st.one_of(leaf(), arrays, pickled), containers, max_leaves=5)


@st.composite
def rows_of_types(draw: Any) -> tuple[list[Any], list[tuple[Any, ...]]]:
    """Types of some fields, and rows of values."""
    fields = draw(st.lists(any_type, min_size=1, max_size=5))
    values = st.tuples(*[values for _, values in fields])
    return [make() for make, _ in fields], draw(st.lists(values, min_size=1, max_size=12))


def as_printed(value: float) -> float:
    """The double with the shortest text that stands for the same single float, if it is one."""
    for digits in range(6, 10):
        shown = float(f"{value:.{digits - 1}e}")
        try:
            if struct.unpack("f", struct.pack("f", shown))[0] == value:
                return shown
        except OverflowError:
            pass
    return value


def same(a: Any, b: Any) -> bool:
    """Equality that tells classes, NaN and signed zeros apart, and looks inside containers.

    A FLOAT reaches the program as the number that prints as Java's float does.
    """
    if isinstance(a, float) and isinstance(b, float):
        return (math.isnan(a) and math.isnan(b) or struct.pack("d", a) == struct.pack("d", b)
                or struct.pack("d", a) == struct.pack("d", as_printed(b)))
    if type(a) is not type(b):
        return False
    if isinstance(a, Row):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def environment(parallelism: int) -> StreamExecutionEnvironment:
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(parallelism)
    return env


def source(env: Any, types: list[Any], rows: list[tuple[Any, ...]]) -> Any:
    """A typed stream of (number of the row, its values)."""
    row = Types.TUPLE([Types.INT(), *types])
    return row, env.from_collection(list(range(len(rows))), Types.INT()).map(
        lambda i: (i, *rows[i]), row)


def compare(rows: list[tuple[Any, ...]], stream: Any) -> None:
    with stream.execute_and_collect() as results:
        got = sorted(results, key=lambda row: row[0])
    assert [row[0] for row in got] == list(range(len(rows)))
    for i, row in enumerate(got):
        assert same(tuple(row[1:]), tuple(rows[i])), f"sent {rows[i]!r}\ngot  {tuple(row[1:])!r}"


def through_java(stream: Any) -> Any:
    """A Java operator that passes each record on: its records are Java objects."""
    strategy = get_gateway().jvm.org.apache.flink.api.common.eventtime.WatermarkStrategy
    return DataStream(stream._j_data_stream.assignTimestampsAndWatermarks(strategy.noWatermarks()))


@common
@given(rows_of_types())
def collected(example: tuple[list[Any], list[tuple[Any, ...]]]) -> None:
    """Python → Java → Python."""
    types, rows = example
    compare(rows, source(environment(1), types, rows)[1])


@common
@given(rows_of_types())
def java(example: tuple[list[Any], list[tuple[Any, ...]]]) -> None:
    """Python → Java objects → Python function → Java objects → Python."""
    types, rows = example
    row, stream = source(environment(1), types, rows)
    compare(rows, through_java(through_java(stream).map(lambda value: value, row)))


@common
@given(rows_of_types())
def exchange(example: tuple[list[Any], list[tuple[Any, ...]]]) -> None:
    """Python → hash exchange at parallelism 2 → Python → exchange of Java objects → Python."""
    types, rows = example
    row, stream = source(environment(2), types, rows)
    keyed = stream.key_by(lambda value: value[0] % 7, Types.INT()).map(lambda value: value, row)
    java_exchange = DataStream(keyed._j_data_stream.rebalance())
    compare(rows, through_java(java_exchange).map(lambda value: value, row))


@common
@given(st.lists(st.tuples(objects), min_size=1, max_size=30))
def untyped(rows: list[tuple[Any]]) -> None:
    """Objects without a declared type over an exchange."""
    env = environment(2)
    stream = env.from_collection(list(range(len(rows)))).map(lambda i: (i, *rows[i]))
    keyed = stream.key_by(lambda value: value[0] % 5).map(lambda value: value)
    compare(rows, through_java(keyed).map(lambda value: value))
    with through_java(stream.map(lambda value: value[1])).execute_and_collect() as results:
        assert len(list(results)) == len(rows)


def hashable(value: Any) -> Any:
    """What stands for a key in a dict. A NaN is no key that Python finds again."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, Instant):
        return value.seconds, value.nanos
    return tuple(map(hashable, value)) if isinstance(value, (tuple, Row)) else value


def alike(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Lists of keys in which many are equal, some without being the same."""
    return st.lists(values, min_size=1, max_size=8).flatmap(
        lambda found: st.lists(st.sampled_from(found), min_size=1, max_size=30))


LEAF_KEYS = [(make, values) for _, make, values in BASIC] + [
    # Equal, and not written alike.
    (Types.DOUBLE, st.sampled_from([0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, 5e-324])),
    (Types.FLOAT, st.sampled_from([0.0, -0.0, 1.5, math.inf, -math.inf, math.nan])),
    (Types.BIG_DEC, st.sampled_from(list(map(decimal.Decimal, ["1", "1.0", "1.00", "1E+1", "10",
                                                               "0", "-0", "0.0", "-1.0"])))),
]
TYPED_KEYS: list[tuple[Callable[[], Any], st.SearchStrategy[Any]]] = [
    *LEAF_KEYS,
    (lambda: Types.TUPLE([Types.INT(), Types.STRING()]), st.tuples(signed(32), text)),
    (lambda: Types.TUPLE([Types.DOUBLE(), Types.BIG_DEC(), Types.LOCAL_DATE()]),
     st.tuples(LEAF_KEYS[-3][1], LEAF_KEYS[-1][1], st.dates())),
    (lambda: Types.ROW([Types.LONG(), Types.CHAR()]),
     st.builds(Row, optional(st.integers(0, 3)), optional(chars))),
    (lambda: Types.ROW_NAMED(["a", "b"], [Types.BOOLEAN(), Types.ROW([Types.INSTANT()])]),
     st.builds(lambda a, b: Row(a=a, b=Row(b)), optional(st.booleans()), optional(instants))),
]


@common
@given(st.sampled_from(TYPED_KEYS).flatmap(lambda t: st.tuples(st.just(t[0]), alike(t[1]))),
       st.booleans())
def keys(example: tuple[Callable[[], Any], list[Any]], typed: bool) -> None:
    """key_by makes the groups of every type that a Python dict makes, typed and untyped."""
    make, values = example
    env = environment(2)
    pairs = env.from_collection(list(range(len(values))), Types.INT()).map(lambda i: (values[i], 1))
    keyed = pairs.key_by(lambda p: p[0], make()) if typed else pairs.key_by(lambda p: p[0])
    counts: collections.Counter[Any] = collections.Counter()
    with keyed.reduce(lambda a, b: (a[0], a[1] + b[1])).execute_and_collect() as results:
        for key, count in results:
            counts[hashable(key)] = max(counts[hashable(key)], count)
    assert counts == collections.Counter(map(hashable, values))


def fraction(micros: int, least: int) -> str:
    """The digits of a fraction of a second as java.time and java.sql write them."""
    return f".{micros:06}".rstrip("0").ljust(1 + least, "0") if micros or least else ""


def java_time(value: datetime.time) -> str:
    if not value.second and not value.microsecond:
        return value.strftime("%H:%M")
    digits = f".{value.microsecond:06}"
    shown = digits[:4] if digits.endswith("000") else digits
    return value.strftime("%H:%M:%S") + (shown if value.microsecond else "")


def printed(name: str, value: Any) -> str:
    """What Java prints for a value of a basic type; floats are compared as numbers."""
    if value is None:
        return "null"
    if name == "BOOLEAN":
        return str(value).lower()
    if name in ("FLOAT", "DOUBLE"):
        return str(value).replace("nan", "NaN").replace("inf", "Infinity")
    if name == "BIG_DEC":
        # Java's BigDecimal has no negative zero.
        return str(value if value else value.copy_abs())
    if name in ("SQL_TIMESTAMP", "LOCAL_DATE_TIME"):
        if name == "SQL_TIMESTAMP":
            return f"{value:%Y-%m-%d %H:%M:%S}" + fraction(value.microsecond, 1)
        return f"{value.date().isoformat()}T{java_time(value.time())}"
    if name == "LOCAL_TIME":
        return java_time(value)
    if name == "INSTANT":
        return ""
    return str(value)


def close_enough(name: str, shown: str, value: Any) -> bool:
    expected = printed(name, value)
    if name in ("FLOAT", "DOUBLE") and value is not None and math.isfinite(value):
        # Which of the shortest texts Java chooses depends on its version.
        back = float(shown)
        return struct.pack("f", back) == struct.pack("f", value) if name == "FLOAT" else (
            struct.pack("d", back) == struct.pack("d", value))
    return shown == expected


PRINTED = [(name, make, values) for name, make, values in BASIC
           if name not in ("INSTANT", "CHAR", "STRING")] + [
    ("STRING", Types.STRING, st.text(st.characters(
        min_codepoint=33, max_codepoint=0x2fff, blacklist_characters="\x7f\x85\u2028\u2029|"))),
]


@common
@given(st.lists(st.sampled_from(PRINTED), min_size=1, max_size=6).flatmap(
    lambda fields: st.tuples(st.just(fields), st.lists(st.tuples(
        *[optional(values) for _, _, values in fields]), min_size=1, max_size=8))))
def prints(example: tuple[list[Any], list[tuple[Any, ...]]]) -> None:
    """The printed form of rows, arrays and lists is what Java's classes print."""
    fields, rows = example
    env = environment(1)
    # A separator that no value has, for the fields are split again.
    bar = [part for _, make, _ in fields for part in (make(), Types.STRING())]
    names = [name for name, _, _ in fields]
    stream = env.from_collection(list(range(len(rows))), Types.INT()).map(
        lambda i: Row(*[part for value in rows[i] for part in (value, "|")]), Types.ROW(bar))
    folder = tempfile.mkdtemp()
    stream.write_as_text(folder + "/out")
    env.execute()
    with open(folder + "/out", encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")[:-1]
    shutil.rmtree(folder)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows):
        assert line.startswith("+I[") and line.endswith(", |]"), line
        parts = line[3:-4].split(", |, ")
        assert len(parts) == len(row), line
        for name, shown, value in zip(names, parts, row):
            assert close_enough(name, shown, value), (name, shown, value)


globals()[PROPERTY]()
print("held", PROPERTY)
