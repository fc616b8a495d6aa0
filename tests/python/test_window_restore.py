"""Windows go on from savepoints and after SIGKILL: nothing is lost, nothing comes twice."""

from __future__ import annotations

import collections
import pathlib
import signal

import pytest

PROGRAM = pathlib.Path(__file__).with_name("window_restore_program.py")
# As in the program.
COUNT, KEYS, SPREAD = 4_000, 23, 40


def moment(value):
    return value + (value * 7 % SPREAD) + value // 500 * 600


def expected():
    """What the windows give, from their definitions."""
    lines = []
    for key in range(KEYS):
        values = list(range(key, COUNT + 1, KEYS))
        tumbling = collections.defaultdict(list)
        sessions: list[list[int]] = []
        for value in sorted(values, key=moment):
            tumbling[moment(value) // 300 * 300].append(value)
            if not sessions or moment(sessions[-1][-1]) + 200 < moment(value):
                sessions.append([])
            sessions[-1].append(value)
        for start, inside in tumbling.items():
            window = f"{start}-{start + 300}"
            lines.append(f"tumbling {key} {window} {sum(inside)} {len(inside)}")
        for inside in sessions:
            window = f"{moment(inside[0])}-{moment(inside[-1]) + 200}"
            lines.append(f"session {key} {window} {sum(inside)} {len(inside)}")
        # Each fourth element of a window fires it; an element goes to its later window first.
        sliding = collections.defaultdict(list)
        shown = collections.defaultdict(list)
        firings = 0
        for value in values:
            last = moment(value) // 200 * 200
            for start in (last, last - 200):
                sliding[start].append(value)
                if len(sliding[start]) % 4 == 0:
                    firings += 1
                    number = len(shown[start]) + 1
                    lines.append(
                        f"sliding {key} {start}-{start + 400} {number} {firings} "
                        f"{shown[start]} {sorted(sliding[start])}"
                    )
                    shown[start].append(max(sliding[start]))
    return sorted(lines)


def written(folder):
    files = [path for path in (folder / "out").rglob("part-*") if "inprogress" not in path.name]
    return sorted(text for path in files for text in path.read_text().splitlines())


def compare(folder):
    lines, wanted = written(folder), expected()
    assert len(lines) == len(wanted)
    assert lines == wanted


def savepoint(done):
    return done.ok().stdout.splitlines()[-1]


@pytest.mark.parametrize("parallelism", [1, 4])
def test_a_quiet_run(shell, tmp_path, parallelism):
    shell.run("-f", PROGRAM, tmp_path, parallelism, "run").ok()
    compare(tmp_path)


@pytest.mark.parametrize(
    "backend", [["state.backend.type=hashmap"], ["state.backend.type=rocksdb"]], ids=["heap", "db"]
)
def test_a_savepoint_restores_at_another_parallelism(shell, tmp_path, backend):
    first = savepoint(shell.run("-f", PROGRAM, tmp_path, 1, "stop", *backend))
    (tmp_path / "slow").unlink()
    second = savepoint(shell.run("-s", first, "-f", PROGRAM, tmp_path, 4, "stop", *backend))
    shell.run("-s", second, "-f", PROGRAM, tmp_path, 2, "run", *backend).ok()
    compare(tmp_path)


def newest_checkpoint(folder):
    found = [path.parent for path in (folder / "checkpoints").glob("*/chk-*/_metadata")]
    return max(found, key=lambda path: int(path.name[4:]), default=None)


@pytest.mark.parametrize(
    "parallelism, after, words",
    [
        (4, 4, ["state.backend.type=rocksdb", "execution.checkpointing.incremental=true"]),
        (4, 1, ["state.backend.type=hashmap"]),
        (1, 4, ["state.backend.type=rocksdb"]),
    ],
    ids=["4-rocksdb", "4-to-1", "1-to-4-rocksdb"],
)
def test_a_killed_process(shell, tmp_path, wait_until, parallelism, after, words):
    process = shell.start("-f", PROGRAM, tmp_path, parallelism, "wait", *words)
    assert process.stdout and process.stdout.readline() == "waiting\n"
    first = newest_checkpoint(tmp_path)
    wait_until(lambda: newest_checkpoint(tmp_path) not in (None, first), 60, "a checkpoint")
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = newest_checkpoint(tmp_path)
    shell.run("-s", kept, "-f", PROGRAM, tmp_path, after, "run", *words).ok()
    compare(tmp_path)
