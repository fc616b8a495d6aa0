"""Functions over the contents of a window, and the adapters between their forms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, Iterable

from pyflink.datastream._function_base import (
    IN,
    KEY,
    OUT,
    W2,
    Function,
    KeyedStateStore,
    RuntimeContext,
    W,
)


class WindowFunction(Function, Generic[IN, OUT, KEY, W]):
    """Turns the contents of one window of one key into any number of values."""

    @abstractmethod
    def apply(self, key: KEY, window: W, inputs: Iterable[IN]) -> Iterable[OUT]:
        """The results for the values `inputs` of `window`."""


class AllWindowFunction(Function, Generic[IN, OUT, W]):
    """Turns the contents of one window into any number of values."""

    @abstractmethod
    def apply(self, window: W, inputs: Iterable[IN]) -> Iterable[OUT]:
        """The results for the values `inputs` of `window`."""


class ProcessWindowFunction(Function, Generic[IN, OUT, KEY, W]):
    """Like :class:`WindowFunction`, with a context that gives times and state."""

    class Context(ABC, Generic[W2]):
        """What is known while one window is processed."""

        @abstractmethod
        def window(self) -> W2:
            """The window."""

        @abstractmethod
        def current_processing_time(self) -> int:
            """The clock of the machine in milliseconds since 1970."""

        @abstractmethod
        def current_watermark(self) -> int:
            """The current event time in milliseconds since 1970."""

        @abstractmethod
        def window_state(self) -> KeyedStateStore:
            """State of this key and this window."""

        @abstractmethod
        def global_state(self) -> KeyedStateStore:
            """State of this key in all windows."""

    @abstractmethod
    def process(
        self, key: KEY, context: ProcessWindowFunction.Context, elements: Iterable[IN]
    ) -> Iterable[OUT]:
        """The results for the values `elements` of the context's window."""

    def clear(self, context: ProcessWindowFunction.Context) -> None:
        """Called when a window ends: drop what was kept in its window state."""


class ProcessAllWindowFunction(Function, Generic[IN, OUT, W]):
    """Like :class:`AllWindowFunction`, with a context that gives state."""

    class Context(ABC, Generic[W2]):
        """What is known while one window is processed."""

        @abstractmethod
        def window(self) -> W2:
            """The window."""

        @abstractmethod
        def window_state(self) -> KeyedStateStore:
            """State of this window."""

        @abstractmethod
        def global_state(self) -> KeyedStateStore:
            """State of all windows."""

    @abstractmethod
    def process(
        self, context: ProcessAllWindowFunction.Context, elements: Iterable[IN]
    ) -> Iterable[OUT]:
        """The results for the values `elements` of the context's window."""

    def clear(self, context: ProcessAllWindowFunction.Context) -> None:
        """Called when a window ends: drop what was kept in its window state."""


class PassThroughWindowFunction(WindowFunction[IN, IN, KEY, W]):
    """Gives the values of a window as they are."""

    def apply(self, key: KEY, window: W, inputs: Iterable[IN]) -> Iterable[IN]:
        return inputs


class PassThroughAllWindowFunction(AllWindowFunction[IN, IN, W]):
    """Gives the values of a window as they are."""

    def apply(self, window: W, inputs: Iterable[IN]) -> Iterable[IN]:
        return inputs


class InternalWindowFunction(Function, Generic[IN, OUT, KEY, W]):
    """The one form in which the window operator calls every window function."""

    class InternalWindowContext(ABC):
        """What the operator knows while one window is processed."""

        @abstractmethod
        def current_processing_time(self) -> int:
            """The clock of the machine in milliseconds since 1970."""

        @abstractmethod
        def current_watermark(self) -> int:
            """The current event time in milliseconds since 1970."""

        @abstractmethod
        def window_state(self) -> KeyedStateStore:
            """State of this key and this window."""

        @abstractmethod
        def global_state(self) -> KeyedStateStore:
            """State of this key in all windows."""

    @abstractmethod
    def process(
        self, key: KEY, window: W, context: InternalWindowContext, input_data: IN
    ) -> Iterable[OUT]:
        """The results for the contents `input_data` of `window`."""

    @abstractmethod
    def clear(self, window: W, context: InternalWindowContext) -> None:
        """Called when `window` ends."""


class _Adapter(InternalWindowFunction):
    """Opens and closes the user's function along with itself."""

    # Whether the operator keeps one aggregated value for a window instead of all its values.
    _single = False

    def __init__(self, wrapped_function: Any) -> None:
        self._wrapped_function = wrapped_function

    def open(self, runtime_context: RuntimeContext) -> None:
        self._wrapped_function.open(runtime_context)

    def close(self) -> None:
        self._wrapped_function.close()

    def _values(self, input_data: Any) -> Iterable[Any]:
        return [input_data] if self._single else input_data

    def clear(self, window: W, context: InternalWindowFunction.InternalWindowContext) -> None:
        pass


class InternalIterableWindowFunction(_Adapter):
    """Calls a :class:`WindowFunction` with all values of a window.

    :param wrapped_function: the user's function.
    """

    def process(
        self,
        key: KEY,
        window: W,
        context: InternalWindowFunction.InternalWindowContext,
        input_data: Any,
    ) -> Iterable[OUT]:
        return self._wrapped_function.apply(key, window, self._values(input_data))


class InternalIterableAllWindowFunction(_Adapter):
    """Calls an :class:`AllWindowFunction` with all values of a window.

    :param wrapped_function: the user's function.
    """

    def process(
        self,
        key: int,
        window: W,
        context: InternalWindowFunction.InternalWindowContext,
        input_data: Any,
    ) -> Iterable[OUT]:
        return self._wrapped_function.apply(window, self._values(input_data))


class InternalSingleValueWindowFunction(InternalIterableWindowFunction):
    """Calls a :class:`WindowFunction` with the one aggregated value of a window.

    :param wrapped_function: the user's function.
    """

    _single = True


class InternalSingleValueAllWindowFunction(InternalIterableAllWindowFunction):
    """Calls an :class:`AllWindowFunction` with the one aggregated value of a window.

    :param wrapped_function: the user's function.
    """

    _single = True


class _BorrowedContext:
    """The context that a user's function sees; one object for all windows of an operator."""

    def __init__(self) -> None:
        self._window: Any = None
        self._underlying: Any = None

    def _of(self, window: Any, underlying: Any) -> Any:
        self._window, self._underlying = window, underlying
        return self

    def window(self) -> Any:
        return self._window

    def current_processing_time(self) -> int:
        return self._underlying.current_processing_time()

    def current_watermark(self) -> int:
        return self._underlying.current_watermark()

    def window_state(self) -> KeyedStateStore:
        return self._underlying.window_state()

    def global_state(self) -> KeyedStateStore:
        return self._underlying.global_state()


class InternalProcessWindowContext(_BorrowedContext, ProcessWindowFunction.Context):
    """The context of a :class:`ProcessWindowFunction`."""


class InternalProcessAllWindowContext(_BorrowedContext, ProcessAllWindowFunction.Context):
    """The context of a :class:`ProcessAllWindowFunction`."""


class InternalIterableProcessWindowFunction(_Adapter):
    """Calls a :class:`ProcessWindowFunction` with all values of a window.

    :param wrapped_function: the user's function.
    """

    def __init__(self, wrapped_function: ProcessWindowFunction) -> None:
        super().__init__(wrapped_function)
        self._context: InternalProcessWindowContext = InternalProcessWindowContext()

    def process(
        self,
        key: KEY,
        window: W,
        context: InternalWindowFunction.InternalWindowContext,
        input_data: Any,
    ) -> Iterable[OUT]:
        return self._wrapped_function.process(
            key, self._context._of(window, context), self._values(input_data)
        )

    def clear(self, window: W, context: InternalWindowFunction.InternalWindowContext) -> None:
        self._wrapped_function.clear(self._context._of(window, context))


class InternalIterableProcessAllWindowFunction(_Adapter):
    """Calls a :class:`ProcessAllWindowFunction` with all values of a window.

    :param wrapped_function: the user's function.
    """

    def __init__(self, wrapped_function: ProcessAllWindowFunction) -> None:
        super().__init__(wrapped_function)
        self._context: InternalProcessAllWindowContext = InternalProcessAllWindowContext()

    def process(
        self,
        key: int,
        window: W,
        context: InternalWindowFunction.InternalWindowContext,
        input_data: Any,
    ) -> Iterable[OUT]:
        return self._wrapped_function.process(
            self._context._of(window, context), self._values(input_data)
        )

    def clear(self, window: W, context: InternalWindowFunction.InternalWindowContext) -> None:
        self._wrapped_function.clear(self._context._of(window, context))


class InternalSingleValueProcessWindowFunction(InternalIterableProcessWindowFunction):
    """Calls a :class:`ProcessWindowFunction` with the one aggregated value of a window.

    :param wrapped_function: the user's function.
    """

    _single = True


class InternalSingleValueProcessAllWindowFunction(InternalIterableProcessAllWindowFunction):
    """Calls a :class:`ProcessAllWindowFunction` with the one aggregated value of a window.

    :param wrapped_function: the user's function.
    """

    _single = True
