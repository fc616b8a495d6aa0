"""Jars that are none, a full disk under sinks, too few file descriptors."""

from __future__ import annotations

import re
import resource
import subprocess
import zipfile

import pytest
from runner import Shell

JOB = """
import os, pathlib, shutil, sys
from pyflink.common import Encoder, Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.file_system import FileSink

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
"""


def test_what_is_no_jar(shell: Shell) -> None:
    with zipfile.ZipFile(shell.folder / "good.jar", "w") as archive:
        archive.writestr("a.txt", "hello" * 1000)
    whole = (shell.folder / "good.jar").read_bytes()
    for name, content in (("text", b"no zip"), ("empty", b""), ("cut", whole[:-20])):
        (shell.folder / f"{name}.jar").write_bytes(content)
    (shell.folder / "folder.jar").mkdir()
    why = "no zip file, or only a part of one"
    kinds = [("text", why), ("empty", "empty"), ("cut", why), ("folder", "a folder")]
    for name, reason in kinds:
        done = shell.run("--jars", f"{name}.jar", "-c", "print(1)")
        assert done.returncode == 2 and done.stdout == "", name
        assert re.search(rf"--jars: '.*/{name}.jar' is not a jar: it is {reason}$", done.stderr)
    script = """
for name in ("text", "empty", "cut", "folder"):
    path = pathlib.Path(name + ".jar").absolute()
    for form in (str(path), path.as_uri()):
        try:
            env.add_jars(form)
        except ValueError as error:
            print(str(error).replace(os.getcwd(), ""))
env.add_jars("good.jar")
print(list(env.from_collection([1]).execute_and_collect()))
"""
    done = shell.code(JOB + script).ok()
    lines = [f"add_jars: '/{n}.jar' is not a jar: it is {w}" for n, w in kinds for _ in range(2)]
    assert done.stdout.splitlines() == [*lines, "[1]"]


def test_full_disk_under_sinks(shell: Shell) -> None:
    """Each kind of sink fails and says why; then the session goes on."""
    disk = shell.folder / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]
    mount = subprocess.run(command, capture_output=True, text=True, check=False)
    if mount.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mount.stderr.strip()}")
    script = """
def to_file_sink(lines, where):
    encoder = Encoder.simple_string_encoder()
    lines.map(lambda x: x[0], Types.STRING()).sink_to(
        FileSink.for_row_format(where, encoder).build())

for sink in (to_file_sink, lambda s, where: s.write_as_text(where),
             lambda s, where: s.write_as_csv(where)):
    pair = Types.TUPLE([Types.STRING(), Types.LONG()])
    sink(env.from_sequence(1, 100_000).map(lambda x: ("x" * 100, x), pair), sys.argv[1] + "/out")
    try:
        env.execute()
        print("written")
    except Exception as error:
        print(str(error).splitlines()[-1])
    path = pathlib.Path(sys.argv[1], "out")
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
print(list(env.from_collection([1]).execute_and_collect()))
"""
    try:
        done = shell.code(JOB + script, disk).ok()
    finally:
        subprocess.run(["umount", disk], check=True)
    full = "Caused by: java.io.IOException: No space left on device"
    assert done.stdout.splitlines() == [full] * 3 + ["[1]"]


def test_too_few_file_descriptors(shell: Shell) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))

    done = shell.code(JOB, preexec_fn=limit)
    needs = "the JVM needs 100 open files or more, but the limit is 20; raise it with ulimit -n"
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == f"RuntimeError: {needs}"
