"""Where the built program is, and how a test runs it as a process of its own.

PYFLINK_SHELL names the program under test, else it is the one in the build folder, which
PYFLINK_SHELL_BUILD names, else it is the top of the source folder. One process per test that starts
a JVM: tests in this process only look at results.
"""
from __future__ import annotations

import dataclasses
import os
import pathlib
import signal
import subprocess
import textwrap
import time
from collections.abc import Sequence
from typing import Any

import pytest

SOURCE = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("PYFLINK_SHELL_BUILD", SOURCE)).resolve()
SHELL = pathlib.Path(os.environ.get("PYFLINK_SHELL", BUILD / "pyflink-shell")).resolve()
TIMEOUT = float(os.environ.get("PYFLINK_SHELL_TEST_TIMEOUT", "120"))


@dataclasses.dataclass
class Done:
    """A finished process."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def code(self) -> int:
        """The exit code as a shell shows it: 128 + N for a death by signal N, too."""
        return self.returncode if self.returncode >= 0 else 128 - self.returncode

    def ok(self) -> Done:
        """Itself; fails the test when the process failed."""
        if self.returncode != 0:
            pytest.fail(f"exit code {self.returncode}\n--- stdout\n{self.stdout[-3000:]}\n"
                        f"--- stderr\n{self.stderr[-6000:]}")
        return self


def clean_environment(**more: str | None) -> dict[str, str]:
    """This process's environment for a program under test; None removes a variable."""
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("PYFLINK_SHELL_JVM", "PYTEST_", "COV_"))}
    env.pop("PYTHONPATH", None)
    for key, value in more.items():
        if value is None:
            env.pop(key, None)
        else:
            env[key] = value
    return env


class Shell:
    """Runs pyflink-shell in a folder of the test's own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.tmp = folder / "tmp"
        self.tmp.mkdir()
        self.started: list[subprocess.Popen[str]] = []

    def script(self, code: str, name: str = "program.py") -> pathlib.Path:
        """Write a script; leading blanks that all lines share go."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(code), encoding="utf-8")
        return path

    def start(self, *args: Any, env: dict[str, str | None] | None = None,
              program: Sequence[Any] | None = None, **popen: Any) -> subprocess.Popen[str]:
        """Start the program with these arguments; the test ends it."""
        settings: dict[str, Any] = dict(
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=self.folder, start_new_session=True,
            env=clean_environment(**{"TMPDIR": str(self.tmp), **(env or {})}))
        settings.update(popen)
        words = [str(word) for word in [*(program or [SHELL]), *args]]
        process = subprocess.Popen(words, **settings)
        self.started.append(process)
        return process

    def finish(self, process: subprocess.Popen[str], stdin: str | None = None,
               timeout: float = TIMEOUT) -> Done:
        """Wait for the end; a process that hangs is killed and fails the test."""
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # the JVM, if it listens, shows its threads
            time.sleep(0.5)
            process.kill()
            out, err = process.communicate()
            pytest.fail(f"no end after {timeout} s\n--- stdout\n{out[-3000:]}\n--- stderr\n"
                        f"{err[-6000:]}")
        return Done(process.returncode, out, err)

    def run(self, *args: Any, stdin: str | None = None, timeout: float = TIMEOUT,
            env: dict[str, str | None] | None = None, program: Sequence[Any] | None = None,
            **popen: Any) -> Done:
        """Run the program to its end."""
        if stdin is not None:
            popen["stdin"] = subprocess.PIPE
        return self.finish(self.start(*args, env=env, program=program, **popen), stdin, timeout)

    def code(self, code: str, *args: Any, **run: Any) -> Done:
        """Run a script given as text."""
        return self.run("-f", self.script(code), *args, **run)
