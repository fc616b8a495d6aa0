"""Where, when and under which names file sinks begin files."""

from __future__ import annotations

from typing import Any, Optional

from pyflink.common.utils import JavaObjectWrapper
from pyflink.datastream._java import jvm


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
