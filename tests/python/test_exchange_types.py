"""Property tests: every type survives Python → Java → Python, and an exchange.

The properties are in exchange_types_program.py, which runs inside pyflink-shell.
"""
from __future__ import annotations

import os
import pathlib

import pytest
from runner import Shell

PROGRAM = pathlib.Path(__file__).with_name("exchange_types_program.py")
EXAMPLES = os.environ.get("PYFLINK_SHELL_TEST_EXAMPLES", "60")


@pytest.mark.parametrize("name", ["collected", "java", "exchange", "untyped", "keys", "prints"])
def test_property(shell: Shell, name: str) -> None:
    hypothesis = pytest.importorskip("hypothesis")
    packages = str(pathlib.Path(hypothesis.__file__).parent.parent)
    done = shell.run("-f", PROGRAM, name, EXAMPLES, timeout=300, env={"PYTHONPATH": packages}).ok()
    assert done.stdout.endswith(f"held {name}\n")
