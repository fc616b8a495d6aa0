"""Every program of the corpus prints what the peer printed for it.

The peer's output was recorded by tests/programs/record.py; where ours differs on purpose, the
reason is in tests/programs/differences.md and the expected text is in tests/programs/ours/.
"""
from __future__ import annotations

import pathlib

import pytest

import corpus
import peer_examples
import runner

OURS = corpus.HERE / "ours"


def compare(shell: runner.Shell, program: corpus.Program) -> None:
    done = shell.run("-f", program.path, *program.args).ok()
    own = OURS / f"{program.name}.txt"
    expected = own if own.exists() else program.expected_path
    assert program.normal(done.stdout) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("program", corpus.programs(), ids=lambda program: program.name)
def test_program(shell: runner.Shell, program: corpus.Program) -> None:
    compare(shell, program)


@pytest.fixture(scope="session")
def peer_folder() -> pathlib.Path:
    """The peer's own examples, downloaded once into the build folder."""
    try:
        return peer_examples.fetch(runner.BUILD / "test-downloads")
    except RuntimeError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", [p.name for p in corpus.peer_programs(pathlib.Path())])
def test_peers_own_example(shell: runner.Shell, peer_folder: pathlib.Path, name: str) -> None:
    compare(shell, next(p for p in corpus.peer_programs(peer_folder) if p.name == name))


def test_every_record_belongs_to_a_program() -> None:
    known = {p.name for p in corpus.programs() + corpus.peer_programs(pathlib.Path())} | {"PEER"}
    for folder in (corpus.EXPECTED, OURS):
        assert {path.stem for path in folder.glob("*.txt")} <= known
    explained = (corpus.HERE / "differences.md").read_text(encoding="utf-8")
    assert not [p.stem for p in OURS.glob("*.txt") if f"`{p.stem}`" not in explained]
