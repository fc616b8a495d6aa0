"""The states of an operator with windows, and the names that Flink keeps them under.

Flink knows a state by its name alone, whether it belongs to a key or to a key and a window. A
program may use a name for each of them, so the names that Flink gets tell the owner:

    the operator and Java's triggers  as Flink has them: "window-contents", "count", ...
    the window function, by window    "window:" and the name
    a trigger written in Python       "trigger:" and the name
    the window function, by key       the name; "key:" and the name where that is one of the others
"""

from __future__ import annotations

from typing import Any, NoReturn

from pyflink._engine.states import KeyedStates

__all__ = ["WindowStates", "raise_no_state_of_merged"]

# What the operator, and Flink's triggers in Java, call their own states.
_OWN = frozenset(
    (
        "window-contents",
        "merging-window-set",
        "window-assigner",
        "slide-count-assigner",
        "count",
        "fire-time",
        "last-element",
    )
)
_PREFIXES = ("window:", "trigger:", "key:")


def _of_function(name: str) -> str:
    return "window:" + name


def _of_trigger(name: str) -> str:
    return "trigger:" + name


def _of_key(name: str) -> str:
    return "key:" + name if name in _OWN or name.startswith(_PREFIXES) else name


class WindowStates:
    """The states of one operator instance by their owners.

    :param engine: the engine's Windows.
    :param keyed: the engine's KeyedContext of keys.
    :param j_states: Java's KeyedStates.
    """

    def __init__(self, engine: Any, keyed: Any, j_states: Any) -> None:
        self.engine = engine
        #: of the window function, by key
        self.of_keys = KeyedStates(keyed, j_states, stored_name=_of_key)
        #: of the operator, by key and by window
        self.own_of_keys = KeyedStates(keyed, j_states)
        self.own = KeyedStates(engine.keyed, j_states, of_windows=True)
        #: of the window function and of a trigger, by window
        self.of_function = KeyedStates(
            engine.keyed, j_states, of_windows=True, stored_name=_of_function
        )
        self.of_trigger = KeyedStates(
            engine.keyed, j_states, of_windows=True, stored_name=_of_trigger
        )


def raise_no_state_of_merged() -> NoReturn:
    """Windows that merge cannot have state of the window function: whose would it be?"""
    raise Exception("per-window state is not allowed when windows are merged")
