"""When state is forgotten by itself."""

from __future__ import annotations

from abc import ABC
from enum import Enum
from typing import TYPE_CHECKING, Any, Dict, Optional, Union

if TYPE_CHECKING:
    from pyflink.common.time import Duration, Time


def _checked(what: str, value: Any) -> Any:
    """`value` if it is a Time or a Duration.

    :raises TypeError: it is none.
    """
    from pyflink.common.time import Duration, Time

    if not isinstance(value, (Time, Duration)):
        raise TypeError(
            "%s of a StateTtlConfig has to be a Time or a Duration, such as Time.seconds(10), not "
            "%s %r" % (what, type(value).__name__, value)
        )
    return value


def _j_duration(value: Union[Time, Duration]) -> Any:
    from pyflink.common.time import Time
    from pyflink.datastream._java import jvm

    if isinstance(value, Time):
        return jvm().java.time.Duration.ofMillis(value.to_milliseconds())
    return value._j_duration


class StateTtlConfig:
    """When state is forgotten by itself; built with :meth:`new_builder`.

    :param update_type: what makes a value young again.
    :param state_visibility: whether old values can still be read.
    :param ttl_time_characteristic: the time that counts.
    :param ttl: the age at which a value is old.
    :param cleanup_strategies: how old values are removed.
    """

    class UpdateType(Enum):
        """What makes a value young again."""

        Disabled = 0
        OnCreateAndWrite = 1
        OnReadAndWrite = 2

    class StateVisibility(Enum):
        """Whether old values that are still there can be read."""

        ReturnExpiredIfNotCleanedUp = 0
        NeverReturnExpired = 1

    class TtlTimeCharacteristic(Enum):
        """The time that counts."""

        ProcessingTime = 0

    def __init__(
        self,
        update_type: UpdateType,
        state_visibility: StateVisibility,
        ttl_time_characteristic: TtlTimeCharacteristic,
        ttl: Union[Time, Duration],
        cleanup_strategies: StateTtlConfig.CleanupStrategies,
    ) -> None:
        self._update_type = update_type
        self._state_visibility = state_visibility
        self._ttl_time_characteristic = ttl_time_characteristic
        self._ttl = ttl
        self._cleanup_strategies = cleanup_strategies

    @staticmethod
    def new_builder(ttl: Union[Time, Duration]) -> StateTtlConfig.Builder:
        """Build one.

        :param ttl: the age at which a value is old.
        """
        return StateTtlConfig.Builder(ttl)

    def get_update_type(self) -> StateTtlConfig.UpdateType:
        """What makes a value young again."""
        return self._update_type

    def get_state_visibility(self) -> StateTtlConfig.StateVisibility:
        """Whether old values can still be read."""
        return self._state_visibility

    def get_ttl(self) -> Union[Time, Duration]:
        """The age at which a value is old."""
        return self._ttl

    def get_ttl_time_characteristic(self) -> StateTtlConfig.TtlTimeCharacteristic:
        """The time that counts."""
        return self._ttl_time_characteristic

    def is_enabled(self) -> bool:
        """Whether values get old at all."""
        return self._update_type is not StateTtlConfig.UpdateType.Disabled

    def get_cleanup_strategies(self) -> StateTtlConfig.CleanupStrategies:
        """How old values are removed."""
        return self._cleanup_strategies

    def _to_j_state_ttl_config(self) -> Any:
        from pyflink.datastream._java import jvm

        j_state = jvm().org.apache.flink.api.common.state.StateTtlConfig
        builder = j_state.newBuilder(_j_duration(self._ttl))
        builder.setUpdateType(getattr(j_state.UpdateType, self._update_type.name))
        builder.setStateVisibility(getattr(j_state.StateVisibility, self._state_visibility.name))
        builder.setTtlTimeCharacteristic(
            getattr(j_state.TtlTimeCharacteristic, self._ttl_time_characteristic.name)
        )
        cleanup = self._cleanup_strategies
        if not cleanup.is_cleanup_in_background():
            builder.disableCleanupInBackground()
        ways = StateTtlConfig.CleanupStrategies.Strategies
        if cleanup.in_full_snapshot():
            builder.cleanupFullSnapshot()
        if ways.INCREMENTAL_CLEANUP in cleanup._strategies:
            incremental: Any = cleanup.get_incremental_cleanup_strategy()
            builder.cleanupIncrementally(
                incremental.get_cleanup_size(), incremental.run_cleanup_for_every_record()
            )
        if ways.ROCKSDB_COMPACTION_FILTER in cleanup._strategies:
            rocksdb: Any = cleanup.get_rocksdb_compact_filter_cleanup_strategy()
            builder.cleanupInRocksdbCompactFilter(
                rocksdb.get_query_time_after_num_entries(),
                rocksdb.get_periodic_compaction_time()._j_duration,
            )
        return builder.build()

    def __repr__(self) -> str:
        return (
            "StateTtlConfig<update_type=%s, state_visibility=%s,ttl_time_characteristic =%s,ttl=%s>"
            % (
                self._update_type,
                self._state_visibility,
                self._ttl_time_characteristic,
                self._ttl,
            )
        )

    class Builder:
        """Builds a :class:`StateTtlConfig`.

        :param ttl: the age at which a value is old.
        """

        def __init__(self, ttl: Union[Time, Duration]) -> None:
            self._ttl = _checked("the time to live", ttl)
            self._update_type = StateTtlConfig.UpdateType.OnCreateAndWrite
            self._state_visibility = StateTtlConfig.StateVisibility.NeverReturnExpired
            self._ttl_time_characteristic = StateTtlConfig.TtlTimeCharacteristic.ProcessingTime
            self._is_cleanup_in_background = True
            self._strategies: Dict[Any, Any] = {}

        def set_update_type(self, update_type: StateTtlConfig.UpdateType) -> StateTtlConfig.Builder:
            """Set what makes a value young again.

            :param update_type: OnCreateAndWrite unless set.
            """
            self._update_type = update_type
            return self

        def update_ttl_on_create_and_write(self) -> StateTtlConfig.Builder:
            """Writing a value makes it young again."""
            return self.set_update_type(StateTtlConfig.UpdateType.OnCreateAndWrite)

        def update_ttl_on_read_and_write(self) -> StateTtlConfig.Builder:
            """Reading or writing a value makes it young again."""
            return self.set_update_type(StateTtlConfig.UpdateType.OnReadAndWrite)

        def set_state_visibility(
            self, state_visibility: StateTtlConfig.StateVisibility
        ) -> StateTtlConfig.Builder:
            """Set whether old values can still be read.

            :param state_visibility: NeverReturnExpired unless set.
            """
            self._state_visibility = state_visibility
            return self

        def return_expired_if_not_cleaned_up(self) -> StateTtlConfig.Builder:
            """Old values can be read until they are removed."""
            return self.set_state_visibility(
                StateTtlConfig.StateVisibility.ReturnExpiredIfNotCleanedUp
            )

        def never_return_expired(self) -> StateTtlConfig.Builder:
            """Old values cannot be read."""
            return self.set_state_visibility(StateTtlConfig.StateVisibility.NeverReturnExpired)

        def set_ttl_time_characteristic(
            self, ttl_time_characteristic: StateTtlConfig.TtlTimeCharacteristic
        ) -> StateTtlConfig.Builder:
            """Set the time that counts.

            :param ttl_time_characteristic: ProcessingTime unless set.
            """
            self._ttl_time_characteristic = ttl_time_characteristic
            return self

        def use_processing_time(self) -> StateTtlConfig.Builder:
            """The clock of the machine counts."""
            return self.set_ttl_time_characteristic(
                StateTtlConfig.TtlTimeCharacteristic.ProcessingTime
            )

        def cleanup_full_snapshot(self) -> StateTtlConfig.Builder:
            """Leave old values out of full snapshots."""
            strategies = StateTtlConfig.CleanupStrategies
            self._strategies[strategies.Strategies.FULL_STATE_SCAN_SNAPSHOT] = (
                strategies.EMPTY_STRATEGY
            )
            return self

        def cleanup_incrementally(
            self, cleanup_size: int, run_cleanup_for_every_record: bool
        ) -> StateTtlConfig.Builder:
            """Look at a few values whenever state is used.

            :param cleanup_size: how many.
            :param run_cleanup_for_every_record: also for records that use no state.
            """
            strategies = StateTtlConfig.CleanupStrategies
            self._strategies[strategies.Strategies.INCREMENTAL_CLEANUP] = (
                strategies.IncrementalCleanupStrategy(cleanup_size, run_cleanup_for_every_record)
            )
            return self

        def cleanup_in_rocksdb_compact_filter(
            self,
            query_time_after_num_entries: int,
            periodic_compaction_time: Optional[Union[Time, Duration]] = None,
        ) -> StateTtlConfig.Builder:
            """Remove old values when RocksDB compacts its files.

            :param query_time_after_num_entries: the clock is read after so many values.
            :param periodic_compaction_time: files of that age are compacted; 30 days when None.
            """
            if periodic_compaction_time is not None:
                _checked("periodic_compaction_time", periodic_compaction_time)
            strategies = StateTtlConfig.CleanupStrategies
            self._strategies[strategies.Strategies.ROCKSDB_COMPACTION_FILTER] = (
                strategies.RocksdbCompactFilterCleanupStrategy(
                    query_time_after_num_entries, periodic_compaction_time
                )
            )
            return self

        def disable_cleanup_in_background(self) -> StateTtlConfig.Builder:
            """Remove old values only when they are read."""
            self._is_cleanup_in_background = False
            return self

        def set_ttl(self, ttl: Union[Time, Duration]) -> StateTtlConfig.Builder:
            """Set the age at which a value is old.

            :param ttl: the age.
            """
            self._ttl = _checked("the time to live", ttl)
            return self

        def build(self) -> StateTtlConfig:
            """The settings."""
            return StateTtlConfig(
                self._update_type,
                self._state_visibility,
                self._ttl_time_characteristic,
                self._ttl,
                StateTtlConfig.CleanupStrategies(self._strategies, self._is_cleanup_in_background),
            )

    class CleanupStrategies:
        """How old values are removed.

        :param strategies: the ways.
        :param is_cleanup_in_background: whether it happens beside the reading of state too.
        """

        class Strategies(Enum):
            """The ways."""

            FULL_STATE_SCAN_SNAPSHOT = 0
            INCREMENTAL_CLEANUP = 1
            ROCKSDB_COMPACTION_FILTER = 2

        class CleanupStrategy(ABC):
            """Base of the ways."""

        class EmptyCleanupStrategy(CleanupStrategy):
            """A way without settings."""

        class IncrementalCleanupStrategy(CleanupStrategy):
            """Look at a few values whenever state is used.

            :param cleanup_size: how many.
            :param run_cleanup_for_every_record: also for records that use no state.
            """

            def __init__(self, cleanup_size: int, run_cleanup_for_every_record: bool) -> None:
                self._cleanup_size = cleanup_size
                self._run_cleanup_for_every_record = run_cleanup_for_every_record

            def get_cleanup_size(self) -> int:
                """How many values are looked at."""
                return self._cleanup_size

            def run_cleanup_for_every_record(self) -> bool:
                """Whether it also happens for records that use no state."""
                return self._run_cleanup_for_every_record

        class RocksdbCompactFilterCleanupStrategy(CleanupStrategy):
            """Remove old values when RocksDB compacts its files.

            :param query_time_after_num_entries: the clock is read after so many values.
            :param periodic_compaction_time: files of that age are compacted.
            """

            def __init__(
                self,
                query_time_after_num_entries: int,
                periodic_compaction_time: Optional[Union[Time, Duration]] = None,
            ) -> None:
                self._query_time_after_num_entries = query_time_after_num_entries
                self._periodic_compaction_time = periodic_compaction_time

            def get_query_time_after_num_entries(self) -> int:
                """After how many values the clock is read."""
                return self._query_time_after_num_entries

            def get_periodic_compaction_time(self) -> Duration:
                """The age at which files are compacted; 30 days unless set."""
                from pyflink.common.time import Duration

                if self._periodic_compaction_time is None:
                    return Duration.of_days(30)
                return Duration(_j_duration(self._periodic_compaction_time))

        EMPTY_STRATEGY = EmptyCleanupStrategy()

        def __init__(
            self,
            strategies: Dict[Strategies, CleanupStrategy],
            is_cleanup_in_background: bool,
        ) -> None:
            self._strategies = strategies
            self._is_cleanup_in_background = is_cleanup_in_background

        def is_cleanup_in_background(self) -> bool:
            """Whether it happens beside the reading of state too."""
            return self._is_cleanup_in_background

        def in_full_snapshot(self) -> bool:
            """Whether old values are left out of full snapshots."""
            return self.Strategies.FULL_STATE_SCAN_SNAPSHOT in self._strategies

        def get_incremental_cleanup_strategy(
            self,
        ) -> Optional[StateTtlConfig.CleanupStrategies.IncrementalCleanupStrategy]:
            """The settings of the incremental way; its defaults when none were given."""
            default = self.IncrementalCleanupStrategy(5, False)
            return self._strategy(self.Strategies.INCREMENTAL_CLEANUP, default)

        def get_rocksdb_compact_filter_cleanup_strategy(
            self,
        ) -> Optional[StateTtlConfig.CleanupStrategies.RocksdbCompactFilterCleanupStrategy]:
            """The settings of RocksDB's way; its defaults when none were given."""
            default = self.RocksdbCompactFilterCleanupStrategy(1000)
            return self._strategy(self.Strategies.ROCKSDB_COMPACTION_FILTER, default)

        def _strategy(self, which: Strategies, default: Any) -> Any:
            return self._strategies.get(which, default if self._is_cleanup_in_background else None)
