"""What a job is doing."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["JobStatus"]


class JobStatus(Enum):
    """The states a job goes through."""

    CREATED = 0
    RUNNING = 1
    FAILING = 2
    FAILED = 3
    CANCELLING = 4
    CANCELED = 5
    FINISHED = 6
    RESTARTING = 7
    SUSPENDED = 8
    RECONCILING = 9
    # PyFlink has no name for this one: asking right after the submission fails there.
    INITIALIZING = 10

    def is_globally_terminal_state(self) -> bool:
        """Whether the job has ended for good."""
        return self in (JobStatus.FAILED, JobStatus.CANCELED, JobStatus.FINISHED)

    def is_terminal_state(self) -> bool:
        """Whether the job has ended here; after SUSPENDED another process may go on with it."""
        return self is JobStatus.SUSPENDED or self.is_globally_terminal_state()

    @staticmethod
    def _from_j_job_status(j_job_status: Any) -> JobStatus:
        return JobStatus[str(j_job_status)]

    def _to_j_job_status(self) -> Any:
        from pyflink.java_gateway import get_gateway

        return getattr(get_gateway().jvm.org.apache.flink.api.common.JobStatus, self.name)
