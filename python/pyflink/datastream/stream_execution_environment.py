"""The entry to a DataStream program: settings, sources, and running it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Optional, Union

from pyflink.datastream._environment_settings import EnvironmentSettingsMixin
from pyflink.datastream._java import jvm, transforms, wait_for_job
from pyflink.datastream.data_stream import DataStream

if TYPE_CHECKING:
    from pyflink.common import (
        Configuration,
        JobClient,
        JobExecutionResult,
        TypeInformation,
        WatermarkStrategy,
    )
    from pyflink.common.io import InputFormat
    from pyflink.datastream.connectors.base import Source
    from pyflink.datastream.functions import SourceFunction

__all__ = ["StreamExecutionEnvironment"]

_SOURCE = "org.apache.flink.api.connector.source.Source"
_SOURCE_FUNCTION = "org.apache.flink.streaming.api.functions.source.SourceFunction"


class StreamExecutionEnvironment(EnvironmentSettingsMixin):
    """Where streams begin and where the program runs.

    :param j_stream_execution_environment: the Java environment.
    :param serializer: kept for programs that pass one; values are encoded natively.
    """

    def __init__(self, j_stream_execution_environment: Any, serializer: Any = None) -> None:
        self._j_stream_execution_environment = j_stream_execution_environment
        self.serializer = serializer

    @staticmethod
    def get_execution_environment(
        configuration: Optional[Configuration] = None,
    ) -> StreamExecutionEnvironment:
        """An environment whose jobs run on the session's cluster.

        :param configuration: settings; they come before those given on the command line.
        """
        import _pyflink_engine

        _pyflink_engine.flink_wanted()
        return StreamExecutionEnvironment._without_cluster(configuration)

    @staticmethod
    def _without_cluster(configuration: Optional[Configuration]) -> StreamExecutionEnvironment:
        """An environment, without beginning to start the cluster that its jobs would run on."""
        if configuration is None:
            j_configuration = jvm().org.apache.flink.configuration.Configuration()
        else:
            j_configuration = configuration._j_configuration
        j_environment = jvm().io.pyflinkshell.cluster.SessionEnvironment.create(j_configuration)
        return StreamExecutionEnvironment(j_environment)

    # -- running ------------------------------------------------------------------------------

    def execute(self, job_name: Optional[str] = None) -> JobExecutionResult:
        """Run the program and wait for its end. Ctrl-C cancels the job.

        :param job_name: shown with the job; "Flink Streaming Job" when None.
        :raises JobExecutionError: the job failed. It is a Py4JJavaError; str() begins with the
            traceback of the function that failed.
        """
        from pyflink._engine.dependencies import kept_folder
        from pyflink.common.job_execution_result import JobExecutionResult

        with kept_folder(), self._cancelled_if_interrupted():
            return JobExecutionResult(wait_for_job(self._submit(job_name)))

    def execute_async(self, job_name: str = "Flink Streaming Job") -> JobClient:
        """Submit the program and go on.

        :param job_name: shown with the job.
        """
        from pyflink.common.job_client import JobClient

        with self._cancelled_if_interrupted():
            return JobClient(self._submit(job_name))

    @contextlib.contextmanager
    def _cancelled_if_interrupted(self) -> Iterator[None]:
        """No job goes on that the program has no handle of, because Ctrl-C came first."""
        environments = jvm().io.pyflinkshell.cluster.SessionEnvironment
        environments.forgetSubmitted(self._j_stream_execution_environment)
        try:
            yield
        except Exception:
            raise
        except BaseException:
            environments.cancelSubmitted(self._j_stream_execution_environment)
            raise

    def _submit(self, job_name: Optional[str]) -> Any:
        from pyflink._engine.dependencies import for_job

        for_job(self._j_stream_execution_environment)
        if job_name is None:
            return self._j_stream_execution_environment.executeAsync()
        return self._j_stream_execution_environment.executeAsync(job_name)

    def get_execution_plan(self) -> str:
        """The program's operators and edges as JSON, without running it."""
        return self._j_stream_execution_environment.getExecutionPlan()

    def _generate_stream_graph(
        self, clear_transformations: bool = False, job_name: Optional[str] = None
    ) -> Any:
        """The Java StreamGraph of the program.

        :param clear_transformations: begin a new program afterwards.
        :param job_name: the job's name in the graph.
        """
        j_stream_graph = self._j_stream_execution_environment.getStreamGraph(clear_transformations)
        if job_name is not None:
            j_stream_graph.setJobName(job_name)
        return j_stream_graph

    def close(self) -> None:
        """Release what the environment holds. The session's cluster stays."""
        self._j_stream_execution_environment.close()

    # -- sources ------------------------------------------------------------------------------

    def from_collection(
        self, collection: Iterable[Any], type_info: Optional[TypeInformation] = None
    ) -> DataStream:
        """A stream of the elements of a list, an iterator, a generator or any iterable.

        The elements are read now, at the call, and only their bytes are kept. The source has
        parallelism 1.

        :param collection: the elements.
        :param type_info: their type; without it they are any Python objects.
        :raises TypeError: `collection` is not iterable, or an element does not fit `type_info`;
            the error names the element, the field, what is expected and what was found.
        :raises ValueError: the elements take 2 GiB or more.
        """
        from pyflink.common.typeinfo import Types
        from pyflink.datastream._collections import encode_elements

        if type_info is None:
            type_info = Types.PICKLED_BYTE_ARRAY()
        batch = encode_elements(collection, type_info)
        return DataStream(
            transforms().fromCollection(
                self._j_stream_execution_environment, batch, type_info.get_java_type_info()
            )
        )

    def from_elements(
        self, *elements: Any, type_info: Optional[TypeInformation] = None
    ) -> DataStream:
        """A stream of the arguments; see :meth:`from_collection`.

        :param elements: the elements.
        :param type_info: their type.
        """
        return self.from_collection(list(elements), type_info)

    def from_sequence(self, start: int, end: int) -> DataStream:
        """A stream of the integers from `start` to `end`, both included.

        :param start: the first.
        :param end: the last.
        """
        return DataStream(self._j_stream_execution_environment.fromSequence(start, end))

    def generate_sequence(self, start: int, end: int) -> DataStream:
        """The same as :meth:`from_sequence`, under its older name."""
        return self.from_sequence(start, end)

    def from_source(
        self,
        source: Union[Source, str, Any],
        watermark_strategy: WatermarkStrategy,
        source_name: str,
        type_info: Optional[TypeInformation] = None,
    ) -> DataStream:
        """A stream of what a source reads.

        :param source: the source: a :class:`Source`, the Java object, or the full name of a class
            that has a constructor without arguments.
        :param watermark_strategy: how timestamps and watermarks are made.
        :param source_name: the operator's name.
        :param type_info: the type of the records; the source's own when None.
        """
        from pyflink.datastream._java import java_function

        j_strategy = watermark_strategy._j_watermark_strategy
        in_python = watermark_strategy._is_in_python()
        if in_python:
            # What is Python's runs in operators of its own, right after the source.
            eventtime = jvm().org.apache.flink.api.common.eventtime
            j_strategy = eventtime.WatermarkStrategy.noWatermarks()
        j_source = java_function(source, _SOURCE, "from_source")
        arguments = [j_source, j_strategy, source_name]
        if type_info is not None:
            arguments.append(type_info.get_java_type_info())
        stream = DataStream(self._j_stream_execution_environment.fromSource(*arguments))
        if in_python and watermark_strategy._aligned:
            # A source that may have to wait for others has to know its watermarks itself.
            arguments[1] = watermark_strategy._j_at_source(stream._j_data_stream.getType())
            return DataStream(self._j_stream_execution_environment.fromSource(*arguments))
        if not in_python:
            return stream
        return stream.assign_timestamps_and_watermarks(watermark_strategy)

    def add_source(
        self,
        source_func: Union[SourceFunction, str, Any],
        source_name: str = "Custom Source",
        type_info: Optional[TypeInformation] = None,
    ) -> DataStream:
        """A stream of what a Java SourceFunction emits.

        :param source_func: the function: a :class:`SourceFunction`, the Java object, or the full
            name of a class that has a constructor without arguments.
        :param source_name: the operator's name.
        :param type_info: the type of the records; the function's own when None.
        :raises TypeError: the class cannot be found or made, or is no SourceFunction.
        """
        from pyflink.datastream._java import java_function

        arguments = [java_function(source_func, _SOURCE_FUNCTION, "add_source"), source_name]
        if type_info is not None:
            arguments.append(type_info.get_java_type_info())
        return DataStream(self._j_stream_execution_environment.addSource(*arguments))

    def create_input(
        self, input_format: InputFormat, type_info: Optional[TypeInformation] = None
    ) -> DataStream:
        """A stream of what a Java InputFormat reads.

        :param input_format: the format.
        :param type_info: the type of the records; the format's own when None.
        """
        from pyflink.datastream.utils import ResultTypeQueryable

        if type_info is None and isinstance(input_format, ResultTypeQueryable):
            type_info = input_format.get_produced_type()
        arguments = [input_format.get_java_object()]
        if type_info is not None:
            arguments.append(type_info.get_java_type_info())
        return DataStream(self._j_stream_execution_environment.createInput(*arguments))

    def read_text_file(self, file_path: str, charset_name: str = "UTF-8") -> DataStream:
        """A stream of the lines of a text file.

        :param file_path: a path or URI of a file or folder.
        :param charset_name: the Java name of the character set.
        :raises TypeError: `file_path` is no path.
        """
        from os import PathLike, fspath

        if not isinstance(file_path, (str, PathLike)):
            raise TypeError("file_path must be str, not %s" % type(file_path).__name__)
        return DataStream(
            self._j_stream_execution_environment.readTextFile(fspath(file_path), charset_name)
        )

    def socket_text_stream(
        self, hostname: str, port: int, delimiter: str = "\n", max_retry: int = 0
    ) -> DataStream:
        """A stream of the texts that a TCP server sends, in UTF-8. The source has parallelism 1.

        :param hostname: the server's name or address.
        :param port: its port, 1 to 65,535.
        :param delimiter: what ends a text; with a newline, a carriage return before it goes too.
        :param max_retry: seconds to wait for a server that is not there or has closed the
            connection; 0 to end then, -1 to wait for ever.
        """
        return DataStream(
            self._j_stream_execution_environment.socketTextStream(
                hostname, port, delimiter, max_retry
            )
        )
