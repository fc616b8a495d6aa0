"""Sources, sinks and collected rows: clear errors, and what the peer lacks."""

import gc
import os
import pathlib
import socket
import subprocess
import threading
import time

import pytest
from py4j.protocol import Py4JJavaError
from pyflink._engine import engine as load_engine
from pyflink.common import (
    Encoder,
    JobStatus,
    ResourceSpec,
    RestartStrategies,
    Row,
    SimpleStringSchema,
    Types,
    WatermarkStrategy,
    WriteMode,
)
from pyflink.datastream import (
    CheckpointingMode,
    DataStream,
    DataStreamUtils,
    MapFunction,
    RuntimeExecutionMode,
    SlotSharingGroup,
    StreamExecutionEnvironment,
)
from pyflink.datastream._path_errors import explain_path
from pyflink.datastream.connectors.base import Sink, Source
from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    FileSource,
    StreamFormat,
)
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import SinkFunction, SourceFunction
from pyflink.java_gateway import get_gateway
from pyflink.util.exceptions import JavaException

INT, LONG, STRING = Types.INT(), Types.LONG(), Types.STRING()
PAIR = Types.TUPLE([STRING, INT])


@pytest.fixture
def env():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    return env


def numbers(env, last=10**12):
    source = NumberSequenceSource(1, last)
    return env.from_source(source, WatermarkStrategy.no_watermarks(), "numbers", LONG)


# ---- from_collection ---------------------------------------------------------------------------


def test_collections_of_all_kinds(env):
    for values in ([1, 2], (1, 2), range(1, 3), iter([1, 2]), (x for x in (1, 2)), {1: 0, 2: 0}):
        assert list(env.from_collection(values, INT).execute_and_collect()) == [1, 2]
    for values in ({1, 2}, frozenset([1, 2])):
        assert sorted(env.from_collection(values).execute_and_collect()) == [1, 2]
    assert env.from_collection("ab", STRING).execute_and_collect(limit=5) == ["a", "b"]
    assert env.from_collection([], INT).execute_and_collect(limit=5) == []
    assert env.from_elements(1, 2, type_info=INT).execute_and_collect(limit=5) == [1, 2]


def test_a_generator_is_read_element_by_element(env):
    alive = []

    class Element:
        def __init__(self, number):
            self.number = number
            alive.append(1)

        def __del__(self):
            alive.pop()

        def __reduce__(self):
            return Element, (self.number,)

    most = 0

    def elements():
        nonlocal most
        for number in range(1000):
            yield Element(number)
            most = max(most, len(alive))

    env.from_collection(elements())
    gc.collect()
    assert most <= 3


def test_elements_that_do_not_fit(env):
    with pytest.raises(TypeError, match="element 1.*INT.*'b'"):
        env.from_collection((v for v in [1, "b"]), INT)
    with pytest.raises(TypeError, match="from_collection needs a list.*not int 5"):
        env.from_collection(5)

    def broken():
        yield 1
        raise LookupError("half-way")

    with pytest.raises(LookupError, match="half-way"):
        env.from_collection(broken())
    assert env.from_collection([1]).execute_and_collect(limit=1) == [1]


# ---- Java sources and sinks --------------------------------------------------------------------

_DISCARDING = "org.apache.flink.streaming.api.functions.sink.DiscardingSink"
_DISCARDING_V2 = "org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink"


def test_java_classes_that_are_not_there_or_something_else(env):
    stream = env.from_collection([1], INT)
    for make in (SourceFunction, SinkFunction, Source, Sink, env.add_source, stream.add_sink):
        with pytest.raises(TypeError, match="'no.such.Class' cannot be loaded.*--jars"):
            make("no.such.Class")
    with pytest.raises(TypeError, match="add_sink needs a Java SinkFunction.*sink_to.. takes it"):
        stream.add_sink(_DISCARDING_V2)
    with pytest.raises(TypeError, match="sink_to needs a Java Sink.*add_sink.. takes it"):
        stream.sink_to(SinkFunction(_DISCARDING))
    with pytest.raises(TypeError, match="add_source needs a Java SourceFunction.*from_source"):
        env.add_source(NumberSequenceSource(1, 2))
    with pytest.raises(TypeError, match="from_source needs a Java Source.*not java.lang.Object"):
        env.from_source("java.lang.Object", WatermarkStrategy.no_watermarks(), "wrong")
    with pytest.raises(TypeError, match="add_sink needs a Java SinkFunction.*not function"):
        stream.add_sink(lambda value: None)


def test_objects_and_names_without_a_wrapper(env):
    stream = env.from_collection([1], INT)
    stream.add_sink(_DISCARDING)
    stream.sink_to(_DISCARDING_V2)
    stream.sink_to(getattr(get_gateway().jvm, _DISCARDING_V2)())
    legacy = get_gateway().jvm.org.apache.flink.streaming.api.functions.source
    more = env.add_source(legacy.StatefulSequenceSource(1, 3), "plain", LONG)
    assert list(more.execute_and_collect()) == [1, 2, 3]


def serve(answer):
    """A TCP server for one client; `answer` gets the connection."""
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        connection, _ = server.accept()
        with connection, server:
            answer(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return server.getsockname()[1], thread


def test_socket_text_stream(env):
    port, thread = serve(lambda c: c.sendall("one\r\ncaf\u00e9\n\nlast".encode()))
    lines = env.socket_text_stream("127.0.0.1", port)
    assert lines.get_type() == STRING and lines.get_parallelism() == 1
    upper = lines.map(str.upper, STRING)
    assert list(upper.execute_and_collect()) == ["ONE", "CAF\u00c9", "", "LAST"]
    thread.join(10)
    port, thread = serve(lambda c: c.sendall(b"a;b;c"))
    parts = env.socket_text_stream("127.0.0.1", port, ";")
    assert list(parts.execute_and_collect()) == ["a", "b", "c"]
    thread.join(10)
    with pytest.raises(Py4JJavaError, match="Connect|refused"):
        list(env.socket_text_stream("127.0.0.1", port).execute_and_collect())


def test_write_to_socket(env):
    got = []

    def read(connection):
        while True:
            part = connection.recv(1000)
            if not part:
                return
            got.append(part)

    port, thread = serve(read)
    env.from_collection(["a\n", "b\n"], STRING).write_to_socket("127.0.0.1", port)
    env.execute()
    thread.join(10)
    port, thread = serve(read)
    schema = SimpleStringSchema("UTF-16BE")
    env.from_collection(["c"], STRING).write_to_socket("127.0.0.1", port, schema)
    env.execute()
    thread.join(10)
    assert b"".join(got) == b"a\nb\n\0c"


# ---- files -------------------------------------------------------------------------------------


def test_write_as_text(env, tmp_path):
    path = tmp_path / "out.txt"
    stream = env.from_collection([("a", 1), ("b", 2)], PAIR)
    stream.write_as_text(str(path)).name("text")
    env.execute()
    assert path.read_text() == "(a,1)\n(b,2)\n"
    stream.write_as_text(str(path))
    with pytest.raises(Py4JJavaError, match="already exist"):
        env.execute()
    for mode in (WriteMode.OVERWRITE, "OVERWRITE"):
        stream.key_by(lambda p: p[0]).write_as_text(path, mode)
        env.execute()
        assert path.read_text() == "(a,1)\n(b,2)\n"
    stream.map(lambda p: Row(*p), Types.ROW([STRING, INT])).write_as_text(tmp_path / "rows")
    env.execute()
    assert (tmp_path / "rows").read_text() == "+I[a, 1]\n+I[b, 2]\n"
    stream.write_as_text(str(tmp_path / "folder")).set_parallelism(2)
    env.execute()
    names = sorted(p.name for p in (tmp_path / "folder").iterdir())
    assert names == ["1", "2"]
    with pytest.raises(TypeError, match="write_as_text: the operator 'Map' has no declared type"):
        stream.map(lambda p: p).write_as_text(str(path))
    with pytest.raises(ValueError, match="NO_OVERWRITE.*not 'APPEND'"):
        stream.write_as_text(str(path), "APPEND")


def test_write_as_csv(env, tmp_path):
    stream = env.from_collection([("a", 1), ("b", None)], PAIR)
    stream.write_as_csv(str(tmp_path / "one.csv"))
    stream.write_as_csv(str(tmp_path / "two.csv"), WriteMode.OVERWRITE, "|\n", ";")
    env.execute()
    assert (tmp_path / "one.csv").read_text() == "a,1\nb,\n"
    assert (tmp_path / "two.csv").read_text() == "a;1|\nb;|\n"
    with pytest.raises(TypeError, match="write_as_csv writes tuples.*String"):
        env.from_collection(["a"], STRING).write_as_csv(str(tmp_path / "three.csv"))
    with pytest.raises(TypeError, match="write_as_csv: the operator 'Map' has no declared type"):
        stream.map(lambda p: p).write_as_csv(str(tmp_path / "three.csv"))


def row_sink(path):
    builder = FileSink.for_row_format(str(path), Encoder.simple_string_encoder())
    return builder.with_bucket_assigner(BucketAssigner.base_path_bucket_assigner()).build()


def test_sink_folder_that_cannot_be_written(env, tmp_path):
    (tmp_path / "file").write_text("in the way")
    stream = env.from_collection(["a"], STRING)
    in_the_way = "file' is a file(, not a folder| where a folder was to be made)"
    for write in (
        lambda: stream.sink_to(row_sink(tmp_path / "file" / "out")),
        lambda: stream.write_as_text(str(tmp_path / "file" / "out")),
    ):
        write()
        with pytest.raises(Py4JJavaError, match=in_the_way) as caught:
            env.execute()
        assert "Job execution failed" in str(caught.value)
    stream.sink_to(row_sink(tmp_path / "good"))
    env.execute()
    assert [p.read_text() for p in (tmp_path / "good").iterdir()] == ["a\n"]


def test_reasons_of_paths(tmp_path, monkeypatch):
    """The suite may run as root, to whom every folder is writable."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (tmp_path / "file").write_text("")
    for said, reason in (
        ("Failed to create the parent directory: %s/a/b", "the folder '%s' is not writable"),
        ("FileNotFoundException: %s/x.txt (Permission denied)", "'%s' is not writable for this"),
        ("FileNotFoundException: %s/file/x (Not a directory)", "'%s/file' is a file, not a folder"),
        ("FileNotFoundException: %s/file (Permission denied)", "%s/file': the file is not writ"),
    ):
        error = Py4JJavaError("job failed\nCaused by: java.io." + said % tmp_path, None)
        explain_path(error)
        first = error.errmsg.split("\n")[0]
        assert reason % tmp_path in first and first != error.errmsg
    error = Py4JJavaError("job failed", None)
    explain_path(error)
    assert error.errmsg == "job failed"


def test_files_that_are_not_there(env, tmp_path):
    missing = str(tmp_path / "missing.txt")
    with pytest.raises(Py4JJavaError, match="missing.txt"):
        list(env.read_text_file(missing).execute_and_collect())
    source = FileSource.for_record_stream_format(StreamFormat.text_line_format(), missing).build()
    lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "lines")
    with pytest.raises(Py4JJavaError, match="missing.txt"):
        list(lines.execute_and_collect())
    with pytest.raises(Py4JJavaError, match="no-such-charset"):
        (tmp_path / "there.txt").write_text("x")
        text = StreamFormat.text_line_format("no-such-charset")
        source = FileSource.for_record_stream_format(text, str(tmp_path / "there.txt")).build()
        lines = env.from_source(source, WatermarkStrategy.no_watermarks(), "lines")
        list(lines.execute_and_collect())


# ---- collected rows ----------------------------------------------------------------------------


def test_collect_under_its_other_names(env):
    stream = env.from_collection([1, 2, 3], INT)
    with stream.collect() as records:
        assert list(records) == [1, 2, 3]
    assert list(DataStreamUtils.collect(stream, "named")) == [1, 2, 3]
    assert DataStreamUtils.collect_bounded_stream(stream) == [1, 2, 3]
    assert DataStreamUtils.collect_unbounded_stream(numbers(env), 2) == [1, 2]
    records, client = DataStreamUtils.collect_with_client(stream)
    assert list(records) == [1, 2, 3]
    assert client.get_job_status().result() is JobStatus.FINISHED
    with pytest.raises(ValueError, match="at least 1"):
        stream.execute_and_collect(limit=0)


def test_closing_early_ends_the_job_and_frees_its_slots(env):
    cluster = get_gateway().jvm.io.pyflinkshell.cluster.SessionCluster
    assert cluster.runningJobs() == 0
    for _ in range(20):
        stream = numbers(env).map(lambda x: x, LONG).set_parallelism(2)
        with stream.execute_and_collect() as records:
            next(records)
            client = records.get_job_client()
        assert client.get_job_status().result() is JobStatus.CANCELED
        assert list(records) == []
    assert cluster.runningJobs() == 0


def test_an_iterator_that_is_dropped_does_not_keep_its_job(env):
    cluster = get_gateway().jvm.io.pyflinkshell.cluster.SessionCluster
    records = numbers(env).execute_and_collect()
    assert next(records) == 1
    del records
    gc.collect()
    end = time.monotonic() + 20
    while cluster.runningJobs() and time.monotonic() < end:
        time.sleep(0.02)
    assert cluster.runningJobs() == 0
    assert [next(numbers(env).execute_and_collect()) for _ in range(2)] == [1, 1]


def test_collecting_many_rows_keeps_memory_flat(env):
    def resident():
        status = pathlib.Path("/proc/self/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024

    pairs = numbers(env, 1_000_000).map(lambda x: (str(x), x % 100), PAIR)
    count, low, high = 0, 10**9, 0
    with pairs.execute_and_collect() as records:
        for _ in records:
            count += 1
            if count % 100_000 == 0 and count >= 300_000:
                low, high = min(low, resident()), max(high, resident())
    # The rows as Python objects would be 120 MB; the heap of the JVM may still grow a little.
    assert count == 1_000_000 and high - low < 60


class FailsOnce(MapFunction):
    def __init__(self, at):
        self.at = at

    def open(self, runtime_context):
        self.attempt = runtime_context.get_attempt_number()

    def map(self, value):
        if value == self.at and self.attempt == 0:
            raise ValueError("the first attempt")
        time.sleep(0.002)
        return value


def test_restart_without_checkpoints_is_no_silent_repetition(env):
    env.set_restart_strategy(RestartStrategies.fixed_delay_restart(2, 0))
    with pytest.raises(Py4JJavaError, match="restarted from its beginning.*enable_checkpointing"):
        list(numbers(env, 400).map(FailsOnce(300), LONG).execute_and_collect())
    # Nothing had been handed out: the second attempt is as good as the first.
    assert list(numbers(env, 3).map(FailsOnce(1), LONG).execute_and_collect()) == [1, 2, 3]


def test_restart_with_at_least_once_checkpoints(env):
    env.enable_checkpointing(50, CheckpointingMode.AT_LEAST_ONCE)
    env.set_restart_strategy(RestartStrategies.fixed_delay_restart(2, 0))
    rows = list(numbers(env, 200).map(FailsOnce(150), LONG).execute_and_collect())
    assert set(rows) == set(range(1, 201))


def test_exactly_once_with_several_subtasks_and_batches_on_disk(env):
    env.enable_checkpointing(300)
    env.set_restart_strategy(RestartStrategies.fixed_delay_restart(2, 0))
    env.set_parallelism(2)
    stream = numbers(env, 60).map(FailsOnce(50), LONG).map(lambda x: "%08d" % x * 100_000, STRING)
    rows = list(stream.map(lambda s: int(s[:8]), LONG).execute_and_collect())
    assert sorted(rows) == list(range(1, 61))
    sizes = [len(row) for row in stream.execute_and_collect()]
    assert sizes == [800_000] * 60


def test_early_close_with_checkpoints(env):
    env.enable_checkpointing(50)
    assert numbers(env).execute_and_collect(limit=5) == [1, 2, 3, 4, 5]
    batch = StreamExecutionEnvironment.get_execution_environment()
    batch.set_runtime_mode(RuntimeExecutionMode.BATCH)
    batch.enable_checkpointing(10**9)
    assert sorted(batch.from_collection([1, 2], INT).execute_and_collect()) == [1, 2]


def test_reinterpret_as_keyed_stream(env):
    env.set_parallelism(2)
    words = env.from_collection([(w, 1) for w in "a b c a b a".split()], PAIR)
    counts = words.key_by(lambda p: p[0], STRING).reduce(lambda a, b: (a[0], a[1] + b[1]))
    again = DataStreamUtils.reinterpret_as_keyed_stream(counts, lambda p: p[0], STRING)
    most = again.reduce(lambda a, b: max(a, b))
    plan = env._j_stream_execution_environment.getStreamGraph(False)
    assert plan.getStreamingPlanAsJSON().count("HASH") == 1
    last = dict(sorted(most.execute_and_collect()))
    assert last == {"a": 3, "b": 2, "c": 1}
    untyped = words.key_by(lambda p: p[0]).reduce(lambda a, b: (a[0], a[1] + b[1]))
    again = DataStreamUtils.reinterpret_as_keyed_stream(untyped, lambda p: p[0])
    assert dict(sorted(again.sum(1).execute_and_collect())) == {"a": 6, "b": 3, "c": 1}


# ---- jobs and their resources ------------------------------------------------------------------


def test_calls_on_jobs_that_have_ended(env):
    env.from_collection([1], INT).print()
    client = env.execute_async()
    result = client.get_job_execution_result().result()
    assert result.get_net_runtime() >= 0 and result.get_accumulator_result("none") is None
    assert client.get_job_status().result() is JobStatus.FINISHED
    assert client.get_accumulators().result() == {}
    for call in (
        client.cancel,
        client.trigger_savepoint,
        lambda: client.stop_with_savepoint(False, "/tmp/none"),
    ):
        with pytest.raises(Py4JJavaError, match=r"the job \w{32} has ended .FINISHED."):
            call().result()


def test_exceptions_of_futures(env):
    env.from_collection([0], INT).map(lambda x: 1 // x, INT).name("div").print()
    client = env.execute_async()
    future = client.get_job_execution_result()
    with pytest.raises(Py4JJavaError):
        future.result()
    error = future.exception()
    assert isinstance(error, JavaException) and isinstance(error, Py4JJavaError)
    assert isinstance(error.python_exception, ZeroDivisionError)
    assert "ZeroDivisionError" in str(error) and "'div'" in str(error)
    assert "JobExecutionException" in error.stack_trace
    assert client.get_job_status().result() is JobStatus.FAILED
    ended = client.cancel()
    other = ended.exception()
    assert isinstance(other, JavaException) and isinstance(other.__cause__, Py4JJavaError)
    assert ended.done() and not ended.cancelled()


_JAVA = """
package own;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.streaming.api.functions.source.RichSourceFunction;

public class Numbers extends RichSourceFunction<Long> {
  private final long last;
  private volatile boolean running = true;
  public Numbers() { this(3); }
  public Numbers(long last) { this.last = last; }
  @Override public void run(SourceContext<Long> out) {
    LongCounter counter = new LongCounter();
    getRuntimeContext().addAccumulator("emitted", counter);
    for (long i = 1; i <= last && running; i++) {
      out.collect(i);
      counter.add(1);
    }
  }
  @Override public void cancel() { running = false; }

  public static class Sum extends RichSinkFunction<Long> {
    private transient LongCounter sum;
    @Override public void open(Configuration configuration) {
      sum = new LongCounter();
      getRuntimeContext().addAccumulator("sum", sum);
    }
    @Override public void invoke(Long value, Context context) { sum.add(value); }
  }
}
"""


def test_own_java_functions_of_a_jar_and_their_accumulators(env, tmp_path):
    source = tmp_path / "Numbers.java"
    source.write_text(_JAVA)
    home = os.environ.get("JAVA_HOME")
    tools = str(pathlib.Path(home, "bin")) + os.sep if home else ""
    jars = load_engine().paths()["jars"] + "/*"
    build = [tools + "javac", "--release", "11", "-cp", jars, "-d", tmp_path / "classes", source]
    subprocess.run(build, check=True)
    jar = tmp_path / "own.jar"
    subprocess.run([tools + "jar", "cf", jar, "-C", tmp_path / "classes", "."], check=True)
    with pytest.raises(TypeError, match="'own.Numbers' cannot be loaded"):
        env.add_source("own.Numbers")
    env.add_jars(str(jar))
    own = get_gateway().jvm.own
    for function in ("own.Numbers", SourceFunction("own.Numbers"), own.Numbers(3)):
        stream = env.add_source(function, "own", LONG)
        assert list(stream.map(lambda x: x + 1, LONG).execute_and_collect()) == [2, 3, 4]
    # Java's own look at the class gives the type, too.
    assert env.add_source(own.Numbers(2)).get_type() == LONG
    stream = env.add_source(own.Numbers(10), "ten", LONG).map(lambda x: 2 * x, LONG)
    stream.add_sink("own.Numbers$Sum")
    result = env.execute("with a name")
    assert result.get_accumulator_result("emitted") == 10
    assert result.get_all_accumulator_results() == {"emitted": 10, "sum": 110}
    assert result.get_accumulator_result("other") is None
    env.add_source(own.Numbers(10**15), "many", LONG).add_sink(SinkFunction("own.Numbers$Sum"))
    client = env.execute_async()
    end = time.monotonic() + 30
    while not client.get_accumulators().result().get("emitted") and time.monotonic() < end:
        time.sleep(0.05)
    assert client.get_accumulators().result()["emitted"] > 0
    client.cancel().result()


def _group(**settings):
    name = settings.pop("name", "group")
    builder = SlotSharingGroup.builder(name).set_cpu_cores(0.5).set_task_heap_memory_mb(50)
    for name, value in settings.items():
        builder = getattr(builder, name)(*value)
    return builder.build()


def test_slot_sharing_groups_with_resources_run(env):
    group = _group(set_managed_memory_mb=(8,))
    stream = numbers(env, 3).map(lambda x: x, LONG).slot_sharing_group(group)
    assert list(stream.execute_and_collect()) == [1, 2, 3]
    env.register_slot_sharing_group(_group(set_task_off_heap_memory_mb=(5,)))
    stream = numbers(env, 3).slot_sharing_group("group").map(lambda x: -x, LONG)
    stream.print().slot_sharing_group("default")
    env.execute()
    running = []
    for _ in range(3):  # 2.7 GB of managed memory, where one cluster has 2
        big = _group(name="big", set_managed_memory_mb=(900,))
        stream = numbers(env).map(lambda x: x, LONG).slot_sharing_group(big)
        running.append(stream.execute_and_collect())
    assert [next(records) for records in running] == [1, 1, 1]
    for records in running:
        records.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"set_managed_memory_mb": (10**6,)}, "managed memory.*taskmanager.memory.managed.size"),
        ({"set_external_resource": ("gpu", 1.0)}, "'gpu'.*none.*external-resource.gpu.amount"),
        ({"set_cpu_cores": (1e8,)}, "CPU cores.*taskmanager.cpu.cores"),
        ({"set_task_heap_memory_mb": (10**7,)}, "heap.*taskmanager.memory.task.heap.size"),
    ],
    ids=["managed", "external", "cpu", "heap"],
)
def test_resources_that_the_session_has_not(env, settings, words):
    numbers(env, 3).slot_sharing_group(_group(**settings)).print()
    with pytest.raises(Py4JJavaError, match=words):
        env.execute()


def test_resource_specs(env):
    spec = ResourceSpec.builder(0.5, 20).set_managed_memory_mb(4).build()
    more = spec.merge(ResourceSpec.builder(0.5, 1).set_extended_resource("gpu", 1).build())
    assert more.get_cpu_cores() == 1.0 and more.get_extended_resources() == {"gpu": 1.0}
    assert more.get_task_heap_memory().get_mebi_bytes() == 21
    assert more.get_managed_memory().get_mebi_bytes() == 4
    stream = numbers(env, 3)
    assert stream.get_min_resources() == ResourceSpec.unknown()
    assert stream.get_min_resources().is_unknown()
    mapped = stream.map(lambda x: x, LONG)
    assert mapped.set_resource_spec(spec) is mapped
    assert (mapped.get_min_resources(), mapped.get_preferred_resources()) == (spec, spec)
    mapped.set_resource_spec(spec, more)
    assert (mapped.get_min_resources(), mapped.get_preferred_resources()) == (spec, more)
    with pytest.raises(ValueError, match="less than"):
        mapped.set_resource_spec(more, spec)
    with pytest.raises(TypeError, match="ResourceSpec, not int"):
        mapped.set_resource_spec(1)
    sink = mapped.print().set_resource_spec(spec)
    assert sink.get_min_resources() == spec
    graph = env._j_stream_execution_environment.getStreamGraph(False).getJobGraph()
    needs = [v.getMinResources() for v in graph.getVertices()]
    assert sum(float(n.getCpuCores().getValue()) for n in needs) == 1.0
    env.execute()
    too_big = ResourceSpec.builder(0.5, 20).set_managed_memory_mb(3000).build()
    numbers(env, 3).set_resource_spec(too_big).print()
    with pytest.raises(Py4JJavaError, match="managed memory.*taskmanager.memory.managed.size"):
        env.execute()


def test_chaining_switches(env):
    def tasks():
        graph = env._j_stream_execution_environment.getStreamGraph(False).getJobGraph()
        return sorted(str(v.getName()) for v in graph.getVertices())

    numbers(env, 3).name("n").map(lambda x: x, LONG).name("m").print().name("p")
    assert len(tasks()) == 1
    env.execute()
    stream = numbers(env, 3).name("n").map(lambda x: x, LONG).name("m").disable_chaining()
    stream.print().name("p")
    assert len(tasks()) == 3
    env.execute()
    numbers(env, 3).name("n").map(lambda x: x, LONG).name("m").start_new_chain().print().name("p")
    assert len(tasks()) == 2
    env.execute()
    env.disable_operator_chaining()
    numbers(env, 3).name("n").map(lambda x: x, LONG).name("m").print().name("p")
    assert len(tasks()) == 3
    env.execute()


def test_java_streams_know_their_place(env):
    stream = DataStream(env._j_stream_execution_environment.fromSequence(1, 2))
    assert stream.get_id() > 0 and stream.set_parallelism(3).get_parallelism() == 3
