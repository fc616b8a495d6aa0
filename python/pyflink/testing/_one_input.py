"""The harnesses of operators on one stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable, Optional, Union

from pyflink.testing._base import AbstractStreamOperatorTestHarness, _long_array
from pyflink.testing._elements import StreamRecord, Watermark, WatermarkStatus
from pyflink.testing._operators import operator_of

if TYPE_CHECKING:
    from pyflink.common import Configuration, TypeInformation
    from pyflink.datastream.functions import KeySelector
    from pyflink.datastream.state import StateDescriptor

__all__ = ["KeyedOneInputStreamOperatorTestHarness", "OneInputStreamOperatorTestHarness"]


class OneInputStreamOperatorTestHarness(AbstractStreamOperatorTestHarness):
    """Runs an operator on one stream.

    :param operator: the function object, such as a MapFunction, or a callable that gets a
        DataStream and adds what is to be tested: ``lambda stream: stream.map(f).filter(g)``.
    :param input_type: the type of the records; any Python objects when None.
    :param output_type: the type of the results of a function object; any Python objects when None.
    :param parallelism: how many parallel instances there are.
    :param max_parallelism: the number of key groups.
    :param subtask_index: which instance this harness is, from 0.
    :param configuration: options as for a job, such as ``state.backend.type``.
    :raises TypeError: `operator` does not run on such a stream, or something it uses cannot be
        pickled.
    """

    def __init__(
        self,
        operator: Any,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=False)
        super().__init__(
            lambda streams: add(streams[0]),
            [input_type],
            None,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )

    def process_element(self, value: Any, timestamp: Optional[int] = None) -> None:
        """Push a record.

        :param value: its value, or a :class:`StreamRecord`.
        :param timestamp: its event time in milliseconds, or None.
        :raises Exception: what the function raised, or TypeError when a value does not fit its
            declared type.
        """
        self._process_one(0, value, timestamp)

    def process_elements(self, values: Iterable[Any]) -> None:
        """Push many records; they reach the function in batches, as in a job.

        :param values: values, or :class:`StreamRecord` objects with timestamps.
        """
        values = list(values)
        records = [value for value in values if isinstance(value, StreamRecord)]
        if not records:
            self._process(0, values, None)
        elif len(records) < len(values) or any(r.timestamp is None for r in records):
            for value in values:
                self._process_one(0, value, None)
        else:
            times = _long_array([record.timestamp for record in records])
            self._process(0, [record.value for record in records], times)

    def process_watermark(self, watermark: Union[int, Watermark]) -> None:
        """Let event time advance; the timers that are due by then fire in their order.

        :param watermark: milliseconds.
        :raises ValueError: it is before the last one.
        """
        self._process_watermark(0, watermark)

    def get_window_state(self, state_descriptor: StateDescriptor, key: Any, window: Any) -> Any:
        """The state that a window function or a trigger keeps for one window, to read and change.

        What a function keeps for all windows of a key is read with :meth:`get_state`.

        :param state_descriptor: of the state.
        :param key: the key.
        :param window: the window, such as ``TimeWindow(0, 10)``.
        :returns: a state with the methods of its kind, such as ``value()`` and ``update()``.
        :raises KeyError: there are no windows.
        :raises Exception: windows of the assigner merge, so that only triggers have such state.
        """
        return self._state_of_window(state_descriptor, key, window)

    def process_watermark_status(self, status: WatermarkStatus) -> None:
        """Tell the operator that its input became idle or active.

        :param status: which.
        """
        self._run(self._j_harness.processWatermarkStatus, 0, status.idle)

    def end_input(self) -> None:
        """Tell the operator that its input has ended. No watermark is sent."""
        self._run(self._j_harness.endInput, 0)


class KeyedOneInputStreamOperatorTestHarness(OneInputStreamOperatorTestHarness):
    """Runs an operator on one keyed stream.

    :param operator: the function object, or a callable that gets a KeyedStream and adds what is to
        be tested: ``lambda keyed: keyed.process(f)``.
    :param key_selector: gives the key of a record.
    :param key_type: the type of the keys; any Python objects when None.

    The other parameters are those of :class:`OneInputStreamOperatorTestHarness`. With a parallelism
    of more than 1, a record whose key belongs to another instance is a ValueError.
    """

    def __init__(
        self,
        operator: Any,
        key_selector: Union[Callable, KeySelector],
        key_type: Optional[TypeInformation] = None,
        input_type: Optional[TypeInformation] = None,
        output_type: Optional[TypeInformation] = None,
        *,
        parallelism: int = 1,
        max_parallelism: int = 128,
        subtask_index: int = 0,
        configuration: Optional[Configuration] = None,
    ) -> None:
        add = operator_of(operator, output_type, keyed=True)
        AbstractStreamOperatorTestHarness.__init__(
            self,
            lambda streams: add(streams[0].key_by(key_selector, key_type)),
            [input_type],
            key_type,
            parallelism,
            max_parallelism,
            subtask_index,
            configuration,
        )
