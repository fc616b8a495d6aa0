"""File sources and sinks: the builders, the files they write, and the lines they read."""

import pathlib

import pytest
from pyflink.common import Duration, Encoder, Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors import Sink, Source
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileCompactor,
    FileCompactStrategy,
    FileEnumeratorProvider,
    FileSink,
    FileSource,
    FileSplitAssignerProvider,
    OnCheckpointRollingPolicy,
    OutputFileConfig,
    RollingPolicy,
    StreamFormat,
    StreamingFileSink,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def _lines(folder: pathlib.Path) -> list:
    files = [f for f in folder.rglob("*") if f.is_file()]
    return sorted(line for f in files for line in f.read_text().splitlines())


def test_source_builder(tmp_path):
    builder = FileSource.for_record_stream_format(StreamFormat.text_line_format(), str(tmp_path))
    assert builder.process_static_file_set() is builder
    assert builder.monitor_continuously(Duration.of_seconds(1)) is builder
    builder.set_file_enumerator(FileEnumeratorProvider.default_splittable_file_enumerator())
    builder.set_file_enumerator(FileEnumeratorProvider.default_non_splittable_file_enumerator())
    builder.set_split_assigner(FileSplitAssignerProvider.locality_aware_split_assigner())
    assert isinstance(builder.build(), Source)
    with pytest.raises(ValueError, match="path"):
        FileSource.for_record_stream_format(StreamFormat.text_line_format())


def test_sink_builder(tmp_path):
    builder = FileSink.for_row_format(str(tmp_path), Encoder.simple_string_encoder("UTF-8"))
    assert builder.with_bucket_check_interval(1000) is builder
    builder.with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
    builder.with_bucket_assigner(BucketAssigner.date_time_bucket_assigner())
    builder.with_bucket_assigner(BucketAssigner.date_time_bucket_assigner("yyyy", "UTC"))
    builder.with_rolling_policy(RollingPolicy.default_rolling_policy(1024, 1000, 1000))
    builder.with_rolling_policy(RollingPolicy.on_checkpoint_rolling_policy())
    strategy = FileCompactStrategy.builder().set_size_threshold(1024)
    strategy = strategy.enable_compaction_on_checkpoint(3).set_num_compact_threads(2).build()
    builder.enable_compact(strategy, FileCompactor.concat_file_compactor(b"\n"))
    builder.enable_compact(strategy, FileCompactor.identical_file_compactor())
    builder.disable_compact()
    assert isinstance(builder.build(), Sink)
    assert isinstance(RollingPolicy.on_checkpoint_rolling_policy(), OnCheckpointRollingPolicy)


def test_output_file_config():
    names = OutputFileConfig.builder().with_part_prefix("pre").with_part_suffix(".ext").build()
    assert (names.get_part_prefix(), names.get_part_suffix()) == ("pre", ".ext")
    assert OutputFileConfig.builder().build().get_part_prefix() == "part"


def test_number_sequence_needs_numbers():
    with pytest.raises(TypeError, match="start"):
        NumberSequenceSource("1", 2)


def test_write_and_read(env, tmp_path):
    names = OutputFileConfig.builder().with_part_prefix("pre").with_part_suffix(".ext").build()
    sink = (
        FileSink.for_row_format(str(tmp_path / "out"), Encoder.simple_string_encoder())
        .with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
        .with_output_file_config(names)
        .build()
    )
    numbers = env.from_source(
        NumberSequenceSource(1, 3), WatermarkStrategy.no_watermarks(), "numbers", Types.LONG()
    )
    numbers.map(lambda n: "line %d" % n, Types.STRING()).sink_to(sink)
    env.execute("write")
    (written,) = (tmp_path / "out").glob("pre-*.ext")
    assert written.read_text() == "line 1\nline 2\nline 3\n"

    source = FileSource.for_record_stream_format(
        StreamFormat.text_line_format(), str(tmp_path / "out")
    ).build()
    lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "files")
    assert lines.get_type() == Types.STRING()
    assert sorted(lines.execute_and_collect(limit=10)) == ["line 1", "line 2", "line 3"]
    assert sorted(env.read_text_file(written).execute_and_collect()) == [
        "line 1",
        "line 2",
        "line 3",
    ]


@pytest.mark.parametrize(
    "value, type_info, text",
    [
        (("a", 1), Types.TUPLE([Types.STRING(), Types.INT()]), "(a,1)"),
        (1.5, Types.DOUBLE(), "1.5"),
        ([1, 2], Types.LIST(Types.INT()), "[1, 2]"),
        ({"a": 1}, Types.MAP(Types.STRING(), Types.INT()), "{a=1}"),
    ],
)
def test_typed_values_are_written_in_javas_form(env, tmp_path, value, type_info, text):
    encoder = Encoder.simple_string_encoder()
    sink = FileSink.for_row_format(str(tmp_path), encoder).build()
    env.from_collection([value], type_info).map(lambda v: v, type_info).sink_to(sink)
    env.execute()
    assert _lines(tmp_path) == [text]


def test_streaming_file_sink(env, tmp_path):
    sink = StreamingFileSink.for_row_format(str(tmp_path), Encoder.simple_string_encoder())
    sink = sink.with_rolling_policy(RollingPolicy.default_rolling_policy()).build()
    env.from_collection(["x", "y"], Types.STRING()).add_sink(sink)
    env.execute()
    assert _lines(tmp_path) == ["x", "y"]


def test_untyped_stream_before_a_java_sink(env, tmp_path):
    sink = FileSink.for_row_format(str(tmp_path), Encoder.simple_string_encoder()).build()
    with pytest.raises(TypeError, match="'Map' has no declared type.*output_type"):
        env.from_collection([1]).map(lambda v: v).sink_to(sink)
    with pytest.raises(TypeError, match="'mine' has no declared type"):
        env.from_collection([1]).map(lambda v: v).name("mine").sink_to(sink)
