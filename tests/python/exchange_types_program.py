"""Property tests that run inside pyflink-shell: values of every type survive their journeys.

usage: pyflink-shell -f exchange_types_program.py PROPERTY EXAMPLES

Each example is one job over a row of several generated types, so that a run of some seconds sees
thousands of values. Hypothesis must be importable. On failure it shows the smallest example.
"""
from __future__ import annotations

import collections
import datetime
import math
import os
import struct
import sys
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
]
PRIMITIVE = ["BOOLEAN", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE"]
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
    leaf([*PRIMITIVE, "STRING"]).map(
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


def same(a: Any, b: Any) -> bool:
    """Equality that tells classes, NaN and signed zeros apart, and looks inside containers."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isnan(a) and math.isnan(b) or struct.pack("d", a) == struct.pack("d", b)
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
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return tuple(map(hashable, value)) if isinstance(value, tuple) else value


@common
@given(st.one_of(*[st.tuples(st.just(make), st.lists(values, min_size=1, max_size=30))
                   for name, make, values in BASIC if name in KEYS],
                 st.tuples(st.just(lambda: Types.TUPLE([Types.INT(), Types.STRING()])),
                           st.lists(st.tuples(signed(32), text), min_size=1, max_size=30))),
       st.booleans())
def keys(example: tuple[Callable[[], Any], list[Any]], typed: bool) -> None:
    """Equal keys of every type meet, and others do not, typed and untyped."""
    make, values = example
    values = values + values[::2]
    env = environment(2)
    pairs = env.from_collection(list(range(len(values))), Types.INT()).map(lambda i: (values[i], 1))
    keyed = pairs.key_by(lambda p: p[0], make()) if typed else pairs.key_by(lambda p: p[0])
    counts: collections.Counter[Any] = collections.Counter()
    with keyed.reduce(lambda a, b: (a[0], a[1] + b[1])).execute_and_collect() as results:
        for key, count in results:
            counts[hashable(key)] = max(counts[hashable(key)], count)
    assert counts == collections.Counter(map(hashable, values))


globals()[PROPERTY]()
print("held", PROPERTY)
