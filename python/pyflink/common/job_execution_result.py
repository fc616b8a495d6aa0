"""What is known of a job that has ended."""

from __future__ import annotations

from typing import Any, Dict

from pyflink.common.job_id import JobID

__all__ = ["JobExecutionResult"]


class JobExecutionResult:
    """The result of a job: its identity, its run time, its accumulators.

    :param j_job_execution_result: the Java org.apache.flink.api.common.JobExecutionResult.
    """

    def __init__(self, j_job_execution_result: Any) -> None:
        self._j_job_execution_result = j_job_execution_result

    def get_job_id(self) -> JobID:
        """The identity of the job."""
        return JobID(self._j_job_execution_result.getJobID())

    def get_net_runtime(self) -> int:
        """How long the job ran, in milliseconds."""
        return self._j_job_execution_result.getNetRuntime()

    def get_accumulator_result(self, accumulator_name: str) -> Any:
        """The value of one accumulator, None when the job had none of that name."""
        return self._j_job_execution_result.getAccumulatorResult(accumulator_name)

    def get_all_accumulator_results(self) -> Dict[str, Any]:
        """The values of all accumulators by name."""
        return dict(self._j_job_execution_result.getAllAccumulatorResults())

    def __str__(self) -> str:
        return self._j_job_execution_result.toString()
