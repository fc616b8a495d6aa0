"""What a stream needs before a Java sink can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflink.datastream.data_stream import DataStream

_PICKLED = "io.pyflinkshell.types.PickledBytesTypeInfo"
_ROW = "org.apache.flink.api.java.typeutils.RowTypeInfo"

# Sinks that never look at a record.
_BLIND_SINKS = ("DiscardingSink",)


def _row_text(row: Any) -> str:
    """A row as print() shows it."""
    return "%s[%s]" % (row.get_row_kind(), ",".join(map(str, row)))


def printable(stream: DataStream) -> DataStream:
    """The stream as Java can print it: rows and untyped values as text, the others as they are."""
    from pyflink.common.typeinfo import Types

    stream = stream._values()
    type_class = str(stream._j_data_stream.getType().getClass().getName())
    if type_class == _PICKLED:
        return stream.map(str, Types.STRING())
    if type_class == _ROW:
        return stream.map(_row_text, Types.STRING())
    return stream


def check_sink_type(stream: DataStream, j_sink: Any, method: str) -> None:
    """TypeError when a Java sink would get pickles because a type was not declared."""
    if str(stream._j_data_stream.getType().getClass().getName()) != _PICKLED:
        return
    if str(j_sink.getClass().getSimpleName()) in _BLIND_SINKS:
        return
    name = stream._j_data_stream.getTransformation().getName()
    raise TypeError(
        "%s: the operator '%s' has no declared type, so the Java sink would get pickled bytes; "
        "give it one, for example .map(f, output_type=Types.STRING())" % (method, name)
    )
