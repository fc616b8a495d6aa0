"""The first records of a stream as a table, and what a stream is."""

from __future__ import annotations

from itertools import islice
from typing import Any


#: Of the job of a preview, which a session does not show beside its records.
JOB_NAME = "preview"


def columns_of(type_info: Any) -> list[tuple[str, str]]:
    """Names and types of a stream's columns; a stream of single values has one, named "value".

    :param type_info: the stream's type.
    """
    from pyflink.common.typeinfo import RowTypeInfo, TupleTypeInfo

    if isinstance(type_info, RowTypeInfo):
        return list(zip(type_info.get_field_names(), map(str, type_info.get_field_types())))
    if isinstance(type_info, TupleTypeInfo):
        return [("f%d" % i, str(kind)) for i, kind in enumerate(type_info.get_field_types())]
    return [("value", str(type_info))]


class Preview:
    """The first records of a stream: printed it is a table, in a notebook an HTML one.

    :param names: names of the columns.
    :param rows: the records.
    :param more: whether the stream may have more of them.
    """

    def __init__(self, names: list[str], rows: list[Any], more: bool) -> None:
        self.names = names
        self.rows = rows
        self.more = more

    def _cells(self) -> tuple[list[str], list[list[str]], list[bool]]:
        names, rows = self.names, self.rows
        if len(names) > 1:
            fitting = [len(row) == len(names) for row in rows if hasattr(row, "__len__")]
            table = [list(row) for row in rows] if fitting and all(fitting) else None
        else:
            table = None
        if table is None:
            names, table = ["value"], [[row] for row in rows]
        right = [
            bool(table)
            and all(
                isinstance(row[i], (int, float)) and not isinstance(row[i], bool) for row in table
            )
            for i in range(len(names))
        ]
        cells = [[cell if isinstance(cell, str) else repr(cell) for cell in row] for row in table]
        return names, cells, right

    def _foot(self) -> str:
        count = len(self.rows)
        text = "%d record%s" % (count, "" if count == 1 else "s")
        return "first %s" % text if self.more else text

    def __str__(self) -> str:
        from pyflink.util._tables import as_text

        return "%s\n(%s)" % (as_text(*self._cells()), self._foot())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from pyflink.util._tables import as_html

        return "%s<p>%s</p>" % (as_html(*self._cells()), self._foot())


def preview(stream: Any, n: int) -> Preview:
    """Run the stream until it has given `n` records or has ended; its job is then cancelled.

    :param stream: a DataStream.
    :param n: how many records, at least 1.
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError("n must be an int, not %s" % type(n).__name__)
    if n < 1:
        raise ValueError("n must be at least 1, not %d" % n)
    stream = stream._values()
    names = [name for name, _ in columns_of(stream.get_type())]
    with stream.execute_and_collect(JOB_NAME) as records:
        rows = list(islice(records, n))
    return Preview(names, rows, len(rows) == n)


def show(stream: Any, n: int) -> None:
    """Show the first `n` records of a stream; see :meth:`DataStream.show`."""
    import sys

    table = preview(stream, n)
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(table)
    else:
        from IPython.display import display

        display(table)
