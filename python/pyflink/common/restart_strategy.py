"""What happens to a job after a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Optional

__all__ = ["RestartStrategies", "RestartStrategyConfiguration"]


def _java() -> Any:
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.org.apache.flink.api.common.restartstrategy.RestartStrategies


def _millis(interval: Any) -> int:
    """A number of milliseconds, from a number or a timedelta."""
    if isinstance(interval, timedelta):
        return interval // timedelta(milliseconds=1)
    return int(interval)


def _time(interval: Any) -> Any:
    """Java's Time for a number of milliseconds or a timedelta."""
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.org.apache.flink.api.common.time.Time.milliseconds(_millis(interval))


class RestartStrategyConfiguration:
    """Base of the restart strategies; make one with :class:`RestartStrategies`.

    :param j_restart_strategy_configuration: the Java object.
    """

    def __init__(self, j_restart_strategy_configuration: Any) -> None:
        self._j_restart_strategy_configuration = j_restart_strategy_configuration

    def get_description(self) -> str:
        """The strategy in words."""
        return self._j_restart_strategy_configuration.getDescription()

    def _interval(self, getter: str) -> timedelta:
        j_time = getattr(self._j_restart_strategy_configuration, getter)()
        return timedelta(milliseconds=j_time.toMilliseconds())

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, type(self)) and self._j_restart_strategy_configuration.equals(
            other._j_restart_strategy_configuration
        )

    def __hash__(self) -> int:
        return self._j_restart_strategy_configuration.hashCode()


class RestartStrategies:
    """Makes the restart strategies."""

    class NoRestartStrategyConfiguration(RestartStrategyConfiguration):
        """A failure ends the job.

        :param j_restart_strategy: the Java object; a new one when None.
        """

        def __init__(self, j_restart_strategy: Optional[Any] = None) -> None:
            super().__init__(j_restart_strategy or _java().noRestart())

    class FixedDelayRestartStrategyConfiguration(RestartStrategyConfiguration):
        """The job is tried again a number of times.

        :param restart_attempts: how often.
        :param delay_between_attempts_interval: the pause before each, a timedelta or milliseconds.
        :param j_restart_strategy: the Java object, in place of the other arguments.
        """

        def __init__(
            self,
            restart_attempts: Optional[int] = None,
            delay_between_attempts_interval: Any = None,
            j_restart_strategy: Optional[Any] = None,
        ) -> None:
            super().__init__(
                j_restart_strategy
                or _java().fixedDelayRestart(
                    restart_attempts, _time(delay_between_attempts_interval)
                )
            )

        def get_restart_attempts(self) -> int:
            """How often the job is tried again."""
            return self._j_restart_strategy_configuration.getRestartAttempts()

        def get_delay_between_attempts_interval(self) -> timedelta:
            """The pause before each attempt."""
            return self._interval("getDelayBetweenAttemptsInterval")

    class FailureRateRestartStrategyConfiguration(RestartStrategyConfiguration):
        """The job is tried again until it fails too often.

        :param max_failure_rate: how many failures end the job.
        :param failure_interval: within which time, a timedelta or milliseconds.
        :param delay_between_attempts_interval: the pause before each attempt, likewise.
        :param j_restart_strategy: the Java object, in place of the other arguments.
        """

        def __init__(
            self,
            max_failure_rate: Optional[int] = None,
            failure_interval: Any = None,
            delay_between_attempts_interval: Any = None,
            j_restart_strategy: Optional[Any] = None,
        ) -> None:
            super().__init__(
                j_restart_strategy
                or _java().failureRateRestart(
                    max_failure_rate,
                    _time(failure_interval),
                    _time(delay_between_attempts_interval),
                )
            )

        def get_max_failure_rate(self) -> int:
            """How many failures end the job."""
            return self._j_restart_strategy_configuration.getMaxFailureRate()

        def get_failure_interval(self) -> timedelta:
            """The time in which failures are counted."""
            return self._interval("getFailureInterval")

        def get_delay_between_attempts_interval(self) -> timedelta:
            """The pause before each attempt."""
            return self._interval("getDelayBetweenAttemptsInterval")

    class FallbackRestartStrategyConfiguration(RestartStrategyConfiguration):
        """The cluster's own setting decides.

        :param j_restart_strategy: the Java object; a new one when None.
        """

        def __init__(self, j_restart_strategy: Optional[Any] = None) -> None:
            super().__init__(j_restart_strategy or _java().fallBackRestart())

    @staticmethod
    def _from_j_restart_strategy(j_restart_strategy: Any) -> Any:
        """The strategy that stands for a Java object; None for None."""
        if j_restart_strategy is None:
            return None
        name = str(j_restart_strategy.getClass().getSimpleName())
        strategy = getattr(RestartStrategies, name, None)
        if strategy is None:
            raise Exception("the restart strategy %s is not known here" % name)
        return strategy(j_restart_strategy=j_restart_strategy)

    @staticmethod
    def no_restart() -> NoRestartStrategyConfiguration:
        """A failure ends the job."""
        return RestartStrategies.NoRestartStrategyConfiguration()

    @staticmethod
    def fall_back_restart() -> FallbackRestartStrategyConfiguration:
        """The cluster's own setting decides."""
        return RestartStrategies.FallbackRestartStrategyConfiguration()

    @staticmethod
    def fixed_delay_restart(
        restart_attempts: int, delay_between_attempts: int
    ) -> FixedDelayRestartStrategyConfiguration:
        """The job is tried again a number of times.

        :param restart_attempts: how often.
        :param delay_between_attempts: the pause before each, in milliseconds.
        """
        return RestartStrategies.FixedDelayRestartStrategyConfiguration(
            restart_attempts, delay_between_attempts
        )

    @staticmethod
    def failure_rate_restart(
        failure_rate: int, failure_interval: int, delay_interval: int
    ) -> FailureRateRestartStrategyConfiguration:
        """The job is tried again until it fails too often.

        :param failure_rate: how many failures end the job.
        :param failure_interval: within how many milliseconds.
        :param delay_interval: the pause before each attempt, in milliseconds.
        """
        return RestartStrategies.FailureRateRestartStrategyConfiguration(
            failure_rate, failure_interval, delay_interval
        )
