"""State that functions keep, and the descriptors that name it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Generic,
    Iterable,
    Iterator,
    List,
    Optional,
    Tuple,
    TypeVar,
)

from pyflink.common.utils import show_as_part_of
from pyflink.datastream._state_ttl import StateTtlConfig

if TYPE_CHECKING:
    from pyflink.common.typeinfo import TypeInformation

__all__ = [
    "ValueStateDescriptor",
    "ValueState",
    "ListStateDescriptor",
    "ListState",
    "MapStateDescriptor",
    "MapState",
    "ReducingStateDescriptor",
    "ReducingState",
    "AggregatingStateDescriptor",
    "AggregatingState",
    "ReadOnlyBroadcastState",
    "BroadcastState",
    "StateTtlConfig",
]

# Written in other modules, for programs part of this one.
show_as_part_of(
    __name__,
    StateTtlConfig,
)

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
IN = TypeVar("IN")
OUT = TypeVar("OUT")


class OperatorStateStore(ABC):
    """Gives the state that belongs to an instance of an operator."""

    @abstractmethod
    def get_broadcast_state(self, state_descriptor: MapStateDescriptor) -> BroadcastState:
        """State that is the same in all instances.

        :param state_descriptor: names it.
        """


class State(ABC):
    """Base of the kinds of state."""

    @abstractmethod
    def clear(self) -> None:
        """Forget the value of the current key."""


class ValueState(State, Generic[T]):
    """One value for each key."""

    @abstractmethod
    def value(self) -> T:
        """The value of the current key, or None."""

    @abstractmethod
    def update(self, value: T) -> None:
        """Set the value of the current key; None forgets it."""


class AppendingState(State, Generic[IN, OUT]):
    """State that values are added to."""

    @abstractmethod
    def get(self) -> OUT:
        """What the values of the current key amount to, or None."""

    @abstractmethod
    def add(self, value: IN) -> None:
        """Add a value for the current key."""


class MergingState(AppendingState[IN, OUT]):
    """State that can be merged with other state of its kind."""


class ReducingState(MergingState[T, T]):
    """One value for each key, into which new values are reduced."""


class AggregatingState(MergingState[IN, OUT]):
    """One accumulator for each key, to which new values are added."""


class ListState(MergingState[T, Iterable[T]]):
    """A list for each key."""

    @abstractmethod
    def update(self, values: List[T]) -> None:
        """Set the list of the current key."""

    @abstractmethod
    def add_all(self, values: List[T]) -> None:
        """Add values to the end of the list of the current key."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.get())


class MapState(State, Generic[K, V]):
    """A map for each key."""

    @abstractmethod
    def get(self, key: K) -> V:
        """The value of `key`, or None."""

    @abstractmethod
    def put(self, key: K, value: V) -> None:
        """Set the value of `key`."""

    @abstractmethod
    def put_all(self, dict_value: Dict[K, V]) -> None:
        """Set many values."""

    @abstractmethod
    def remove(self, key: K) -> None:
        """Forget `key`."""

    @abstractmethod
    def contains(self, key: K) -> bool:
        """Whether `key` is there."""

    @abstractmethod
    def items(self) -> Iterable[Tuple[K, V]]:
        """Keys with their values."""

    @abstractmethod
    def keys(self) -> Iterable[K]:
        """The keys."""

    @abstractmethod
    def values(self) -> Iterable[V]:
        """The values."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there are no keys."""

    def __getitem__(self, key: K) -> V:
        return self.get(key)

    def __setitem__(self, key: K, value: V) -> None:
        self.put(key, value)

    def __delitem__(self, key: K) -> None:
        self.remove(key)

    def __contains__(self, key: K) -> bool:
        return self.contains(key)

    def __iter__(self) -> Iterator[K]:
        return iter(self.keys())


class ReadOnlyBroadcastState(State, Generic[K, V]):
    """A map that is the same in all instances, for reading."""

    @abstractmethod
    def get(self, key: K) -> V:
        """The value of `key`, or None."""

    @abstractmethod
    def contains(self, key: K) -> bool:
        """Whether `key` is there."""

    @abstractmethod
    def items(self) -> Iterable[Tuple[K, V]]:
        """Keys with their values."""

    @abstractmethod
    def keys(self) -> Iterable[K]:
        """The keys."""

    @abstractmethod
    def values(self) -> Iterable[V]:
        """The values."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there are no keys."""

    def __getitem__(self, key: K) -> V:
        return self.get(key)

    def __contains__(self, key: K) -> bool:
        return self.contains(key)

    def __iter__(self) -> Iterator[K]:
        return iter(self.keys())


class BroadcastState(ReadOnlyBroadcastState[K, V]):
    """A map that is the same in all instances."""

    @abstractmethod
    def put(self, key: K, value: V) -> None:
        """Set the value of `key`."""

    @abstractmethod
    def put_all(self, dict_value: Dict[K, V]) -> None:
        """Set many values."""

    @abstractmethod
    def remove(self, key: K) -> None:
        """Forget `key`."""

    def __setitem__(self, key: K, value: V) -> None:
        self.put(key, value)

    def __delitem__(self, key: K) -> None:
        self.remove(key)


class StateDescriptor(ABC):
    """Names a state and the type of its values.

    :param name: unique in the operator.
    :param type_info: the type.
    """

    def __init__(self, name: str, type_info: TypeInformation) -> None:
        self.name = name
        self.type_info = type_info
        self._ttl_config: Optional[StateTtlConfig] = None

    def get_name(self) -> str:
        """The state's name."""
        return self.name

    def enable_time_to_live(self, ttl_config: StateTtlConfig) -> None:
        """Forget values after a time.

        :param ttl_config: when.
        """
        self._ttl_config = ttl_config


class ValueStateDescriptor(StateDescriptor):
    """Names a :class:`ValueState`.

    :param name: unique in the operator.
    :param value_type_info: the type of the values.
    """

    def __init__(self, name: str, value_type_info: TypeInformation) -> None:
        super().__init__(name, value_type_info)


class ListStateDescriptor(StateDescriptor):
    """Names a :class:`ListState`.

    :param name: unique in the operator.
    :param elem_type_info: the type of the elements.
    """

    def __init__(self, name: str, elem_type_info: TypeInformation) -> None:
        from pyflink.common.typeinfo import Types

        super().__init__(name, Types.LIST(elem_type_info))


class MapStateDescriptor(StateDescriptor):
    """Names a :class:`MapState` or a :class:`BroadcastState`.

    :param name: unique in the operator.
    :param key_type_info: the type of the keys.
    :param value_type_info: the type of the values.
    """

    def __init__(
        self, name: str, key_type_info: TypeInformation, value_type_info: TypeInformation
    ) -> None:
        from pyflink.common.typeinfo import Types

        super().__init__(name, Types.MAP(key_type_info, value_type_info))


class ReducingStateDescriptor(StateDescriptor):
    """Names a :class:`ReducingState`.

    :param name: unique in the operator.
    :param reduce_function: a callable or ReduceFunction.
    :param type_info: the type of the values.
    :raises TypeError: `reduce_function` is neither.
    """

    def __init__(self, name: str, reduce_function: Any, type_info: TypeInformation) -> None:
        from pyflink.datastream.functions import ReduceFunction, ReduceFunctionWrapper

        super().__init__(name, type_info)
        if not isinstance(reduce_function, ReduceFunction):
            if not callable(reduce_function):
                raise TypeError(
                    "the reduce_function must be a ReduceFunction or a callable, not %s"
                    % type(reduce_function).__name__
                )
            reduce_function = ReduceFunctionWrapper(reduce_function)
        self._reduce_function = reduce_function

    def get_reduce_function(self) -> Any:
        """The function that reduces two values to one."""
        return self._reduce_function


class AggregatingStateDescriptor(StateDescriptor):
    """Names an :class:`AggregatingState`.

    :param name: unique in the operator.
    :param agg_function: an AggregateFunction.
    :param state_type_info: the type of the accumulators.
    :raises TypeError: `agg_function` is no AggregateFunction.
    """

    def __init__(self, name: str, agg_function: Any, state_type_info: Any) -> None:
        from pyflink.datastream.functions import AggregateFunction

        super().__init__(name, state_type_info)
        if not isinstance(agg_function, AggregateFunction):
            raise TypeError(
                "the agg_function must be an AggregateFunction, not %s"
                % type(agg_function).__name__
            )
        self._agg_function = agg_function

    def get_agg_function(self) -> Any:
        """The function that adds values to an accumulator."""
        return self._agg_function
