"""What a window operator is made of, on its way to where it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from pyflink.common import TypeInformation
    from pyflink.datastream.functions import InternalWindowFunction
    from pyflink.datastream.output_tag import OutputTag
    from pyflink.datastream.window import Evictor, Trigger, WindowAssigner

__all__ = ["AGGREGATE", "LIST", "REDUCE", "WindowStep"]

# What a window holds: one value, an accumulator, or all its records.
REDUCE, AGGREGATE, LIST = "reduce", "aggregate", "list"


class WindowStep:
    """A window operator; shipped as a whole.

    :param assigner: which windows a record is in.
    :param trigger: when a window gives its results.
    """

    def __init__(self, assigner: WindowAssigner, trigger: Trigger) -> None:
        self.assigner = assigner
        self.trigger = trigger
        self.allowed_lateness = 0
        self.late_tag: Optional[OutputTag] = None
        self.evictor: Optional[Evictor] = None
        self.kind = LIST
        # The ReduceFunction or AggregateFunction.
        self.function: Any = None
        self.accumulator_type: Optional[TypeInformation] = None
        # None: what the window holds, or the result of that, is the window's result.
        self.window_function: Optional[InternalWindowFunction] = None
        # Errors name the program's functions.
        self.__qualname__ = ""

    def tells_end(self) -> bool:
        """Whether the program's function wants to know when a window ends."""
        from pyflink.datastream.functions import ProcessAllWindowFunction, ProcessWindowFunction

        function = getattr(self.window_function, "_wrapped_function", None)
        default = (ProcessWindowFunction.clear, ProcessAllWindowFunction.clear, None)
        return getattr(type(function), "clear", None) not in default
