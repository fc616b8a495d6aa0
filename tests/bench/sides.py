"""How each side of a benchmark is started, and how its time and memory are taken."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
JAVA_17 = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in (
        "java.lang",
        "java.util",
        "java.time",
        "java.nio",
        "sun.nio.ch",
        "java.lang.reflect",
        "java.text",
        "java.net",
        "java.io",
        "java.util.concurrent",
    )
]


class Failed(Exception):
    """A side did not run; the text says why."""


class Memory(threading.Thread):
    """Watches the resident memory of a process with all its descendants, in MB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()

    def tree(self) -> list[int]:
        children: dict[int, list[int]] = {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(") ", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(folder.name))
        found, todo = [], [self.pid]
        while todo:
            found.append(todo.pop())
            todo += children.get(found[-1], [])
        return found

    def run(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE") / 2**20
        while not self.over.is_set():
            total = 0.0
            for pid in self.tree():
                try:
                    total += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * page
                except OSError:
                    continue
            self.peak = max(self.peak, total)
            self.over.wait(0.05)


class Sides:
    """Everything that can be run: the project, the peers, Java, plain Python."""

    def __init__(self, build: pathlib.Path, python: pathlib.Path, jar: pathlib.Path) -> None:
        self.shell, self.python, self.jar = build / "pyflink-shell", python, jar
        # A distribution's jars: ours leave out what only an ordinary MiniCluster needs.
        self.flink = next(python.parent.parent.glob("lib/python*/site-packages/pyflink/lib"), None)
        self.env = dict(
            os.environ,
            BENCH_JAR=str(jar),
            PYTHONUNBUFFERED="1",
            PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        )

    def command(self, side: str, script: str, *args: Any) -> list[str]:
        words = [str(arg) for arg in args]
        if side == "shell":
            return [str(self.shell), "-f", str(HERE / script), *words]
        if side == "java":
            home = os.environ.get("JAVA_HOME")
            java = str(pathlib.Path(home, "bin", "java")) if home else "java"
            return [
                java,
                *JAVA_17,
                "-cp",
                f"{self.jar}:{self.flink}/*",
                "bench.JavaStreams",
                *words,
            ]
        if side == "jep":
            return [str(self.python.parent / "jep"), str(HERE / script), *words]
        if side == "plain":
            return [sys.executable, str(HERE / script), *words]
        return [str(self.python), str(HERE / script), *words]

    def run(
        self,
        side: str,
        script: str,
        *args: Any,
        timeout: float = 900,
        memory: bool = False,
    ) -> tuple[list[dict[str, Any]], float, float]:
        """Its RESULT lines, seconds from start to exit, and the peak of its memory in MB."""
        begun = time.perf_counter()
        env = dict(self.env)
        if side == "shell":
            env.pop("VIRTUAL_ENV", None)
        process = subprocess.Popen(
            self.command(side, script, *args),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        watch = Memory(process.pid)
        if memory:
            watch.start()
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failed(f"{side} {script} {args}: no end after {timeout:.0f} s") from None
        finally:
            watch.over.set()
        seconds = time.perf_counter() - begun
        if process.returncode != 0:
            raise Failed(f"{side} {script} {args}: exit code {process.returncode}\n{err[-1500:]}")
        results = [json.loads(line[7:]) for line in out.splitlines() if line.startswith("RESULT ")]
        return results, seconds, watch.peak
