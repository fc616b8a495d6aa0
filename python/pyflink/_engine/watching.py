"""Lets a test harness see the functions and states of the operators that its thread opens."""

from __future__ import annotations

import contextlib
import threading
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
)

if TYPE_CHECKING:
    from pyflink._engine.states import BroadcastStates, KeyedStates
    from pyflink._engine.window_states import WindowStates

__all__ = [
    "OpenedWindows",
    "Watch",
    "loaded_async_function",
    "loaded_function",
    "opened_broadcast_states",
    "opened_states",
    "opened_windows",
    "watch",
]

_local = threading.local()

# By the id of the job: event loops open their functions on threads of their own.
_by_job: Dict[str, Watch] = {}


class OpenedWindows(NamedTuple):
    """The windows of an operator.

    :param operator: its name.
    :param states: of the operator.
    :param write: from a window to the bytes that the engine knows it by.
    :param merging: whether windows become part of others, and state with them.
    """

    operator: str
    states: WindowStates
    write: Callable[[Any], bytes]
    merging: bool


class Watch:
    """What was opened, in the order in which it was."""

    def __init__(self) -> None:
        #: (operator's name, function object or callable)
        self.functions: List[Tuple[str, Any]] = []
        #: (operator's name, its states)
        self.states: List[Tuple[str, KeyedStates]] = []
        #: (operator's name, its broadcast states)
        self.broadcast_states: List[Tuple[str, BroadcastStates]] = []
        self.windows: List[OpenedWindows] = []
        #: (operator's name, (tag, value), timestamp or None), for what nobody reads
        self.tagged: List[Tuple[str, Tuple[Any, Any], Optional[int]]] = []


@contextlib.contextmanager
def watch(into: Watch, job: str) -> Iterator[None]:
    """Let the operators that this thread opens in the block be seen.

    :param into: where they are noted.
    :param job: the id of their job.
    """
    from pyflink._engine import engine

    _local.watch = into
    _by_job[job] = into
    engine().watch_side_outputs(into.tagged)
    try:
        yield
    finally:
        _local.watch = None
        del _by_job[job]
        engine().watch_side_outputs(None)


def loaded_function(name: str, function: Any) -> Any:
    """Note a function of an operator, and give it back."""
    into: Optional[Watch] = getattr(_local, "watch", None)
    if into is not None:
        into.functions.append((name, function))
    return function


def opened_states(name: str, states: KeyedStates) -> None:
    """Note the states of an operator."""
    into: Optional[Watch] = getattr(_local, "watch", None)
    if into is not None:
        into.states.append((name, states))


def loaded_async_function(java: Any, name: str, function: Any) -> Any:
    """Note a function that an event loop opens, and give it back.

    :param java: Java's RuntimeContext.
    """
    if _by_job:
        into = _by_job.get(str(java.getJobInfo().getJobId().toString()))
        if into is not None:
            into.functions.append((name, function))
    return function


def opened_broadcast_states(name: str, states: BroadcastStates) -> None:
    """Note the broadcast states of an operator."""
    into: Optional[Watch] = getattr(_local, "watch", None)
    if into is not None:
        into.broadcast_states.append((name, states))


def opened_windows(runtime_context: Any, assigner: Any, write: Callable[[Any], bytes]) -> None:
    """Note the windows of an operator.

    :param runtime_context: of its function.
    :param assigner: of the windows.
    :param write: from a window to its bytes.
    """
    into: Optional[Watch] = getattr(_local, "watch", None)
    if into is not None:
        from pyflink.datastream.window import MergingWindowAssigner

        merging = isinstance(assigner, MergingWindowAssigner)
        states = runtime_context._windows
        into.windows.append(OpenedWindows(runtime_context._name, states, write, merging))
