"""Where operators keep their state."""

from __future__ import annotations

from enum import Enum
from typing import Any, List, Optional

from pyflink.datastream._java import jvm

__all__ = [
    "StateBackend",
    "HashMapStateBackend",
    "EmbeddedRocksDBStateBackend",
    "MemoryStateBackend",
    "FsStateBackend",
    "RocksDBStateBackend",
    "CustomStateBackend",
    "PredefinedOptions",
]


def _state() -> Any:
    return jvm().org.apache.flink.runtime.state


def _rocksdb() -> Any:
    return jvm().org.apache.flink.contrib.streaming.state


def _from_j_state_backend(j_state_backend: Any) -> Optional[StateBackend]:
    """The wrapper of a Java state backend; None for null."""
    if j_state_backend is None:
        return None
    name = str(j_state_backend.getClass().getSimpleName())
    wrappers = {
        "HashMapStateBackend": HashMapStateBackend,
        "EmbeddedRocksDBStateBackend": EmbeddedRocksDBStateBackend,
        "MemoryStateBackend": MemoryStateBackend,
        "FsStateBackend": FsStateBackend,
        "RocksDBStateBackend": RocksDBStateBackend,
    }
    wrapper = wrappers.get(name, CustomStateBackend)
    made = wrapper.__new__(wrapper)
    StateBackend.__init__(made, j_state_backend)
    return made


class StateBackend:
    """Where operators keep their state.

    :param j_state_backend: the Java object.
    """

    def __init__(self, j_state_backend: Any) -> None:
        self._j_state_backend = j_state_backend


class HashMapStateBackend(StateBackend):
    """State is objects on the heap.

    :param j_hashmap_state_backend: the Java object; a new one when None.
    """

    def __init__(self, j_hashmap_state_backend: Any = None) -> None:
        super().__init__(j_hashmap_state_backend or _state().hashmap.HashMapStateBackend())

    def __str__(self) -> str:
        return self._j_state_backend.toString()


class _RocksDBSettings(StateBackend):
    """What the two RocksDB backends share."""

    def set_db_storage_paths(self, *paths: str) -> None:
        """Set the local folders of the database.

        :param paths: the folders; none for the default.
        """
        from pyflink.util.java_utils import to_jarray

        if paths:
            self._j_state_backend.setDbStoragePaths(to_jarray(jvm().java.lang.String, list(paths)))
        else:
            self._j_state_backend.setDbStoragePath(None)

    def get_db_storage_paths(self) -> Optional[List[str]]:
        """The local folders of the database; None for the default."""
        paths = self._j_state_backend.getDbStoragePaths()
        return None if paths is None else [str(path) for path in paths]

    def is_incremental_checkpoints_enabled(self) -> bool:
        """Whether a checkpoint holds only what changed."""
        return self._j_state_backend.isIncrementalCheckpointsEnabled()

    def set_predefined_options(self, options: PredefinedOptions) -> None:
        """Set the database's options.

        :param options: a set of options.
        """
        self._j_state_backend.setPredefinedOptions(options._to_j_predefined_options())

    def get_predefined_options(self) -> PredefinedOptions:
        """The database's set of options."""
        return PredefinedOptions._from_j_predefined_options(
            self._j_state_backend.getPredefinedOptions()
        )

    def set_options(self, options_factory_class_name: str) -> None:
        """Set the database's options with Java code.

        :param options_factory_class_name: the full name of a RocksDBOptionsFactory.
        :raises TypeError: there is no such class.
        """
        from pyflink.datastream._java import new_java_object

        self._j_state_backend.setRocksDBOptions(new_java_object(options_factory_class_name))

    def get_options(self) -> Optional[str]:
        """The class that sets the database's options, or None."""
        factory = self._j_state_backend.getRocksDBOptions()
        return None if factory is None else str(factory.getClass().getName())


class EmbeddedRocksDBStateBackend(_RocksDBSettings):
    """State is in a RocksDB database on local disk. Its jar must have been added.

    :param enable_incremental_checkpointing: whether a checkpoint holds only what changed; the
        cluster's setting when None.
    :param j_embedded_rocks_db_state_backend: the Java object, in place of a new one.
    """

    def __init__(
        self,
        enable_incremental_checkpointing: Optional[bool] = None,
        j_embedded_rocks_db_state_backend: Any = None,
    ) -> None:
        if j_embedded_rocks_db_state_backend is None:
            j_class = _rocksdb().EmbeddedRocksDBStateBackend
            if enable_incremental_checkpointing is None:
                j_embedded_rocks_db_state_backend = j_class()
            else:
                j_embedded_rocks_db_state_backend = j_class(enable_incremental_checkpointing)
        super().__init__(j_embedded_rocks_db_state_backend)

    def get_number_of_transfer_threads(self) -> int:
        """How many threads copy files to and from the checkpoints."""
        return self._j_state_backend.getNumberOfTransferThreads()

    def set_number_of_transfer_threads(self, number_of_transfering_threads: int) -> None:
        """Set how many threads copy files to and from the checkpoints.

        :param number_of_transfering_threads: at least 1.
        """
        self._j_state_backend.setNumberOfTransferThreads(number_of_transfering_threads)

    def __str__(self) -> str:
        return self._j_state_backend.toString()


class MemoryStateBackend(StateBackend):
    """State is objects on the heap; checkpoints stay in the memory of the job manager.

    :param checkpoint_path: the folder of what is kept after the job, when given.
    :param savepoint_path: the folder of savepoints, when given.
    :param max_state_size: the greatest size of one operator's state, in bytes.
    :param using_asynchronous_snapshots: whether work goes on during a checkpoint.
    :param j_memory_state_backend: the Java object, in place of the other arguments.
    """

    DEFAULT_MAX_STATE_SIZE = 5 * 1024 * 1024

    def __init__(
        self,
        checkpoint_path: Optional[str] = None,
        savepoint_path: Optional[str] = None,
        max_state_size: Optional[int] = None,
        using_asynchronous_snapshots: Optional[bool] = None,
        j_memory_state_backend: Any = None,
    ) -> None:
        if j_memory_state_backend is None:
            if max_state_size is None:
                max_state_size = self.DEFAULT_MAX_STATE_SIZE
            j_memory_state_backend = _state().memory.MemoryStateBackend(
                checkpoint_path,
                savepoint_path,
                max_state_size,
                _ternary(using_asynchronous_snapshots),
            )
        super().__init__(j_memory_state_backend)

    def get_max_state_size(self) -> int:
        """The greatest size of one operator's state, in bytes."""
        return self._j_state_backend.getMaxStateSize()

    def is_using_asynchronous_snapshots(self) -> bool:
        """Whether work goes on during a checkpoint."""
        return self._j_state_backend.isUsingAsynchronousSnapshots()

    def __str__(self) -> str:
        return self._j_state_backend.toString()


def _ternary(value: Optional[bool]) -> Any:
    """Flink's three-valued boolean."""
    ternary = jvm().org.apache.flink.util.TernaryBoolean
    return ternary.UNDEFINED if value is None else ternary.fromBoolean(value)


class FsStateBackend(StateBackend):
    """State is objects on the heap; checkpoints go to files.

    :param checkpoint_directory_uri: the folder of the checkpoints.
    :param default_savepoint_directory_uri: the folder of savepoints, when given.
    :param file_state_size_threshold: state of fewer bytes goes into the metadata file.
    :param write_buffer_size: the size of the write buffer in bytes.
    :param using_asynchronous_snapshots: whether work goes on during a checkpoint.
    :param j_fs_state_backend: the Java object, in place of the other arguments.
    :raises ValueError: neither `checkpoint_directory_uri` nor the Java object is given.
    """

    def __init__(
        self,
        checkpoint_directory_uri: Optional[str] = None,
        default_savepoint_directory_uri: Optional[str] = None,
        file_state_size_threshold: Optional[int] = None,
        write_buffer_size: Optional[int] = None,
        using_asynchronous_snapshots: Optional[bool] = None,
        j_fs_state_backend: Any = None,
    ) -> None:
        if j_fs_state_backend is None:
            if checkpoint_directory_uri is None:
                raise ValueError("an FsStateBackend needs a checkpoint_directory_uri")
            path = jvm().org.apache.flink.core.fs.Path
            savepoints = default_savepoint_directory_uri
            j_fs_state_backend = _state().filesystem.FsStateBackend(
                path(checkpoint_directory_uri).toUri(),
                None if savepoints is None else path(savepoints).toUri(),
                -1 if file_state_size_threshold is None else file_state_size_threshold,
                -1 if write_buffer_size is None else write_buffer_size,
                _ternary(using_asynchronous_snapshots),
            )
        super().__init__(j_fs_state_backend)

    def get_checkpoint_path(self) -> str:
        """The folder of the checkpoints."""
        return self._j_state_backend.getCheckpointPath().toString()

    def get_min_file_size_threshold(self) -> int:
        """State of fewer bytes goes into the metadata file."""
        return self._j_state_backend.getMinFileSizeThreshold()

    def is_using_asynchronous_snapshots(self) -> bool:
        """Whether work goes on during a checkpoint."""
        return self._j_state_backend.isUsingAsynchronousSnapshots()

    def get_write_buffer_size(self) -> int:
        """The size of the write buffer in bytes."""
        return self._j_state_backend.getWriteBufferSize()


class RocksDBStateBackend(_RocksDBSettings):
    """The older form of :class:`EmbeddedRocksDBStateBackend`, with its own checkpoint folder.

    :param checkpoint_data_uri: the folder of the checkpoints.
    :param enable_incremental_checkpointing: whether a checkpoint holds only what changed.
    :param checkpoint_stream_backend: the backend that writes checkpoints, in place of the folder.
    :param j_rocks_db_state_backend: the Java object, in place of the other arguments.
    :raises ValueError: none of the ways to make one is given.
    """

    def __init__(
        self,
        checkpoint_data_uri: Optional[str] = None,
        enable_incremental_checkpointing: Optional[bool] = None,
        checkpoint_stream_backend: Optional[StateBackend] = None,
        j_rocks_db_state_backend: Any = None,
    ) -> None:
        if j_rocks_db_state_backend is None:
            if checkpoint_stream_backend is None:
                if checkpoint_data_uri is None:
                    raise ValueError("a RocksDBStateBackend needs a checkpoint_data_uri")
                checkpoint_stream_backend = FsStateBackend(checkpoint_data_uri)
            j_rocks_db_state_backend = _rocksdb().RocksDBStateBackend(
                checkpoint_stream_backend._j_state_backend,
                _ternary(enable_incremental_checkpointing),
            )
        super().__init__(j_rocks_db_state_backend)

    def get_checkpoint_backend(self) -> Optional[StateBackend]:
        """The backend that writes checkpoints."""
        return _from_j_state_backend(self._j_state_backend.getCheckpointBackend())

    def get_number_of_transfering_threads(self) -> int:
        """How many threads copy files to and from the checkpoints."""
        return self._j_state_backend.getNumberOfTransferThreads()

    def set_number_of_transfering_threads(self, number_of_transfering_threads: int) -> None:
        """Set how many threads copy files to and from the checkpoints.

        :param number_of_transfering_threads: at least 1.
        """
        self._j_state_backend.setNumberOfTransferThreads(number_of_transfering_threads)

    def __str__(self) -> str:
        return self._j_state_backend.toString()


class PredefinedOptions(Enum):
    """Sets of options of RocksDB."""

    DEFAULT = 0
    SPINNING_DISK_OPTIMIZED = 1
    SPINNING_DISK_OPTIMIZED_HIGH_MEM = 2
    FLASH_SSD_OPTIMIZED = 3

    @staticmethod
    def _from_j_predefined_options(j_predefined_options: Any) -> PredefinedOptions:
        return PredefinedOptions[str(j_predefined_options)]

    def _to_j_predefined_options(self) -> Any:
        return getattr(_rocksdb().PredefinedOptions, self.name)


class CustomStateBackend(StateBackend):
    """A state backend that is not one of Flink's own.

    :param j_custom_state_backend: the Java object.
    """

    def __init__(self, j_custom_state_backend: Any) -> None:
        super().__init__(j_custom_state_backend)
