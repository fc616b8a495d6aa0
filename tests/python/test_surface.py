"""Every public method that needs no argument is called on an object of its class: what it raises is
its own and says what is wrong, never that something of ours is missing."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from pyflink.common import (
    Configuration,
    Duration,
    Instant,
    RestartStrategies,
    Row,
    RowKind,
    Time,
    Types,
    WatermarkStrategy,
)
from pyflink.common.serialization import Encoder, SimpleStringSchema
from pyflink.datastream import (
    CheckpointConfig,
    EmbeddedRocksDBStateBackend,
    ExternalizedCheckpointCleanup,
    FileSystemCheckpointStorage,
    HashMapStateBackend,
    JobManagerCheckpointStorage,
    OutputTag,
    SlotSharingGroup,
    StreamExecutionEnvironment,
)
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    FileSource,
    OutputFileConfig,
    RollingPolicy,
    StreamFormat,
)
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)
from pyflink.datastream.window import CountWindow, TimeWindow

# These run the program, or wait for somebody.
RUNNING = {"execute", "execute_async", "execute_and_collect"}


def objects(folder: str) -> Iterator[Any]:
    env = StreamExecutionEnvironment.get_execution_environment()
    numbers = env.from_collection([1, 2], Types.INT())
    pairs = env.from_collection([(1, "a")], Types.TUPLE([Types.INT(), Types.STRING()]))
    keyed = pairs.key_by(lambda pair: pair[0])
    yield from (env, env.get_config(), env.get_checkpoint_config())
    yield from (numbers, pairs, keyed, numbers.connect(numbers), numbers.print(), numbers.iterate())
    yield from (numbers.map(lambda x: x), keyed.reduce(lambda a, b: a))
    yield from (Configuration(), Duration.of_millis(1), Instant.of_epoch_milli(1))
    yield from (Row(a=1), Time.hours(1))
    yield from (RowKind.INSERT, RestartStrategies.no_restart(), OutputTag("side"))
    yield WatermarkStrategy.for_monotonous_timestamps()
    yield from (Encoder.simple_string_encoder(), SimpleStringSchema())
    yield from (HashMapStateBackend(), EmbeddedRocksDBStateBackend())
    yield from (JobManagerCheckpointStorage(), FileSystemCheckpointStorage("file://" + folder))
    yield ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION
    yield SlotSharingGroup.builder("group").set_cpu_cores(1.0).set_task_heap_memory_mb(1).build()
    yield from (CheckpointConfig.DEFAULT_MODE, StateTtlConfig.new_builder(Time.hours(1)).build())
    yield from (ValueStateDescriptor("v", Types.INT()), ListStateDescriptor("l", Types.INT()))
    yield MapStateDescriptor("m", Types.INT(), Types.INT())
    yield from (TimeWindow(0, 1), CountWindow(1))
    yield FileSink.for_row_format(folder, Encoder.simple_string_encoder())
    yield FileSource.for_record_stream_format(StreamFormat.text_line_format(), folder)
    yield from (BucketAssigner.base_path_bucket_assigner(), RollingPolicy.default_rolling_policy())
    yield OutputFileConfig.builder().build()
    yield from (Types.INT(), Types.STRING(), Types.PICKLED_BYTE_ARRAY(), Types.BIG_DEC())
    yield from (Types.ROW([Types.INT()]), Types.TUPLE([Types.INT()]), Types.LIST(Types.INT()))
    yield from (Types.MAP(Types.INT(), Types.INT()), Types.PRIMITIVE_ARRAY(Types.INT()))


def methods_without_arguments(value: Any) -> Iterator[str]:
    for name in dir(type(value)):
        if name.startswith("_") or name in RUNNING:
            continue
        raw = inspect.getattr_static(type(value), name)
        if isinstance(raw, (staticmethod, classmethod)):
            raw = raw.__func__
            skip = 0 if isinstance(inspect.getattr_static(type(value), name), staticmethod) else 1
        else:
            skip = 1
        if isinstance(raw, property):
            yield name
            continue
        if not inspect.isfunction(raw):
            continue
        parameters = list(inspect.signature(raw).parameters.values())[skip:]
        if all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
               for p in parameters):  # fmt: skip
            yield name


def test_no_public_method_lacks_something_of_ours(tmp_path: Any) -> None:
    called, wrong = 0, []
    for value in objects(str(tmp_path)):
        for name in methods_without_arguments(value):
            called += 1
            try:
                member = getattr(value, name)
                if callable(member):
                    member()
            except NotImplementedError as error:
                if name not in str(error):
                    wrong.append(f"{type(value).__name__}.{name}: {error!r} does not name itself")
            except (AttributeError, TypeError, NameError, ImportError) as error:
                wrong.append(f"{type(value).__name__}.{name}: {error!r}")
            except Exception:
                continue  # its own refusal: no operator to name, nothing to execute
    assert wrong == []
    assert called > 300


@pytest.mark.parametrize("name", ["cache"])
def test_what_is_not_there_names_itself(name: str) -> None:
    env = StreamExecutionEnvironment.get_execution_environment()
    with pytest.raises(NotImplementedError, match=f"DataStream.{name}"):
        getattr(env.from_collection([1]), name)()
