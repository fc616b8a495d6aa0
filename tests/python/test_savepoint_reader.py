"""A Java program reads the keyed state of a savepoint with Flink's State Processor API.

Its class path holds Flink's jars and none of this project's: what has a declared type is stored as
Java Flink stores it.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess

import pytest
import runner

HERE = pathlib.Path(__file__).parent
# The last State Processor API of 1.20 that Maven finds everywhere; it reads what later ones wrote.
READER = "flink-state-processor-api:1.20.0"
# This project loads what is in this jar in a way of its own.
LOADER = "flink-rpc-akka-loader:%s"
COUNT, KEYS = 100, 7


def fetched(artifact: str) -> pathlib.Path:
    """A jar of Flink that only tests need and that is not shipped, from Maven's repository."""
    folder = runner.BUILD / "test-downloads"
    jar = folder / (artifact.replace(":", "-") + ".jar")
    if not jar.exists():
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            [runner.SOURCE / "share/setup/run-maven", setting("MVN"), folder / "maven.log",
             "-f", runner.SOURCE / "engine/java/pom.xml", "dependency:copy",
             f"-Dartifact=org.apache.flink:{artifact}", f"-Dengine.jars.directory={folder}",
             f"-Dengine.build.directory={folder / 'maven'}"],
            env=dict(os.environ, JAVA_HOME=setting("BUILD_JAVA_HOME")), check=False,
        )  # fmt: skip
        if done.returncode != 0:
            pytest.fail((folder / "maven.log").read_text(encoding="utf-8")[-3000:])
    return jar


def setting(name: str) -> str:
    makefile = (runner.BUILD / "Makefile").read_text(encoding="utf-8")
    return re.search(rf"^{name} = *(.*)$", makefile, re.MULTILINE).group(1)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Compiles ReadSavepoint.java; gives a function that runs it."""
    folder = runner.BUILD / "jars"
    jars = [jar for jar in folder.glob("*.jar") if "pyflink-shell" not in jar.name]
    version = next(folder.glob("flink-core-1.*.jar")).stem[len("flink-core-") :]
    classes = tmp_path_factory.mktemp("classes")
    path = os.pathsep.join(map(str, [*jars, fetched(READER), fetched(LOADER % version), classes]))
    java = pathlib.Path(setting("BUILD_JAVA_HOME"), "bin")
    subprocess.run(
        [java / "javac", "-nowarn", "-cp", path, "-d", classes, HERE / "ReadSavepoint.java"],
        check=True,
    )
    opens = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "util")]

    def read(savepoint: str, backend: str) -> list[str]:
        done = subprocess.run(
            [java / "java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8",
             *opens, "-cp", path, "ReadSavepoint", savepoint, backend],
            capture_output=True, encoding="utf-8", timeout=runner.TIMEOUT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-6000:]
        return done.stdout.splitlines()

    return read


def expected() -> list[str]:
    lines = []
    for key in range(KEYS):
        values = list(range(key, COUNT, KEYS))
        names = {n: sum(v for v in values if v % 3 == n) for n in range(3)}
        entries = ", ".join(f"m{n}={total}" for n, total in names.items())
        timers = "[1000000000000, 1000000000001]"
        mean = sum(values) / len(values)
        text = (
            f"{len(values)} +I[ä{values[-1]}, {values[-1] / 4}] {values} {{{entries}}} "
            f"{values[-1]} {mean!r} {timers}"
        )
        lines.append(f"string key{key} {text}")
        lines.append(f"long {key} {text}")
        lines.append(f"pair (key{key},{key}) {text}")
    return sorted(lines)


@pytest.mark.parametrize("backend", ["hashmap", "rocksdb"])
def test_java_reads_state_of_declared_types(shell, tmp_path, reader, backend):
    program = HERE / "savepoint_program.py"
    done = shell.run("-f", program, tmp_path, backend, COUNT, KEYS).ok()
    lines = reader(done.stdout.splitlines()[-1], backend)
    assert sorted(lines) == expected()
