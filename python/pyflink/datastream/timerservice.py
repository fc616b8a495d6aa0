"""Times and timers."""

from abc import ABC, abstractmethod

__all__ = ["TimerService"]


class TimerService(ABC):
    """Gives the current times; on keyed streams it also takes timers."""

    @abstractmethod
    def current_processing_time(self) -> int:
        """The clock of the machine in milliseconds since 1970."""

    @abstractmethod
    def current_watermark(self) -> int:
        """The current event time in milliseconds since 1970."""

    @abstractmethod
    def register_processing_time_timer(self, timestamp: int) -> None:
        """Call on_timer() when the clock reaches a time.

        :param timestamp: milliseconds since 1970.
        """

    @abstractmethod
    def register_event_time_timer(self, timestamp: int) -> None:
        """Call on_timer() when the watermark reaches a time.

        :param timestamp: milliseconds since 1970.
        """

    def delete_processing_time_timer(self, timestamp: int) -> None:
        """Forget the timer for this time and the current key.

        :param timestamp: milliseconds since 1970.
        """

    def delete_event_time_timer(self, timestamp: int) -> None:
        """Forget the timer for this time and the current key.

        :param timestamp: milliseconds since 1970.
        """
