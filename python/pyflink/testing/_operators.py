"""From a function object to the operator that runs it."""

from __future__ import annotations

from typing import Any, Callable, Optional

from pyflink.common.typeinfo import TypeInformation
from pyflink.datastream import functions as api
from pyflink.datastream.data_stream import DataStream

__all__ = ["operator_of"]


def operator_of(
    operator: Any,
    output_type: Optional[TypeInformation],
    keyed: bool,
    two: bool = False,
    broadcast: bool = False,
) -> Callable[[Any], DataStream]:
    """What adds the operator to a stream.

    :param operator: a function object of a kind that says which operator it belongs to, or a
        callable that gets the stream and gives the result of the operator.
    :param output_type: the type of the results, for a function object.
    :param keyed: whether the stream has keys.
    :param two: whether there are two streams.
    :param broadcast: whether there are two, of which the second is broadcast.
    :raises TypeError: `operator` is neither, or belongs to another kind of stream.
    """
    if isinstance(operator, api.Function):
        add = _method_of(operator, 4 * broadcast + 2 * two + keyed)
        if add in ("filter", "reduce"):
            if output_type is not None:
                raise TypeError(
                    "%s() has the type of its input; leave output_type out" % add
                )
            return lambda stream: getattr(stream, add)(operator)
        return lambda stream: getattr(stream, add)(operator, output_type)
    if not callable(operator):
        raise TypeError(
            "the operator must be a function object or a callable that adds it to a stream, such "
            "as lambda stream: stream.map(f), not %s" % type(operator).__name__
        )
    if output_type is not None:
        raise TypeError(
            "output_type belongs to a function object; in %r give it to the operator itself"
            % (operator,)
        )
    return operator


# The method that a stream has for a function of a class: one stream without keys, one with,
# two without, two with, one and a broadcast stream without, with.
_METHODS = {
    "MapFunction": ("map", "map", None, None),
    "FlatMapFunction": ("flat_map", "flat_map", None, None),
    "FilterFunction": ("filter", "filter", None, None),
    "ReduceFunction": ("reduce", "reduce", None, None),
    "ProcessFunction": ("process", None, None, None),
    "KeyedProcessFunction": (None, "process", None, None),
    "CoMapFunction": (None, None, "map", "map"),
    "CoFlatMapFunction": (None, None, "flat_map", "flat_map"),
    "CoProcessFunction": (None, None, "process", "process"),
    "KeyedCoProcessFunction": (None, None, None, "process"),
    "BroadcastProcessFunction": (None, None, None, None, "process", None),
    "KeyedBroadcastProcessFunction": (None, None, None, None, None, "process"),
}

_STREAMS = (
    "one stream without keys",
    "one keyed stream",
    "two streams without keys",
    "two keyed streams",
    "a stream and a broadcast stream",
    "a keyed stream and a broadcast stream",
)

_HARNESSES = (
    "OneInputStreamOperatorTestHarness",
    "KeyedOneInputStreamOperatorTestHarness",
    "TwoInputStreamOperatorTestHarness",
    "KeyedTwoInputStreamOperatorTestHarness",
    "BroadcastOperatorTestHarness",
    "KeyedBroadcastOperatorTestHarness",
)


# What needs more than a function.
_FACTORIES = {
    "ProcessWindowFunction": "for_process_window_function",
    "WindowFunction": "for_process_window_function",
    "ProcessJoinFunction": "for_process_join_function",
    "AsyncFunction": "for_async_function",
    "AggregateFunction": "for_aggregate_function",
}


def _method_of(function: Any, place: int) -> str:
    for name, methods in _METHODS.items():
        if not isinstance(function, getattr(api, name)):
            continue
        method = methods[place] if place < len(methods) else None
        if method is not None:
            return method
        fitting = [_HARNESSES[i] for i, method in enumerate(methods) if method is not None]
        raise TypeError(
            "a %s does not run on %s; use %s" % (name, _STREAMS[place], " or ".join(fitting))
        )
    for name, factory in _FACTORIES.items():
        if isinstance(function, getattr(api, name)):
            raise TypeError(
                "%s does not say by itself which operator runs it; use "
                "ProcessFunctionTestHarnesses.%s() or give a callable that adds the operator to "
                "the stream" % (name, factory)
            )
    raise TypeError(
        "a %s does not say by itself which operator runs it; give a callable that adds the "
        "operator to the stream" % type(function).__name__
    )
