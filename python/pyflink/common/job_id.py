"""The identity of a job."""

from __future__ import annotations

from typing import Any

__all__ = ["JobID"]


class JobID:
    """The identity of a job; ``str()`` gives 32 hexadecimal digits.

    :param j_job_id: the Java org.apache.flink.api.common.JobID.
    """

    def __init__(self, j_job_id: Any) -> None:
        self._j_job_id = j_job_id

    def __str__(self) -> str:
        return self._j_job_id.toString()

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, JobID) and self._j_job_id.equals(other._j_job_id)

    def __hash__(self) -> int:
        return self._j_job_id.hashCode()
