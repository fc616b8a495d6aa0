"""Windows, the assigners that choose them and the triggers that fire them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from pyflink.common.utils import show_as_part_of
from pyflink.datastream._assigners import (
    CountSlidingWindowAssigner,
    CountTumblingWindowAssigner,
    DynamicEventTimeSessionWindows,
    DynamicProcessingTimeSessionWindows,
    EventTimeSessionWindows,
    GlobalWindows,
    MergingWindowAssigner,
    ProcessingTimeSessionWindows,
    SessionWindowTimeGapExtractor,
    SlidingEventTimeWindows,
    SlidingProcessingTimeWindows,
    TumblingEventTimeWindows,
    TumblingProcessingTimeWindows,
    WindowAssigner,
)
from pyflink.datastream._evictors import (
    CountEvictor,
    DeltaEvictor,
    DeltaFunction,
    Evictor,
    TimeEvictor,
    TimestampedValue,
)
from pyflink.datastream._function_base import IN, KEY, OUT, W2, W
from pyflink.datastream._triggers import (
    ContinuousEventTimeTrigger,
    ContinuousProcessingTimeTrigger,
    CountTrigger,
    EventTimeTrigger,
    Min,
    NeverTrigger,
    ProcessingTimeTrigger,
    PurgingTrigger,
    T,
    Trigger,
    TriggerResult,
)
from pyflink.datastream._windows import (
    CountWindow,
    CountWindowSerializer,
    GlobalWindow,
    GlobalWindowSerializer,
    TimeWindow,
    TimeWindowSerializer,
    Window,
    long_to_int_with_bit_mixing,
    mod_inverse,
)

if TYPE_CHECKING:
    from pyflink.common.serializer import TypeSerializer
    from pyflink.datastream.functions import InternalWindowFunction
    from pyflink.datastream.output_tag import OutputTag
    from pyflink.datastream.state import StateDescriptor

__all__ = [
    "Window",
    "TimeWindow",
    "CountWindow",
    "GlobalWindow",
    "WindowAssigner",
    "TumblingProcessingTimeWindows",
    "TumblingEventTimeWindows",
    "SlidingProcessingTimeWindows",
    "SlidingEventTimeWindows",
    "ProcessingTimeSessionWindows",
    "EventTimeSessionWindows",
    "DynamicProcessingTimeSessionWindows",
    "DynamicEventTimeSessionWindows",
    "GlobalWindows",
    "MergingWindowAssigner",
    "CountTumblingWindowAssigner",
    "CountSlidingWindowAssigner",
    "TriggerResult",
    "Trigger",
    "EventTimeTrigger",
    "ProcessingTimeTrigger",
    "ContinuousEventTimeTrigger",
    "ContinuousProcessingTimeTrigger",
    "NeverTrigger",
    "PurgingTrigger",
    "CountTrigger",
    "TimeWindowSerializer",
    "CountWindowSerializer",
    "GlobalWindowSerializer",
    "SessionWindowTimeGapExtractor",
    "Evictor",
    "CountEvictor",
    "TimeEvictor",
    "DeltaEvictor",
    "DeltaFunction",
    "TimestampedValue",
]

# Names that programs import from here although they are not meant for star imports.
_ALSO_HERE = (IN, OUT, KEY, T, W, W2, long_to_int_with_bit_mixing, mod_inverse)

# Written in other modules, for programs part of this one.
show_as_part_of(
    __name__,
    ContinuousEventTimeTrigger,
    ContinuousProcessingTimeTrigger,
    CountEvictor,
    CountSlidingWindowAssigner,
    CountTrigger,
    CountTumblingWindowAssigner,
    CountWindow,
    CountWindowSerializer,
    DeltaEvictor,
    DeltaFunction,
    DynamicEventTimeSessionWindows,
    DynamicProcessingTimeSessionWindows,
    EventTimeSessionWindows,
    EventTimeTrigger,
    Evictor,
    GlobalWindow,
    GlobalWindowSerializer,
    GlobalWindows,
    MergingWindowAssigner,
    Min,
    NeverTrigger,
    ProcessingTimeSessionWindows,
    ProcessingTimeTrigger,
    PurgingTrigger,
    SessionWindowTimeGapExtractor,
    SlidingEventTimeWindows,
    SlidingProcessingTimeWindows,
    TimeEvictor,
    TimeWindow,
    TimeWindowSerializer,
    TimestampedValue,
    Trigger,
    TriggerResult,
    TumblingEventTimeWindows,
    TumblingProcessingTimeWindows,
    Window,
    WindowAssigner,
)


class WindowOperationDescriptor:
    """Everything that a window operator needs to know.

    :param assigner: which windows a record is in.
    :param trigger: when a window gives its results.
    :param allowed_lateness: how long after its end a window takes records, in milliseconds.
    :param late_data_output_tag: where later records go, when given.
    :param window_state_descriptor: the state that holds the contents of a window.
    :param window_serializer: writes the windows as bytes.
    :param internal_window_function: makes the results of the contents.
    """

    def __init__(
        self,
        assigner: WindowAssigner,
        trigger: Trigger,
        allowed_lateness: int,
        late_data_output_tag: Optional[OutputTag],
        window_state_descriptor: StateDescriptor,
        window_serializer: TypeSerializer,
        internal_window_function: InternalWindowFunction,
    ) -> None:
        self.assigner = assigner
        self.trigger = trigger
        self.allowed_lateness = allowed_lateness
        self.late_data_output_tag = late_data_output_tag
        self.window_state_descriptor = window_state_descriptor
        self.window_serializer = window_serializer
        self.internal_window_function = internal_window_function

    def generate_op_name(self) -> str:
        """The operator's name."""
        return type(self.assigner).__name__

    def generate_op_desc(self, windowed_stream_type: str, func_desc: Any) -> str:
        """The operator's description.

        :param windowed_stream_type: such as "Window".
        :param func_desc: the function in words.
        """
        return "%s(%s, %s, %s)" % (
            windowed_stream_type,
            self.assigner,
            type(self.trigger).__name__,
            func_desc,
        )
