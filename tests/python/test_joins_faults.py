"""Broadcast state and interval joins after a failure and after a savepoint: nothing is lost."""

from __future__ import annotations

import pathlib

import pytest

PROGRAM = pathlib.Path(__file__).with_name("joins_faults_program.py")


@pytest.mark.parametrize(
    "parallelism, other, backend", [(1, 3, "hashmap"), (4, 2, "hashmap"), (4, 1, "rocksdb")]
)
def test_nothing_is_lost(shell, tmp_path, parallelism, other, backend):
    done = shell.run("-f", PROGRAM, tmp_path, parallelism, other, backend).ok()
    assert done.stdout.splitlines()[1:] == [
        "quiet: True",
        "after a failure: True True",
        "after a savepoint: True True",
    ]
