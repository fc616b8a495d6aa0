"""Schemas, and strategies that make values which fit them."""

from __future__ import annotations

import datetime
import struct
from typing import Any, List, Optional, Tuple

from hypothesis import strategies as st
from pyflink._engine import engine as load_engine
from pyflink.common import Instant, Row, RowKind

engine = load_engine()

__all__ = ["engine", "row", "tuple_of", "typed_values", "any_values"]


def tuple_of(*fields: bytes) -> bytes:
    """The schema of a TUPLE."""
    return b"T" + bytes([len(fields)]) + b"".join(fields)


def row(*fields: bytes, names: Optional[List[str]] = None) -> bytes:
    """The schema of a ROW."""
    schema = b"R" + struct.pack("<HB", len(fields), names is not None)
    for i, field in enumerate(fields):
        if names is not None:
            name = names[i].encode()
            schema += struct.pack("<H", len(name)) + name
        schema += field
    return schema


def _int(bits: int) -> st.SearchStrategy:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


_TEXT = st.text(st.characters()) | st.text(st.characters(max_codepoint=0xFF))
# A pair of lone surrogates is one character after UTF-16, which is what Java holds.
_FINITE_DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)

SIMPLE = {
    b"z": st.booleans(),
    b"b": _int(8),
    b"h": _int(16),
    b"c": st.characters(max_codepoint=0xFFFF),
    b"i": _int(32),
    b"l": _int(64),
    b"f": st.floats(width=32, allow_nan=False),
    b"d": st.floats(allow_nan=False),
    b"s": _TEXT,
    b"N": st.integers(),
    b"D": _FINITE_DECIMALS,
    b"E": st.dates(),
    b"e": st.dates(),
    b"M": st.times(),
    b"m": st.times(),
    b"W": st.datetimes(),
    b"w": st.datetimes(),
    b"t": st.builds(Instant, _int(64), st.integers(0, 999_999_999)),
    b"B": st.binary(),
    b"p": st.sets(st.integers()) | st.fractions(),
}

_KINDS = st.sampled_from(list(RowKind))


def any_values() -> st.SearchStrategy:
    """Values as untyped streams carry them."""
    leaves = (
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT
        | st.binary() | st.dates() | _FINITE_DECIMALS
    )  # fmt: skip
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(_TEXT | st.integers() | st.none(), inner, max_size=4)
        | st.lists(inner, max_size=4).map(lambda values: Row(*values))
        | st.dictionaries(st.sampled_from(["a", "b", "ä"]), inner, min_size=1).map(
            lambda fields: Row(**fields)
        ),
        max_leaves=20,
    )


def _row_of(values: List[Any], names: List[str], kind: RowKind) -> Row:
    made = Row(*values)
    made.set_field_names(names)
    made.set_row_kind(kind)
    return made


@st.composite
def typed_values(draw: Any, depth: int = 0) -> Tuple[bytes, st.SearchStrategy]:
    """(schema, strategy of values that fit it and come back equal)."""
    what = draw(st.integers(0, 3 if depth > 2 else 9))
    if what <= 2:
        letter = draw(st.sampled_from(sorted(SIMPLE)))
        return letter, SIMPLE[letter]
    if what == 3:
        return b"o", any_values()
    if what == 4:
        letter = draw(st.sampled_from([b"z", b"b", b"h", b"c", b"i", b"l", b"f", b"d"]))
        return b"[" + letter, st.lists(SIMPLE[letter], max_size=5)
    if what == 5:
        schema, values = draw(typed_values(depth + 1))
        head = draw(st.sampled_from([b"A", b"L"]))
        return head + schema, st.lists(st.none() | values, max_size=4)
    if what == 6:
        letter = draw(st.sampled_from([b"s", b"i", b"e", b"z", b"D"]))
        schema, values = draw(typed_values(depth + 1))
        keys = st.none() | SIMPLE[letter]
        return b"K" + letter + schema, st.dictionaries(keys, st.none() | values, max_size=4)
    parts = draw(st.lists(typed_values(depth + 1), max_size=10))
    schemas = [schema for schema, _ in parts]
    fields = st.tuples(*(st.none() | values for _, values in parts))
    if what <= 8:
        return tuple_of(*schemas), fields
    names = ["f%d" % i for i in range(len(parts))]
    return row(*schemas, names=names), st.builds(
        lambda values, kind: _row_of(list(values), names, kind), fields, _KINDS
    )


def normal(value: Any) -> Any:
    """`value` in a form whose == also tells types, kinds of rows and zeros' signs apart."""
    if isinstance(value, str):
        # What UTF-16 makes of two surrogates that stand side by side.
        return value.encode("utf-16-le", "surrogatepass")
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [normal(item) for item in value]
    if isinstance(value, dict):
        return "dict", [(normal(k), normal(v)) for k, v in value.items()]
    if isinstance(value, Row):
        names = getattr(value, "_fields", None)
        return "Row", names, value.get_row_kind(), [normal(item) for item in value]
    if isinstance(value, float):
        return "float", struct.pack("<d", value)
    if isinstance(value, datetime.datetime):
        return "datetime", value
    return type(value).__name__, str(value) if type(value).__name__ == "Decimal" else value
