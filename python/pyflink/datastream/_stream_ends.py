"""How streams end: in sinks, or in the program that fetches the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

from pyflink.datastream._java import java_function, jvm, transforms
from pyflink.datastream._sinks import (
    DataStreamSink,
    check_declared,
    check_sink_type,
    java_write_mode,
    printable,
)

if TYPE_CHECKING:
    from pyflink.common.io import WriteMode
    from pyflink.common.serialization import SerializationSchema
    from pyflink.datastream.connectors.base import Sink
    from pyflink.datastream.functions import SinkFunction

_SINK = "org.apache.flink.api.connector.sink2.Sink"
_SINK_FUNCTION = "org.apache.flink.streaming.api.functions.sink.SinkFunction"


class StreamEndsMixin:
    """The methods of a stream that end it."""

    _j_data_stream: Any

    def _values(self) -> Any:
        """The stream without keys."""
        raise NotImplementedError("%s._values" % type(self).__name__)

    def add_sink(self, sink_func: Union[SinkFunction, str, Any]) -> DataStreamSink:
        """Send the records to a Java SinkFunction.

        :param sink_func: the function: a :class:`SinkFunction`, the Java object, or the full name
            of a class that has a constructor without arguments.
        :raises TypeError: it is no SinkFunction, or the stream has no declared type, so that the
            sink would get pickles.
        """
        j_function = java_function(sink_func, _SINK_FUNCTION, "add_sink")
        stream = self._values()
        check_sink_type(stream, j_function, "add_sink")
        return DataStreamSink(stream._j_data_stream.addSink(j_function))

    def sink_to(self, sink: Union[Sink, str, Any]) -> DataStreamSink:
        """Send the records to a Java Sink.

        :param sink: the sink: a :class:`Sink`, the Java object, or the full name of a class that
            has a constructor without arguments.
        :raises TypeError: it is no Sink, or the stream has no declared type, so that the sink
            would get pickles.
        """
        stream = self._values()
        j_sink = java_function(sink, _SINK, "sink_to")
        transformer = getattr(sink, "get_transformer", lambda: None)()
        if transformer is not None:
            stream = transformer.apply(stream)
        check_sink_type(stream, j_sink, "sink_to")
        return DataStreamSink(stream._j_data_stream.sinkTo(j_sink))

    def show(self, n: int = 20) -> None:
        """Show the first records as a table, and stop.

        Runs the stream as a job of its own, which is cancelled after `n` records. In a notebook the
        table is HTML.

        :param n: how many records, at least 1.
        """
        from pyflink.datastream._preview import show

        show(self, n)

    def print(self, sink_identifier: Optional[str] = None) -> DataStreamSink:
        """Print each record on standard output.

        :param sink_identifier: put before each line.
        """
        return self._print("print", sink_identifier)

    def print_to_err(self, sink_identifier: Optional[str] = None) -> DataStreamSink:
        """Print each record on standard error.

        :param sink_identifier: put before each line.
        """
        return self._print("printToErr", sink_identifier)

    def _print(self, method: str, sink_identifier: Optional[str]) -> DataStreamSink:
        arguments = () if sink_identifier is None else (sink_identifier,)
        stream = printable(self)
        return DataStreamSink(getattr(stream._j_data_stream, method)(*arguments))

    def write_as_text(
        self, path: str, write_mode: Union[WriteMode, str, None] = None
    ) -> DataStreamSink:
        """Write each record as a line: what Java's toString() gives.

        With parallelism 1 `path` becomes a file, else a folder with a file of each instance. The
        files are not part of checkpoints; a FileSink's are.

        :param path: path or URI.
        :param write_mode: whether to replace what is there; NO_OVERWRITE when None, so that the
            job fails if the file is there.
        :raises TypeError: the stream has no declared type.
        """
        from os import fspath

        stream = self._values()
        check_declared(stream, "write_as_text")
        return DataStreamSink(
            stream._j_data_stream.writeAsText(fspath(path), java_write_mode(write_mode))
        )

    def write_as_csv(
        self,
        path: str,
        write_mode: Union[WriteMode, str, None] = None,
        row_delimiter: str = "\n",
        field_delimiter: str = ",",
    ) -> DataStreamSink:
        """Write each tuple as a line of its fields. Nothing is quoted, None is an empty field.

        With parallelism 1 `path` becomes a file, else a folder with a file of each instance. The
        files are not part of checkpoints; a FileSink's are.

        :param path: path or URI.
        :param write_mode: whether to replace what is there; NO_OVERWRITE when None, so that the
            job fails if the file is there.
        :param row_delimiter: put after each tuple.
        :param field_delimiter: put between two fields.
        :raises TypeError: the stream's type is no TUPLE.
        """
        from os import fspath

        from pyflink.common.typeinfo import TupleTypeInfo

        stream = self._values()
        check_declared(stream, "write_as_csv")
        type_info = stream.get_type()
        if not isinstance(type_info, TupleTypeInfo):
            raise TypeError(
                "write_as_csv writes tuples, and the records are of type %s; give them a "
                "Types.TUPLE first" % type_info
            )
        # DataStream.writeAsCsv has no way to allow None.
        j_format = jvm().org.apache.flink.api.java.io.CsvOutputFormat(
            jvm().org.apache.flink.core.fs.Path(fspath(path)), row_delimiter, field_delimiter
        )
        j_format.setAllowNullValues(True)
        j_format.setWriteMode(java_write_mode(write_mode))
        return DataStreamSink(stream._j_data_stream.writeUsingOutputFormat(j_format))

    def write_to_socket(
        self, host_name: str, port: int, schema: Optional[SerializationSchema] = None
    ) -> DataStreamSink:
        """Send each record to a TCP server. The sink has parallelism 1.

        :param host_name: the server's name or address.
        :param port: its port.
        :param schema: makes bytes of a record; SimpleStringSchema, for records of type STRING and
            without line ends, when None.
        :raises TypeError: the stream has no declared type.
        """
        from pyflink.common.serialization import SimpleStringSchema

        stream = self._values()
        check_declared(stream, "write_to_socket")
        if schema is None:
            schema = SimpleStringSchema()
        return DataStreamSink(
            stream._j_data_stream.writeToSocket(host_name, port, schema._j_serialization_schema)
        )

    def execute_and_collect(
        self, job_execution_name: Optional[str] = None, limit: Optional[int] = None
    ) -> Any:
        """Run the program and fetch this stream's records.

        With exactly-once checkpoints a record comes when the next checkpoint is complete, and no
        restart brings it again; with at-least-once ones it comes at once, and may come again.

        :param job_execution_name: the job's name.
        :param limit: with it the result is a list of at most so many records, and the job ends
            then; without it the result is a :class:`CloseableIterator`.
        :raises ValueError: the limit is less than 1.
        :raises JobExecutionError: the job failed.
        """
        from itertools import islice

        from pyflink._engine.dependencies import for_job
        from pyflink.datastream.collect import CloseableIterator

        if limit is not None and limit < 1:
            raise ValueError("the limit of execute_and_collect must be at least 1, not %d" % limit)
        stream = self._values()
        j_environment = stream._j_data_stream.getExecutionEnvironment()
        for_job(j_environment)
        name = job_execution_name or "DataStream Collect"
        iterator = CloseableIterator(
            transforms().collect(j_environment, stream._j_data_stream, name)
        )
        if limit is None:
            return iterator
        with iterator:
            return list(islice(iterator, limit))

    def collect(self, job_execution_name: Optional[str] = None) -> Any:
        """The same as :meth:`execute_and_collect` without a limit, under the FLIP's name.

        :param job_execution_name: the job's name.
        """
        return self.execute_and_collect(job_execution_name)
