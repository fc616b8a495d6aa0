"""What happens to checkpoints when a job is cancelled."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["ExternalizedCheckpointRetention"]


class ExternalizedCheckpointRetention(Enum):
    """What happens to checkpoints when a job is cancelled."""

    DELETE_ON_CANCELLATION = 0
    RETAIN_ON_CANCELLATION = 1
    NO_EXTERNALIZED_CHECKPOINTS = 2

    @staticmethod
    def _from_j_externalized_checkpoint_retention(
        j_retention: Any,
    ) -> ExternalizedCheckpointRetention:
        return ExternalizedCheckpointRetention[str(j_retention)]

    def _to_j_externalized_checkpoint_retention(self) -> Any:
        from pyflink.datastream._java import jvm

        j_class = jvm().org.apache.flink.configuration.ExternalizedCheckpointRetention
        return getattr(j_class, self.name)
