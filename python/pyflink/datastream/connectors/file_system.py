"""Files as sources and sinks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Optional

from pyflink.common.utils import show_as_part_of
from pyflink.datastream._java import jvm
from pyflink.datastream.connectors._file_policies import (
    BucketAssigner,
    DefaultRollingPolicy,
    FileCompactor,
    FileCompactStrategy,
    OnCheckpointRollingPolicy,
    OutputFileConfig,
    RollingPolicy,
)
from pyflink.datastream.connectors._file_source import (
    BulkFormat,
    FileEnumeratorProvider,
    FileSource,
    FileSourceBuilder,
    FileSplitAssignerProvider,
    StreamFormat,
    java_path,
)
from pyflink.datastream.connectors.base import Sink, StreamTransformer, SupportsPreprocessing
from pyflink.datastream.functions import SinkFunction

if TYPE_CHECKING:
    from pyflink.common.serialization import BulkWriterFactory, Encoder

__all__ = [
    "FileCompactor",
    "FileCompactStrategy",
    "OutputFileConfig",
    "FileSource",
    "FileSourceBuilder",
    "FileSink",
    "StreamingFileSink",
    "StreamFormat",
    "BulkFormat",
    "FileEnumeratorProvider",
    "FileSplitAssignerProvider",
    "RollingPolicy",
    "BucketAssigner",
]

# Written in other modules, for programs part of this one.
show_as_part_of(
    __name__,
    BucketAssigner,
    BulkFormat,
    DefaultRollingPolicy,
    FileCompactStrategy,
    FileCompactor,
    FileEnumeratorProvider,
    FileSource,
    FileSourceBuilder,
    FileSplitAssignerProvider,
    OnCheckpointRollingPolicy,
    OutputFileConfig,
    RollingPolicy,
    StreamFormat,
)


class FileSink(Sink, SupportsPreprocessing):
    """Writes files, in folders called buckets. A file is complete after a checkpoint, or at the
    end of a bounded program.

    :param j_file_sink: the Java FileSink.
    :param transformer: changes the stream first, when given.
    """

    def __init__(self, j_file_sink: Any, transformer: Optional[StreamTransformer] = None) -> None:
        super().__init__(sink=j_file_sink)
        self._transformer = transformer

    def get_transformer(self) -> Optional[StreamTransformer]:
        """What changes the stream first, or None."""
        return self._transformer

    class BaseBuilder:
        """What the builders share.

        :param j_builder: the Java builder.
        """

        def __init__(self, j_builder: Any) -> None:
            self._j_builder = j_builder

        def with_bucket_check_interval(self, interval: int) -> Any:
            """Set how often the rolling policy is asked about time.

            :param interval: milliseconds.
            """
            self._j_builder.withBucketCheckInterval(interval)
            return self

        def with_bucket_assigner(self, bucket_assigner: BucketAssigner) -> Any:
            """Set which folder a record's file is in.

            :param bucket_assigner: decides it.
            """
            self._j_builder.withBucketAssigner(bucket_assigner.get_java_object())
            return self

        def with_output_file_config(self, output_file_config: OutputFileConfig) -> Any:
            """Set the names of the files.

            :param output_file_config: the names.
            """
            self._j_builder.withOutputFileConfig(output_file_config.get_java_object())
            return self

        def enable_compact(self, strategy: FileCompactStrategy, compactor: FileCompactor) -> Any:
            """Put small files together.

            :param strategy: when.
            :param compactor: how.
            """
            self._j_builder.enableCompact(strategy.get_java_object(), compactor.get_java_object())
            return self

        def disable_compact(self) -> Any:
            """Leave small files alone."""
            self._j_builder.disableCompact()
            return self

        @abstractmethod
        def with_rolling_policy(self, rolling_policy: Any) -> Any:
            """Set when a new file begins.

            :param rolling_policy: decides it.
            """

        def build(self) -> FileSink:
            """The sink."""
            return FileSink(self._j_builder.build())

    class RowFormatBuilder(BaseBuilder):
        """Builds a sink that writes records one by one.

        :param j_row_format_builder: the Java builder.
        """

        def __init__(self, j_row_format_builder: Any) -> None:
            super().__init__(j_row_format_builder)

        def with_rolling_policy(self, rolling_policy: RollingPolicy) -> Any:
            """Set when a new file begins.

            :param rolling_policy: decides it.
            """
            self._j_builder.withRollingPolicy(rolling_policy.get_java_object())
            return self

    @staticmethod
    def for_row_format(base_path: str, encoder: Encoder) -> FileSink.RowFormatBuilder:
        """Build a sink that writes records one by one.

        :param base_path: the folder, as a path or URI.
        :param encoder: writes a record.
        """
        sink = jvm().org.apache.flink.connector.file.sink.FileSink
        return FileSink.RowFormatBuilder(
            sink.forRowFormat(java_path(base_path), encoder._j_encoder)
        )

    class BulkFormatBuilder(BaseBuilder):
        """Builds a sink that writes many records at once.

        :param j_bulk_format_builder: the Java builder.
        """

        def __init__(self, j_bulk_format_builder: Any) -> None:
            super().__init__(j_bulk_format_builder)
            self._transformer: Optional[StreamTransformer] = None

        def with_rolling_policy(self, rolling_policy: OnCheckpointRollingPolicy) -> Any:
            """Set when a new file begins.

            :param rolling_policy: decides it; must do so at each checkpoint.
            :raises ValueError: another kind of policy.
            """
            _need_checkpoint_policy(rolling_policy)
            self._j_builder.withRollingPolicy(rolling_policy.get_java_object())
            return self

        def build(self) -> FileSink:
            """The sink."""
            return FileSink(self._j_builder.build(), self._transformer)

    @staticmethod
    def for_bulk_format(
        base_path: str, writer_factory: BulkWriterFactory
    ) -> FileSink.BulkFormatBuilder:
        """Build a sink that writes many records at once.

        :param base_path: the folder, as a path or URI.
        :param writer_factory: makes what writes them.
        """
        sink = jvm().org.apache.flink.connector.file.sink.FileSink
        return FileSink.BulkFormatBuilder(
            sink.forBulkFormat(java_path(base_path), writer_factory.get_java_object())
        )


def _need_checkpoint_policy(policy: Any) -> None:
    if not isinstance(policy, OnCheckpointRollingPolicy):
        raise ValueError("a bulk format can only begin a new file at each checkpoint")


class StreamingFileSink(SinkFunction):
    """The older form of :class:`FileSink`.

    :param j_obj: the Java StreamingFileSink.
    """

    def __init__(self, j_obj: Any) -> None:
        super().__init__(j_obj)

    class BaseBuilder:
        """What the builders share.

        :param j_builder: the Java builder.
        """

        def __init__(self, j_builder: Any) -> None:
            self._j_builder = j_builder

        def with_bucket_check_interval(self, interval: int) -> Any:
            """Set how often the rolling policy is asked about time.

            :param interval: milliseconds.
            """
            self._j_builder.withBucketCheckInterval(interval)
            return self

        def with_bucket_assigner(self, bucket_assigner: BucketAssigner) -> Any:
            """Set which folder a record's file is in.

            :param bucket_assigner: decides it.
            """
            self._j_builder.withBucketAssigner(bucket_assigner.get_java_object())
            return self

        @abstractmethod
        def with_rolling_policy(self, policy: Any) -> Any:
            """Set when a new file begins.

            :param policy: decides it.
            """

        def with_output_file_config(self, output_file_config: OutputFileConfig) -> Any:
            """Set the names of the files.

            :param output_file_config: the names.
            """
            self._j_builder.withOutputFileConfig(output_file_config.get_java_object())
            return self

        def build(self) -> StreamingFileSink:
            """The sink."""
            return StreamingFileSink(self._j_builder.build())

    class DefaultRowFormatBuilder(BaseBuilder):
        """Builds a sink that writes records one by one.

        :param j_default_row_format_builder: the Java builder.
        """

        def __init__(self, j_default_row_format_builder: Any) -> None:
            super().__init__(j_default_row_format_builder)

        def with_rolling_policy(self, policy: RollingPolicy) -> Any:
            """Set when a new file begins.

            :param policy: decides it.
            """
            self._j_builder.withRollingPolicy(policy.get_java_object())
            return self

    @staticmethod
    def for_row_format(
        base_path: str, encoder: Encoder
    ) -> StreamingFileSink.DefaultRowFormatBuilder:
        """Build a sink that writes records one by one.

        :param base_path: the folder, as a path or URI.
        :param encoder: writes a record.
        """
        sink = StreamingFileSink._java_class()
        return StreamingFileSink.DefaultRowFormatBuilder(
            sink.forRowFormat(java_path(base_path), encoder._j_encoder)
        )

    class DefaultBulkFormatBuilder(BaseBuilder):
        """Builds a sink that writes many records at once.

        :param j_default_bulk_format_builder: the Java builder.
        """

        def __init__(self, j_default_bulk_format_builder: Any) -> None:
            super().__init__(j_default_bulk_format_builder)

        def with_rolling_policy(self, policy: OnCheckpointRollingPolicy) -> Any:
            """Set when a new file begins.

            :param policy: decides it; must do so at each checkpoint.
            :raises ValueError: another kind of policy.
            """
            _need_checkpoint_policy(policy)
            self._j_builder.withRollingPolicy(policy.get_java_object())
            return self

    @staticmethod
    def for_bulk_format(
        base_path: str, writer_factory: BulkWriterFactory
    ) -> StreamingFileSink.DefaultBulkFormatBuilder:
        """Build a sink that writes many records at once.

        :param base_path: the folder, as a path or URI.
        :param writer_factory: makes what writes them.
        """
        sink = StreamingFileSink._java_class()
        return StreamingFileSink.DefaultBulkFormatBuilder(
            sink.forBulkFormat(java_path(base_path), writer_factory.get_java_object())
        )

    @staticmethod
    def _java_class() -> Any:
        filesystem = jvm().org.apache.flink.streaming.api.functions.sink.filesystem
        return filesystem.StreamingFileSink
