"""The state of one key, as a test reads and changes it."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Tuple

from pyflink._engine.states import KeyedStates
from pyflink._engine.window_states import raise_no_state_of_merged
from pyflink.datastream import state as api

__all__ = ["StateOfKey", "bytes_of_window", "find", "find_broadcast", "find_of_windows"]

# How KeyedStates calls the states of a descriptor.
_KINDS = (
    (api.ValueStateDescriptor, "value"),
    (api.ListStateDescriptor, "list"),
    (api.MapStateDescriptor, "map"),
    (api.ReducingStateDescriptor, "reducing"),
    (api.AggregatingStateDescriptor, "aggregating"),
)


def find(all_states: List[Tuple[str, KeyedStates]], descriptor: Any) -> Tuple[str, Any, Any]:
    """The operator that has a state.

    :param all_states: the operators' names and states.
    :param descriptor: of the state.
    :returns: the operator's name, its KeyedContext and the state object.
    :raises KeyError: no operator has opened such a state.
    :raises TypeError: `descriptor` is no descriptor.
    :raises ValueError: the state is of another kind, or several operators have it.
    """
    getter = next((get for kind, get in _KINDS if isinstance(descriptor, kind)), None)
    if getter is None:
        raise TypeError(
            "a state is found by its descriptor, such as ValueStateDescriptor, not by a %s"
            % type(descriptor).__name__
        )
    name = descriptor.get_name()
    owners = [(operator, states) for operator, states in all_states if name in states._known]
    if not owners:
        known = sorted(known for _, states in all_states for known in states._known)
        raise KeyError(
            "no function has opened a state '%s'; %s"
            % (name, "there are: " + ", ".join(known) if known else "there are none")
        )
    if len(owners) > 1:
        raise ValueError(
            "several operators have a state '%s': %s"
            % (name, ", ".join(operator for operator, _ in owners))
        )
    operator, states = owners[0]
    return operator, states._keyed, getattr(states, getter)(descriptor)


def find_name(all_states: List[Tuple[str, KeyedStates]], descriptor: Any) -> Tuple[str, str]:
    """As :func:`find`; the operator's name and what Flink calls the state."""
    operator, keyed, _ = find(all_states, descriptor)
    states = next(states for _, states in all_states if states._keyed is keyed)
    return operator, states.stored_name(descriptor.get_name())


def find_broadcast(all_states: List[Tuple[str, Any]], descriptor: Any) -> Tuple[Any, Any]:
    """The operator that has a broadcast state.

    :param all_states: the operators' names and BroadcastStates.
    :param descriptor: of the state.
    :returns: the operator's KeyedContext and the state object.
    :raises KeyError: no operator has broadcast state.
    :raises TypeError: `descriptor` is no MapStateDescriptor.
    """
    if not isinstance(descriptor, api.MapStateDescriptor):
        raise TypeError(
            "a broadcast state is found by its MapStateDescriptor, not by a %s"
            % type(descriptor).__name__
        )
    _, states = _only(all_states, "broadcast state")
    return states._context, states.writable(descriptor)


def find_of_windows(watch: Any, descriptor: Any) -> Tuple[Any, Any, Any]:
    """The operator that keeps a state for windows.

    :param watch: what the harness saw.
    :param descriptor: of the state.
    :returns: the operator's KeyedContext of keys, its OpenedWindows, and the state object.
    :raises KeyError: there are no windows.
    :raises TypeError: `descriptor` is no descriptor.
    :raises Exception: the windows merge, and no trigger has opened such a state.
    """
    operator, opened = _only([(windows.operator, windows) for windows in watch.windows], "windows")
    keyed = next(states._keyed for name, states in watch.states if name == operator)
    states = opened.states.of_function
    if isinstance(descriptor, api.StateDescriptor) and not states.knows(descriptor.get_name()):
        if opened.states.of_trigger.knows(descriptor.get_name()):
            states = opened.states.of_trigger
        elif opened.merging:
            raise_no_state_of_merged()
    return keyed, opened, states.of(descriptor)


def bytes_of_window(opened: Any, window: Any) -> bytes:
    """How the engine knows a window.

    :param opened: the OpenedWindows.
    :raises TypeError: it is no such window.
    """
    from pyflink.datastream.window import Window

    if not isinstance(window, Window):
        raise TypeError("a Window is needed, not %s %r" % (type(window).__name__, window))
    try:
        return opened.write(window)
    except AttributeError as error:
        raise TypeError(
            "operator '%s' has no windows such as %r: %s" % (opened.operator, window, error)
        ) from None


def _only(owners: List[Tuple[str, Any]], what: str) -> Tuple[str, Any]:
    if not owners:
        raise KeyError("no operator has %s" % what)
    if len(owners) > 1:
        raise ValueError(
            "several operators have %s: %s; test them one by one"
            % (what, ", ".join(name for name, _ in owners))
        )
    return owners[0]


class StateOfKey:
    """A state with the methods of its kind, of one key whatever the operator is at.

    What the methods give as iterators is read whole.

    :param state: the state object.
    :param use_key: makes the key the current one.
    """

    def __init__(self, state: Any, use_key: Callable[[], None]) -> None:
        self._state = state
        self._use_key = use_key

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._state, name)

        def call(*args: Any) -> Any:
            self._use_key()
            result = method(*args)
            return iter(list(result)) if hasattr(result, "__next__") else result

        return call

    def __iter__(self) -> Iterator[Any]:
        self._use_key()
        return iter(list(self._state))

    def __contains__(self, key: Any) -> bool:
        self._use_key()
        return key in self._state

    def __getitem__(self, key: Any) -> Any:
        self._use_key()
        return self._state[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._use_key()
        self._state[key] = value

    def __delitem__(self, key: Any) -> None:
        self._use_key()
        del self._state[key]

    def __repr__(self) -> str:
        return "<%s of one key>" % type(self._state).__name__
