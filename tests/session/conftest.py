"""Fixtures of the tests of the interactive session."""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "programs")]

from driver import Driver  # noqa: E402  (found through the line above)
from runner import SHELL  # noqa: E402
from terminal import Terminal  # noqa: E402


def environment(home: pathlib.Path, **more: str) -> dict[str, str]:
    """The environment of a user with nothing of their own."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "PYFLINK", "XDG", "NO_COLOR", "LC_", "VIRTUAL_ENV"))
    }
    env.update(
        HOME=str(home), TERM="xterm-256color", LANG="C.UTF-8", PAGER="cat", INPUTRC="/dev/null"
    )
    env.update(more)
    return env


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """An empty home folder."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def start(home: pathlib.Path) -> Iterator[Callable[..., Terminal]]:
    """Starts shells in terminals that end with the test."""
    started: list[Terminal] = []

    def begin(*words: str, size: tuple[int, int] = (30, 100), program: Any = None,
              **env: str) -> Terminal:  # fmt: skip
        command = [str(program or SHELL), *words]
        terminal = Terminal(command, environment(home, **env), str(home), size)
        started.append(terminal)
        return terminal

    yield begin
    for terminal in started:
        terminal.close()


@pytest.fixture(scope="module")
def shared(home: pathlib.Path) -> Iterator[Terminal]:
    """One shell for the tests of a module that leave it at an empty prompt."""
    words = [str(SHELL), "--no-banner", "-D", "parallelism.default=1"]
    terminal = Terminal(words, environment(home), str(home))
    yield terminal
    terminal.close()


@pytest.fixture
def driver(home: pathlib.Path) -> Iterator[Callable[..., Driver]]:
    """Starts session drivers that end with the test."""
    started: list[Driver] = []

    def begin(**env: str) -> Driver:
        started.append(Driver(environment(home, **env), str(home)))
        return started[-1]

    yield begin
    for one in started:
        one.close()
