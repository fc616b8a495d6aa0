"""The interactive shell beside pyflink-shell.sh: prompt, first row of a job, later jobs, memory.

Both are typed at on a pseudo-terminal, as a user does it: the first line is sent when the prompt
shows, the next when the one before is done.
"""

from __future__ import annotations

import os
import pathlib
import pty
import re
import select
import shutil
import signal
import statistics
import time
from typing import Any

LATER = 7
LIMIT = 90.0  # seconds
JOB = "_ = {env}.from_collection([40 + 2, 7]).print(); _ = {env}.execute()"
ROW = rb"42\r\n"  # the line that is typed does not contain it


class Shell:
    """A shell on a terminal of its own.

    :param words: the program and its arguments.
    :param env: its environment.
    :param prompt: what its prompt looks like.
    """

    def __init__(self, words: list[str], env: dict[str, str], prompt: bytes) -> None:
        self._prompt = re.compile(prompt)
        self._text = b""
        self._begun = time.perf_counter()
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            try:
                os.execvpe(words[0], words, env)
            finally:
                os._exit(127)

    def wait(self, pattern: re.Pattern[bytes]) -> float:
        """Read until a pattern shows; milliseconds since the start."""
        end = time.perf_counter() + LIMIT
        while not (found := pattern.search(self._text)):
            ready = select.select([self._terminal], [], [], 1)[0]
            if time.perf_counter() > end:
                raise RuntimeError(f"no {pattern.pattern!r} in {self._text[-2000:]!r}")
            if ready:
                self._text += os.read(self._terminal, 65536)
        now = time.perf_counter()
        self._text = self._text[found.end() :]
        return (now - self._begun) * 1e3

    def prompt(self) -> float:
        """Wait for the prompt; milliseconds since the start."""
        return self.wait(self._prompt)

    def type(self, line: str) -> float:
        """Send a line; milliseconds since the start."""
        now = time.perf_counter()
        os.write(self._terminal, line.encode() + b"\r")
        return (now - self._begun) * 1e3

    def memory(self) -> float:
        """The most that its processes have used, each for itself, in MB."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    text = pathlib.Path("/proc", entry, "status").read_text()
                except OSError:
                    continue  # it has just ended
                fields = dict(re.findall(r"(?m)^(PPid|VmHWM):\s+(\d+)", text))
                parents[int(entry)] = (int(fields["PPid"]), int(fields.get("VmHWM", 0)))
        total, waiting = 0, [self._pid]
        while waiting:
            pid = waiting.pop()
            total += parents.get(pid, (0, 0))[1]
            waiting += [child for child, (parent, _) in parents.items() if parent == pid]
        return total / 1024

    def close(self) -> None:
        """Leave it, as Ctrl-D does, or by force."""
        try:
            os.write(self._terminal, b"\x04")
            end = time.perf_counter() + 10
            while time.perf_counter() < end:
                if os.waitpid(self._pid, os.WNOHANG)[0]:
                    return
                if select.select([self._terminal], [], [], 0.05)[0]:
                    try:
                        os.read(self._terminal, 65536)
                    except OSError:
                        pass  # the other end is closed
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        finally:
            os.close(self._terminal)


def measure(words: list[str], env: dict[str, str], prompt: bytes, name: str) -> dict[str, float]:
    """One run of a shell: milliseconds and MB."""
    shell, line, row = Shell(words, env, prompt), JOB.format(env=name), re.compile(ROW)
    try:
        result = {"prompt": shell.prompt()}
        shell.type(line)
        result["first"] = shell.wait(row)
        shell.prompt()
        later = []
        for _ in range(LATER):
            begun = shell.type(line)
            shell.wait(row)
            later.append(shell.prompt() - begun)
        result["later"] = statistics.median(later)
        result["memory"] = shell.memory()
        return result
    finally:
        shell.close()


def bench_shell(build: pathlib.Path, python: pathlib.Path, report: Any, rounds: int) -> None:
    """Measure both shells in turns.

    :param build: the build folder.
    :param python: the peers' python.
    :param report: the `report.Report`.
    :param rounds: how often.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env["TERM"] = "xterm"
    peer_env = {**env, "PATH": f"{python.parent}{os.pathsep}{env['PATH']}"}
    java = shutil.which("java")
    if java is not None:  # the peer does not look for it on PATH
        peer_env.setdefault("JAVA_HOME", str(pathlib.Path(java).resolve().parents[1]))
    peer = shutil.which("pyflink-shell.sh", path=peer_env["PATH"])
    shells = {
        "pyflink-shell": ([str(build / "pyflink-shell")], env, rb"In \[\d+\]: ", "env"),
        "pyflink-shell.sh": ([str(peer), "local"], peer_env, rb"(?m)^>>> ", "s_env"),
    }
    if peer is None:
        del shells["pyflink-shell.sh"]
    results: dict[str, list[dict[str, float]]] = {name: [] for name in shells}
    for _ in range(rounds):
        for name, what in shells.items():
            results[name].append(measure(*what))
            print(name, {k: round(v) for k, v in results[name][-1].items()}, flush=True)
    medians = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in results.items()
    }
    _tell(report, medians)


def _tell(report: Any, medians: dict[str, dict[str, float]]) -> None:
    from report import table

    head = ["shell", "start to prompt, ms", "start to a job's first row, ms", "later job, ms",
            "peak memory, MB"]  # fmt: skip
    rows = [[name, *(f"{value:.0f}" for value in m.values())] for name, m in medians.items()]
    report.add("Interactive shell", table(head, rows))
    ours = medians["pyflink-shell"]
    report.aim("shell: start to prompt, ms", ours["prompt"], 200, at_least=False)
    report.aim("shell: start to a job's first row, ms", ours["first"], 2000, at_least=False)
    report.aim("shell: later job, ms", ours["later"], 200, at_least=False)
