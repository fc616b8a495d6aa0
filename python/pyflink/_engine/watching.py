"""Lets a test harness see the functions and states of the operators that its thread opens."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, Iterator, List, Optional, Tuple

if TYPE_CHECKING:
    from pyflink._engine.states import KeyedStates

__all__ = ["Watch", "loaded_function", "opened_states", "watch"]

_local = threading.local()


class Watch:
    """What was opened, in the order in which it was."""

    def __init__(self) -> None:
        #: (operator's name, function object or callable)
        self.functions: List[Tuple[str, Any]] = []
        #: (operator's name, its states)
        self.states: List[Tuple[str, KeyedStates]] = []
        #: (operator's name, (tag, value), timestamp or None), for what nobody reads
        self.tagged: List[Tuple[str, Tuple[Any, Any], Optional[int]]] = []


@contextlib.contextmanager
def watch(into: Watch) -> Iterator[None]:
    """Let the operators that this thread opens in the block be seen.

    :param into: where they are noted.
    """
    from pyflink._engine import engine

    _local.watch = into
    engine().watch_side_outputs(into.tagged)
    try:
        yield
    finally:
        _local.watch = None
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
