"""Streaming or batch."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["RuntimeExecutionMode"]


class RuntimeExecutionMode(Enum):
    """How a program runs: with all operators at once, stage by stage, or as its sources allow."""

    STREAMING = 0
    BATCH = 1
    AUTOMATIC = 2

    @staticmethod
    def _from_j_execution_mode(j_execution_mode: Any) -> RuntimeExecutionMode:
        return RuntimeExecutionMode[str(j_execution_mode)]

    def _to_j_execution_mode(self) -> Any:
        from pyflink.datastream._java import jvm

        return getattr(jvm().org.apache.flink.api.common.RuntimeExecutionMode, self.name)
