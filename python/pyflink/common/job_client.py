"""A handle on a job that was submitted."""

from __future__ import annotations

from typing import Any, Optional

from pyflink.common.completable_future import CompletableFuture
from pyflink.common.job_execution_result import JobExecutionResult
from pyflink.common.job_id import JobID
from pyflink.common.job_status import JobStatus

__all__ = ["JobClient"]


class JobClient:
    """A handle on a job that was submitted.

    :param j_job_client: the Java org.apache.flink.core.execution.JobClient.
    """

    def __init__(self, j_job_client: Any) -> None:
        self._j_job_client = j_job_client

    def get_job_id(self) -> JobID:
        """The identity of the job."""
        return JobID(self._j_job_client.getJobID())

    def get_job_status(self) -> CompletableFuture:
        """Ask for the :class:`JobStatus`."""
        return CompletableFuture(self._j_job_client.getJobStatus(), JobStatus._from_j_job_status)

    def cancel(self) -> CompletableFuture:
        """Cancel the job. The future is done when the cluster has taken the request."""
        return CompletableFuture(self._j_job_client.cancel())

    def stop_with_savepoint(
        self, advance_to_end_of_event_time: bool, savepoint_directory: Optional[str] = None
    ) -> CompletableFuture:
        """Stop the job and keep its state; the result is the path of the savepoint.

        :param advance_to_end_of_event_time: first send the last possible watermark, so that all
            timers and windows fire.
        :param savepoint_directory: where to; the configured directory when None.
        """
        return CompletableFuture(
            self._j_job_client.stopWithSavepoint(
                advance_to_end_of_event_time, savepoint_directory, self._canonical()
            ),
            str,
        )

    def trigger_savepoint(self, savepoint_directory: Optional[str] = None) -> CompletableFuture:
        """Keep the state of the running job; the result is the path of the savepoint.

        :param savepoint_directory: where to; the configured directory when None.
        """
        return CompletableFuture(
            self._j_job_client.triggerSavepoint(savepoint_directory, self._canonical()), str
        )

    @staticmethod
    def _canonical() -> Any:
        from pyflink.java_gateway import get_gateway

        return get_gateway().jvm.org.apache.flink.core.execution.SavepointFormatType.CANONICAL

    def get_accumulators(self) -> CompletableFuture:
        """Ask for the values of the accumulators; the result is a dict."""
        return CompletableFuture(self._j_job_client.getAccumulators(), dict)

    def get_job_execution_result(self) -> CompletableFuture:
        """Wait for the :class:`JobExecutionResult`."""
        return CompletableFuture(self._j_job_client.getJobExecutionResult(), JobExecutionResult)
