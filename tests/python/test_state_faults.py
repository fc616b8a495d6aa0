"""Keyed state and timers after a failure: the sink holds what it would hold without one."""

from __future__ import annotations

import pathlib

import pytest

PROGRAM = pathlib.Path(__file__).with_name("keyed_faults_program.py")
BROADCAST = pathlib.Path(__file__).with_name("broadcast_faults_program.py")


@pytest.mark.parametrize("parallelism, backend", [(1, "hashmap"), (4, "hashmap"), (4, "rocksdb")])
def test_a_restart_changes_nothing(shell, tmp_path, parallelism, backend):
    done = shell.run("-f", PROGRAM, tmp_path, parallelism, backend).ok()
    lines = done.stdout.splitlines()
    assert lines[0].endswith("rare: 40")
    assert lines[1:] == ["the same after a failure: True"]


@pytest.mark.parametrize("parallelism, backend", [(1, "rocksdb"), (4, "hashmap")])
def test_broadcast_state_and_processing_time(shell, tmp_path, parallelism, backend):
    done = shell.run("-f", BROADCAST, tmp_path, parallelism, backend).ok()
    assert done.stdout.splitlines() == [
        "values: 6001 ends: 40",
        "all rules: True",
        "processing time: True",
        "the same after a failure: True",
    ]
