"""The settings of checkpoints."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Optional

from pyflink.datastream._java import jvm
from pyflink.datastream.checkpoint_storage import CheckpointStorage, _from_j_checkpoint_storage
from pyflink.datastream.checkpointing_mode import CheckpointingMode

if TYPE_CHECKING:
    from pyflink.common import Duration
    from pyflink.datastream.externalized_checkpoint_retention import (
        ExternalizedCheckpointRetention,
    )

__all__ = ["CheckpointConfig", "ExternalizedCheckpointCleanup"]


class CheckpointConfig:
    """The settings of checkpoints. The setters return the object.

    :param j_checkpoint_config: the Java CheckpointConfig.
    """

    DEFAULT_MODE = CheckpointingMode.EXACTLY_ONCE
    DEFAULT_TIMEOUT = 10 * 60 * 1000
    DEFAULT_MIN_PAUSE_BETWEEN_CHECKPOINTS = 0
    DEFAULT_MAX_CONCURRENT_CHECKPOINTS = 1

    def __init__(self, j_checkpoint_config: Any) -> None:
        self._j_checkpoint_config = j_checkpoint_config

    def is_checkpointing_enabled(self) -> bool:
        """Whether checkpoints are taken."""
        return self._j_checkpoint_config.isCheckpointingEnabled()

    def get_checkpointing_mode(self) -> CheckpointingMode:
        """What checkpoints guarantee."""
        return CheckpointingMode._from_j_checkpointing_mode(
            self._j_checkpoint_config.getCheckpointingMode()
        )

    def set_checkpointing_mode(self, checkpointing_mode: CheckpointingMode) -> CheckpointConfig:
        """Set what checkpoints guarantee.

        :param checkpointing_mode: the guarantee.
        """
        self._j_checkpoint_config.setCheckpointingMode(
            checkpointing_mode._to_j_checkpointing_mode()
        )
        return self

    def get_checkpoint_interval(self) -> int:
        """Milliseconds between two checkpoints; -1 when there are none."""
        return self._j_checkpoint_config.getCheckpointInterval()

    def set_checkpoint_interval(self, checkpoint_interval: int) -> CheckpointConfig:
        """Set the time between two checkpoints.

        :param checkpoint_interval: milliseconds.
        """
        self._j_checkpoint_config.setCheckpointInterval(checkpoint_interval)
        return self

    def get_checkpoint_timeout(self) -> int:
        """Milliseconds after which a checkpoint is given up."""
        return self._j_checkpoint_config.getCheckpointTimeout()

    def set_checkpoint_timeout(self, checkpoint_timeout: int) -> CheckpointConfig:
        """Set after which time a checkpoint is given up.

        :param checkpoint_timeout: milliseconds.
        """
        self._j_checkpoint_config.setCheckpointTimeout(checkpoint_timeout)
        return self

    def get_min_pause_between_checkpoints(self) -> int:
        """Milliseconds between the end of a checkpoint and the next one, at least."""
        return self._j_checkpoint_config.getMinPauseBetweenCheckpoints()

    def set_min_pause_between_checkpoints(
        self, min_pause_between_checkpoints: int
    ) -> CheckpointConfig:
        """Set the time between the end of a checkpoint and the next one.

        :param min_pause_between_checkpoints: milliseconds, at least.
        """
        self._j_checkpoint_config.setMinPauseBetweenCheckpoints(min_pause_between_checkpoints)
        return self

    def get_max_concurrent_checkpoints(self) -> int:
        """How many checkpoints may be taken at the same time."""
        return self._j_checkpoint_config.getMaxConcurrentCheckpoints()

    def set_max_concurrent_checkpoints(self, max_concurrent_checkpoints: int) -> CheckpointConfig:
        """Set how many checkpoints may be taken at the same time.

        :param max_concurrent_checkpoints: at least 1.
        """
        self._j_checkpoint_config.setMaxConcurrentCheckpoints(max_concurrent_checkpoints)
        return self

    def is_fail_on_checkpointing_errors(self) -> bool:
        """Whether a failed checkpoint fails the job."""
        return self._j_checkpoint_config.isFailOnCheckpointingErrors()

    def set_fail_on_checkpointing_errors(
        self, fail_on_checkpointing_errors: bool
    ) -> CheckpointConfig:
        """Set whether a failed checkpoint fails the job.

        :param fail_on_checkpointing_errors: whether it does.
        """
        self._j_checkpoint_config.setFailOnCheckpointingErrors(fail_on_checkpointing_errors)
        return self

    def get_tolerable_checkpoint_failure_number(self) -> int:
        """How many checkpoints in a row may fail."""
        return self._j_checkpoint_config.getTolerableCheckpointFailureNumber()

    def set_tolerable_checkpoint_failure_number(
        self, tolerable_checkpoint_failure_number: int
    ) -> CheckpointConfig:
        """Set how many checkpoints in a row may fail.

        :param tolerable_checkpoint_failure_number: how many.
        """
        self._j_checkpoint_config.setTolerableCheckpointFailureNumber(
            tolerable_checkpoint_failure_number
        )
        return self

    def enable_externalized_checkpoints(
        self, cleanup_mode: ExternalizedCheckpointCleanup
    ) -> CheckpointConfig:
        """Keep checkpoints where another job can start from them.

        :param cleanup_mode: what happens to them when the job is cancelled.
        """
        self._j_checkpoint_config.enableExternalizedCheckpoints(
            cleanup_mode._to_j_externalized_checkpoint_cleanup()
        )
        return self

    def set_externalized_checkpoint_cleanup(
        self, cleanup_mode: ExternalizedCheckpointCleanup
    ) -> CheckpointConfig:
        """Set what happens to checkpoints when the job is cancelled.

        :param cleanup_mode: the rule.
        """
        self._j_checkpoint_config.setExternalizedCheckpointCleanup(
            cleanup_mode._to_j_externalized_checkpoint_cleanup()
        )
        return self

    def set_externalized_checkpoint_retention(
        self, retention_mode: ExternalizedCheckpointRetention
    ) -> CheckpointConfig:
        """Set what happens to checkpoints when the job is cancelled.

        :param retention_mode: the rule.
        """
        self._j_checkpoint_config.setExternalizedCheckpointRetention(
            retention_mode._to_j_externalized_checkpoint_retention()
        )
        return self

    def is_externalized_checkpoints_enabled(self) -> bool:
        """Whether checkpoints are kept where another job can start from them."""
        return self._j_checkpoint_config.isExternalizedCheckpointsEnabled()

    def get_externalized_checkpoint_cleanup(self) -> Optional[ExternalizedCheckpointCleanup]:
        """What happens to checkpoints when the job is cancelled; None when it was not set."""
        j_mode = self._j_checkpoint_config.getExternalizedCheckpointCleanup()
        if j_mode is None:
            return None
        return ExternalizedCheckpointCleanup._from_j_externalized_checkpoint_cleanup(j_mode)

    def get_externalized_checkpoint_retention(
        self,
    ) -> Optional[ExternalizedCheckpointRetention]:
        """What happens to checkpoints when the job is cancelled; None when it was not set."""
        from pyflink.datastream.externalized_checkpoint_retention import (
            ExternalizedCheckpointRetention,
        )

        j_mode = self._j_checkpoint_config.getExternalizedCheckpointRetention()
        if j_mode is None:
            return None
        return ExternalizedCheckpointRetention._from_j_externalized_checkpoint_retention(j_mode)

    def is_unaligned_checkpoints_enabled(self) -> bool:
        """Whether checkpoint barriers overtake records."""
        return self._j_checkpoint_config.isUnalignedCheckpointsEnabled()

    def enable_unaligned_checkpoints(self, enabled: bool = True) -> CheckpointConfig:
        """Set whether checkpoint barriers overtake records.

        :param enabled: whether they do.
        """
        self._j_checkpoint_config.enableUnalignedCheckpoints(enabled)
        return self

    def disable_unaligned_checkpoints(self) -> CheckpointConfig:
        """Let checkpoint barriers wait for the records before them."""
        return self.enable_unaligned_checkpoints(False)

    def set_alignment_timeout(self, alignment_timeout: Duration) -> CheckpointConfig:
        """Set after which wait barriers overtake records.

        :param alignment_timeout: the wait.
        """
        self._j_checkpoint_config.setAlignmentTimeout(alignment_timeout._j_duration)
        return self

    def get_alignment_timeout(self) -> Duration:
        """After which wait barriers overtake records."""
        from pyflink.common.time import Duration

        return Duration(self._j_checkpoint_config.getAlignmentTimeout())

    def set_force_unaligned_checkpoints(
        self, force_unaligned_checkpoints: bool = True
    ) -> CheckpointConfig:
        """Set whether barriers overtake records even with iterations or custom partitioners.

        :param force_unaligned_checkpoints: whether they do.
        """
        self._j_checkpoint_config.setForceUnalignedCheckpoints(force_unaligned_checkpoints)
        return self

    def is_force_unaligned_checkpoints(self) -> bool:
        """Whether barriers overtake records even with iterations or custom partitioners."""
        return self._j_checkpoint_config.isForceUnalignedCheckpoints()

    def set_checkpoint_storage(self, storage: CheckpointStorage) -> CheckpointConfig:
        """Set where checkpoints go.

        :param storage: the place.
        """
        self._j_checkpoint_config.setCheckpointStorage(storage._j_checkpoint_storage)
        return self

    def set_checkpoint_storage_dir(self, checkpoint_path: str) -> CheckpointConfig:
        """Set the folder that checkpoints go to.

        :param checkpoint_path: a path or URI.
        """
        self._j_checkpoint_config.setCheckpointStorage(checkpoint_path)
        return self

    def get_checkpoint_storage(self) -> Optional[CheckpointStorage]:
        """Where checkpoints go; None when it was not set."""
        return _from_j_checkpoint_storage(self._j_checkpoint_config.getCheckpointStorage())


class ExternalizedCheckpointCleanup(Enum):
    """What happens to checkpoints when a job is cancelled."""

    DELETE_ON_CANCELLATION = 0
    RETAIN_ON_CANCELLATION = 1
    NO_EXTERNALIZED_CHECKPOINTS = 2

    @staticmethod
    def _from_j_externalized_checkpoint_cleanup(j_mode: Any) -> ExternalizedCheckpointCleanup:
        return ExternalizedCheckpointCleanup[str(j_mode.name())]

    def _to_j_externalized_checkpoint_cleanup(self) -> Any:
        environment = jvm().org.apache.flink.streaming.api.environment
        return getattr(environment.CheckpointConfig.ExternalizedCheckpointCleanup, self.name)
