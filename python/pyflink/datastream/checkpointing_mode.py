"""What checkpoints guarantee."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["CheckpointingMode"]


class CheckpointingMode(Enum):
    """What checkpoints guarantee about each record's effect on state."""

    EXACTLY_ONCE = 0
    AT_LEAST_ONCE = 1

    @staticmethod
    def _from_j_checkpointing_mode(j_checkpointing_mode: Any) -> CheckpointingMode:
        return CheckpointingMode[str(j_checkpointing_mode)]

    def _to_j_checkpointing_mode(self) -> Any:
        from pyflink.datastream._java import jvm

        return getattr(jvm().org.apache.flink.streaming.api.CheckpointingMode, self.name)
