"""An operator around an AggregateFunction."""

from __future__ import annotations

from typing import Any, Iterator, Optional

from pyflink.common.typeinfo import TypeInformation, Types
from pyflink.datastream.functions import (
    AggregateFunction,
    KeyedProcessFunction,
    RuntimeContext,
)
from pyflink.datastream.state import AggregatingStateDescriptor

__all__ = ["Aggregate"]


class Aggregate(KeyedProcessFunction):
    """Gives the result of each key after each record.

    :param function: the function.
    :param accumulator_type: the type of the accumulators; any Python objects when None.
    """

    def __init__(
        self, function: AggregateFunction, accumulator_type: Optional[TypeInformation]
    ) -> None:
        if not isinstance(function, AggregateFunction):
            raise TypeError("an AggregateFunction is needed, not a %s" % type(function).__name__)
        self._descriptor = AggregatingStateDescriptor(
            "aggregate", function, accumulator_type or Types.PICKLED_BYTE_ARRAY()
        )

    def open(self, runtime_context: RuntimeContext) -> None:
        self._state = runtime_context.get_aggregating_state(self._descriptor)

    def process_element(self, value: Any, ctx: KeyedProcessFunction.Context) -> Iterator[Any]:
        self._state.add(value)
        yield self._state.get()
