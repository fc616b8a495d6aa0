"""`import pyflink` in an ordinary python3 starts the same engine: scripts, pytest, guards."""
from __future__ import annotations

import json
import os
import signal
import sys
from typing import Optional

import pytest
from runner import Shell


Python = tuple[str, dict[str, Optional[str]]]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """A python3 of the version that was built with, and the environment that finds the package."""
    folder = tmp_path_factory.mktemp("paths")
    shell = Shell(folder)
    code = ("import json, sys, _pyflink_engine as e; "
            "print(json.dumps([sys.executable, e.paths()]))")
    executable, paths = json.loads(shell.run("-c", code).ok().stdout)
    path = [paths["python"], paths["python_deps"], os.path.dirname(pytest.__file__) + "/.."]
    return executable, {"PYTHONPATH": os.pathsep.join(path)}


JOB = """
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
def job():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    stream = env.from_collection([1, 2, 3], Types.INT()).map(lambda x: x * x, Types.INT())
    return list(stream.execute_and_collect())
"""


def run(shell: Shell, python: Python, code: str, *args: str) -> str:
    executable, env = python
    return shell.run(shell.script(code), *args, program=[executable], env=env).ok().stdout


def test_a_job(shell: Shell, python: Python) -> None:
    out = run(shell, python, JOB + "print(job())\nprint(job())\n")
    assert out == "[1, 4, 9]\n[1, 4, 9]\n"


def test_import_alone_is_quick_and_ends(shell: Shell,
                                        python: Python) -> None:
    assert run(shell, python, "import pyflink\nprint(pyflink.__name__)\n") == "pyflink\n"


def test_pytest_with_jobs(shell: Shell, python: Python) -> None:
    executable, env = python
    shell.script(JOB + """
import pytest
def test_one():
    assert job() == [1, 4, 9]
def test_two(capfd):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.from_collection(["seen"], Types.STRING()).print()
    env.execute()
    assert capfd.readouterr().out == "seen\\n"
def test_error():
    env = StreamExecutionEnvironment.get_execution_environment()
    env.from_collection([0]).map(lambda x: 1 // x).print()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        env.execute()
""", "test_in_pytest.py")
    done = shell.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_in_pytest.py",
                     program=[executable], env=env).ok()
    assert "3 passed" in done.stdout


def test_ctrl_c(shell: Shell, python: Python) -> None:
    executable, env = python
    process = shell.start(shell.script(JOB + """
import time
def slow(x):
    print("running", flush=True)
    time.sleep(0.05)
    return x
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection(list(range(100000)), Types.INT()).map(slow, Types.INT()).print()
env.execute()
"""), program=[executable], env=env)
    assert process.stdout and process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    done = shell.finish(process, timeout=30)
    assert done.code == 130 and "KeyboardInterrupt" in done.stderr


def test_fork_after_the_start_is_refused(shell: Shell,
                                         python: Python) -> None:
    out = run(shell, python, JOB + """
import os, sys
job()
pid = os.fork()
if pid == 0:
    try:
        job()
        code = 1
    except Exception as error:
        print(type(error).__name__, "fork" in str(error), flush=True)
        code = 0
    os._exit(code)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
print(job())
""")
    kind, told, code, result = out.replace("\n", " ", 2).split(" ", 3)
    assert (told, code, result) == ("True", "0", "[1, 4, 9]\n"), kind


def test_multiprocessing_spawn_and_subprocess(shell: Shell,
                                              python: Python) -> None:
    code = JOB + """
import multiprocessing, subprocess, sys
def work(x):
    return x + 1
if __name__ == "__main__":
    print(job())
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, [1, 2, 3]))
    print(subprocess.run([sys.executable, "-c", "print('child')"], capture_output=True,
                         text=True).stdout.strip())
"""
    expected = "[1, 4, 9]\n[2, 3, 4]\nchild\n"
    assert run(shell, python, code) == expected
    assert shell.code(code).ok().stdout == expected


def test_faulthandler_does_not_break_the_jvm(shell: Shell,
                                             python: Python) -> None:
    code = JOB + """
import faulthandler
faulthandler.enable()
print(job())
faulthandler.disable()
print(job())
from pyflink.java_gateway import get_gateway
try:  # a null pointer in Java is a SIGSEGV that HotSpot handles
    get_gateway().jvm.java.util.Objects.requireNonNull(None)
except Exception as error:
    print("NullPointerException" in str(error))
"""
    assert run(shell, python, code) == "[1, 4, 9]\n[1, 4, 9]\nTrue\n"


def test_another_version_of_python_is_refused(shell: Shell,
                                              python: Python) -> None:
    code = ("import sys; sys.version_info = (3, 99, 0, 'final', 0)\n"
            "try:\n    import pyflink\nexcept ImportError as error:\n    print(error)\n")
    out = run(shell, python, code)
    assert "3.99" in out and f"{sys.version_info[0]}." in out


def test_threads_of_the_program_can_run_jobs(shell: Shell,
                                             python: Python) -> None:
    out = run(shell, python, JOB + """
import threading
results = []
threads = [threading.Thread(target=lambda: results.append(job())) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print(results)
""")
    assert out == f"{[[1, 4, 9]] * 4}\n"
