"""Files as sources and sinks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Optional

from pyflink.common.utils import JavaObjectWrapper
from pyflink.datastream._java import jvm
from pyflink.datastream.connectors.base import (
    Sink,
    Source,
    StreamTransformer,
    SupportsPreprocessing,
)
from pyflink.datastream.functions import SinkFunction

if TYPE_CHECKING:
    from pyflink.common import Duration
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


def _path(path: Any) -> Any:
    """Flink's Path of a path or URI."""
    from os import fspath

    return jvm().org.apache.flink.core.fs.Path(fspath(path))


def _paths(paths: Any) -> Any:
    from pyflink.util.java_utils import to_jarray

    if not paths:
        raise ValueError("a file source needs at least one path")
    return to_jarray(jvm().org.apache.flink.core.fs.Path, [_path(path) for path in paths])


def _file_source() -> Any:
    return jvm().org.apache.flink.connector.file.src.FileSource


class FileEnumeratorProvider:
    """How a file source finds its files.

    :param j_file_enumerator_provider: the Java object.
    """

    def __init__(self, j_file_enumerator_provider: Any) -> None:
        self._j_file_enumerator_provider = j_file_enumerator_provider

    @staticmethod
    def default_splittable_file_enumerator() -> FileEnumeratorProvider:
        """All files in the folders, hidden ones excepted; large files are read in parts."""
        return FileEnumeratorProvider(_file_source().DEFAULT_SPLITTABLE_FILE_ENUMERATOR)

    @staticmethod
    def default_non_splittable_file_enumerator() -> FileEnumeratorProvider:
        """All files in the folders, hidden ones excepted; each is read as a whole."""
        return FileEnumeratorProvider(_file_source().DEFAULT_NON_SPLITTABLE_FILE_ENUMERATOR)


class FileSplitAssignerProvider:
    """Which instance of a file source reads which part.

    :param j_file_split_assigner: the Java object.
    """

    def __init__(self, j_file_split_assigner: Any) -> None:
        self._j_file_split_assigner = j_file_split_assigner

    @staticmethod
    def locality_aware_split_assigner() -> FileSplitAssignerProvider:
        """Prefer the parts that are on the same machine."""
        return FileSplitAssignerProvider(_file_source().DEFAULT_SPLIT_ASSIGNER)


class StreamFormat:
    """Reads records one by one.

    :param j_stream_format: the Java object.
    """

    def __init__(self, j_stream_format: Any) -> None:
        self._j_stream_format = j_stream_format

    @staticmethod
    def text_line_format(charset_name: str = "UTF-8") -> StreamFormat:
        """Each line is a record.

        :param charset_name: the Java name of the character set.
        """
        reader = jvm().org.apache.flink.connector.file.src.reader
        return StreamFormat(reader.TextLineInputFormat(charset_name))


class BulkFormat:
    """Reads many records at once.

    :param j_bulk_format: the Java object.
    """

    def __init__(self, j_bulk_format: Any) -> None:
        self._j_bulk_format = j_bulk_format


class FileSourceBuilder:
    """Builds a :class:`FileSource`.

    :param j_file_source_builder: the Java builder.
    """

    def __init__(self, j_file_source_builder: Any) -> None:
        self._j_file_source_builder = j_file_source_builder

    def monitor_continuously(self, discovery_interval: Duration) -> FileSourceBuilder:
        """Never end, and look for new files.

        :param discovery_interval: the time between two looks.
        """
        self._j_file_source_builder.monitorContinuously(discovery_interval._j_duration)
        return self

    def process_static_file_set(self) -> FileSourceBuilder:
        """End when the files that are there now have been read; the default."""
        self._j_file_source_builder.processStaticFileSet()
        return self

    def set_file_enumerator(self, file_enumerator: FileEnumeratorProvider) -> FileSourceBuilder:
        """Set how the files are found.

        :param file_enumerator: finds them.
        """
        self._j_file_source_builder.setFileEnumerator(file_enumerator._j_file_enumerator_provider)
        return self

    def set_split_assigner(self, split_assigner: FileSplitAssignerProvider) -> FileSourceBuilder:
        """Set which instance reads which part.

        :param split_assigner: decides it.
        """
        self._j_file_source_builder.setSplitAssigner(split_assigner._j_file_split_assigner)
        return self

    def build(self) -> FileSource:
        """The source."""
        return FileSource(self._j_file_source_builder.build())


class FileSource(Source):
    """Reads files.

    :param j_file_source: the Java FileSource.
    """

    def __init__(self, j_file_source: Any) -> None:
        super().__init__(source=j_file_source)

    @staticmethod
    def for_record_stream_format(stream_format: StreamFormat, *paths: str) -> FileSourceBuilder:
        """Build a source that reads records one by one.

        :param stream_format: reads them.
        :param paths: files and folders, as paths or URIs.
        :raises ValueError: no path.
        """
        return FileSourceBuilder(
            _file_source().forRecordStreamFormat(stream_format._j_stream_format, _paths(paths))
        )

    @staticmethod
    def for_bulk_file_format(bulk_format: BulkFormat, *paths: str) -> FileSourceBuilder:
        """Build a source that reads many records at once.

        :param bulk_format: reads them.
        :param paths: files and folders, as paths or URIs.
        :raises ValueError: no path.
        """
        return FileSourceBuilder(
            _file_source().forBulkFileFormat(bulk_format._j_bulk_format, _paths(paths))
        )


class BucketAssigner(JavaObjectWrapper):
    """Which folder a record's file is in.

    :param j_bucket_assigner: the Java object.
    """

    def __init__(self, j_bucket_assigner: Any) -> None:
        super().__init__(j_bucket_assigner)

    @staticmethod
    def _package() -> Any:
        sink = jvm().org.apache.flink.streaming.api.functions.sink
        return sink.filesystem.bucketassigners

    @staticmethod
    def base_path_bucket_assigner() -> BucketAssigner:
        """All files are in the sink's own folder."""
        return BucketAssigner(BucketAssigner._package().BasePathBucketAssigner())

    @staticmethod
    def date_time_bucket_assigner(
        format_str: str = "yyyy-MM-dd--HH", timezone_id: Optional[str] = None
    ) -> BucketAssigner:
        """Files are in folders named after the time at which they are written.

        :param format_str: the name, as Java's DateTimeFormatter describes it.
        :param timezone_id: such as Europe/Berlin; the machine's own when None.
        """
        if timezone_id is None:
            j_zone = jvm().java.time.ZoneId.systemDefault()
        else:
            j_zone = jvm().java.time.ZoneId.of(timezone_id)
        return BucketAssigner(BucketAssigner._package().DateTimeBucketAssigner(format_str, j_zone))


class RollingPolicy(JavaObjectWrapper):
    """When a sink begins a new file.

    :param j_rolling_policy: the Java object.
    """

    def __init__(self, j_rolling_policy: Any) -> None:
        super().__init__(j_rolling_policy)

    @staticmethod
    def _package() -> Any:
        sink = jvm().org.apache.flink.streaming.api.functions.sink
        return sink.filesystem.rollingpolicies

    @staticmethod
    def default_rolling_policy(
        part_size: int = 1024 * 1024 * 128,
        rollover_interval: int = 60 * 1000,
        inactivity_interval: int = 60 * 1000,
    ) -> DefaultRollingPolicy:
        """After a size or a time, and at checkpoints when one of them is reached.

        :param part_size: bytes.
        :param rollover_interval: the age of a file, in milliseconds.
        :param inactivity_interval: the time without a record, in milliseconds.
        """
        memory_size = jvm().org.apache.flink.configuration.MemorySize
        duration = jvm().java.time.Duration
        builder = RollingPolicy._package().DefaultRollingPolicy.builder()
        builder = builder.withMaxPartSize(memory_size(part_size))
        builder = builder.withRolloverInterval(duration.ofMillis(rollover_interval))
        builder = builder.withInactivityInterval(duration.ofMillis(inactivity_interval))
        return DefaultRollingPolicy(builder.build())

    @staticmethod
    def on_checkpoint_rolling_policy() -> OnCheckpointRollingPolicy:
        """At each checkpoint."""
        policy = RollingPolicy._package().OnCheckpointRollingPolicy
        return OnCheckpointRollingPolicy(policy.build())


class DefaultRollingPolicy(RollingPolicy):
    """Begins a new file after a size or a time.

    :param j_rolling_policy: the Java object.
    """

    def __init__(self, j_rolling_policy: Any) -> None:
        super().__init__(j_rolling_policy)


class OnCheckpointRollingPolicy(RollingPolicy):
    """Begins a new file at each checkpoint.

    :param j_rolling_policy: the Java object.
    """

    def __init__(self, j_rolling_policy: Any) -> None:
        super().__init__(j_rolling_policy)


class OutputFileConfig(JavaObjectWrapper):
    """The names of the files that a sink writes.

    :param part_prefix: how they begin.
    :param part_suffix: how they end.
    """

    @staticmethod
    def builder() -> OutputFileConfig.OutputFileConfigBuilder:
        """Build one step by step."""
        return OutputFileConfig.OutputFileConfigBuilder()

    def __init__(self, part_prefix: str, part_suffix: str) -> None:
        filesystem = jvm().org.apache.flink.streaming.api.functions.sink.filesystem
        super().__init__(filesystem.OutputFileConfig(part_prefix, part_suffix))

    def get_part_prefix(self) -> str:
        """How the names begin."""
        return self._j_object.getPartPrefix()

    def get_part_suffix(self) -> str:
        """How the names end."""
        return self._j_object.getPartSuffix()

    class OutputFileConfigBuilder:
        """Builds an :class:`OutputFileConfig`; the names begin with "part" unless set."""

        def __init__(self) -> None:
            self.part_prefix = "part"
            self.part_suffix = ""

        def with_part_prefix(self, prefix: str) -> OutputFileConfig.OutputFileConfigBuilder:
            """Set how the names begin.

            :param prefix: the text.
            """
            self.part_prefix = prefix
            return self

        def with_part_suffix(self, suffix: str) -> OutputFileConfig.OutputFileConfigBuilder:
            """Set how the names end.

            :param suffix: the text.
            """
            self.part_suffix = suffix
            return self

        def build(self) -> OutputFileConfig:
            """The names."""
            return OutputFileConfig(self.part_prefix, self.part_suffix)


class FileCompactStrategy(JavaObjectWrapper):
    """When small files are put together.

    :param j_file_compact_strategy: the Java object.
    """

    def __init__(self, j_file_compact_strategy: Any) -> None:
        super().__init__(j_file_compact_strategy)

    @staticmethod
    def builder() -> FileCompactStrategy.Builder:
        """Build one step by step."""
        return FileCompactStrategy.Builder()

    class Builder:
        """Builds a :class:`FileCompactStrategy`."""

        def __init__(self) -> None:
            compactor = jvm().org.apache.flink.connector.file.sink.compactor
            self._j_builder = compactor.FileCompactStrategy.Builder.newBuilder()

        def build(self) -> FileCompactStrategy:
            """The strategy."""
            return FileCompactStrategy(self._j_builder.build())

        def enable_compaction_on_checkpoint(
            self, num_checkpoints_before_compaction: int
        ) -> FileCompactStrategy.Builder:
            """Put files together after a number of checkpoints.

            :param num_checkpoints_before_compaction: how many.
            """
            self._j_builder.enableCompactionOnCheckpoint(num_checkpoints_before_compaction)
            return self

        def set_size_threshold(self, size_threshold: int) -> FileCompactStrategy.Builder:
            """Put files together when they reach a size.

            :param size_threshold: bytes.
            """
            self._j_builder.setSizeThreshold(size_threshold)
            return self

        def set_num_compact_threads(self, num_compact_threads: int) -> FileCompactStrategy.Builder:
            """Set how many threads put files together.

            :param num_compact_threads: how many.
            """
            self._j_builder.setNumCompactThreads(num_compact_threads)
            return self


class FileCompactor(JavaObjectWrapper):
    """How small files are put together.

    :param j_file_compactor: the Java object.
    """

    def __init__(self, j_file_compactor: Any) -> None:
        super().__init__(j_file_compactor)

    @staticmethod
    def concat_file_compactor(file_delimiter: Optional[bytes] = None) -> FileCompactor:
        """Write one file after the other.

        :param file_delimiter: written between two files.
        """
        compactor = jvm().org.apache.flink.connector.file.sink.compactor.ConcatFileCompactor
        return FileCompactor(compactor() if not file_delimiter else compactor(file_delimiter))

    @staticmethod
    def identical_file_compactor() -> FileCompactor:
        """Leave each file as it is."""
        compactor = jvm().org.apache.flink.connector.file.sink.compactor
        return FileCompactor(compactor.IdenticalFileCompactor())


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
        return FileSink.RowFormatBuilder(sink.forRowFormat(_path(base_path), encoder._j_encoder))

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
            sink.forBulkFormat(_path(base_path), writer_factory.get_java_object())
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
            sink.forRowFormat(_path(base_path), encoder._j_encoder)
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
            sink.forBulkFormat(_path(base_path), writer_factory.get_java_object())
        )

    @staticmethod
    def _java_class() -> Any:
        filesystem = jvm().org.apache.flink.streaming.api.functions.sink.filesystem
        return filesystem.StreamingFileSink
