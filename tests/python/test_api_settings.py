"""Configuration, ExecutionConfig, checkpoints, state backends: what is set is what is read."""

from datetime import timedelta

import pytest
from pyflink.common import (
    ConfigOption,
    ConfigOptions,
    Configuration,
    Duration,
    ExecutionMode,
    JobStatus,
    RestartStrategies,
    SimpleStringSchema,
    WatermarkStrategy,
)
from pyflink.datastream import (
    CheckpointingMode,
    ExternalizedCheckpointCleanup,
    ExternalizedCheckpointRetention,
    FileSystemCheckpointStorage,
    FsStateBackend,
    HashMapStateBackend,
    JobManagerCheckpointStorage,
    MemorySize,
    MemoryStateBackend,
    OutputTag,
    RuntimeExecutionMode,
    SlotSharingGroup,
    StreamExecutionEnvironment,
    TimeCharacteristic,
)


@pytest.fixture
def env():
    return StreamExecutionEnvironment.get_execution_environment()


def test_configuration_values():
    conf = Configuration()
    assert str(conf) == "{}"
    assert conf.set_string("a", "b") is conf
    conf.set_integer("i", 5).set_boolean("t", True).set_float("f", 1.5)
    conf.set_bytearray("by", bytearray(b"xy"))
    assert conf.get_string("a", "x") == "b" and conf.get_string("zz", None) is None
    assert conf.get_integer("i", 1) == 5 and conf.get_integer("zz", 7) == 7
    assert conf.get_boolean("t", False) is True and conf.get_boolean("zz", True) is True
    assert conf.get_float("f", 0.0) == 1.5 and conf.get_float("zz", 2) == 2.0
    assert conf.get_bytearray("by", bytearray()) == bytearray(b"xy")
    assert conf.get_bytearray("zz", bytearray(b"q")) == bytearray(b"q")
    assert conf.get_string("i", "") == "5" and conf.get_string("t", "") == "true"
    assert conf.key_set() == {"a", "i", "t", "f", "by"}
    assert conf.contains_key("a") and not conf.contains_key("b")
    assert conf.remove_config("a") and not conf.remove_config("a")
    conf.set_integer("big", 3000000000)
    assert conf.get_integer("big", 0) == 3000000000
    values = {}
    conf.add_all_to_dict(values)
    assert values == {"i": 5, "t": True, "f": 1.5, "by": b"xy", "big": 3000000000}
    texts = conf.to_dict()
    assert texts["i"] == "5" and texts["f"] == "1.5"


def test_configuration_copies_and_equality():
    conf = Configuration().set_string("a", "1")
    copy = Configuration(conf)
    assert copy == conf and hash(copy) == hash(conf) and conf != 5
    copy.set_string("a", "2")
    assert conf.get_string("a", "") == "1"
    conf.add_all(copy).add_all(copy, "p.")
    assert conf.to_dict() == {"a": "2", "p.a": "2"}
    assert Configuration() == Configuration()


@pytest.mark.parametrize(
    "setter, value",
    [("set_string", 5), ("set_integer", "5"), ("set_boolean", "x"), ("set_float", "1")],
)
def test_configuration_names_what_is_wrong(setter, value):
    with pytest.raises(TypeError, match="'some.key'"):
        getattr(Configuration(), setter)("some.key", value)


def test_parse_list_value():
    assert Configuration.parse_list_value("a;b") == ["a", "b"]
    assert Configuration.parse_list_value("[a, b]") == ["a", "b"]
    assert Configuration.parse_list_value("a;b", False) == ["a", "b"]
    assert Configuration.parse_list_value("") == Configuration.parse_list_value(None) == []


def test_config_options():
    builder = ConfigOptions.key("a")
    for kind, default in (
        ("boolean", True),
        ("int", 1),
        ("long", 2**40),
        ("float", 1.5),
        ("double", 1.5),
        ("string", "x"),
    ):
        option = getattr(builder, kind + "_type")().default_value(default)
        assert isinstance(option, ConfigOption)
        assert option._j_config_option.defaultValue() == default
    assert not builder.string_type().no_default_value()._j_config_option.hasDefaultValue()


def test_duration():
    assert Duration.of_days(1) == Duration.of_hours(24) == Duration.of_minutes(1440)
    assert Duration.of_seconds(1) == Duration.of_millis(1000) != Duration.of_nanos(1)
    assert str(Duration.of_millis(5)._j_duration) == "PT0.005S"


def test_environment_defaults(env):
    assert env.get_parallelism() >= 1
    assert env.get_max_parallelism() == -1
    assert env.get_buffer_timeout() == 100
    assert env.is_chaining_enabled()
    assert env.get_checkpoint_interval() == -1
    assert env.get_checkpointing_mode() is CheckpointingMode.EXACTLY_ONCE
    assert env.get_state_backend() is None
    assert env.get_default_savepoint_directory() is None
    assert env.get_stream_time_characteristic() is TimeCharacteristic.EventTime
    assert env.is_changelog_state_backend_enabled() is None
    assert env.get_restart_strategy().get_description() == "Cluster level default restart strategy"


def test_environment_settings(env):
    assert env.set_parallelism(3) is env and env.get_parallelism() == 3
    assert env.set_max_parallelism(50) is env and env.get_max_parallelism() == 50
    assert env.set_buffer_timeout(7) is env and env.get_buffer_timeout() == 7
    assert env.disable_operator_chaining() is env and not env.is_chaining_enabled()
    env.set_runtime_mode(RuntimeExecutionMode.BATCH)
    env.enable_checkpointing(1000, CheckpointingMode.AT_LEAST_ONCE)
    assert env.get_checkpoint_interval() == 1000
    assert env.get_checkpointing_mode() is CheckpointingMode.AT_LEAST_ONCE
    assert env.get_checkpointing_consistency_mode() is CheckpointingMode.AT_LEAST_ONCE
    env.set_default_savepoint_directory("file:///tmp/savepoints")
    assert env.get_default_savepoint_directory() == "file:/tmp/savepoints"
    env.enable_changelog_state_backend(True)
    assert env.is_changelog_state_backend_enabled() is True
    env.set_stream_time_characteristic(TimeCharacteristic.ProcessingTime)
    assert env.get_stream_time_characteristic() is TimeCharacteristic.ProcessingTime
    assert not env.is_unaligned_checkpoints_enabled()
    assert not env.is_force_unaligned_checkpoints()
    assert env.is_chaining_of_operators_with_different_max_parallelism_enabled()


def test_environment_refuses_nonsense(env):
    with pytest.raises(Exception, match="arallelism"):
        env.set_parallelism(0)
    with pytest.raises(Exception, match="arallelism"):
        env.set_max_parallelism(0)
    with pytest.raises(Exception, match="buffer"):
        env.set_buffer_timeout(-5)


def test_configuration_reaches_the_environment():
    conf = Configuration()
    conf.set_integer("parallelism.default", 3)
    conf.set_string("execution.buffer-timeout", "25 ms")
    env = StreamExecutionEnvironment.get_execution_environment(conf)
    assert env.get_parallelism() == 3 and env.get_buffer_timeout() == 25
    env.configure(Configuration().set_integer("parallelism.default", 4))
    assert env.get_parallelism() == 4


def test_restart_strategies(env):
    env.set_restart_strategy(RestartStrategies.no_restart())
    strategy = env.get_restart_strategy()
    assert isinstance(strategy, RestartStrategies.NoRestartStrategyConfiguration)
    env.set_restart_strategy(RestartStrategies.fixed_delay_restart(3, 2000))
    strategy = env.get_restart_strategy()
    assert strategy.get_restart_attempts() == 3
    assert strategy.get_delay_between_attempts_interval() == timedelta(seconds=2)
    assert strategy == RestartStrategies.fixed_delay_restart(3, 2000)
    env.set_restart_strategy(RestartStrategies.failure_rate_restart(5, 60000, 1000))
    strategy = env.get_restart_strategy()
    assert strategy.get_max_failure_rate() == 5
    assert strategy.get_failure_interval() == timedelta(minutes=1)
    assert strategy.get_delay_between_attempts_interval() == timedelta(seconds=1)
    fall_back = RestartStrategies.fall_back_restart()
    assert isinstance(fall_back, RestartStrategies.FallbackRestartStrategyConfiguration)


SWITCHES = [
    ("enable_closure_cleaner", "disable_closure_cleaner", "is_closure_cleaner_enabled"),
    ("enable_force_kryo", "disable_force_kryo", "is_force_kryo_enabled"),
    ("disable_generic_types", "enable_generic_types", "has_generic_types_disabled"),
    (
        "enable_auto_generated_uids",
        "disable_auto_generated_uids",
        "has_auto_generated_uids_enabled",
    ),
    ("enable_force_avro", "disable_force_avro", "is_force_avro_enabled"),
    ("enable_object_reuse", "disable_object_reuse", "is_object_reuse_enabled"),
]


@pytest.mark.parametrize("on, off, get", SWITCHES)
def test_execution_config_switches(env, on, off, get):
    config = env.get_config()
    assert getattr(config, off)() is config and getattr(config, get)() is False
    assert getattr(config, on)() is config and getattr(config, get)() is True
    assert getattr(env.get_config(), get)() is True


@pytest.mark.parametrize(
    "name, value",
    [
        ("auto_watermark_interval", 300),
        ("latency_tracking_interval", 400),
        ("parallelism", 5),
        ("max_parallelism", 60),
        ("task_cancellation_interval", 700),
        ("task_cancellation_timeout", 800),
    ],
)
def test_execution_config_numbers(env, name, value):
    config = env.get_config()
    getattr(config, "set_" + name)(value)
    assert getattr(env.get_config(), "get_" + name)() == value


def test_execution_config_rest(env):
    config = env.get_config()
    config.set_execution_mode(ExecutionMode.BATCH_FORCED)
    assert config.get_execution_mode() is ExecutionMode.BATCH_FORCED
    config.set_global_job_parameters({"a": "1", "b": 2})
    assert config.get_global_job_parameters() == {"a": "1", "b": "2"}
    config.set_use_snapshot_compression(True)
    assert config.is_use_snapshot_compression()
    config.register_pojo_type("java.util.ArrayList").register_kryo_type("java.util.HashMap")
    assert config.get_registered_pojo_types() == ["java.util.ArrayList"]
    assert config.get_registered_kryo_types() == ["java.util.HashMap"]
    assert not config.is_auto_type_registration_disabled()
    config.disable_auto_type_registration()
    assert config.is_auto_type_registration_disabled()
    assert config == env.get_config() and hash(config) == hash(env.get_config())


def test_checkpoint_config(env):
    config = env.get_checkpoint_config()
    assert not config.is_checkpointing_enabled()
    assert config.get_checkpoint_timeout() == config.DEFAULT_TIMEOUT
    config.set_checkpoint_interval(500).set_checkpoint_timeout(600)
    config.set_min_pause_between_checkpoints(70).set_max_concurrent_checkpoints(2)
    config.set_tolerable_checkpoint_failure_number(3)
    assert config.is_checkpointing_enabled()
    assert config.get_checkpoint_interval() == 500 and config.get_checkpoint_timeout() == 600
    assert config.get_min_pause_between_checkpoints() == 70
    assert config.get_max_concurrent_checkpoints() == 2
    assert config.get_tolerable_checkpoint_failure_number() == 3
    config.set_checkpointing_mode(CheckpointingMode.AT_LEAST_ONCE)
    assert config.get_checkpointing_mode() is CheckpointingMode.AT_LEAST_ONCE
    config.set_externalized_checkpoint_cleanup(ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION)
    assert config.is_externalized_checkpoints_enabled()
    kept = ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION
    assert config.get_externalized_checkpoint_retention() is kept
    cleanup = config.get_externalized_checkpoint_cleanup()
    assert cleanup is ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION
    config.enable_unaligned_checkpoints()
    assert config.is_unaligned_checkpoints_enabled()
    config.disable_unaligned_checkpoints()
    assert not config.is_unaligned_checkpoints_enabled()
    config.set_force_unaligned_checkpoints()
    assert config.is_force_unaligned_checkpoints()
    config.set_alignment_timeout(Duration.of_seconds(3))
    assert config.get_alignment_timeout() == Duration.of_seconds(3)


def test_checkpoint_storage(env):
    config = env.get_checkpoint_config()
    assert config.get_checkpoint_storage() is None
    config.set_checkpoint_storage(JobManagerCheckpointStorage(max_state_size=1000))
    storage = config.get_checkpoint_storage()
    assert isinstance(storage, JobManagerCheckpointStorage)
    assert storage.get_max_state_size() == 1000 and storage.get_checkpoint_path() is None
    config.set_checkpoint_storage_dir("file:///tmp/checkpoints")
    storage = config.get_checkpoint_storage()
    assert isinstance(storage, FileSystemCheckpointStorage)
    assert storage.get_checkpoint_path() == "file:/tmp/checkpoints"
    assert storage.get_savepoint_path() is None
    made = FileSystemCheckpointStorage("file:///tmp/c", 2048, 4096)
    assert made.get_min_file_size_threshold() == 2048 and made.get_write_buffer_size() == 4096
    with pytest.raises(ValueError):
        FileSystemCheckpointStorage()


def test_state_backends(env):
    env.set_state_backend(HashMapStateBackend())
    assert isinstance(env.get_state_backend(), HashMapStateBackend)
    memory = MemoryStateBackend(max_state_size=123, using_asynchronous_snapshots=False)
    # Flink 1.20 always takes snapshots while work goes on, whatever was asked for.
    assert memory.get_max_state_size() == 123 and memory.is_using_asynchronous_snapshots()
    files = FsStateBackend("file:///tmp/state", file_state_size_threshold=2048)
    assert files.get_checkpoint_path() == "file:/tmp/state"
    assert files.get_min_file_size_threshold() == 2048
    env.set_state_backend(files)
    assert isinstance(env.get_state_backend(), FsStateBackend)


def test_slot_sharing_group(env):
    size = MemorySize.of_mebi_bytes(5)
    assert str(size) == "5 mb" and size.get_bytes() == 5 << 20 and size.get_kibi_bytes() == 5120
    assert MemorySize(bytes_size=5 << 20) == size and MemorySize(bytes_size=1) < size
    group = (
        SlotSharingGroup.builder("g")
        .set_cpu_cores(0.5)
        .set_task_heap_memory_mb(10)
        .set_task_off_heap_memory(size)
        .set_managed_memory_mb(3)
        .set_external_resource("gpu", 1.0)
        .build()
    )
    assert group.get_name() == "g" and group.get_cpu_cores() == 0.5
    assert group.get_task_heap_memory() == MemorySize.of_mebi_bytes(10)
    assert group.get_task_off_heap_memory() == size
    assert group.get_managed_memory() == MemorySize.of_mebi_bytes(3)
    assert group.get_external_resources() == {"gpu": 1.0}
    assert SlotSharingGroup.builder("h").build().get_cpu_cores() is None
    env.register_slot_sharing_group(group)


def test_watermark_strategies():
    strategy = WatermarkStrategy.for_bounded_out_of_orderness(Duration.of_seconds(1))
    idle = strategy.with_idleness(Duration.of_seconds(2))
    aligned = idle.with_watermark_alignment("g", Duration.of_seconds(1), Duration.of_seconds(3))
    assert isinstance(aligned, WatermarkStrategy)
    assert WatermarkStrategy.no_watermarks()._j_watermark_strategy is not None


def test_job_status():
    assert JobStatus.FINISHED.is_globally_terminal_state()
    assert JobStatus.SUSPENDED.is_terminal_state()
    assert not JobStatus.SUSPENDED.is_globally_terminal_state()
    assert not JobStatus.RUNNING.is_terminal_state()


def test_output_tag():
    from pyflink.common import Types

    assert OutputTag("x").type_info == Types.PICKLED_BYTE_ARRAY()
    assert OutputTag("x", [Types.INT()]).type_info == Types.ROW([Types.INT()])
    assert OutputTag("x", Types.INT()).get_java_output_tag().getId() == "x"
    for wrong in ("", None):
        with pytest.raises(ValueError):
            OutputTag(wrong)


def test_simple_string_schema():
    schema = SimpleStringSchema()
    assert bytes(schema._j_serialization_schema.serialize("ä")) == "ä".encode()
