"""Where checkpoints go."""

from __future__ import annotations

from typing import Any, Optional

from pyflink.datastream._java import jvm

__all__ = [
    "CheckpointStorage",
    "JobManagerCheckpointStorage",
    "FileSystemCheckpointStorage",
    "CustomCheckpointStorage",
]


def _storage() -> Any:
    return jvm().org.apache.flink.runtime.state.storage


def _text(j_object: Any) -> Optional[str]:
    """str() of a Java object, None for null."""
    return None if j_object is None else j_object.toString()


def _from_j_checkpoint_storage(j_checkpoint_storage: Any) -> Optional[CheckpointStorage]:
    """The wrapper of a Java checkpoint storage; None for null."""
    if j_checkpoint_storage is None:
        return None
    name = str(j_checkpoint_storage.getClass().getSimpleName())
    if name == "JobManagerCheckpointStorage":
        return JobManagerCheckpointStorage(j_jobmanager_checkpoint_storage=j_checkpoint_storage)
    if name == "FileSystemCheckpointStorage":
        return FileSystemCheckpointStorage(j_filesystem_checkpoint_storage=j_checkpoint_storage)
    return CustomCheckpointStorage(j_checkpoint_storage)


class CheckpointStorage:
    """Where checkpoints go.

    :param j_checkpoint_storage: the Java object.
    """

    def __init__(self, j_checkpoint_storage: Any) -> None:
        self._j_checkpoint_storage = j_checkpoint_storage


class JobManagerCheckpointStorage(CheckpointStorage):
    """Checkpoints stay in the memory of the job manager.

    :param checkpoint_path: the folder of what is kept after the job, when given.
    :param max_state_size: the greatest size of one operator's state, in bytes.
    :param j_jobmanager_checkpoint_storage: the Java object, in place of the other arguments.
    """

    DEFAULT_MAX_STATE_SIZE = 5 * 1024 * 1024

    def __init__(
        self,
        checkpoint_path: Optional[str] = None,
        max_state_size: Optional[int] = None,
        j_jobmanager_checkpoint_storage: Any = None,
    ) -> None:
        if j_jobmanager_checkpoint_storage is None:
            if max_state_size is None:
                max_state_size = self.DEFAULT_MAX_STATE_SIZE
            j_class = _storage().JobManagerCheckpointStorage
            if checkpoint_path is None:
                j_jobmanager_checkpoint_storage = j_class(max_state_size)
            else:
                j_path = jvm().org.apache.flink.core.fs.Path(checkpoint_path)
                j_jobmanager_checkpoint_storage = j_class(j_path, max_state_size)
        super().__init__(j_jobmanager_checkpoint_storage)

    def get_checkpoint_path(self) -> Optional[str]:
        """The folder of what is kept after the job, or None."""
        return _text(self._j_checkpoint_storage.getCheckpointPath())

    def get_max_state_size(self) -> int:
        """The greatest size of one operator's state, in bytes."""
        return self._j_checkpoint_storage.getMaxStateSize()

    def get_savepoint_path(self) -> Optional[str]:
        """The folder of savepoints, or None."""
        return _text(self._j_checkpoint_storage.getSavepointPath())

    def __str__(self) -> str:
        return self._j_checkpoint_storage.toString()


class FileSystemCheckpointStorage(CheckpointStorage):
    """Checkpoints go to files.

    :param checkpoint_path: the folder, as a path or URI.
    :param file_state_size_threshold: state of fewer bytes goes into the metadata file.
    :param write_buffer_size: the size of the write buffer in bytes; -1 for the default.
    :param j_filesystem_checkpoint_storage: the Java object, in place of the other arguments.
    :raises ValueError: neither `checkpoint_path` nor the Java object is given.
    """

    MAX_FILE_STATE_THRESHOLD = 1024 * 1024

    def __init__(
        self,
        checkpoint_path: Optional[str] = None,
        file_state_size_threshold: Optional[int] = None,
        write_buffer_size: int = -1,
        j_filesystem_checkpoint_storage: Any = None,
    ) -> None:
        if j_filesystem_checkpoint_storage is None:
            if checkpoint_path is None:
                raise ValueError("a FileSystemCheckpointStorage needs a checkpoint_path")
            if file_state_size_threshold is None:
                file_state_size_threshold = -1
            j_path = jvm().org.apache.flink.core.fs.Path(checkpoint_path)
            j_filesystem_checkpoint_storage = _storage().FileSystemCheckpointStorage(
                j_path, file_state_size_threshold, write_buffer_size
            )
        super().__init__(j_filesystem_checkpoint_storage)

    def get_checkpoint_path(self) -> str:
        """The folder."""
        return self._j_checkpoint_storage.getCheckpointPath().toString()

    def get_savepoint_path(self) -> Optional[str]:
        """The folder of savepoints, or None."""
        return _text(self._j_checkpoint_storage.getSavepointPath())

    def get_min_file_size_threshold(self) -> int:
        """State of fewer bytes goes into the metadata file."""
        return self._j_checkpoint_storage.getMinFileSizeThreshold()

    def get_write_buffer_size(self) -> int:
        """The size of the write buffer in bytes."""
        return self._j_checkpoint_storage.getWriteBufferSize()

    def __str__(self) -> str:
        return self._j_checkpoint_storage.toString()


class CustomCheckpointStorage(CheckpointStorage):
    """A checkpoint storage that is not one of Flink's own.

    :param j_custom_checkpoint_storage: the Java object.
    """

    def __init__(self, j_custom_checkpoint_storage: Any) -> None:
        super().__init__(j_custom_checkpoint_storage)
