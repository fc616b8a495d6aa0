"""Makes callables of the functions that a program shipped to its operators."""

from __future__ import annotations

import pickle
import sys
from typing import Any, Callable, Optional, Tuple

from pyflink._engine import watching
from pyflink._engine.unpickling import loads

# The kinds of engine/runtime/runtime_chain.h: the method that a function object of this kind has.
_METHODS = {
    1: "map",
    2: "flat_map",
    3: "filter",
    4: "get_key",
    6: "process_element",
    7: "reduce",
    8: "extract_timestamp",
}
_KEY_BY = 4
_INTERVAL_JOIN = 14
_PARTITION = 16
_KEYED_PROCESS = 17
_WINDOW = 20
_PYTHON_WINDOW = 21
_WATERMARKS = 40

# The kinds on two inputs: the methods for the first and the second.
_CO_METHODS = {
    10: ("map1", "map2"),
    11: ("flat_map1", "flat_map2"),
    12: ("process_element1", "process_element2"),
    13: ("process_element", "process_broadcast_element"),
}


def load(
    kind: int, payload: bytes, runtime_context: Any, name: str
) -> Tuple[Any, ...]:
    """Unpickle a function, open it, and give what is called for each record.

    :param kind: the kind of the step.
    :param payload: a pickle of a function object or a callable; for a partitioner a pickled list
        of its pickle and that of its key selector.
    :param runtime_context: what ``open`` gets.
    :param name: the operator's name, for errors.
    :returns: the callable, and what is called at the end or None; for some kinds also the
        callable for the second input or None, and what is called for each timer or None; for a
        partitioner the key selector takes the first place and the partitioner the third; for
        an interval join the tags of late records of both inputs have the third; for a generator
        of watermarks on_event and on_periodic_emit.
    :raises TypeError: the payload cannot be unpickled, or is no function of this kind.
    """
    _trace_thread()
    if kind in _CO_METHODS:
        function = _unpickle(payload, name)
        first, second = (_method(function, method, name) for method in _CO_METHODS[kind])
        close = open_function(function, runtime_context)
        return first, close, second, getattr(function, "on_timer", None)
    if kind == _KEYED_PROCESS:
        function = _unpickle(payload, name)
        call = _method(function, "process_element", name)
        return call, open_function(function, runtime_context), None, function.on_timer
    if kind == _INTERVAL_JOIN:
        step = _unpickle(payload, name)
        call, close = _open_one("process_element", step.function, runtime_context, name)
        return call, close, (step.left_tag, step.right_tag)
    if kind == _WINDOW:
        from pyflink._engine import windows

        return windows.load(_unpickle(payload, name), runtime_context)
    if kind == _PYTHON_WINDOW:
        from pyflink._engine import window_operator

        return window_operator.load(_unpickle(payload, name), runtime_context)
    if kind == _WATERMARKS:
        from pyflink.common._watermark_generators import make_generator

        generator = make_generator(_unpickle(payload, name), runtime_context, name)
        return generator.on_event, None, generator.on_periodic_emit
    if kind != _PARTITION:
        return _load_one(_METHODS[kind], payload, runtime_context, name)
    partitioner, selector = pickle.loads(payload)
    partition, close_partitioner = _load_one("partition", partitioner, runtime_context, name)
    try:
        get_key, close_selector = _load_one(_METHODS[_KEY_BY], selector, runtime_context, name)
    except BaseException:
        _close_quietly(close_partitioner)
        raise
    return get_key, _both(close_partitioner, close_selector), partition


def _trace_thread() -> None:
    """Have breakpoints of a debugger that is attached (debugpy, PyCharm) work on this thread.

    Such debuggers trace the threads that Python's threading module knows.
    """
    constants = sys.modules.get("_pydevd_bundle.pydevd_constants")
    debugger = constants.get_global_debugger() if constants is not None else None
    if debugger is not None:
        import threading

        threading.current_thread()  # makes it known
        debugger.enable_tracing()


def _both(
    first: Optional[Callable[[], Any]], second: Optional[Callable[[], Any]]
) -> Optional[Callable[[], Any]]:
    """Calls both, the second one also when the first fails."""
    if first is None or second is None:
        return first or second

    def close() -> None:
        try:
            first()
        finally:
            second()

    return close


def _load_one(
    method: str, payload: bytes, runtime_context: Any, name: str
) -> Tuple[Callable[..., Any], Optional[Callable[[], Any]]]:
    return _open_one(method, _unpickle(payload, name), runtime_context, name)


def _open_one(
    method: str, function: Any, runtime_context: Any, name: str
) -> Tuple[Callable[..., Any], Optional[Callable[[], Any]]]:
    from pyflink.datastream.functions import Function

    if callable(function) and not isinstance(function, Function):
        # A plain callable is called and nothing else, whatever else it has.
        return function, None
    call = _method(function, method, name)
    return _unwrapped(function, call, method), open_function(function, runtime_context)


def _method(function: Any, method: str, name: str) -> Callable[..., Any]:
    call = getattr(function, method, None)
    if not callable(call):
        raise TypeError(
            "operator '%s': a %s is no function for it: it has no method %s"
            % (name, type(function).__name__, method)
        )
    return call


def open_function(function: Any, runtime_context: Any) -> Optional[Callable[[], Any]]:
    """Open a function object; what is called at the end, or None."""
    opener = getattr(function, "open", None)
    close = getattr(function, "close", None)
    if callable(opener):
        try:
            opener(runtime_context)
        except BaseException:
            _close_quietly(close)
            raise
    return close if callable(close) else None


def _unpickle(payload: bytes, name: str) -> Any:
    try:
        return watching.loaded_function(name, loads(payload))
    except Exception as error:
        raise TypeError(
            "operator '%s': the function cannot be loaded where it runs: %s: %s"
            % (name, type(error).__name__, error)
        ) from error


def _unwrapped(function: Any, call: Callable[..., Any], method: str) -> Callable[..., Any]:
    """The plain callable inside one of our own wrapper objects: saves one call per record."""
    from pyflink.datastream.functions import ReduceFunctionWrapper

    if type(function) is ReduceFunctionWrapper and method == "reduce":
        return function._func
    return call


def _close_quietly(close: Any) -> None:
    """Close a function whose open failed; the error of open is what counts."""
    if callable(close):
        try:
            close()
        except Exception:
            pass
