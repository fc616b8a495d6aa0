"""Functions on their way to the operators: checked, pickled, and what is in the way is named."""

from __future__ import annotations

import inspect
from typing import Any, Dict, Iterator, Optional, Sequence, Set, Tuple

# Operator, method and number of arguments of the functions, by the name of their class.
_CALLS: Dict[str, Tuple[str, str, int]] = {
    "MapFunction": ("Map", "map", 1),
    "FlatMapFunction": ("FlatMap", "flat_map", 1),
    "FilterFunction": ("Filter", "filter", 1),
    "KeySelector": ("key_by", "get_key", 1),
    "ReduceFunction": ("Reduce", "reduce", 2),
    "ProcessFunction": ("PROCESS", "process_element", 2),
    "BroadcastProcessFunction": ("Co-Process-Broadcast", "process_element", 2),
    "KeyedBroadcastProcessFunction": ("Keyed-Co-Process-Broadcast", "process_element", 2),
    "JoinFunction": ("join", "join", 2),
    "FlatJoinFunction": ("join", "join", 2),
    "CoGroupFunction": ("co_group", "co_group", 2),
    "ProcessJoinFunction": ("Interval Join", "process_element", 3),
    "Partitioner": ("partition_custom", "partition", 2),
}


def check_call(function: Any, kind: type) -> None:
    """TypeError when a function cannot be called the way its operator does it.

    :param function: a function object of that kind, or a callable.
    :param kind: the class of function objects that the operator takes.
    """
    if kind.__name__ not in _CALLS:
        return
    operator, method, arguments = _CALLS[kind.__name__]
    if isinstance(function, kind):
        called = getattr(function, method)
        name = "%s.%s" % (type(function).__qualname__, method)
    else:
        called, name = function, _name_of(function)
    for candidate in (called, type(called).__call__):
        if inspect.iscoroutinefunction(candidate) or inspect.isasyncgenfunction(candidate):
            raise TypeError(
                "operator '%s': the function %s is async, but what it returns is taken as the "
                "result; write an ordinary function, which can call asyncio.run()"
                % (operator, name)
            )
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):  # many builtins do not tell
        return
    try:
        signature.bind(*range(arguments))
    except TypeError as error:
        raise TypeError(
            "operator '%s': the function %s%s cannot be called with %d argument%s: %s"
            % (operator, name, signature, arguments, "s" if arguments > 1 else "", error)
        ) from None


def _name_of(function: Any) -> str:
    return getattr(function, "__qualname__", None) or type(function).__qualname__


def ship(function: Any, operator: str) -> bytes:
    """The function as bytes, as it is now: later changes to what it uses are not seen.

    :param function: a function object or any callable.
    :param operator: the operator's name, for the error.
    :raises TypeError: something the function uses cannot be pickled; names it.
    """
    from pyflink._engine.pickler import cloudpickle

    dumps = cloudpickle().dumps
    try:
        return dumps(function)
    except Exception as error:
        culprit = _find_unpicklable(function, {id(function)})
        where, remedy = "", "Make it inside the function, or in open()"
        if culprit is not None:
            label, value = culprit
            where = "; %s is a %s" % (label, type(value).__qualname__)
            if _belongs_to_the_program(value):
                remedy = "Functions run inside the job, where the program's own objects are not"
        raise TypeError(
            "operator '%s': the function %s cannot be shipped to the job: %s%s. %s"
            % (operator, _name_of(function), error, where, remedy)
        ) from error


def ship_all(functions: Sequence[Any], operator: str) -> bytes:
    """Several functions of one operator as bytes; see :func:`ship`.

    :param functions: function objects or any callables.
    :param operator: the operator's name, for the error.
    :raises TypeError: something a function uses cannot be pickled; names it.
    """
    import pickle

    return pickle.dumps([ship(function, operator) for function in functions], protocol=4)


def _belongs_to_the_program(value: Any) -> bool:
    """Whether `value` is an environment, a stream or a Java object."""
    from pyflink.datastream._function_base import Function

    if isinstance(value, Function):
        return False  # our own adapters hold the program's functions
    kind = type(value)
    modules = ("pyflink.datastream.", "_pyflink_engine", "py4j.")
    # The class of a Java object is named after Java's; what makes such classes is the engine's.
    return kind.__module__.startswith(modules) or type(kind).__module__.startswith(modules)


def _find_unpicklable(thing: Any, seen: Set[int], depth: int = 8) -> Optional[Tuple[str, Any]]:
    """(description, value) of the innermost part that makes `thing` impossible to pickle."""
    from pyflink._engine.pickler import cloudpickle

    for label, value in _parts(thing):
        if id(value) in seen:
            continue
        seen.add(id(value))
        try:
            cloudpickle().dumps(value)
        except Exception:
            # An environment or a stream is what the program knows; what is inside is not.
            whole = depth == 0 or _belongs_to_the_program(value)
            inner = None if whole else _find_unpicklable(value, seen, depth - 1)
            return inner or (label, value)
    return None


def _parts(thing: Any) -> Iterator[Tuple[str, Any]]:
    """(description, value) of what a function, class or object holds on to."""
    thing = inspect.unwrap(thing) if inspect.isfunction(thing) else thing
    bound_to = getattr(thing, "__self__", None)
    if bound_to is not None and not inspect.ismodule(bound_to):
        yield "the object it is bound to", bound_to
    code = getattr(thing, "__code__", None)
    if code is not None:
        yield from _parts_of_function(thing, code)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield "the item %r" % (key,), value
    elif isinstance(thing, (list, tuple, set, frozenset)):
        for number, value in enumerate(thing):
            yield "the item number %d" % (number + 1), value
    elif isinstance(thing, type):
        for attribute, value in list(vars(thing).items()):
            value = getattr(value, "__func__", getattr(value, "fget", value))
            if attribute[:2] != "__" or inspect.isfunction(value):
                yield "the class attribute '%s'" % attribute, value
    else:
        yield from _parts_of_object(thing)


def _global_names(code: Any) -> Iterator[str]:
    """The names that a code object, or one inside it, may look up."""
    yield from code.co_names
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _global_names(constant)


def _parts_of_function(function: Any, code: Any) -> Iterator[Tuple[str, Any]]:
    for variable, cell in zip(code.co_freevars, function.__closure__ or ()):
        try:
            yield "the variable '%s'" % variable, cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    for variable in dict.fromkeys(_global_names(code)):
        if variable in function.__globals__:
            yield "the global variable '%s'" % variable, function.__globals__[variable]
    for number, value in enumerate(function.__defaults__ or ()):
        yield "the default value number %d" % (number + 1), value
    for key, value in (getattr(function, "__kwdefaults__", None) or {}).items():
        yield "the default value of '%s'" % key, value


def _parts_of_object(thing: Any) -> Iterator[Tuple[str, Any]]:
    func = getattr(thing, "func", None)  # functools.partial
    if func is not None and hasattr(thing, "args"):
        yield "the function it calls", func
        for number, value in enumerate(thing.args):
            yield "the argument number %d" % (number + 1), value
        for key, value in (thing.keywords or {}).items():
            yield "the argument '%s'" % key, value
    names = list(getattr(thing, "__dict__", ()))
    for base in type(thing).__mro__:
        slots = vars(base).get("__slots__", ())
        names += [slots] if isinstance(slots, str) else slots
    for attribute in names:
        if hasattr(thing, attribute):
            yield "the attribute '%s'" % attribute, getattr(thing, attribute)
    yield "the class", type(thing)
