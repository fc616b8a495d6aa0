"""What checkpoints promise: modes where several inputs meet, pauses, stops with a savepoint."""

import pathlib
import time

import pytest
from pyflink.common import (
    Configuration,
    Duration,
    RestartStrategies,
    Time,
    Types,
    WatermarkStrategy,
)
from pyflink.common.watermark_strategy import TimestampAssigner
from pyflink.datastream import CheckpointingMode, StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import (
    KeyedProcessFunction,
    MapFunction,
    ProcessWindowFunction,
)
from pyflink.datastream.state import MapStateDescriptor
from pyflink.datastream.window import TumblingEventTimeWindows

LONG = Types.LONG()
COUNT, KEYS = 3_000, 6


class Uneven(MapFunction):
    """One instance is slower than the other, so that barriers have to wait for it."""

    def open(self, runtime_context):
        first = runtime_context.get_attempt_number() == 0
        self.slow = first and runtime_context.get_index_of_this_subtask() == 0

    def map(self, value):
        if self.slow and value % 3 == 0:
            time.sleep(0.001)
        return value


class Seen(KeyedProcessFunction):
    """How often each number was seen; at the end that is what comes out.

    :param checkpoints: their folder; the first attempt fails after one of them.
    """

    def __init__(self, checkpoints):
        self.checkpoints = checkpoints

    def open(self, runtime_context):
        self.fails = runtime_context.get_attempt_number() == 0
        self.records = 0
        self.seen = runtime_context.get_map_state(MapStateDescriptor("seen", LONG, LONG))

    def process_element(self, value, ctx):
        self.records += 1
        if self.fails:
            # Slower than the sources: records wait in front of this task all the time.
            time.sleep(0.0005)
            if self.records > 200 and list(self.checkpoints.glob("*/chk-*/_metadata")):
                raise RuntimeError("once")
        self.seen.put(value, (self.seen.get(value) or 0) + 1)
        ctx.timer_service().register_event_time_timer(2**50)

    def on_timer(self, timestamp, ctx):
        yield from self.seen.items()


def seen(mode, folder, backend):
    """How often each number counts after a failure."""
    config = Configuration()
    config.set_string("execution.checkpointing.dir", folder.as_uri())
    config.set_string("state.backend.type", backend)
    # A few records fill the buffers, so that barriers meet records that wait.
    config.set_string("taskmanager.memory.segment-size", "4 kb")
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(2)
    env.enable_checkpointing(30)
    env.set_restart_strategy(RestartStrategies.fixed_delay_restart(1, 0))
    checkpoints = env.get_checkpoint_config()
    if mode == "at least once":
        checkpoints.set_checkpointing_mode(CheckpointingMode.AT_LEAST_ONCE)
    elif mode != "aligned":
        checkpoints.enable_unaligned_checkpoints().set_force_unaligned_checkpoints()
        if mode == "aligned at first":
            checkpoints.set_alignment_timeout(Duration.of_millis(5))
    source = NumberSequenceSource(0, COUNT - 1)
    stream = env.from_source(source, WatermarkStrategy.no_watermarks(), "numbers", LONG)
    stream = stream.map(Uneven(), LONG).key_by(lambda v: v % KEYS, LONG)
    with stream.process(Seen(folder)).execute_and_collect() as results:
        return dict(results)


@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
@pytest.mark.parametrize("mode", ["aligned", "unaligned", "aligned at first", "at least once"])
def test_a_failure_while_records_wait(mode, backend, tmp_path: pathlib.Path):
    counts = seen(mode, tmp_path, backend)
    assert sorted(counts) == list(range(COUNT)), "none is lost"
    if mode != "at least once":
        assert set(counts.values()) == {1}


class Gap(MapFunction):
    def map(self, value):
        time.sleep(0.001)
        return value


class Value(TimestampAssigner):
    def extract_timestamp(self, value, record_timestamp):
        return value


class AtTheEnd(KeyedProcessFunction):
    def __init__(self, folder):
        self.folder = folder

    def process_element(self, value, ctx):
        timers = ctx.timer_service()
        timers.register_event_time_timer(2**60)
        timers.register_processing_time_timer(2**60)
        if value == 50:
            (self.folder / "running").touch()

    def on_timer(self, timestamp, ctx):
        (self.folder / ("timer %s" % ctx.time_domain().name)).touch()


class Window(ProcessWindowFunction):
    def __init__(self, folder):
        self.folder = folder

    def process(self, key, context, elements):
        (self.folder / ("window at %d" % context.current_watermark())).touch()
        yield len(list(elements))


@pytest.mark.parametrize("drain", [True, False])
def test_stop_with_savepoint(drain, tmp_path, wait_until):
    """Draining ends event time, so that timers and windows fire; a mere stop does not."""
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    source = NumberSequenceSource(0, 2**40)
    strategy = WatermarkStrategy.no_watermarks()
    stream = env.from_source(source, strategy, "numbers", LONG).map(Gap(), LONG)
    stream = stream.assign_timestamps_and_watermarks(strategy.with_timestamp_assigner(Value()))
    keyed = stream.key_by(lambda v: v % 3, LONG)
    keyed.process(AtTheEnd(tmp_path)).print()
    windows = keyed.window(TumblingEventTimeWindows.of(Time.days(1000)))
    windows.process(Window(tmp_path), LONG).filter(lambda v: False).print()
    client = env.execute_async()
    wait_until(lambda: (tmp_path / "running").exists())
    saved = client.stop_with_savepoint(drain, (tmp_path / "saved").as_uri()).result()
    assert (pathlib.Path(saved.split(":", 1)[1]) / "_metadata").is_file()
    client.get_job_execution_result().result()
    fired = sorted(path.name for path in tmp_path.iterdir() if path.name[:5] in ("timer", "windo"))
    assert fired == (["timer EVENT_TIME", "window at %d" % (2**63 - 1)] if drain else [])


def times_of_checkpoints(folder):
    return sorted(path.stat().st_mtime for path in folder.glob("*/chk-*/_metadata"))


def test_the_pause_between_checkpoints(tmp_path):
    """The interval is short, the pause is not: the checkpoints are as far apart as it says."""
    config = Configuration()
    config.set_string("execution.checkpointing.dir", tmp_path.as_uri())
    config.set_string("execution.checkpointing.num-retained", "20")
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    env.enable_checkpointing(10)
    env.get_checkpoint_config().set_min_pause_between_checkpoints(300)
    source = NumberSequenceSource(0, 2**40)
    stream = env.from_source(source, WatermarkStrategy.no_watermarks(), "numbers", LONG)
    stream.map(Gap(), LONG).filter(lambda v: False).print()
    client = env.execute_async()
    deadline = time.monotonic() + 60
    while len(times_of_checkpoints(tmp_path)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    times = times_of_checkpoints(tmp_path)
    client.cancel().result()
    assert len(times) >= 3
    # A file's time may be a little before the end of its checkpoint.
    assert min(b - a for a, b in zip(times, times[1:])) > 0.25
