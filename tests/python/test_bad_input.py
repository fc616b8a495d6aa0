"""Bad input: each gets a clear message on stderr and the right exit code, and nothing hangs."""

from __future__ import annotations

import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import sys

import pytest
from runner import BUILD, SHELL, Done, Shell

JOB = """
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
"""

ONE_JOB = (
    JOB
    + """
env.from_collection([1, 2], Types.INT()).map(lambda x: x + 1, Types.INT()).print()
env.execute()
"""
)


def told(done: Done, *patterns: str, code: int = 1, lines: int = 40) -> None:
    """The exit code is right and each pattern is on stderr, which stays short and Java-free."""
    assert done.returncode == code, done.stderr[-3000:]
    for pattern in patterns:
        assert re.search(pattern, done.stderr), f"{pattern!r} is not in:\n{done.stderr}"
    assert "\tat " not in done.stderr
    assert len(done.stderr.splitlines()) <= lines, done.stderr


def test_missing_script(shell: Shell) -> None:
    told(
        shell.run("-f", "absent.py"), r"can't open file .*absent\.py.*No such file", code=2, lines=1
    )


def test_missing_module(shell: Shell) -> None:
    told(shell.run("-m", "no_such_module"), "No module named no_such_module", lines=1)


def test_syntax_error(shell: Shell) -> None:
    done = shell.run("-f", shell.script("x = 1\nif x\n    print(x)\n"))
    told(done, r'File ".*program\.py", line 2', "SyntaxError: expected ':'", lines=5)


def test_script_that_is_a_folder_or_not_text(shell: Shell) -> None:
    (shell.folder / "folder").mkdir()
    told(shell.run("-f", "folder"), "__main__")
    (shell.folder / "binary.py").write_bytes(b"\xff\xfe\x00")
    told(shell.run("-f", "binary.py"), "SyntaxError|ValueError")


FAILING = (
    JOB
    + """
def half(x):
    return 10 // (x - 3)
class Boom(Exception):
    pass
env.from_collection([1, 2, 3, 4], Types.INT()).map(half, Types.INT()).name("halve it").print()
env.execute()
"""
)


def test_exception_in_a_function(shell: Shell) -> None:
    done = shell.code(FAILING)
    told(
        done,
        "Traceback",
        r'program\.py", line 8, in half',
        "return 10 // ",
        "ZeroDivisionError: integer division or modulo by zero",
        "halve it",
        r"subtask 1/1",
        r"record: 3\b",
    )
    assert ["-5", "-10"][: len(done.stdout.splitlines())] == done.stdout.splitlines()


def test_exception_of_the_programs_own_class_is_the_original_object(shell: Shell) -> None:
    done = shell.code(
        FAILING.replace(
            "env.execute()",
            """
try:
    env.execute()
except Exception as error:
    from py4j.protocol import Py4JJavaError
    print(isinstance(error, Py4JJavaError), type(error.python_exception).__name__,
          error.python_exception.args)
""",
        ).replace("return 10 // (x - 3)", "raise Boom('own', x) if x == 3 else Boom('first')")
    ).ok()
    assert done.stdout.splitlines()[-1] == "True Boom ('first',)"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            "class F(MapFunction):\n    def open(self, c): raise OSError('in open')\n"
            "    def map(self, x): return x",
            "OSError: in open",
        ),
        (
            "class F(MapFunction):\n    def close(self): raise OSError('in close')\n"
            "    def map(self, x): return x",
            "OSError: in close",
        ),
        (
            "def F():\n    return lambda x: absent_name",
            "NameError: name 'absent_name' is not defined",
        ),
        ("def F():\n    import sys\n    return lambda x: sys.exit(3)", "SystemExit"),
        ("def F():\n    def f(x): return f(x) + 1\n    return f", "RecursionError"),
        ("def F():\n    return lambda: 1", "<lambda>() cannot be called with 1 argument"),
    ],
    ids=["open", "close", "name", "sys.exit", "recursion", "arity"],
)
def test_functions_that_fail_in_other_ways(shell: Shell, function: str, message: str) -> None:
    done = shell.code(
        JOB
        + "from pyflink.datastream import MapFunction\n"
        + function
        + """
env.from_collection([1], Types.INT()).map(F()).print()
env.execute()
"""
    )
    told(done, re.escape(message), "Map", lines=60)


@pytest.mark.parametrize(("returned", "kind"), [("None", "NoneType"), ("5", "int")])
def test_flat_map_that_returns_no_iterable(shell: Shell, returned: str, kind: str) -> None:
    done = shell.code(
        JOB
        + f"""
env.from_collection([1], Types.INT()).flat_map(lambda x: {returned}).print()
env.execute()
"""
    )
    told(done, "TypeError", "FlatMap", kind)


def test_unpicklable_closure_names_the_cause(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
import threading
lock = threading.Lock()
env.from_collection([1]).map(lambda x: lock and x).print()
env.execute()
"""
    )
    assert done.returncode == 1 and "lock" in done.stderr and "pickle" in done.stderr


@pytest.mark.parametrize(
    ("type_info", "value", "expected"),
    [
        ("Types.INT()", "'abc'", r"INT.*str.*'abc'"),
        ("Types.INT()", "2**31", r"INT.*2147483648|2147483648.*INT"),
        ("Types.STRING()", "5", r"STRING.*int.*5"),
        ("Types.TUPLE([Types.STRING(), Types.INT()])", "('a', 'b')", r"f1.*INT.*str.*'b'"),
        ("Types.TUPLE([Types.STRING(), Types.INT()])", "('a',)", r"\('a',\).*number of fields"),
        (
            "Types.ROW_NAMED(['n', 's'], [Types.INT(), Types.STRING()])",
            "(1, 2)",
            r"\bs\b.*STRING.*int",
        ),
        ("Types.LIST(Types.INT())", "[1, None, 'x']", r"INT.*str.*'x'"),
        ("Types.MAP(Types.STRING(), Types.INT())", "{'k': 'v'}", r"INT.*str.*'v'"),
    ],
    ids=str,
)
def test_record_that_does_not_fit_the_declared_type(
    shell: Shell, type_info: str, value: str, expected: str
) -> None:
    done = shell.code(
        JOB
        + f"""
env.from_collection([1], Types.INT()).map(lambda x: {value}, {type_info}).name("wrong").print()
env.execute()
"""
    )
    told(done, "TypeError|OverflowError", "wrong", expected)


def test_type_missing_before_a_java_sink(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
from pyflink.common import Encoder
from pyflink.datastream.connectors.file_system import FileSink
sink = FileSink.for_row_format("out", Encoder.simple_string_encoder()).build()
env.from_collection([1], Types.INT()).map(lambda x: (x, x)).name("no type").sink_to(sink)
env.execute()
"""
    )
    told(done, "no type", "output_type|type", "Types")
    assert not (shell.folder / "out").exists()


def test_operator_in_python_that_raises_is_not_a_job(shell: Shell) -> None:
    done = shell.code(JOB + "env.set_parallelism('many')\n")
    told(done, r"Py4J\w*Error", "setParallelism", "str")


# ---- Java ------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", ["absent", "."])
def test_java_home_wrong(shell: Shell, home: str) -> None:
    path = shell.folder / home
    done = shell.code(ONE_JOB, env={"JAVA_HOME": str(path)})
    told(done, rf"JAVA_HOME={re.escape(str(path))}.*libjvm", "set JAVA_HOME to the folder of a JDK")


def test_java_home_with_a_broken_libjvm(shell: Shell) -> None:
    home = shell.folder / "jdk"
    (home / "lib" / "server").mkdir(parents=True)
    (home / "lib" / "server" / "libjvm.so").write_text("no library")
    told(
        shell.code(ONE_JOB, env={"JAVA_HOME": str(home)}), "libjvm.so", "invalid ELF|file too short"
    )


@pytest.mark.parametrize(
    ("place", "release"),
    [
        ("lib/server", 'JAVA_VERSION="1.8.0_402"\n'),
        ("jre/lib/amd64/server", ""),
        ("lib/server", 'JAVA_VERSION="10.0.2"\n'),
    ],
    ids=["8", "8-layout", "10"],
)
def test_jvm_older_than_11(shell: Shell, place: str, release: str) -> None:
    """The folder only looks like an old JDK: none can be installed beside the tests."""
    home = shell.folder / "old-jdk"
    (home / place).mkdir(parents=True)
    (home / place / "libjvm.so").write_bytes(b"")
    (home / "release").write_text(release)
    done = shell.code(ONE_JOB, env={"JAVA_HOME": str(home)})
    told(done, r"is Java (8|10); Java 11 or newer is needed", lines=20)


def test_no_java_at_all(shell: Shell) -> None:
    done = shell.code(ONE_JOB, env={"JAVA_HOME": None, "PATH": str(shell.folder)})
    told(done, "no Java", "openjdk-17")


def test_program_without_flink_needs_no_java(shell: Shell) -> None:
    done = shell.run("-c", "print('fine')", env={"JAVA_HOME": str(shell.folder)})
    assert done.stdout == "fine\n"


def test_wrong_jvm_option(shell: Shell) -> None:
    done = shell.code(ONE_JOB, env={"PYFLINK_SHELL_JVM_OPTS": "-XX:+NoSuchOption"})
    told(done, "NoSuchOption")


# ---- what an installation may lack -----------------------------------------------------------


@pytest.fixture
def copy(shell: Shell) -> pathlib.Path:
    """A copy of the program with its engine, whose jars and Python files are links."""
    folder = shell.folder / "copy"
    folder.mkdir()
    for name in ("pyflink-shell", "libpyflink_engine.so", "build-tree.paths", "engine.info"):
        source = SHELL.parent / name
        if not source.exists():
            pytest.skip("the program under test is an installed one")
        shutil.copy2(source, folder / name)
    for name in ("jars", "python-deps"):
        os.symlink(SHELL.parent / name, folder / name)
    return folder / "pyflink-shell"


def test_jars_missing(shell: Shell, copy: pathlib.Path) -> None:
    (copy.parent / "jars").unlink()
    done = shell.code(ONE_JOB, program=[copy])
    told(done, r"jars", re.escape(str(copy.parent)))


def test_engine_jar_missing(shell: Shell, copy: pathlib.Path) -> None:
    jars = copy.parent / "jars"
    jars.unlink()
    jars.mkdir()
    for jar in (SHELL.parent / "jars").glob("flink-*.jar"):
        os.symlink(jar, jars / jar.name)
    told(shell.code(ONE_JOB, program=[copy]), r"pyflink-shell-engine\.jar|jars")


def test_user_jar_missing(shell: Shell) -> None:
    done = shell.run("--jars", "absent.jar", "-c", "1")
    assert done.returncode == 2 and "absent.jar" in done.stderr
    told(shell.code(JOB + "env.add_jars('file:///absent/own.jar')\n" + ONE_JOB), "/absent/own.jar")


def test_class_that_is_in_no_jar(shell: Shell) -> None:
    done = shell.code(
        "from pyflink.java_gateway import get_gateway\n" "get_gateway().jvm.no.such.Thing()\n"
    )
    told(done, r"no\.such\.Thing")


def test_a_python_that_differs(shell: Shell) -> None:
    """A stand-in answers like an interpreter of another version."""
    other = shell.folder / "python9"
    other.write_text(f"""#!{sys.executable}
import subprocess, sys
out = subprocess.run([{sys.executable!r}, *sys.argv[1:]], capture_output=True, text=True,
                     input="" if sys.stdin.isatty() else sys.stdin.read())
version = "%d.%d" % sys.version_info[:2]
sys.stdout.write(out.stdout.replace(version, "3.99"))
sys.stderr.write(out.stderr)
sys.exit(out.returncode)
""")
    other.chmod(0o755)
    done = shell.run("--python", other, "-c", "print('ran')")
    told(done, r"built for Python 3\.\d+", r"3\.99", "PYTHON=")
    assert done.stdout == ""


def test_a_python_that_is_none(shell: Shell) -> None:
    told(shell.run("--python", shell.folder / "absent", "-c", "1"), "absent")
    told(shell.run("--python", "/bin/true", "-c", "1"), "/bin/true")


# ---- resources -------------------------------------------------------------------------------


def test_port_in_use(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = shell.run(
            "-D",
            f"rest.port={port}",
            "-D",
            "rest.bind-address=127.0.0.1",
            "-f",
            shell.script(ONE_JOB),
        )
    if done.returncode == 0:  # a session without a REST endpoint needs no port
        assert done.stdout == "2\n3\n"
    else:
        told(done, str(port), "in use|bind")


def test_rpc_port_in_use(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = shell.run("-D", f"jobmanager.rpc.port={port}", "-f", shell.script(ONE_JOB))
    assert done.returncode in (0, 1) and (done.returncode == 0 or str(port) in done.stderr)


def test_wrong_option_of_flink(shell: Shell) -> None:
    done = shell.run(
        "-D",
        "parallelism.default=many",
        "-f",
        shell.script(ONE_JOB.replace("env.set_parallelism(1)", "")),
    )
    told(done, "parallelism.default", "many")


def cache_environment(folder: pathlib.Path) -> dict[str, str | None]:
    return {"XDG_CACHE_HOME": str(folder), "HOME": str(folder)}


def test_cache_folder_read_only(shell: Shell, copy: pathlib.Path) -> None:
    cache = shell.folder / "cache"
    cache.write_text("a file where a folder should be")
    done = shell.code(ONE_JOB, program=[copy], env=cache_environment(cache)).ok()
    assert done.stdout == "2\n3\n"
    assert len(done.stderr.splitlines()) <= 1


def test_full_disk_under_the_cache_folder(shell: Shell, copy: pathlib.Path) -> None:
    cache = shell.folder / "cache"
    cache.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", cache],
        capture_output=True,
        text=True,
        check=False,
    )
    if mount.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mount.stderr.strip()}")
    try:
        done = shell.code(ONE_JOB, program=[copy], env=cache_environment(cache)).ok()
    finally:
        left = [path for path in cache.rglob("*") if path.is_file()]
        subprocess.run(["umount", cache], check=True)
    assert done.stdout == "2\n3\n" and left == []
    assert len(done.stderr.splitlines()) <= 1


def test_files_cannot_grow(shell: Shell, copy: pathlib.Path) -> None:
    """As on a full disk: every file may hold 64 KiB, also the class archive that is tried."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

    cache = shell.folder / "cache"
    done = shell.code(ONE_JOB, program=[copy], env=cache_environment(cache), preexec_fn=limit)
    assert (done.returncode, done.stdout) == (0, "2\n3\n"), done.stderr
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_output_to_a_full_device(shell: Shell) -> None:
    with open("/dev/full", "w") as full:
        done = shell.code("print('x')", stdout=full)
    assert done.returncode in (1, 120) and "No space left" in done.stderr
    with open("/dev/full", "w") as full:
        done = shell.code(ONE_JOB, stdout=full)
    told(done, "OSError: .*No space left")


def test_reader_of_a_stream_that_prints_has_gone(shell: Shell, tmp_path: pathlib.Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(
        JOB
        + """
from pyflink.common import WatermarkStrategy
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
env.from_source(NumberSequenceSource(1, 2**40), WatermarkStrategy.no_watermarks(), "n").print()
env.execute()
"""
    )
    command = f"set -o pipefail; '{SHELL}' -f '{script}' | head -n 2 >/dev/null"
    told(shell.run("-c", command, program=["bash"], timeout=60), "BrokenPipeError")


def test_configuration_folder(shell: Shell, tmp_path: pathlib.Path) -> None:
    (tmp_path / "config.yaml").write_text("parallelism:\n  default: 7\n")
    folder = {"FLINK_CONF_DIR": str(tmp_path)}
    show = JOB.replace("env.set_parallelism(1)", "") + "print(env.get_parallelism())\n"
    assert shell.code(show, env=folder).ok().stdout == "7\n"
    done = shell.run("-D", "parallelism.default=3", "-c", show, env=folder)
    assert done.ok().stdout == "3\n"
    done = shell.code(show, env={"FLINK_CONF_DIR": str(tmp_path / "absent")})
    told(done, "FLINK_CONF_DIR=.*absent names no folder")


HEAP = {"PYFLINK_SHELL_HEAP": "96m"}


def test_heap_exhausted_in_a_job(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
env.from_collection([1], Types.INT()).map(lambda x: "x" * 150_000_000, Types.STRING()).print()
env.execute()
""",
        env=HEAP,
    )
    told(done, "OutOfMemoryError", "PYFLINK_SHELL_HEAP=")


def test_heap_exhausted_by_objects_of_the_program(shell: Shell) -> None:
    done = shell.code(
        """
from pyflink.java_gateway import get_gateway
jvm = get_gateway().jvm
keep = jvm.java.util.ArrayList()
try:
    while True:
        keep.add(get_gateway().new_array(jvm.long, 1_000_000))
except Exception as error:
    keep.clear()
    print("OutOfMemoryError" in str(error) and "PYFLINK_SHELL_HEAP=" in str(error))
print(jvm.java.lang.Math.abs(-1))
""",
        env=HEAP,
    ).ok()
    assert done.stdout == "True\n1\n"


def test_unreadable_input_file(shell: Shell) -> None:
    done = shell.code(JOB + "env.read_text_file('/absent/file.txt').print()\nenv.execute()\n")
    told(done, "/absent/file.txt")


def test_sink_folder_that_cannot_be_made(shell: Shell) -> None:
    (shell.folder / "file").write_text("")
    done = shell.code(
        JOB
        + f"""
from pyflink.common import Encoder
from pyflink.datastream.connectors.file_system import FileSink
sink = FileSink.for_row_format({str(shell.folder / "file" / "out")!r},
                               Encoder.simple_string_encoder()).build()
env.from_collection(["a"], Types.STRING()).sink_to(sink)
env.execute()
"""
    )
    told(done, "file/out")


def test_no_core_and_no_hs_err_file_is_left() -> None:
    assert list(BUILD.glob("hs_err_pid*")) == []
