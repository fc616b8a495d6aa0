"""Ends of streams, and what a stream needs before a Java sink can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from pyflink.datastream._resources import ResourcesMixin

if TYPE_CHECKING:
    from pyflink.datastream.data_stream import DataStream
    from pyflink.datastream.slot_sharing_group import SlotSharingGroup

_PICKLED = "io.pyflinkshell.types.PickledBytesTypeInfo"
_ROW = "org.apache.flink.api.java.typeutils.RowTypeInfo"

# Sinks that never look at a record.
_BLIND_SINKS = ("DiscardingSink",)


def _row_text(row: Any) -> str:
    """A row as print() shows it."""
    if row is None:
        return "None"
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


def check_sink_type(stream: Any, j_sink: Any, method: str) -> None:
    """TypeError when a Java sink would get pickles because a type was not declared."""
    if str(j_sink.getClass().getSimpleName()) not in _BLIND_SINKS:
        check_declared(stream, method)


def check_declared(stream: Any, method: str) -> None:
    """TypeError when the type of a stream was not declared, so that Java sees pickles."""
    if str(stream._j_data_stream.getType().getClass().getName()) != _PICKLED:
        return
    name = stream._j_data_stream.getTransformation().getName()
    raise TypeError(
        "%s: the operator '%s' has no declared type, so the Java sink would get pickled bytes; "
        "give it one, for example .map(f, output_type=Types.STRING())" % (method, name)
    )


def java_write_mode(write_mode: Any) -> Any:
    """A write mode, or its name, as Java takes it; None is NO_OVERWRITE."""
    from pyflink.common.io import WriteMode

    if write_mode is None:
        write_mode = WriteMode.NO_OVERWRITE
    elif isinstance(write_mode, str):
        if write_mode not in WriteMode.__members__:
            raise ValueError(
                "write_mode must be one of %s, not %r" % (list(WriteMode.__members__), write_mode)
            )
        write_mode = WriteMode[write_mode]
    if isinstance(write_mode, WriteMode):
        return write_mode._to_j_write_mode()
    return write_mode


def java_slot_sharing_group(slot_sharing_group: Any) -> Any:
    """A slot sharing group, or its name, as Java takes it."""
    if isinstance(slot_sharing_group, str):
        return slot_sharing_group
    return slot_sharing_group.get_java_slot_sharing_group()


class DataStreamSink(ResourcesMixin):
    """The end of a stream.

    :param j_data_stream_sink: the Java DataStreamSink.
    """

    def __init__(self, j_data_stream_sink: Any) -> None:
        self._j_data_stream_sink = j_data_stream_sink

    def _j_transformation(self) -> Any:
        return self._j_data_stream_sink.getTransformation()

    def name(self, name: str) -> DataStreamSink:
        """Name the sink.

        :param name: shown in plans, logs and metrics.
        """
        self._j_data_stream_sink.name(name)
        return self

    def uid(self, uid: str) -> DataStreamSink:
        """Give the sink an identity that stays the same when the program changes.

        :param uid: unique in the program.
        """
        self._j_data_stream_sink.uid(uid)
        return self

    def set_uid_hash(self, uid_hash: str) -> DataStreamSink:
        """Give the sink the identity it had in an older savepoint.

        :param uid_hash: 32 hexadecimal digits.
        """
        self._j_data_stream_sink.setUidHash(uid_hash)
        return self

    def set_parallelism(self, parallelism: int) -> DataStreamSink:
        """Set how many parallel instances the sink has.

        :param parallelism: at least 1.
        """
        self._j_data_stream_sink.setParallelism(parallelism)
        return self

    def set_description(self, description: str) -> DataStreamSink:
        """Describe the sink in plans.

        :param description: any text.
        """
        self._j_data_stream_sink.setDescription(description)
        return self

    def disable_chaining(self) -> DataStreamSink:
        """Run the sink in a task of its own."""
        self._j_data_stream_sink.disableChaining()
        return self

    def slot_sharing_group(
        self, slot_sharing_group: Union[str, SlotSharingGroup]
    ) -> DataStreamSink:
        """Put the sink into a slot sharing group.

        :param slot_sharing_group: the group or its name.
        """
        self._j_data_stream_sink.slotSharingGroup(java_slot_sharing_group(slot_sharing_group))
        return self
