"""The corpus of whole programs: which there are, how each is run, how its output is compared.

A program is a PyFlink 1.20 script next to this file. Its comments may hold these lines:

    # output: exact | sorted | sorted unprefixed
    # args: words for its command line; {data} stands for this folder's data/
    # runs: here        (only on this project: the peer lacks what it shows)

Sorted output is compared as sorted lines, because Flink promises no order between sinks or between
parallel subtasks; unprefixed output also loses the `2> ` of the printing subtask.
"""
from __future__ import annotations

import dataclasses
import pathlib
import re
import shlex

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = HERE / "expected"
NOT_PROGRAMS = {"corpus", "record", "peer_examples"}


@dataclasses.dataclass(frozen=True)
class Program:
    """One program of the corpus."""

    name: str
    path: pathlib.Path
    order: str = "exact"
    unprefixed: bool = False
    args: tuple[str, ...] = ()
    only_here: bool = False

    @property
    def expected_path(self) -> pathlib.Path:
        return EXPECTED / f"{self.name}.txt"

    def normal(self, output: str) -> str:
        """The output in the form that is recorded and compared."""
        lines = output.splitlines()
        if self.unprefixed:
            lines = [re.sub(r"^(\S+:)?\d+> ", lambda m: m.group(1) or "", line) for line in lines]
        if self.order == "sorted":
            lines.sort()
        return "".join(line + "\n" for line in lines)


def _read(path: pathlib.Path) -> Program:
    text = path.read_text(encoding="utf-8")

    def rule(name: str) -> str:
        found = re.search(rf"^# {name}: (.*)$", text, re.MULTILINE)
        return found.group(1).strip() if found else ""

    words = (rule("output") or "exact").split()
    if not set(words) <= {"exact", "sorted", "unprefixed"}:
        raise ValueError(f"{path.name}: unknown rule {words}")
    args = shlex.split(rule("args").replace("{data}", str(HERE / "data")))
    return Program(path.stem, path, words[0], "unprefixed" in words, tuple(args),
                   rule("runs") == "here")


def programs() -> list[Program]:
    """All programs, by name."""
    return [_read(path) for path in sorted(HERE.glob("*.py")) if path.stem not in NOT_PROGRAMS]


def peer_programs(folder: pathlib.Path) -> list[Program]:
    """The peer's own examples, as they were unpacked into `folder`."""
    table = [
        ("basic_operations", "basic_operations.py", "exact", ()),
        ("word_count", "word_count.py", "sorted", ()),
        ("word_count_input", "word_count.py", "sorted", ("--input", str(HERE / "data/lines.txt"))),
        ("state_access", "state_access.py", "sorted unprefixed", ()),
        ("event_time_timer", "event_time_timer.py", "sorted unprefixed", ()),
        ("process_json_data", "process_json_data.py", "sorted unprefixed", ()),
        *(
            (f"windowing_{name}", f"windowing/{name}.py", "sorted unprefixed", ())
            for name in (
                "session_with_dynamic_gap_window",
                "session_with_gap_window",
                "sliding_time_window",
                "tumbling_count_window",
                "tumbling_time_window",
            )
        ),
    ]
    return [Program(f"peer-{name}", folder / file, order.split()[0], "unprefixed" in order, args)
            for name, file, order, args in table]
