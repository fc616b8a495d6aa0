"""-pyfs, -pyarch, -pyreq and the like: what programs and functions find, and what is left."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import zipfile

import pytest
from runner import Shell

JOB = """
from pyflink.common import Types
from pyflink.datastream import MapFunction, StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
"""


def wheel(folder: pathlib.Path, name: str, code: str) -> None:
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info/"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as packed:
        packed.writestr(f"{name}.py", code)
        packed.writestr(info + "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        packed.writestr(
            info + "WHEEL",
            "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        packed.writestr(
            info + "RECORD", f"{name}.py,,\n{info}METADATA,,\n{info}WHEEL,,\n{info}RECORD,,\n"
        )


def left(shell: Shell) -> list[str]:
    return sorted(path.name for path in shell.tmp.iterdir())


def test_files_are_importable_in_program_and_functions(shell: Shell) -> None:
    shell.script("def f(x):\n    return x + 1\n", "elsewhere/shipped_one.py")
    shell.script("VALUE = 10\n", "elsewhere/packages/shipped_two/__init__.py")
    shell.script("VALUE = 1000\n", "elsewhere/shipped_package/__init__.py")
    with zipfile.ZipFile(shell.folder / "three.zip", "w") as packed:
        packed.writestr("shipped_three.py", "VALUE = 100\n")
    script = JOB + """
import os, subprocess, sys
import shipped_one, shipped_three
print(os.path.relpath(shipped_one.__file__))
def f(x):
    import shipped_two, shipped_package
    return shipped_one.f(x) + shipped_two.VALUE + shipped_three.VALUE + shipped_package.VALUE
env.from_collection([1], Types.INT()).map(f, Types.INT()).print()
env.execute()
code = "import shipped_one, shipped_two, shipped_three; print('child')"
subprocess.run([sys.executable, "-c", code], check=True)
"""
    files = "elsewhere/shipped_one.py,elsewhere/packages"
    path = shell.script(script)
    for words in (
        ["-pyfs", files, "--pyFiles=three.zip,elsewhere/shipped_package", "-f", path],
        ["-Dpython.files=" + files + ",three.zip,elsewhere/shipped_package", "-f", path],
        ["-py", path, "--pyFiles", files + ",three.zip,elsewhere/shipped_package"],
    ):
        done = shell.run(*words).ok()
        assert done.stdout == "elsewhere/shipped_one.py\n1112\nchild\n"
        assert done.stderr == ""
    assert left(shell) == []


def test_module_of_a_shipped_zip(shell: Shell) -> None:
    with zipfile.ZipFile(shell.folder / "app.zip", "w") as packed:
        packed.writestr("app/__init__.py", "")
        packed.writestr("app/functions.py", "def twice(x):\n    return 2 * x\n")
        packed.writestr(
            "app/__main__.py",
            JOB
            + "import sys\nfrom app.functions import twice\nprint(__name__, sys.argv[1:])\n"
            + "env.from_collection([4], Types.INT()).map(twice, Types.INT()).print()\n"
            + "env.execute()\n",
        )
    expected = "__main__ ['--input', 'x']\n8\n"
    for words in (
        ["-pyfs", "app.zip", "-pym", "app", "--input", "x"],
        ["-pym", "app", "-pyfs", "app.zip", "--", "--input", "x"],
        ["--pyModule", "app.__main__", "--pyFiles", "app.zip", "--input", "x"],
        ["-pyfs", "app.zip", "-m", "app", "--input", "x"],
    ):
        assert shell.run(*words).ok().stdout == expected


ARCHIVE = JOB + """
import os
here = os.getcwd()
def read(name):
    import subprocess, threading
    seen = []
    thread = threading.Thread(target=lambda: seen.append(open(name).read()))
    thread.start()
    thread.join()
    child = subprocess.run(["cat", name], capture_output=True, text=True).stdout
    return "%s %s %s" % (open(name).read(), seen[0], child)
class Where(MapFunction):
    def map(self, x):
        return os.path.exists("data/x.txt")
client = env.from_collection(["data/x.txt"], Types.STRING()).map(read, Types.STRING())
client.print()
env.execute()
print(os.getcwd() == here, os.path.exists("data"))
"""


def test_archives_do_not_move_the_program(shell: Shell) -> None:
    with zipfile.ZipFile(shell.folder / "x.zip", "w") as packed:
        packed.writestr("x.txt", "x")
    path = shell.script(ARCHIVE)
    done = shell.run("-pyarch", "x.zip#data", "-f", path).ok()
    assert done.stdout == "x x x\nTrue False\n" and done.stderr == ""
    # Where threads cannot have a folder of their own, it says so and the program gets its own back.
    refuse = "import pyflink._engine.dependencies as d\nd._change = lambda folder: False\n"
    done = shell.run("-pyarch", "x.zip#data", "-f", shell.script(refuse + ARCHIVE)).ok()
    assert done.stdout == "x x x\nTrue False\n" and "current folder" in done.stderr
    assert left(shell) == []


def test_requirements_are_installed_once(shell: Shell) -> None:
    wheel(shell.folder / "wheels", "shipped_wheel", "NAME = 'in the wheel'\n")
    shell.script("shipped_wheel\napache-flink==1.20.1\n", "requirements.txt")
    env = {"XDG_CACHE_HOME": str(shell.folder / "cache")}
    script = shell.script(
        JOB
        + """
import shipped_wheel
env.from_collection([1], Types.INT()).map(lambda x: shipped_wheel.NAME, Types.STRING()).print()
env.execute()
"""
    )
    for _ in range(2):
        done = shell.run("-pyreq", "requirements.txt#wheels", "-f", script, env=env).ok()
        assert done.stdout == "in the wheel\n" and done.stderr == ""
        folders = list((shell.folder / "cache/pyflink-shell/requirements").iterdir())
        assert len(folders) == 1
        (folders[0] / "shipped_wheel.py").write_text("NAME = 'in the wheel'\n")
    shell.script("no_such_wheel\n", "requirements.txt")
    done = shell.run("-pyreq", "requirements.txt#wheels", "-f", script, env=env)
    assert done.returncode == 1 and done.stdout == ""
    assert "pip cannot install" in done.stderr and "no_such_wheel" in done.stderr
    assert len(list((shell.folder / "cache/pyflink-shell/requirements").iterdir())) == 1


def test_executable_gives_its_packages(shell: Shell) -> None:
    venv = shell.folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "only_there.py").write_text("where = 'in the venv'\n")
    with zipfile.ZipFile(shell.folder / "venv.zip", "w") as packed:
        for path in venv.rglob("*"):
            name = str(path.relative_to(shell.folder))
            if path.is_symlink():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = 0o120777 << 16
                packed.writestr(entry, os.readlink(path))
            elif path.is_file():
                packed.write(path, name)
    script = shell.script(
        JOB
        + """
def f(x):
    import only_there
    return only_there.where
env.from_collection([1], Types.INT()).map(f, Types.STRING()).print()
env.execute()
"""
    )
    for words in (
        ["-pyexec", venv / "bin/python"],
        ["-pyarch", "venv.zip", "-pyexec", "venv.zip/venv/bin/python"],
    ):
        assert shell.run(*words, "-f", script).ok().stdout == "in the venv\n"
    other = shell.script("#!/bin/sh\necho '[[3, 4], \"/x\", []]'\n", "other")
    other.chmod(0o755)
    for program, reason in ((other, "Python 3.4"), ("/bin/false", "no Python"), ("no-py", "there")):
        done = shell.run("-pyexec", program, "-f", script)
        assert done.returncode in (1, 2) and "python.executable: " in done.stderr
        assert reason in done.stderr and done.stdout == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-pyfs", "none.py"], "-pyfs: there is no file none.py"),
        (["-pyarch", "none.zip#x"], "-pyarch: there is no file none.zip"),
        (["-pyreq", "program.py#none"], "-pyreq: there is no file none"),
        (["-Dpython.files=none.py"], "python.files: there is no file '"),
    ],
)
def test_missing_files_are_named(shell: Shell, words: list[str], says: str) -> None:
    done = shell.run(*words, "-f", shell.script("print('ran')"))
    assert done.returncode == 2 and done.stdout == "" and says in done.stderr
    assert "Traceback" not in done.stderr


def test_archives_that_cannot_be_used(shell: Shell) -> None:
    shell.script("no archive", "x.zip")
    with zipfile.ZipFile(shell.folder / "evil.zip", "w") as packed:
        packed.writestr("../out.txt", "x")
    (shell.folder / "ok.zip").write_bytes((shell.folder / "evil.zip").read_bytes())
    done = shell.code(
        JOB
        + """
import os
def attempt(path, target=None):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.add_python_archive(path, target)
    env.from_collection([1]).print()
    try:
        env.execute()
    except ValueError as error:
        print(str(error).replace(os.getcwd() + "/", ""))
attempt("x.zip")
attempt("evil.zip")
attempt("x.zip", "../x")
"""
    ).ok()
    assert done.stdout.splitlines() == [
        "python.archives: x.zip is no zip and no tar file",
        "python.archives: evil.zip: the member '../out.txt' would land outside of its folder",
        "python.archives: the target '../x' of an archive must be a folder below the current one "
        "of the functions, such as 'data'",
    ]
    assert left(shell) == []


def test_nothing_is_left_and_what_a_killed_process_left_goes(shell: Shell) -> None:
    with zipfile.ZipFile(shell.folder / "x.zip", "w") as packed:
        packed.writestr("x.txt", "x")
    script = shell.script(
        JOB
        + """
def f(x):
    print(open("x.zip/x.txt").read(), flush=True)
    while True:
        pass
env.add_python_archive("x.zip")
env.from_collection([1], Types.INT()).map(f, Types.INT()).print()
env.execute()
"""
    )
    codes = {signal.SIGKILL: 137, signal.SIGINT: 130, signal.SIGTERM: 143}
    for number, code in codes.items():
        process = shell.start("-f", script)
        assert process.stdout and process.stdout.readline() == "x\n"
        assert len(left(shell)) == 1  # of this process, and of none before
        process.send_signal(number)
        assert shell.finish(process, timeout=40).code == code
        assert len(left(shell)) == (1 if number == signal.SIGKILL else 0)
