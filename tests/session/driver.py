"""The session's core, driven through tests/session/session_driver."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import threading
import time
from typing import Any, Optional

from runner import SHELL

LIMIT = 120.0  # seconds


class Driver:
    """A session without a terminal: requests go in, replies and messages come out.

    :param env: the environment of its process.
    :param cwd: its folder.
    """

    def __init__(self, env: dict[str, str], cwd: str) -> None:
        program = pathlib.Path(os.environ.get("PYFLINK_SHELL_BUILD", SHELL.parent))
        self.process = subprocess.Popen(
            [str(program / "tests/session/session_driver")], env=env, cwd=cwd, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._cells = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self.lines.append("(end)")
            self._changed.notify_all()

    def send(self, line: str) -> None:
        """Give the driver a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait(self, condition: Any, what: str) -> Any:
        """Wait until `condition(lines)` gives something true; what it gave."""
        end = time.monotonic() + LIMIT
        with self._changed:
            while True:
                found = condition(self.lines)
                if found:
                    return found
                if self.lines[-1:] == ["(end)"] or time.monotonic() > end:
                    raise AssertionError("no %s:\n%s" % (what, "\n".join(self.lines[-80:])))
                self._changed.wait(1)

    def wait_line(self, start: str) -> str:
        """Wait for a line that begins so."""
        return self.wait(
            lambda lines: next((line for line in lines if line.startswith(start)), None), start
        )

    def submit(self, op: str, content: Any, way: str = "call", cell: Optional[str] = None) -> str:
        """Make a request without waiting; the tag of its cell."""
        if cell is None:
            self._cells += 1
            cell = "c%d" % self._cells
        self.send("%s %s %s %s" % (way, op, cell, json.dumps(content)))
        return cell

    def reply(self, cell: str, op: str = "execute") -> Any:
        """Wait for the reply to a request."""
        start = "reply %s %s " % (op, cell)
        return json.loads(self.wait_line(start)[len(start) :])

    def call(self, op: str, **content: Any) -> Any:
        """Make a request and wait for its reply."""
        return self.reply(self.submit(op, content), op)

    def execute(self, code: str, **content: Any) -> Any:
        """Run a cell; its reply, with `cell`."""
        cell = self.submit("execute", {"code": code, **content})
        return {**self.reply(cell), "cell": cell}

    def output(self, cell: str, error: bool = False) -> str:
        """What a cell has written to a stream so far."""
        start = "stream %s %s " % (cell, "err" if error else "out")
        parts = [line[len(start) :] for line in list(self.lines) if line.startswith(start)]
        return "".join(parts).replace("\\n", "\n")

    def messages(self, cell: str, kind: str) -> list[Any]:
        """The contents of a cell's messages of one type so far."""
        start = "message %s %s " % (cell, kind)
        found = [line[len(start) :] for line in list(self.lines) if line.startswith(start)]
        return [json.loads(line.partition(" ")[2]) for line in found]

    def end(self) -> int:
        """End the input and wait for the process; its exit code."""
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        return self.process.wait(LIMIT)

    def close(self) -> None:
        """End the process by force."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(10)
