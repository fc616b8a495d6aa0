"""Batch: what is run, with what sys.argv and __main__, how it ends, and how it is interrupted."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from runner import SHELL, Shell

JOB = """
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
"""

ENDLESS = (
    JOB
    + """
from pyflink.common import WatermarkStrategy
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
import time
def slow(x):
    time.sleep(0.02)
    return x
env.from_source(NumberSequenceSource(1, 2**40), WatermarkStrategy.no_watermarks(), "numbers",
                Types.LONG()).map(slow, Types.LONG()).print()
"""
)

WHO = "import sys; print(__name__, sys.argv, globals().get('__file__'), __spec__ is None)"


def same_as_python(shell: Shell, *args: str, stdin: str | None = None) -> None:
    """Our -f is python3's plain FILE; everything else has the same name."""
    done = shell.run(*args, stdin=stdin)
    words = args[1:] if args[0] == "-f" else args
    peer = shell.run(*words, stdin=stdin, program=[sys.executable])
    assert (done.stdout, done.returncode) == (peer.stdout, peer.returncode)
    assert done.stderr == peer.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("-f", "who.py"),
        ("-f", "who.py", "one", "-f", "--help", "-D", "x"),
        ("-f", "./who.py"),
        ("-f", "folder/who.py", "a b", ""),
        ("-m", "who", "x", "-m"),
        ("-m", "package.who"),
        ("-m", "package"),
        ("-c", WHO, "x", "y"),
        ("-c", "print(1)\nprint(2)"),
        ("-f", "package"),
    ],
    ids=" ".join,
)
def test_what_the_program_sees_is_what_python3_shows(shell: Shell, args: tuple[str, ...]) -> None:
    for name in (
        "who.py",
        "folder/who.py",
        "package/__init__.py",
        "package/who.py",
        "package/__main__.py",
    ):
        shell.script(WHO, name)
    same_as_python(shell, *args)


def test_standard_input_is_the_program(shell: Shell) -> None:
    same_as_python(shell, "-", "x", "y", stdin=WHO + "\nprint(sys.stdin.read() == '')\n")


def test_first_entry_of_sys_path_is_the_scripts_folder(shell: Shell) -> None:
    shell.script("import sys, helper; print(helper.__name__)", "folder/main.py")
    shell.script("", "folder/helper.py")
    assert shell.run("-f", "folder/main.py").ok().stdout == "helper\n"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import sys; sys.exit()",
        "import sys; sys.exit(0)",
        "import sys; sys.exit(7)",
        "import sys; sys.exit('a message')",
        "import sys; sys.exit(None)",
        "raise SystemExit",
        "raise SystemExit(3)",
        "import sys; sys.exit([1, 2])",
        "raise SystemExit(256 + 5)",
        "raise SystemExit(-1)",
        "import sys; sys.exit(True)",
        "raise ValueError('no')",
        "1 / 0",
        "import os; os._exit(9)",
        "import sys; sys.stderr.write('err\\n'); sys.exit(4)",
        "import atexit; atexit.register(print, 'last'); print('first')",
        "class E(Exception): pass\nraise E('own') from ValueError('cause')",
    ],
)
def test_exit_codes_and_messages_are_those_of_python3(shell: Shell, code: str) -> None:
    shell.script(code, "program.py")
    same_as_python(shell, "-f", "program.py")


def test_exit_code_after_a_job(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
env.from_collection([1], Types.INT()).map(lambda x: x + 1, Types.INT()).print()
env.execute()
raise SystemExit(17)
"""
    )
    assert (done.returncode, done.stdout) == (17, "2\n")


def test_prints_of_python_and_of_streams_come_in_order(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
for job in range(5):
    print("python", job)
    env.from_collection([job], Types.INT()).map(lambda x: x, Types.INT()).print()
    env.execute()
    print("python", job, "again", end="\\n")
"""
    ).ok()
    lines = [[f"python {i}", str(i), f"python {i} again"] for i in range(5)]
    assert done.stdout.splitlines() == sum(lines, [])


def test_prints_inside_functions_appear(shell: Shell) -> None:
    done = shell.code(
        JOB
        + """
def show(x):
    print("in map", x)
    return x
env.from_collection([1, 2], Types.INT()).map(show, Types.INT()).print()
env.execute()
"""
    ).ok()
    assert sorted(done.stdout.splitlines()) == ["1", "2", "in map 1", "in map 2"]


def test_lines_reach_a_pipe_while_the_job_runs(shell: Shell) -> None:
    process = shell.start("-f", shell.script(ENDLESS + "print('python first')\nenv.execute()\n"))
    assert process.stdout
    seen = [process.stdout.readline().strip() for _ in range(4)]
    assert seen == ["python first", "1", "2", "3"]
    assert process.poll() is None


def test_options_of_flink(shell: Shell) -> None:
    done = shell.run(
        "-D",
        "parallelism.default=3",
        "-Dpipeline.object-reuse=true",
        "-f",
        shell.script(
            JOB.replace("env.set_parallelism(1)", "")
            + """
print(env.get_parallelism(), env.get_config().is_object_reuse_enabled())
from pyflink.java_gateway import get_gateway
print(env._j_stream_execution_environment.getParallelism())
"""
        ),
    ).ok()
    assert done.stdout == "3 True\n3\n"


def test_python_option_takes_another_environments_packages(shell: Shell) -> None:
    venv = shell.folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "only_there.py").write_text("where = 'in the venv'\n")
    code = (
        "import os, sys, only_there; "
        "print(only_there.where, os.path.dirname(sys.executable), sys.prefix)"
    )
    expected = f"in the venv {python.parent} {venv}\n"
    assert shell.run("--python", python, "-c", code).ok().stdout == expected
    done = shell.run("-c", code, env={"VIRTUAL_ENV": str(venv)}).ok()
    assert done.stdout == expected


def test_version_and_help(shell: Shell) -> None:
    version = shell.run("--version").ok().stdout
    assert re.search(r"^pyflink-shell \d+\.\d+\.\d+ .*Flink 1\.20\.\d+.*Python 3\.\d+", version)
    text = shell.run("--help").ok().stdout
    for option in (
        "-f",
        "-m",
        "-c",
        "--python",
        "--jars",
        "-D",
        "--java-trace",
        "--version",
    ):
        assert re.search(rf"(^|\s){re.escape(option)}\b", text), option


@pytest.mark.parametrize("args", [("--no-such-option",), ("-f",), ("-D", "novalue"), ("x.py",)])
def test_wrong_usage(shell: Shell, args: tuple[str, ...]) -> None:
    done = shell.run(*args)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("pyflink-shell: ") and "--help" in done.stderr


@pytest.fixture
def jar(shell: Shell) -> pathlib.Path:
    """A jar with one map function that Flink itself does not hold."""
    javac, archiver = tool("javac"), tool("jar")
    source = shell.script(
        """
        package own;
        import org.apache.flink.api.common.functions.MapFunction;
        public class Twice implements MapFunction<Long, Long> {
          @Override public Long map(Long value) { return 2 * value; }
          public static String hello() { return "from the jar"; }
        }
        """,
        "java/own/Twice.java",
    )
    classes = shell.folder / "classes"
    built = shell.run("-c", "import _pyflink_engine; print(_pyflink_engine.paths()['jars'])").ok()
    subprocess.run(
        [
            javac,
            "--release",
            "11",
            "-cp",
            built.stdout.strip() + "/*",
            "-d",
            classes,
            source,
        ],
        check=True,
    )
    path = shell.folder / "own.jar"
    subprocess.run([archiver, "cf", path, "-C", classes, "."], check=True)
    return path


def tool(name: str) -> str:
    home = os.environ.get("JAVA_HOME")
    return str(pathlib.Path(home, "bin", name)) if home else name


USE_JAR = (
    JOB
    + """
from pyflink.datastream import DataStream
from pyflink.java_gateway import get_gateway
%s
jvm = get_gateway().jvm
print(jvm.own.Twice.hello())
numbers = env.from_collection([1, 2], Types.LONG())
DataStream(numbers._j_data_stream.map(jvm.own.Twice())).map(lambda x: x + 1, Types.LONG()).print()
env.execute()
"""
)


def test_jars_option(shell: Shell, jar: pathlib.Path) -> None:
    expected = "from the jar\n3\n5\n"
    script = shell.script(USE_JAR % "")
    for words in (["--jars", jar], [f"--jars={jar.as_uri()}"], ["-j", "*.jar"]):
        assert shell.run(*words, "-f", script).ok().stdout == expected


def test_add_jars_in_the_program(shell: Shell, jar: pathlib.Path) -> None:
    done = shell.code(USE_JAR % f"env.add_jars({jar.as_uri()!r})").ok()
    assert done.stdout == "from the jar\n3\n5\n"


FAILING = (
    JOB
    + """
env.from_collection([1, 0], Types.INT()).map(lambda x: 1 // x, Types.INT()).print()
env.execute()
"""
)


def test_java_trace_only_on_request(shell: Shell) -> None:
    script = shell.script(FAILING)
    plain = shell.run("-f", script)
    traced = shell.run("--java-trace", "-f", script)
    assert plain.returncode == traced.returncode == 1
    assert "\tat org.apache.flink" not in plain.stderr and len(plain.stderr.splitlines()) < 40
    assert "\tat org.apache.flink" in traced.stderr or "\tat io.pyflinkshell" in traced.stderr


def children_of(pid: int) -> list[int]:
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(") ", 1)[1].split()[1]) == pid:
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, IndexError):
            continue
    return found


def nothing_left(shell: Shell, process: subprocess.Popen[str]) -> None:
    """No process of the session and no file in its TMPDIR."""
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert [str(p.relative_to(shell.tmp)) for p in shell.tmp.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_signals_cancel_the_job_and_leave_nothing(shell: Shell, number: int, code: int) -> None:
    script = (
        ENDLESS
        + """
import atexit
atexit.register(print, "atexit ran", flush=True)
env.execute()
"""
    )
    process = shell.start("-f", shell.script(script))
    assert process.stdout and process.stdout.readline() == "1\n"
    begun = time.monotonic()
    process.send_signal(number)
    done = shell.finish(process, timeout=30)
    assert time.monotonic() - begun < 10
    assert done.code == code
    if number == signal.SIGINT:
        assert "KeyboardInterrupt" in done.stderr
        assert "Exception in thread" not in done.stderr and "\tat " not in done.stderr
    assert done.stdout.endswith("atexit ran\n")
    nothing_left(shell, process)


def test_ctrl_c_is_a_keyboard_interrupt_that_can_be_caught(shell: Shell) -> None:
    process = shell.start(
        "-f",
        shell.script(
            ENDLESS
            + """
try:
    env.execute()
except KeyboardInterrupt:
    print("interrupted", flush=True)
env.from_collection(["next job"], Types.STRING()).print()
env.execute()
"""
        ),
    )
    assert process.stdout and process.stdout.readline() == "1\n"
    process.send_signal(signal.SIGINT)
    done = shell.finish(process)
    assert done.returncode == 0 and done.stdout.endswith("interrupted\nnext job\n")


def test_ctrl_c_stops_a_function_that_loops_in_python(shell: Shell) -> None:
    process = shell.start(
        "-f",
        shell.script(
            JOB
            + """
def forever(x):
    print("looping", flush=True)
    while True:
        pass
env.from_collection([1], Types.INT()).map(forever, Types.INT()).print()
env.execute()
"""
        ),
    )
    assert process.stdout and process.stdout.readline() == "looping\n"
    process.send_signal(signal.SIGINT)
    assert shell.finish(process, timeout=40).code == 130


def test_ctrl_c_before_any_job_is_python3s(shell: Shell) -> None:
    process = shell.start("-c", "import time; print('up', flush=True); time.sleep(60)")
    assert process.stdout and process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGINT)
    done = shell.finish(process, timeout=20)
    assert done.code == 130 and "KeyboardInterrupt" in done.stderr


def test_a_normal_end_leaves_nothing(shell: Shell, wait_until: Callable[..., None]) -> None:
    process = shell.start(
        "-f",
        shell.script(
            JOB
            + """
import os, threading
env.from_collection(list(range(100)), Types.INT()).key_by(lambda x: x % 3).reduce(
    lambda a, b: a + b).print()
env.execute()
print(sorted(t.name for t in threading.enumerate() if not t.daemon))
"""
        ),
    )
    done = shell.finish(process).ok()
    assert done.stdout.splitlines()[-1] == "['MainThread']"
    assert done.stderr == ""
    nothing_left(shell, process)


def test_no_child_process_runs_beside_a_job(shell: Shell) -> None:
    process = shell.start("-f", shell.script(ENDLESS + "env.execute()\n"))
    assert process.stdout and process.stdout.readline() == "1\n"
    assert children_of(process.pid) == []


def test_a_reader_that_goes_away_does_no_harm(shell: Shell) -> None:
    script = shell.script(ENDLESS.replace("2**40", "50") + "env.execute()\nprint('end')\n")
    done = shell.run("-c", f"'{SHELL}' -f '{script}' | head -n 2", program=["bash"], timeout=60)
    assert done.stdout == "1\n2\n"
    assert "hs_err" not in done.stderr


def test_runs_from_any_folder_and_with_odd_names(shell: Shell) -> None:
    path = shell.script(FAILING.replace("1 // x", "x * 2"), "with blank & ümlaut/prögram.py")
    done = shell.run("-f", path, cwd="/").ok()
    assert done.stdout == "2\n0\n"
