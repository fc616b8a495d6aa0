"""Flink's own assigners and triggers for those of the API."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple

from pyflink.datastream import _assigners as assigners
from pyflink.datastream import _triggers as triggers
from pyflink.datastream._java import jvm

__all__ = ["java_assigner", "java_trigger"]


def _millis(millis: int) -> Any:
    return jvm().java.time.Duration.ofMillis(millis)


def _windowing() -> Any:
    return jvm().org.apache.flink.streaming.api.windowing


def _tumbling(assigner: Any) -> Any:
    java = getattr(_windowing().assigners, type(assigner).__name__)
    return java.of(_millis(assigner._size), _millis(assigner._offset))


def _sliding(assigner: Any) -> Any:
    java = getattr(_windowing().assigners, type(assigner).__name__)
    return java.of(_millis(assigner._size), _millis(assigner._slide), _millis(assigner._offset))


def _session(assigner: Any) -> Any:
    java = getattr(_windowing().assigners, type(assigner).__name__)
    return java.withGap(_millis(assigner._session_gap))


def _counted(assigner: Any) -> Any:
    size = assigner._window_size
    slide = getattr(assigner, "_window_slide", size)
    tumbling = type(assigner) is assigners.CountTumblingWindowAssigner
    name = "window-assigner" if tumbling else "slide-count-assigner"
    return jvm().io.pyflinkshell.operator.CountWindows(size, slide, name)


def _global(assigner: Any) -> Any:
    return _windowing().assigners.GlobalWindows.create()


# The form of the windows (WindowBytes in Java) and what makes the assigner, by exact class: a
# subclass is the program's own. A session whose gap depends on the record runs in Python.
_ASSIGNERS: Dict[type, Tuple[str, Callable[[Any], Any]]] = {
    assigners.TumblingEventTimeWindows: ("TIME", _tumbling),
    assigners.TumblingProcessingTimeWindows: ("TIME", _tumbling),
    assigners.SlidingEventTimeWindows: ("TIME", _sliding),
    assigners.SlidingProcessingTimeWindows: ("TIME", _sliding),
    assigners.EventTimeSessionWindows: ("TIME", _session),
    assigners.ProcessingTimeSessionWindows: ("TIME", _session),
    assigners.CountTumblingWindowAssigner: ("COUNT", _counted),
    assigners.CountSlidingWindowAssigner: ("COUNT", _counted),
    assigners.GlobalWindows: ("GLOBAL", _global),
}


def java_assigner(assigner: Any) -> Optional[Tuple[str, Any]]:
    """The form of the windows and Flink's assigner; None when the assigner runs in Python.

    :param assigner: the program's.
    """
    known = _ASSIGNERS.get(type(assigner))
    return None if known is None else (known[0], known[1](assigner))


_TRIGGERS: Dict[type, Callable[[Any], Any]] = {
    triggers.EventTimeTrigger: lambda t: _windowing().triggers.EventTimeTrigger.create(),
    triggers.ProcessingTimeTrigger: lambda t: _windowing().triggers.ProcessingTimeTrigger.create(),
    triggers.CountTrigger: lambda t: _windowing().triggers.CountTrigger.of(t._window_size),
    triggers.ContinuousEventTimeTrigger: lambda t: (
        _windowing().triggers.ContinuousEventTimeTrigger.of(_millis(t.interval))
    ),
    triggers.ContinuousProcessingTimeTrigger: lambda t: (
        _windowing().triggers.ContinuousProcessingTimeTrigger.of(_millis(t.interval))
    ),
    triggers.NeverTrigger: lambda t: _windowing().assigners.GlobalWindows.NeverTrigger(),
}


def java_trigger(trigger: Any) -> Any:
    """Flink's trigger; None when the trigger runs in Python.

    :param trigger: the program's.
    """
    if type(trigger) is triggers.PurgingTrigger:
        nested = java_trigger(trigger.nested_trigger)
        return None if nested is None else _windowing().triggers.PurgingTrigger.of(nested)
    known = _TRIGGERS.get(type(trigger))
    return None if known is None else known(trigger)
