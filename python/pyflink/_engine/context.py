"""The RuntimeContext that functions get in open()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Tuple

from pyflink._engine import watching
from pyflink._engine.metrics import JavaMetricGroup, LocalMetricGroup
from pyflink._engine.states import KeyedStates
from pyflink._engine.window_states import WindowStates
from pyflink.common.distributed_cache import DistributedCache
from pyflink.datastream.functions import RuntimeContext
from pyflink.metrics import MetricGroup

if TYPE_CHECKING:
    from pyflink.datastream.state import (
        AggregatingState,
        AggregatingStateDescriptor,
        ListState,
        ListStateDescriptor,
        MapState,
        MapStateDescriptor,
        ReducingState,
        ReducingStateDescriptor,
        StateDescriptor,
        ValueState,
        ValueStateDescriptor,
    )

__all__ = ["make", "make_pair"]


class StreamingRuntimeContext(RuntimeContext):
    """A RuntimeContext on Flink's own.

    :param java: Java's StreamingRuntimeContext, or None outside of a job.
    :param name: the operator's name, which stands for the task's outside of a job.
    :param subtask: number of this parallel instance, from 0.
    :param parallelism: number of instances.
    :param states: the states of the keys; None when the function does not read a keyed stream.
    """

    def __init__(
        self,
        java: Any,
        name: str,
        subtask: int,
        parallelism: int,
        states: Optional[KeyedStates] = None,
    ) -> None:
        self._java = java
        self._name = name
        self._subtask = subtask
        self._parallelism = parallelism
        self._metrics: Optional[MetricGroup] = None
        self._windows: Optional[WindowStates] = None
        self._states = states

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

    def _keyed(self, what: str) -> KeyedStates:
        if self._states is None:
            raise RuntimeError(
                "operator '%s': %s() needs a keyed stream: call key_by() before the operator whose "
                "function keeps state" % (self._name, what)
            )
        return self._states

    def state_of(self, state_descriptor: StateDescriptor) -> Any:
        """The state by key of a descriptor of any kind.

        :param state_descriptor: names the state.
        """
        return self._keyed("apply_to_keyed_state").of(state_descriptor)

    def get_state(self, state_descriptor: ValueStateDescriptor) -> ValueState:
        return self._keyed("get_state").value(state_descriptor)

    def get_list_state(self, state_descriptor: ListStateDescriptor) -> ListState:
        return self._keyed("get_list_state").list(state_descriptor)

    def get_map_state(self, state_descriptor: MapStateDescriptor) -> MapState:
        return self._keyed("get_map_state").map(state_descriptor)

    def get_reducing_state(self, state_descriptor: ReducingStateDescriptor) -> ReducingState:
        return self._keyed("get_reducing_state").reducing(state_descriptor)

    def get_aggregating_state(
        self, state_descriptor: AggregatingStateDescriptor
    ) -> AggregatingState:
        return self._keyed("get_aggregating_state").aggregating(state_descriptor)


def make(java: Any, name: str, subtask: int, parallelism: int) -> RuntimeContext:
    """The context of one operator instance without keyed state.

    :param java: Java's StreamingRuntimeContext or None.
    :param name: the operator's name.
    :param subtask: number of this parallel instance, from 0.
    :param parallelism: number of instances.
    """
    return make_pair(java, name, subtask, parallelism, None, None)[0]


def make_pair(
    java: Any,
    name: str,
    subtask: int,
    parallelism: int,
    keyed: Any,
    j_states: Any,
    windows: Any = None,
) -> Tuple[RuntimeContext, RuntimeContext]:
    """The contexts of one operator instance; called by the native engine.

    :param java: Java's StreamingRuntimeContext or None.
    :param name: the operator's name.
    :param subtask: number of this parallel instance, from 0.
    :param parallelism: number of instances.
    :param keyed: the engine's KeyedContext when the first function reads a keyed stream.
    :param j_states: Java's KeyedStates, where states are registered.
    :param windows: the engine's Windows when the first function keeps windows.
    :returns: that of the first function, which reads the stream, and that of those fused to it.
    """
    if java is not None:
        # The first thing that a task does in Python; its functions are loaded next.
        from pyflink._engine.dependencies import enter

        enter(java)
    states = of_windows = None
    if windows is not None:
        of_windows = WindowStates(windows, keyed, j_states)
        states = of_windows.of_keys
    elif keyed is not None and j_states is not None:
        states = KeyedStates(keyed, j_states)
    if states is not None:
        watching.opened_states(name, states)
    first = StreamingRuntimeContext(java, name, subtask, parallelism, states)
    first._windows = of_windows
    return first, StreamingRuntimeContext(java, name, subtask, parallelism)
