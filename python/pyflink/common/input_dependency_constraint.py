"""When a task may be scheduled."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["InputDependencyConstraint"]


class InputDependencyConstraint(Enum):
    """Whether a task may start when any or when all of its inputs are ready."""

    ANY = 0
    ALL = 1

    @staticmethod
    def _from_j_input_dependency_constraint(j_constraint: Any) -> InputDependencyConstraint:
        return InputDependencyConstraint[str(j_constraint)]

    def _to_j_input_dependency_constraint(self) -> Any:
        from pyflink.java_gateway import get_gateway

        j_class = get_gateway().jvm.org.apache.flink.api.common.InputDependencyConstraint
        return getattr(j_class, self.name)
