"""Windows: what they are and how they are written as bytes."""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from io import BytesIO
from typing import Any, Iterable, List, Tuple

from pyflink.common.constants import MAX_LONG_VALUE
from pyflink.common.serializer import TypeSerializer

_MASK = 0xFFFFFFFFFFFFFFFF


def _signed_32(number: int) -> int:
    number &= 0xFFFFFFFF
    return number - 0x100000000 if number >= 0x80000000 else number


def long_to_int_with_bit_mixing(x: int) -> int:
    """A hash of 32 bits of an integer of 64 bits.

    :param x: the integer.
    """
    x &= _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return _signed_32(x ^ (x >> 31))


def mod_inverse(x: int) -> int:
    """The number y for which x * y is 1 modulo 2 ** 32.

    :param x: an odd number.
    """
    inverse = x * x * x
    for _ in range(4):
        inverse = (inverse * (2 - x * inverse)) & 0xFFFFFFFF
    return _signed_32(inverse)


class Window(ABC):
    """A part of a stream."""

    @abstractmethod
    def max_timestamp(self) -> int:
        """The greatest timestamp that is still in the window."""


class TimeWindow(Window):
    """The records from one time to another.

    :param start: the first millisecond.
    :param end: the first millisecond that is no longer in the window.
    """

    def __init__(self, start: int, end: int) -> None:
        super().__init__()
        self.start = start
        self.end = end

    def max_timestamp(self) -> int:
        return self.end - 1

    def intersects(self, other: TimeWindow) -> bool:
        """Whether the windows overlap or touch."""
        return self.start <= other.end and self.end >= other.start

    def cover(self, other: TimeWindow) -> TimeWindow:
        """The smallest window that holds both."""
        return TimeWindow(min(self.start, other.start), max(self.end, other.end))

    @staticmethod
    def get_window_start_with_offset(timestamp: int, offset: int, window_size: int) -> int:
        """Where the window of a timestamp begins, when windows follow each other.

        :param timestamp: the timestamp.
        :param offset: where one of the windows begins.
        :param window_size: the length of a window.
        """
        return timestamp - (timestamp - offset) % window_size

    @staticmethod
    def merge_windows(windows: Iterable[TimeWindow], callback: Any) -> None:
        """Merge windows that overlap or touch.

        :param windows: the windows.
        :param callback: its merge() is called for each group of more than one window.
        """
        groups: List[Tuple[TimeWindow, set]] = []
        for window in sorted(windows, key=lambda w: w.start):
            if groups and groups[-1][0].intersects(window):
                merged, members = groups[-1]
                members.add(window)
                groups[-1] = (merged.cover(window), members)
            else:
                groups.append((window, {window}))
        for merged, members in groups:
            if len(members) > 1:
                callback.merge(members, merged)

    def __hash__(self) -> int:
        return long_to_int_with_bit_mixing(self.start + self.end)

    def __eq__(self, other: Any) -> bool:
        return type(other) is type(self) and self.start == other.start and self.end == other.end

    def __lt__(self, other: TimeWindow) -> bool:
        if not isinstance(other, TimeWindow):
            raise TypeError("a TimeWindow cannot be compared with a %s" % type(other).__name__)
        return (self.start, self.end) < (other.start, other.end)

    def __repr__(self) -> str:
        return "TimeWindow(start=%s, end=%s)" % (self.start, self.end)


class CountWindow(Window):
    """A number of records that follow each other.

    :param id: the number of the window.
    """

    def __init__(self, id: int) -> None:
        super().__init__()
        self.id = id

    def max_timestamp(self) -> int:
        return MAX_LONG_VALUE

    def __hash__(self) -> int:
        return long_to_int_with_bit_mixing(self.id)

    def __eq__(self, other: Any) -> bool:
        return type(other) is type(self) and self.id == other.id

    def __repr__(self) -> str:
        return "CountWindow(id=%s)" % self.id


class GlobalWindow(Window):
    """The whole stream."""

    def __init__(self) -> None:
        super().__init__()

    @staticmethod
    def get() -> GlobalWindow:
        """The window; all global windows are equal."""
        return GlobalWindow()

    def max_timestamp(self) -> int:
        return MAX_LONG_VALUE

    def __eq__(self, other: Any) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "GlobalWindow"


class TimeWindowSerializer(TypeSerializer[TimeWindow]):
    """Writes a window as two integers of 64 bits, the high byte first."""

    def __init__(self) -> None:
        self._format = ">qq"

    def serialize(self, element: TimeWindow, stream: BytesIO) -> None:
        stream.write(struct.pack(self._format, element.start, element.end))

    def deserialize(self, stream: BytesIO) -> TimeWindow:
        return TimeWindow(*struct.unpack(self._format, stream.read(16)))


class CountWindowSerializer(TypeSerializer[CountWindow]):
    """Writes a window as one integer of 64 bits, the high byte first."""

    def __init__(self) -> None:
        self._format = ">q"

    def serialize(self, element: CountWindow, stream: BytesIO) -> None:
        stream.write(struct.pack(self._format, element.id))

    def deserialize(self, stream: BytesIO) -> CountWindow:
        return CountWindow(*struct.unpack(self._format, stream.read(8)))


class GlobalWindowSerializer(TypeSerializer[GlobalWindow]):
    """Writes a window as one byte, which is 0."""

    def __init__(self) -> None:
        self._mark = b"\0"

    def serialize(self, element: GlobalWindow, stream: BytesIO) -> None:
        stream.write(self._mark)

    def deserialize(self, stream: BytesIO) -> GlobalWindow:
        stream.read(1)
        return GlobalWindow()
