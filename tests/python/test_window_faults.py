"""Windows of every kind after a failure: the sink holds what it would hold without one."""

from __future__ import annotations

import pathlib

import pytest

PROGRAM = pathlib.Path(__file__).with_name("window_faults_program.py")


@pytest.mark.parametrize("parallelism, backend", [(1, "hashmap"), (4, "rocksdb")])
def test_a_restart_changes_nothing(shell, tmp_path, parallelism, backend):
    done = shell.run("-f", PROGRAM, tmp_path, parallelism, backend).ok()
    kinds, *lines = done.stdout.splitlines()
    assert len(kinds.split()) == 13
    assert [line for line in lines if not line.endswith("the same")] == []
    assert {line.split()[0] for line in lines} == set(kinds.split()[1:])
