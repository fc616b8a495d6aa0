"""Checkpoints: what each setting does, restart strategies, and every state backend."""

import pathlib
import time

import pytest
from pyflink.common import Configuration, Duration, RestartStrategies, Types, WatermarkStrategy
from pyflink.datastream import (
    CheckpointingMode,
    ExternalizedCheckpointCleanup,
    ExternalizedCheckpointRetention,
    StreamExecutionEnvironment,
)
from pyflink.datastream.checkpoint_storage import (
    FileSystemCheckpointStorage,
    JobManagerCheckpointStorage,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import KeyedProcessFunction, MapFunction
from pyflink.datastream.state import ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor
from pyflink.datastream.state_backend import (
    CustomStateBackend,
    EmbeddedRocksDBStateBackend,
    FsStateBackend,
    HashMapStateBackend,
    MemoryStateBackend,
    RocksDBStateBackend,
)
from pyflink.java_gateway import get_gateway

LONG = Types.LONG()


def new_env(**options):
    config = Configuration()
    for key, value in options.items():
        config.set_string(key.replace("__", "-").replace("_", "."), value)
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    return env


def numbers(env, count):
    source = NumberSequenceSource(0, count - 1)
    return env.from_source(source, WatermarkStrategy.no_watermarks(), "numbers", LONG)


# -- settings -------------------------------------------------------------------------------------


def of_the_job(env):
    """The settings as the job's coordinator of checkpoints gets them."""
    numbers(env, 1).print()
    graph = env._generate_stream_graph(True).getJobGraph()
    return graph.getCheckpointingSettings().getCheckpointCoordinatorConfiguration()


def test_settings_reach_the_job():
    env = new_env()
    env.enable_checkpointing(12_345, CheckpointingMode.EXACTLY_ONCE)
    config = env.get_checkpoint_config()
    config.set_checkpoint_timeout(54_321).set_min_pause_between_checkpoints(777)
    config.set_tolerable_checkpoint_failure_number(3)
    config.set_externalized_checkpoint_retention(
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION
    )
    config.enable_unaligned_checkpoints().set_force_unaligned_checkpoints()
    config.set_alignment_timeout(Duration.of_seconds(2))
    job = of_the_job(env)
    assert job.getCheckpointInterval() == 12_345
    assert job.getCheckpointTimeout() == 54_321
    assert job.getMinPauseBetweenCheckpoints() == 777
    assert job.getMaxConcurrentCheckpoints() == 1
    assert job.getTolerableCheckpointFailureNumber() == 3
    assert job.isExactlyOnce() and job.isUnalignedCheckpointsEnabled()
    assert job.getAlignedCheckpointTimeout() == 2000
    assert job.getCheckpointRetentionPolicy().name() == "RETAIN_ON_CANCELLATION"


def test_other_settings_reach_the_job():
    env = new_env(execution_checkpointing_unaligned_forced="true")
    env.enable_checkpointing(500, CheckpointingMode.AT_LEAST_ONCE)
    config = env.get_checkpoint_config()
    config.set_max_concurrent_checkpoints(4)
    config.enable_externalized_checkpoints(ExternalizedCheckpointCleanup.DELETE_ON_CANCELLATION)
    job = of_the_job(env)
    assert not job.isExactlyOnce() and not job.isUnalignedCheckpointsEnabled()
    assert job.getMaxConcurrentCheckpoints() == 4
    assert job.getCheckpointRetentionPolicy().name() == "RETAIN_ON_FAILURE"
    assert config.is_force_unaligned_checkpoints()


@pytest.mark.parametrize(
    "key, value, getter, wanted",
    [
        ("interval", "3 s", "getCheckpointInterval", 3000),
        ("timeout", "7 min", "getCheckpointTimeout", 420_000),
        ("min-pause", "11 ms", "getMinPauseBetweenCheckpoints", 11),
        ("max-concurrent-checkpoints", "2", "getMaxConcurrentCheckpoints", 2),
        ("tolerable-failed-checkpoints", "9", "getTolerableCheckpointFailureNumber", 9),
        ("mode", "AT_LEAST_ONCE", "isExactlyOnce", False),
        ("unaligned.enabled", "true", "isUnalignedCheckpointsEnabled", True),
        ("aligned-checkpoint-timeout", "5 s", "getAlignedCheckpointTimeout", 5000),
        (
            "recover-without-channel-state.checkpoint-id",
            "6",
            "getCheckpointIdOfIgnoredInFlightData",
            6,
        ),
    ],
)
def test_options_reach_the_job(key, value, getter, wanted):
    env = new_env(execution_checkpointing_interval="1 s")
    config = Configuration()
    config.set_string("execution.checkpointing." + key, value)
    if key.startswith("aligned"):
        config.set_string("execution.checkpointing.unaligned.enabled", "true")
    env.configure(config)
    assert getattr(of_the_job(env), getter)() == wanted


# -- what they do ---------------------------------------------------------------------------------


class Slowly(MapFunction):
    """Slow in front of the exchange, so that no records wait there, at the first attempt."""

    def open(self, runtime_context):
        self.seconds = 0.002 if runtime_context.get_attempt_number() == 0 else 0

    def map(self, value):
        time.sleep(self.seconds)
        return value


class Count(KeyedProcessFunction):
    """Counts by key in three kinds of state; fails once, after some checkpoints."""

    def __init__(self, fails_at, mark):
        self.fails_at, self.mark = fails_at, mark

    def open(self, runtime_context):
        self.first = runtime_context.get_attempt_number() == 0
        self.seen = 0
        self.count = runtime_context.get_state(ValueStateDescriptor("count", LONG))
        self.list = runtime_context.get_list_state(ListStateDescriptor("list", LONG))
        self.map = runtime_context.get_map_state(MapStateDescriptor("map", LONG, LONG))

    def process_element(self, value, ctx):
        self.seen += 1
        if self.first and value == self.fails_at:
            raise RuntimeError("once")
        self.count.update((self.count.value() or 0) + 1)
        self.list.add(value)
        self.map.put(value % 3, (self.map.get(value % 3) or 0) + 1)
        if not self.first and self.seen == 1:
            # How far the job was thrown back.
            pathlib.Path(self.mark).write_text(str(value))
        if value >= 500:
            yield (
                ctx.get_current_key(),
                self.count.value(),
                sum(1 for _ in self.list),
                sorted(self.map.items()),
            )


def counted(env, mark, interval=10):
    """The counts at the end of a job that failed on the way, and where it began again."""
    env.enable_checkpointing(interval)
    env.set_restart_strategy(RestartStrategies.fixed_delay_restart(1, 0))
    stream = numbers(env, 505).map(Slowly(), LONG).key_by(lambda v: v % 5, LONG)
    stream = stream.process(Count(450, str(mark)))
    with stream.execute_and_collect() as results:
        return sorted(results), int(mark.read_text())




def rests(key):
    """What the map of a key must hold."""
    values = range(key, 505, 5)
    return [(rest, sum(1 for v in values if v % 3 == rest)) for rest in (0, 1, 2)]


COUNTED = [(key, 101, 101, rests(key)) for key in range(5)]


def custom():
    """As a class of the user's own would be."""
    state = get_gateway().jvm.org.apache.flink.runtime.state
    return CustomStateBackend(state.hashmap.HashMapStateBackend())


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: HashMapStateBackend(),
        lambda folder: EmbeddedRocksDBStateBackend(True),
        lambda folder: EmbeddedRocksDBStateBackend(False),
        lambda folder: MemoryStateBackend(),
        lambda folder: FsStateBackend(folder.as_uri()),
        lambda folder: RocksDBStateBackend(folder.as_uri(), True),
        lambda folder: custom(),
    ],
    ids=["hashmap", "rocksdb-incremental", "rocksdb", "memory", "fs", "old-rocksdb", "custom"],
)
def test_every_backend_restores(make, tmp_path):
    env = new_env(python_state_cache__size="4")
    env.set_state_backend(make(tmp_path / "checkpoints"))
    got, began = counted(env, tmp_path / "mark")
    assert got == COUNTED and began > 0


@pytest.mark.parametrize("name", ["hashmap", "rocksdb", "jobmanager", "filesystem"])
def test_every_backend_of_the_configuration_restores(name, tmp_path):
    env = new_env(state_backend_type=name, state_checkpoints_dir=tmp_path.as_uri())
    got, began = counted(env, tmp_path / "mark")
    assert got == COUNTED and began > 0


def test_changes_in_a_log(tmp_path):
    env = new_env(
        execution_checkpointing_dir=(tmp_path / "checkpoints").as_uri(),
        state_changelog_storage="memory",
    )
    env.enable_changelog_state_backend(True)
    got, began = counted(env, tmp_path / "mark")
    assert got == COUNTED and began > 0


@pytest.mark.parametrize("mode", ["aligned", "unaligned", "at least once"])
def test_modes(mode, tmp_path):
    env = new_env()
    config = env.get_checkpoint_config()
    if mode == "unaligned":
        config.enable_unaligned_checkpoints()
    got, began = counted(env, tmp_path / "mark")
    assert began > 0
    if mode == "at least once":
        config.set_checkpointing_mode(CheckpointingMode.AT_LEAST_ONCE)
        got, began = counted(env, tmp_path / "mark")
        # One input channel: nothing overtakes the barrier.
    assert got == COUNTED


@pytest.mark.parametrize("how", ["setter", "folder", "configuration"])
@pytest.mark.parametrize("retained", [True, False])
def test_where_checkpoints_go_and_whether_they_stay(how, retained, tmp_path, wait_until):
    folder = tmp_path / "checkpoints"
    env = new_env(**({"execution_checkpointing_dir": folder.as_uri()} if how[0] == "c" else {}))
    env.enable_checkpointing(20)
    config = env.get_checkpoint_config()
    if how == "setter":
        config.set_checkpoint_storage(FileSystemCheckpointStorage(folder.as_uri()))
    elif how == "folder":
        config.set_checkpoint_storage_dir(folder.as_uri())
    retention = ExternalizedCheckpointRetention
    config.set_externalized_checkpoint_retention(
        retention.RETAIN_ON_CANCELLATION if retained else retention.DELETE_ON_CANCELLATION
    )
    numbers(env, 2**40).filter(lambda v: False).print()
    client = env.execute_async()
    wait_until(lambda: list(folder.glob("*/chk-*/_metadata")))
    client.cancel().result()
    wait_until(lambda: client.get_job_execution_result().done())
    wait_until(lambda: bool(list(folder.glob("*/chk-*/_metadata"))) is retained)


@pytest.mark.parametrize("how", ["setter", "folder", "configuration", "configure"])
def test_which_state_goes_to_files_of_its_own(how, tmp_path, wait_until):
    """Metadata holds state that is smaller than the threshold; both jobs run in one cluster."""

    def files(threshold):
        folder = tmp_path / threshold.replace(" ", "")
        options = {"execution.checkpointing.data-inline-threshold": threshold}
        if how.startswith("config"):
            options["execution.checkpointing.dir"] = folder.as_uri()
        given = new_env() if how == "configure" else new_env(**options)
        if how == "configure":
            config = Configuration()
            for key, value in options.items():
                config.set_string(key, value)
            given.configure(config)
        elif how == "setter":
            storage = FileSystemCheckpointStorage(folder.as_uri())
            given.get_checkpoint_config().set_checkpoint_storage(storage)
        elif how == "folder":
            given.get_checkpoint_config().set_checkpoint_storage_dir(folder.as_uri())
        given.enable_checkpointing(50)
        config = given.get_checkpoint_config()
        config.set_externalized_checkpoint_retention(
            ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION
        )
        stream = numbers(given, 2**40).key_by(lambda v: v % 9, LONG).reduce(max)
        stream.filter(lambda v: False).print()
        client = given.execute_async()
        wait_until(lambda: list(folder.glob("*/chk-*/_metadata")))
        client.cancel().result()
        wait_until(lambda: client.get_job_execution_result().done())
        metadata = list(folder.glob("*/chk-*/_metadata"))[-1]
        return len(list(metadata.parent.iterdir()))

    assert files("1 b") > 1
    assert files("1 mb") == 1


def test_how_many_checkpoints_stay(tmp_path, wait_until):
    env = new_env(
        execution_checkpointing_dir=tmp_path.as_uri(),
        execution_checkpointing_num__retained="3",
    )
    env.enable_checkpointing(10)
    numbers(env, 2**40).key_by(lambda v: v % 9, LONG).reduce(max).filter(lambda v: False).print()
    client = env.execute_async()
    done = lambda: list(tmp_path.glob("*/chk-*/_metadata"))  # noqa: E731
    wait_until(lambda: any(int(path.parent.name[4:]) > 5 for path in done()))
    wait_until(lambda: len(done()) == 3)
    client.cancel().result()


def test_the_memory_of_the_job_manager(tmp_path):
    env = new_env()
    env.get_checkpoint_config().set_checkpoint_storage(JobManagerCheckpointStorage())
    got, began = counted(env, tmp_path / "mark")
    assert got == COUNTED and began > 0


class TooLarge(KeyedProcessFunction):
    def open(self, runtime_context):
        self.state = runtime_context.get_state(ValueStateDescriptor("large", Types.STRING()))

    def process_element(self, value, ctx):
        # The last checkpoint must be complete: the end of a job waits for it.
        self.state.update("x" * (1 if 300 <= value < 400 else 100_000))
        time.sleep(0.001)
        yield value


@pytest.mark.parametrize("tolerated", [0, 10**6])
def test_failures_that_are_tolerated(tolerated):
    """Checkpoints are too large for where they go, all but the last."""
    env = new_env(restart__strategy_type="none")
    env.enable_checkpointing(10)
    config = env.get_checkpoint_config()
    config.set_checkpoint_storage(JobManagerCheckpointStorage(max_state_size=20_000))
    config.set_tolerable_checkpoint_failure_number(tolerated)
    count = 400 if tolerated else 2**40
    stream = numbers(env, count).key_by(lambda v: 0, LONG).process(TooLarge(), LONG)
    stream.filter(lambda v: False).print()
    if tolerated:
        env.execute()
        return
    with pytest.raises(Exception, match="Exceeded checkpoint tolerable failure threshold"):
        env.execute()


class BlockedOnce(KeyedProcessFunction):
    def open(self, runtime_context):
        self.state = runtime_context.get_state(ValueStateDescriptor("count", LONG))

    def process_element(self, value, ctx):
        # No checkpoint passes this task meanwhile.
        time.sleep(3 if value == 300 else 0.001)
        self.state.update((self.state.value() or 0) + 1)
        if value == 599:
            yield self.state.value()


@pytest.mark.parametrize("tolerated", [0, 10**6])
def test_a_checkpoint_that_takes_too_long(tolerated):
    env = new_env(restart__strategy_type="none")
    env.enable_checkpointing(10)
    config = env.get_checkpoint_config()
    config.set_checkpoint_timeout(500)
    config.set_tolerable_checkpoint_failure_number(tolerated)
    stream = numbers(env, 600).key_by(lambda v: 0, LONG).process(BlockedOnce(), LONG)
    if tolerated:
        # It is given up, and the job goes on.
        with stream.execute_and_collect() as results:
            assert list(results) == [600]
        return
    stream.filter(lambda v: False).print()
    with pytest.raises(Exception, match="tolerable failure threshold.*expired before completing"):
        env.execute()


# -- restart strategies ---------------------------------------------------------------------------


class Failing(MapFunction):
    def __init__(self, mark):
        self.mark = mark

    def map(self, value):
        with open(self.mark, "a", encoding="utf-8") as file:
            file.write("x")
        raise RuntimeError("always")


@pytest.mark.parametrize(
    "strategy, attempts",
    [
        (RestartStrategies.no_restart, 1),
        (lambda: RestartStrategies.fixed_delay_restart(3, 1), 4),
        (lambda: RestartStrategies.failure_rate_restart(2, 60_000, 1), 3),
        (RestartStrategies.fall_back_restart, 1),
    ],
    ids=["no restart", "fixed delay", "failure rate", "fall back"],
)
def test_restart_strategies(strategy, attempts, tmp_path):
    env = new_env()
    env.set_restart_strategy(strategy())
    env.from_collection([1], LONG).map(Failing(str(tmp_path / "mark"))).print()
    with pytest.raises(Exception, match="always"):
        env.execute()
    assert len((tmp_path / "mark").read_text()) == attempts


@pytest.mark.parametrize(
    "options, attempts",
    [
        ({"type": "none"}, 1),
        ({"type": "fixed-delay", "fixed-delay.attempts": "2", "fixed-delay.delay": "1 ms"}, 3),
        (
            {
                "type": "failure-rate",
                "failure-rate.max-failures-per-interval": "1",
                "failure-rate.delay": "1 ms",
            },
            2,
        ),
        (
            {
                "type": "exponential-delay",
                "exponential-delay.initial-backoff": "1 ms",
                "exponential-delay.attempts-before-reset-backoff": "2",
            },
            3,
        ),
    ],
    ids=["none", "fixed delay", "failure rate", "exponential delay"],
)
def test_restart_strategies_of_the_configuration(options, attempts, tmp_path):
    config = Configuration()
    for key, value in options.items():
        config.set_string("restart-strategy." + key, value)
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    env.from_collection([1], LONG).map(Failing(str(tmp_path / "mark"))).print()
    with pytest.raises(Exception, match="always"):
        env.execute()
    assert len((tmp_path / "mark").read_text()) == attempts
