"""Row and RowKind: the record with fields that Flink programs pass around."""

from __future__ import annotations

from enum import Enum
from typing import Any, Dict, Iterator, List

__all__ = ["Row", "RowKind"]


class RowKind(Enum):
    """What a row means in a stream of changes. ``str()`` gives Flink's short form, such as +I."""

    INSERT = 0
    UPDATE_BEFORE = 1
    UPDATE_AFTER = 2
    DELETE = 3

    def __str__(self) -> str:
        return ("+I", "-U", "+U", "-D")[self.value]

    def to_j_row_kind(self) -> Any:
        """The constant of Java's org.apache.flink.types.RowKind with the same name."""
        from pyflink.java_gateway import get_gateway

        return getattr(get_gateway().jvm.org.apache.flink.types.RowKind, self.name)


_INSERT = RowKind.INSERT


def _restore_row(fields: Any, values: Any, row_kind: RowKind) -> Row:
    """Rebuild a pickled row."""
    row = Row(*values)
    if fields is not None:
        row._fields = fields
    row._row_kind = row_kind
    return row


def _plain(value: Any) -> Any:
    """`value` with every row inside lists and dicts turned into a dict."""
    if isinstance(value, Row):
        return value.as_dict(True)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


class Row:
    """A record with positions and, when it was made from keywords, field names.

    ``Row(1, 'a')`` has positions only; ``Row(id=1, name='a')`` also has names, in the order given.
    A row of strings is a template too: ``Row('id', 'name')(1, 'a')`` is ``Row(id=1, name='a')``.
    Fields are read by position, slice, name or attribute and written by position or name.

    :param args: values by position.
    :param kwargs: values by name. Not together with `args`.
    :raises ValueError: both `args` and `kwargs` are given.
    """

    # The native codec makes rows without calling __init__: it allocates one and fills these three
    # slots. `_fields` is a list of names, unset for a row without names, and may be shared by many
    # rows: replace it, never change it in place.
    __slots__ = ("_fields", "_values", "_row_kind")

    _fields: List[str]
    _values: List[Any]
    _row_kind: RowKind

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs:
            if args:
                raise ValueError("a Row takes positional values or keyword values, not both")
            _set(self, "_fields", list(kwargs))
            _set(self, "_values", list(kwargs.values()))
        else:
            _set(self, "_values", list(args))
        _set(self, "_row_kind", _INSERT)

    def as_dict(self, recursive: bool = False) -> Dict[str, Any]:
        """Names and values as a dict.

        :param recursive: also turn rows inside this row, its lists and its dicts into dicts.
        :raises TypeError: the row has no field names.
        """
        names = getattr(self, "_fields", None)
        if names is None:
            raise TypeError("a Row without field names cannot become a dict")
        values = [_plain(value) for value in self._values] if recursive else self._values
        return dict(zip(names, values))

    def get_row_kind(self) -> RowKind:
        """The kind of change this row stands for; INSERT unless it was set."""
        return self._row_kind

    def set_row_kind(self, row_kind: RowKind) -> None:
        """Set the kind of change this row stands for."""
        self._row_kind = row_kind

    def set_field_names(self, field_names: List[str]) -> None:
        """Name the fields.

        :param field_names: one name for each position.
        """
        self._fields = field_names

    def get_fields_by_names(self, names: List[str]) -> List[Any]:
        """The values of some fields, in the order of `names`.

        :param names: field names. A row without names gives all of its values.
        :raises Exception: a name that the row does not have.
        """
        fields = getattr(self, "_fields", None)
        if fields is None or list(names) == list(fields):
            return self._values
        unknown = [name for name in names if name not in fields]
        if unknown:
            raise Exception("field names %s do not exist in %s" % (unknown, list(fields)))
        return [self._values[fields.index(name)] for name in names]

    @staticmethod
    def of_kind(row_kind: RowKind, *args: Any, **kwargs: Any) -> Row:
        """A row of the given kind; the other arguments are those of :class:`Row`."""
        row = Row(*args, **kwargs)
        row.set_row_kind(row_kind)
        return row

    def __contains__(self, item: Any) -> bool:
        fields = getattr(self, "_fields", None)
        return item in (self._values if fields is None else fields)

    def __call__(self, *args: Any) -> Row:
        """Use this row's values as names for `args`.

        :raises ValueError: more values than names.
        """
        if len(args) > len(self._values):
            raise ValueError(
                "%r names %d fields but %d values were given: %r"
                % (self, len(self._values), len(args), args)
            )
        row = Row(*args)
        row._fields = list(self._values[: len(args)])
        return row

    def _position(self, name: Any) -> int:
        """Where the field `name` is; ValueError when there is none."""
        try:
            return self._fields.index(name)
        except (AttributeError, ValueError):
            raise ValueError(
                "a Row with the fields %s has no field %r"
                % (list(getattr(self, "_fields", range(len(self._values)))), name)
            ) from None

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, (int, slice)):
            return self._values[item]
        return self._values[self._position(item)]

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, (int, slice)):
            self._values[key] = value
        else:
            self._values[self._position(key)] = value

    def __getattr__(self, item: str) -> Any:
        # Only called for names that are neither slots nor methods. Slots that are still empty come
        # here as well: copy and pickle look at attributes before the slots are filled.
        if item[:2] == "__" or item in Row.__slots__:
            raise AttributeError(item)
        fields = getattr(self, "_fields", None)
        if fields is None or item not in fields:
            raise AttributeError(item)
        return self._values[fields.index(item)]

    def __setattr__(self, key: str, value: Any) -> None:
        if key not in Row.__slots__:
            raise AttributeError("set a field with row[%r] = value" % key)
        _set(self, key, value)

    def __reduce__(self) -> Any:
        names = getattr(self, "_fields", None)
        return _restore_row, (names, tuple(self._values), self._row_kind)

    def __repr__(self) -> str:
        fields = getattr(self, "_fields", None)
        if fields is None:
            return "<Row(%s)>" % ", ".join(map(repr, self._values))
        return "Row(%s)" % ", ".join(
            "%s=%r" % (name, value) for name, value in zip(fields, self._values)
        )

    def __eq__(self, other: Any) -> bool:
        # Like Flink's own rows, two rows are equal when names, values and kind are.
        if type(other) is not type(self):
            return False
        return (
            self._values == other._values
            and self._row_kind is other._row_kind
            and getattr(self, "_fields", None) == getattr(other, "_fields", None)
        )

    def __hash__(self) -> int:
        return hash(tuple(self._values))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


_set = object.__setattr__
