"""The RuntimeContext that functions get in open()."""

from __future__ import annotations

from typing import Any, Optional

from pyflink._engine.metrics import JavaMetricGroup, LocalMetricGroup
from pyflink.common.distributed_cache import DistributedCache
from pyflink.datastream.functions import RuntimeContext
from pyflink.metrics import MetricGroup

__all__ = ["make"]


class StreamingRuntimeContext(RuntimeContext):
    """A RuntimeContext on Flink's own.

    :param java: Java's StreamingRuntimeContext, or None outside of a job.
    :param name: the operator's name, which stands for the task's outside of a job.
    :param subtask: number of this parallel instance, from 0.
    :param parallelism: number of instances.
    """

    def __init__(self, java: Any, name: str, subtask: int, parallelism: int) -> None:
        self._java = java
        self._name = name
        self._subtask = subtask
        self._parallelism = parallelism
        self._metrics: Optional[MetricGroup] = None

    def _task(self) -> Any:
        return self._java.getTaskInfo()

    def get_task_name(self) -> str:
        return self._name if self._java is None else self._task().getTaskName()

    def get_number_of_parallel_subtasks(self) -> int:
        return self._parallelism

    def get_max_number_of_parallel_subtasks(self) -> int:
        if self._java is None:
            return self._parallelism
        return self._task().getMaxNumberOfParallelSubtasks()

    def get_index_of_this_subtask(self) -> int:
        return self._subtask

    def get_attempt_number(self) -> int:
        return 0 if self._java is None else self._task().getAttemptNumber()

    def get_task_name_with_subtasks(self) -> str:
        if self._java is None:
            return "%s (%d/%d)#0" % (self._name, self._subtask + 1, self._parallelism)
        return self._task().getTaskNameWithSubtasks()

    def get_job_parameter(self, key: str, default_value: str) -> str:
        if self._java is None:
            return default_value
        value = self._java.getGlobalJobParameters().get(key)
        return default_value if value is None else value

    def get_metrics_group(self) -> MetricGroup:
        if self._metrics is None:
            if self._java is None:
                self._metrics = LocalMetricGroup()
            else:
                self._metrics = JavaMetricGroup(self._java.getMetricGroup())
        return self._metrics

    def get_distributed_cache(self) -> DistributedCache:
        return DistributedCache(None if self._java is None else self._java.getDistributedCache())

    def _no_state(self, what: str) -> Any:
        raise NotImplementedError("RuntimeContext.%s is not available in this version" % what)

    def get_state(self, state_descriptor: Any) -> Any:
        return self._no_state("get_state")

    def get_list_state(self, state_descriptor: Any) -> Any:
        return self._no_state("get_list_state")

    def get_map_state(self, state_descriptor: Any) -> Any:
        return self._no_state("get_map_state")

    def get_reducing_state(self, state_descriptor: Any) -> Any:
        return self._no_state("get_reducing_state")

    def get_aggregating_state(self, state_descriptor: Any) -> Any:
        return self._no_state("get_aggregating_state")


def make(java: Any, name: str, subtask: int, parallelism: int) -> RuntimeContext:
    """The context of one operator instance; called by the native engine.

    :param java: Java's StreamingRuntimeContext or None.
    :param name: the operator's name.
    :param subtask: number of this parallel instance, from 0.
    :param parallelism: number of instances.
    """
    if java is not None:
        # The first thing that a task does in Python; its functions are loaded next.
        from pyflink._engine.dependencies import enter

        enter(java)
    return StreamingRuntimeContext(java, name, subtask, parallelism)
