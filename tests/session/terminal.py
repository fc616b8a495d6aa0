"""A terminal for tests: programs run in it, keys are typed, and what the screen shows is read."""

from __future__ import annotations

import os
import re
import signal
import time
from typing import Any, Optional

import pexpect
import pyte

LIMIT = 60.0  # seconds: more than anything takes on a busy machine

ENTER = "\r"
TAB = "\t"
UP = "\x1b[A"
LEFT = "\x1b[D"


def control(letter: str) -> str:
    """The key Ctrl-LETTER."""
    return chr(ord(letter.upper()) - 64)


class Terminal:
    """A program on a pseudo-terminal whose screen is kept by an emulator.

    :param words: the program and its arguments.
    :param env: its whole environment.
    :param size: (rows, columns).
    """

    def __init__(
        self,
        words: list[str],
        env: dict[str, str],
        cwd: Optional[str] = None,
        size: tuple[int, int] = (30, 100),
    ) -> None:
        self.screen = pyte.HistoryScreen(size[1], size[0], history=10_000, ratio=1)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        # Not a tty that echoes before the program has taken it over.
        self.process: Any = pexpect.spawn(
            words[0], words[1:], env=env, cwd=cwd, dimensions=size, timeout=LIMIT
        )
        self.process.delaybeforesend = None
        self.process.ptyproc.delayafterclose = 0

    # -- reading --------------------------------------------------------------------------------

    def _pump(self, timeout: float) -> bool:
        """Take what the program writes; False at its end."""
        try:
            data = self.process.read_nonblocking(65536, timeout)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    def lines(self) -> list[str]:
        """All lines that were shown, also those that have left the screen."""
        lines = []
        for row in self.screen.history.top:
            lines.append("".join(row[x].data for x in range(self.screen.columns)).rstrip())
        lines += [line.rstrip() for line in self.screen.display]
        return lines

    def text(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines()).rstrip()

    def line(self) -> str:
        """The line of the cursor."""
        return self.screen.display[self.screen.cursor.y].rstrip()

    def wait_until(self, condition: Any, what: str) -> None:
        """Read until a condition holds."""
        end = time.monotonic() + LIMIT
        while not condition():
            alive = self._pump(0.05)
            if condition():
                return
            if not alive or time.monotonic() > end:
                state = "still runs" if alive else "has ended"
                raise AssertionError("no %s; the program %s:\n%s" % (what, state, self.text()))

    def wait(self, pattern: str) -> str:
        """Read until the text matches a regular expression (lines are lines); the match."""
        compiled = re.compile(pattern, re.MULTILINE)
        self.wait_until(lambda: compiled.search(self.text()), repr(pattern))
        found = compiled.search(self.text())
        assert found is not None
        return found.group()

    def wait_line(self, pattern: str) -> None:
        """Read until the whole line of the cursor matches."""
        compiled = re.compile(pattern)
        self.wait_until(
            lambda: compiled.fullmatch(self.line()), "cursor's line like %r" % pattern
        )

    # -- typing ---------------------------------------------------------------------------------

    def type(self, keys: str) -> None:
        """Send keys."""
        self.process.send(keys.encode("utf-8"))

    def wait_prompt(self) -> int:
        """Wait for an empty primary prompt; its number."""
        self.wait_line(r"In \[\d+\]:")
        return int(re.findall(r"\d+", self.line())[0])

    def run(self, code: str) -> str:
        """Run a line (or a block that ends by itself); what it showed, without its prompt."""
        number = self.wait_prompt()
        self.type(code + ENTER)
        self.wait_until(
            lambda: re.fullmatch(r"In \[%d\]:" % (number + 1), self.line()), "end of %r" % code
        )
        text = self.text()
        begin = text.rindex("In [%d]: " % number)
        begin = text.index("\n", begin) + 1
        return text[begin : text.rindex("In [%d]:" % (number + 1))].strip("\n")

    def end(self) -> int:
        """Wait for the program's end; its exit code, or minus the signal that ended it."""
        end = time.monotonic() + LIMIT
        while self._pump(0.05):
            if time.monotonic() > end:
                raise AssertionError("the program does not end:\n%s" % self.text())
        self.process.wait()
        if self.process.exitstatus is None:
            return -int(self.process.signalstatus)
        return int(self.process.exitstatus)

    def close(self) -> None:
        """End the program by force."""
        if self.process.isalive():
            os.kill(self.process.pid, signal.SIGCONT)
            self.process.terminate(force=True)
        self.process.close(force=True)
