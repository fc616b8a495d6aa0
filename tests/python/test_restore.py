"""Jobs that go on from savepoints and after SIGKILL: nothing is lost, nothing comes twice."""

from __future__ import annotations

import ast
import pathlib
import signal
import time

import pytest

PROGRAM = pathlib.Path(__file__).with_name("restore_program.py")


def known_lines():
    """What all runs together must have written, and how to find what they wrote."""
    spaces = {"__name__": "restore_program"}
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    wanted = [
        node for node in tree.body
        if (isinstance(node, ast.FunctionDef) and node.name in ("line", "expected", "written"))
        or (isinstance(node, ast.Assign))
    ]  # fmt: skip
    exec(compile(ast.Module(wanted, []), str(PROGRAM), "exec"), spaces)
    return spaces["expected"](), spaces["written"]


def compare(folder):
    expected, written = known_lines()
    lines = written(folder)
    assert len(lines) == len(expected)
    assert lines == expected


def savepoint(done):
    return done.ok().stdout.splitlines()[-1]


def test_a_savepoint_restores_at_every_parallelism(shell, tmp_path):
    """1 to 4 to 2, with operators added on the way, and another backend at the end."""
    first = savepoint(shell.run("-f", PROGRAM, tmp_path, 1, "stop"))
    (tmp_path / "slow").unlink()
    second = savepoint(shell.run("-s", first, "-f", PROGRAM, tmp_path, 4, "stop", "more"))
    assert second != first
    path = "execution.savepoint.path=" + second
    shell.run("-f", PROGRAM, tmp_path, 2, "run", path, "state.backend.type=rocksdb").ok()
    compare(tmp_path)


def test_a_savepoint_of_a_job_that_goes_on(shell, tmp_path):
    """What the job wrote after the savepoint and before it was cancelled is written again."""
    path = savepoint(shell.run("-f", PROGRAM, tmp_path, 4, "save", "state.backend.type=rocksdb"))
    shell.run("-D", "execution.savepoint.path=" + path, "-f", PROGRAM, tmp_path, 1, "run").ok()
    expected, written = known_lines()
    assert sorted(set(written(tmp_path))) == expected


def newest_checkpoint(folder):
    found = [path.parent for path in (folder / "checkpoints").glob("*/chk-*/_metadata")]
    return max(found, key=lambda path: int(path.name[4:]), default=None)


@pytest.mark.parametrize(
    "parallelism, words",
    [
        (1, ["state.backend.type=hashmap"]),
        (4, ["state.backend.type=rocksdb", "execution.checkpointing.incremental=true"]),
        (4, ["execution.checkpointing.unaligned.enabled=true", "blocked"]),
        (
            2,
            [
                "state.backend.type=rocksdb",
                "execution.checkpointing.unaligned.enabled=true",
                "execution.checkpointing.aligned-checkpoint-timeout=20 ms",
                "blocked",
            ],
        ),
    ],
    ids=["1", "4-rocksdb", "4-unaligned", "2-unaligned-after-a-while"],
)
def test_a_killed_process(shell, tmp_path, wait_until, parallelism, words):
    process = shell.start("-f", PROGRAM, tmp_path, parallelism, "wait", *words)
    assert process.stdout and process.stdout.readline() == "waiting\n"
    first = newest_checkpoint(tmp_path)
    wait_until(lambda: newest_checkpoint(tmp_path) not in (None, first), 60, "a checkpoint")
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = newest_checkpoint(tmp_path)
    shell.run("-s", kept, "-f", PROGRAM, tmp_path, parallelism, "run", *words).ok()
    compare(tmp_path)


def test_state_that_nobody_claims(shell, tmp_path):
    path = savepoint(shell.run("-f", PROGRAM, tmp_path, 1, "stop"))
    refused = shell.run("-s", path, "-f", PROGRAM, tmp_path, 1, "run", "renamed")
    assert refused.returncode == 1
    assert "state of an operator that the program does not have" in refused.stderr
    assert "-n (--allowNonRestoredState" in refused.stderr
    shell.run("-s", path, "-n", "-f", PROGRAM, tmp_path, 1, "run", "renamed").ok()
    # The counts began again.
    _, written = known_lines()
    counts = [int(text.split()[2]) for text in written(tmp_path) if text.startswith("record")]
    assert sorted(counts)[: 2 * 23] == [1] * 46
