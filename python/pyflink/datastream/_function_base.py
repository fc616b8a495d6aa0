"""What every user function has: open, close, and the context it gets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pyflink.common.distributed_cache import DistributedCache
    from pyflink.datastream.state import (
        AggregatingState,
        AggregatingStateDescriptor,
        ListState,
        ListStateDescriptor,
        MapState,
        MapStateDescriptor,
        ReducingState,
        ReducingStateDescriptor,
        ValueState,
        ValueStateDescriptor,
    )
    from pyflink.metrics import MetricGroup

W = TypeVar("W")
W2 = TypeVar("W2")
IN = TypeVar("IN")
IN1 = TypeVar("IN1")
IN2 = TypeVar("IN2")
OUT = TypeVar("OUT")
KEY = TypeVar("KEY")


class KeyedStateStore(ABC):
    """Gives the state that belongs to the current key."""

    @abstractmethod
    def get_state(self, state_descriptor: ValueStateDescriptor) -> ValueState:
        """State of one value for each key."""

    @abstractmethod
    def get_list_state(self, state_descriptor: ListStateDescriptor) -> ListState:
        """State of a list for each key."""

    @abstractmethod
    def get_map_state(self, state_descriptor: MapStateDescriptor) -> MapState:
        """State of a map for each key."""

    @abstractmethod
    def get_reducing_state(self, state_descriptor: ReducingStateDescriptor) -> ReducingState:
        """State of one value for each key, into which new values are reduced."""

    @abstractmethod
    def get_aggregating_state(
        self, state_descriptor: AggregatingStateDescriptor
    ) -> AggregatingState:
        """State of one accumulator for each key, to which new values are added."""


class RuntimeContext(KeyedStateStore):
    """Where a function runs: its task, its parallel instance, its metrics and its state."""

    @abstractmethod
    def get_task_name(self) -> str:
        """The name of the task."""

    @abstractmethod
    def get_number_of_parallel_subtasks(self) -> int:
        """How many parallel instances of the task run."""

    @abstractmethod
    def get_max_number_of_parallel_subtasks(self) -> int:
        """The max parallelism of the task."""

    @abstractmethod
    def get_index_of_this_subtask(self) -> int:
        """The number of this parallel instance, from 0."""

    @abstractmethod
    def get_attempt_number(self) -> int:
        """How often this instance was restarted; 0 the first time."""

    @abstractmethod
    def get_task_name_with_subtasks(self) -> str:
        """The name of the task with the instance's place, as in ``MyTask (3/6)#1``."""

    @abstractmethod
    def get_job_parameter(self, key: str, default_value: str) -> str:
        """A global job parameter, or `default_value` when it is not set."""

    @abstractmethod
    def get_metrics_group(self) -> MetricGroup:
        """Makes metrics that belong to this instance."""

    def get_distributed_cache(self) -> DistributedCache:
        """The files that the program registered with ``register_cached_file``."""
        raise NotImplementedError("%s has no distributed cache" % type(self).__name__)


class Function(ABC):
    """Base of the user functions."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Called once in each parallel instance, before the first value.

        :param runtime_context: where this instance runs.
        """

    def close(self) -> None:
        """Called once in each parallel instance after the last value, also after a failure."""
