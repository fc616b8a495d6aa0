"""What is told when a job cannot go on from a checkpoint, or cannot make one."""

import shutil
import threading

import pytest
from pyflink.common import Configuration, Types, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.checkpoint_storage import FileSystemCheckpointStorage
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from pyflink.datastream.functions import KeyedProcessFunction
from pyflink.datastream.state import (
    ListStateDescriptor,
    MapStateDescriptor,
    ValueStateDescriptor,
)

LONG, STRING = Types.LONG(), Types.STRING()


class Keep(KeyedProcessFunction):
    def __init__(self, opens, value=0):
        self.opens, self.value = opens, value

    def open(self, runtime_context):
        self.state = self.opens(runtime_context)

    def process_element(self, value, ctx):
        if self.value is not None:
            self.state.update(self.value or value)
        yield value


def value_of(type_info):
    return lambda rc: rc.get_state(ValueStateDescriptor("kept", type_info))


OPENS_LONG = value_of(LONG)


def job(path=None, opens=OPENS_LONG, value=0, uid="keep", parallelism=1, **options):
    config = Configuration()
    if path is not None:
        config.set_string("execution.savepoint.path", str(path))
    if path in BACKENDS:
        config.set_string("state.backend.type", BACKENDS[path])
    for key, text in options.items():
        config.set_string(key.replace("__", "-").replace("_", "."), text)
    env = StreamExecutionEnvironment.get_execution_environment(config)
    env.set_parallelism(1)
    env.enable_checkpointing(20)
    numbers = NumberSequenceSource(0, 2**40)
    stream = env.from_source(numbers, WatermarkStrategy.no_watermarks(), "n", LONG).uid("numbers")
    stream = stream.key_by(lambda v: v % 10, LONG).process(Keep(opens, value), LONG)
    stream.uid(uid).set_parallelism(parallelism).filter(lambda v: False).print()
    return env


def files_of(folder):
    """The files of completed checkpoints."""
    return [path for done in folder.glob("*/chk-*/_metadata") for path in done.parent.glob("*")]


@pytest.fixture(scope="module", params=["hashmap", "rocksdb"])
def savepoint(request, tmp_path_factory):
    """A checkpoint that was kept, with files of its own."""
    folder = tmp_path_factory.mktemp("checkpoints")
    env = job(
        state_backend_type=request.param,
        execution_checkpointing_incremental="true",
        execution_checkpointing_externalized__checkpoint__retention="RETAIN_ON_CANCELLATION",
    )
    # Small as it is, state goes to files of its own.
    storage = FileSystemCheckpointStorage(folder.as_uri(), file_state_size_threshold=0)
    env.get_checkpoint_config().set_checkpoint_storage(storage)
    client = env.execute_async()
    while not any(path.name != "_metadata" for path in files_of(folder)):
        assert not client.get_job_execution_result().done()
    client.cancel().result()
    while not client.get_job_execution_result().done():
        pass
    kept = max(folder.glob("*/chk-*/_metadata"), key=lambda path: int(path.parent.name[4:]))
    BACKENDS[kept.parent] = request.param
    return kept.parent


#: Which backend wrote a checkpoint, and so which a job from it needs.
BACKENDS = {}


def failure(env):
    with pytest.raises(Exception) as caught:
        env.execute()
    text = str(caught.value)
    assert "\tat " not in text and len(text) < 2500, text
    return text


@pytest.fixture
def copied(savepoint, tmp_path):
    """The same as a copy: the files' absolute paths lead to where they were, in the same job."""
    kept = tmp_path / "kept"
    shutil.copytree(savepoint.parent, kept)
    yield savepoint
    shutil.rmtree(savepoint.parent)
    shutil.copytree(kept, savepoint.parent)


def test_a_path_that_is_none(tmp_path):
    text = failure(job(tmp_path / "none"))
    assert "cannot start from '%s'" % (tmp_path / "none") in text
    assert "no such file or folder" in text


def test_a_folder_above_the_checkpoints(savepoint):
    text = failure(job(savepoint.parent))
    assert "holds no file _metadata; try %s" % savepoint in text


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"x" * 64, lambda b: b""])
def test_damaged_metadata(copied, damage):
    file = copied / "_metadata"
    file.write_bytes(damage(file.read_bytes()))
    text = failure(job(copied))
    assert "the file %s is damaged, or no checkpoint" % file in text
    assert "choose another checkpoint or savepoint" in text


def state_files(checkpoint):
    files = [
        path for path in checkpoint.parent.rglob("*")
        if path.is_file() and path.name != "_metadata"
    ]  # fmt: skip
    assert files, "no file beside _metadata"
    return files


@pytest.mark.parametrize("damage", ["cut", "gone", "garbage"])
def test_a_damaged_state_file(copied, damage):
    files = state_files(copied)
    for file in files:
        if damage == "cut":
            file.write_bytes(file.read_bytes()[:-10])
        elif damage == "gone":
            file.unlink()
        else:
            file.write_bytes(b"\x7f" * file.stat().st_size)
    text = failure(job(copied))
    assert any(str(file) in text for file in files), text
    assert {"cut": "is damaged", "gone": "missing", "garbage": "is damaged"}[damage] in text


def test_another_type_names_both(savepoint):
    text = failure(job(savepoint, value_of(STRING)))
    assert "state 'kept' is stored with the type Long, and the program now declares String" in text


def test_another_kind_names_both(savepoint):
    text = failure(job(savepoint, lambda rc: rc.get_list_state(ListStateDescriptor("kept", LONG))))
    assert "state 'kept' is stored as a state of kind VALUE" in text and "LIST" in text
    text = failure(
        job(savepoint, lambda rc: rc.get_map_state(MapStateDescriptor("kept", LONG, LONG)))
    )
    assert "state 'kept' is stored as a state of kind VALUE" in text and "MAP" in text


def test_max_parallelism(savepoint):
    text = failure(job(savepoint, pipeline_max__parallelism="64"))
    assert "has the maximum parallelism 64, and its state was written with 128" in text
    assert "call set_max_parallelism(128)" in text
    text = failure(job(savepoint, parallelism=200))
    assert "has the parallelism 200, more than the maximum of 128" in text


def test_another_backend(savepoint):
    if BACKENDS[savepoint] == "rocksdb":
        text = failure(job(savepoint, state_backend_type="hashmap"))
        assert "written by the RocksDB state backend, and the program uses HashMap" in text


def test_an_operator_that_is_gone(savepoint):
    text = failure(job(savepoint, uid="other"))
    assert "state of an operator that the program does not have" in text and "-n (" in text


def test_a_value_that_cannot_be_pickled_fails_the_checkpoint_and_names_the_state():
    opens = value_of(Types.PICKLED_BYTE_ARRAY())
    env = job(opens=opens, value=Unpicklable(), restart__strategy_type="none")
    text = failure(env)
    assert "state 'kept'" in text and "cannot pickle" in text, text


class Unpicklable:
    """Travels with its function, and has a lock from then on."""

    def __getstate__(self):
        if getattr(self, "lock", None):
            raise TypeError("cannot pickle the lock")
        return {"lock": 1}


def test_a_program_that_fails_for_ever_is_not_silent(shell, wait_until):
    script = """
    from pyflink.datastream import StreamExecutionEnvironment
    env = StreamExecutionEnvironment.get_execution_environment()
    env.enable_checkpointing(1000)
    env.set_parallelism(1)
    env.from_collection([7]).map(lambda x: 1 // (x - 7)).print()
    env.execute("division")
    """
    process = shell.start("-f", shell.script(script))
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(process.stderr.readline, "")))
    reader.start()
    wait_until(lambda: any("failure 2" in line for line in lines), 60, "the second failure")
    process.kill()
    reader.join()
    text = "".join(lines)
    assert text.startswith("pyflink-shell: the job 'division' failed and starts again:\nTraceback")
    assert "ZeroDivisionError" in text and "in operator 'Map' (subtask 1/1), on record: 7" in text
    assert text.count("Traceback") == 1


