"""Fixtures that all Python tests share."""

from __future__ import annotations

import pathlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "programs")]

from runner import SHELL, Shell  # noqa: E402  (found through the line above)


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Iterator[Shell]:
    """A runner of pyflink-shell whose processes end with the test."""
    if not SHELL.exists():
        pytest.fail(f"{SHELL} does not exist: run make first, or set PYFLINK_SHELL")
    runner = Shell(tmp_path)
    yield runner
    for process in runner.started:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Polls a condition until it holds or the time is over."""

    def poll(
        condition: Callable[[], Any], timeout: float = 30, what: str = "the condition"
    ) -> None:
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"{what} did not come true in {timeout} s")
            time.sleep(0.02)

    return poll
