"""Fixtures of the kernel's tests: one kernel for all tests of a file."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterator

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from client import KERNEL, Client, Kernel  # noqa: E402  (found through the line above)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A running kernel with the packages of the tests' environment."""
    if not KERNEL.exists():
        pytest.fail(f"{KERNEL} does not exist: run make first, or set PYFLINK_KERNEL")
    kernel = Kernel(tmp_path_factory.mktemp("kernel"), sys.executable)
    kernel.first = kernel.start()
    yield kernel
    kernel.first.close()
    kernel.end()


@pytest.fixture
def client(kernel: Kernel) -> Client:
    """The kernel's first client, with nothing left of the test before."""
    client = kernel.first
    client.run("pass", silent=True)
    client.other.clear()
    client.answers.clear()
    client.prompts.clear()
    return client


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The kernel's name in an environment where Jupyter's own tools find it."""
    kernel = Kernel(tmp_path_factory.mktemp("installed"), sys.executable)
    patch = pytest.MonkeyPatch()
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        patch.setenv(name, kernel.env[name])
    yield "tested"
    patch.undo()
    kernel.end()
