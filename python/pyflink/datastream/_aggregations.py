"""The reduce functions behind sum, min, max, min_by and max_by.

Cost of one record: one call of reduce(), two field reads, and for sum, min and max a copy of the
record with one field replaced.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Union

from pyflink.common.types import Row
from pyflink.datastream.functions import ReduceFunction


def _smaller(left: Any, right: Any) -> Any:
    return right if right < left else left


def _greater(left: Any, right: Any) -> Any:
    return right if right > left else left


def _add(left: Any, right: Any) -> Any:
    return left + right


_COMBINE: Dict[str, Callable[[Any, Any], Any]] = {"SUM": _add, "MIN": _smaller, "MAX": _greater}


class FieldReduce(ReduceFunction):
    """Combines one field of two records.

    :param position: the field's position or name; 0 for records that are one value.
    :param how: SUM, MIN, MAX, MIN_BY or MAX_BY.
    """

    def __init__(self, position: Union[int, str], how: str) -> None:
        self._position = position
        self._by = how in ("MIN_BY", "MAX_BY")
        self._combine = _COMBINE[how[:3]]

    def _index(self, record: Any) -> Any:
        """Where the field is in this record.

        :raises TypeError: records of this type have no fields, or none of that name.
        """
        position = self._position
        if isinstance(record, (Row, tuple, list)):
            if isinstance(record, Row) or isinstance(position, int):
                return position
            if position[:1] == "f" and position[1:].isdigit():  # Flink's names for tuple fields
                return int(position[1:])
        elif position in (0, "0"):
            return None
        raise TypeError(
            "the field %r cannot be aggregated: records of type %s have no such field (a record "
            "that is one value has the field 0, a tuple is addressed by position)"
            % (position, type(record).__name__)
        )

    def reduce(self, value1: Any, value2: Any) -> Any:
        index = self._index(value2)
        if index is None:
            return self._combine(value1, value2)
        left, right = value1[index], value2[index]
        combined = self._combine(left, right)
        if self._by:
            return value1 if combined is left else value2
        if isinstance(value1, tuple):
            fields = list(value1)
            fields[index] = combined
            return tuple(fields)
        if isinstance(value1, list):
            fields = list(value1)
            fields[index] = combined
            return fields
        names = getattr(value1, "_fields", None)
        row = Row(*value1)
        if names is not None:
            row.set_field_names(names)
        row.set_row_kind(value1.get_row_kind())
        row[index] = combined
        return row
