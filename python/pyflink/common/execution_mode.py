"""How batch programs exchange data."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["ExecutionMode"]


class ExecutionMode(Enum):
    """How a batch program exchanges data between its steps."""

    PIPELINED = 0
    PIPELINED_FORCED = 1
    BATCH = 2
    BATCH_FORCED = 3

    @staticmethod
    def _from_j_execution_mode(j_execution_mode: Any) -> ExecutionMode:
        return ExecutionMode[str(j_execution_mode)]

    def _to_j_execution_mode(self) -> Any:
        from pyflink.java_gateway import get_gateway

        return getattr(get_gateway().jvm.org.apache.flink.api.common.ExecutionMode, self.name)
