"""pyflink-kernel install, the kernel in Jupyter's own tools, its start and end."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import time
from typing import Any

import jupyter_kernel_test
import nbformat
import pytest
from client import KERNEL, Kernel
from nbconvert.preprocessors import ExecutePreprocessor
from runner import SOURCE, clean_environment

EXAMPLES = sorted((SOURCE / "examples").glob("**/*.ipynb"))


def install(folder: pathlib.Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KERNEL, "install", *words], capture_output=True, text=True, timeout=30,
        env=clean_environment(HOME=str(folder), JUPYTER_DATA_DIR=None, VIRTUAL_ENV=None, **env),
    )  # fmt: skip


def spec_of(folder: pathlib.Path, name: str = "pyflink") -> dict[str, Any]:
    found = folder / "kernels" / name
    assert (found / "logo-32x32.png").read_bytes().startswith(b"\x89PNG")
    assert (found / "logo-64x64.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (found / "logo-svg.svg").read_text()
    return json.loads((found / "kernel.json").read_text())


def test_install_for_a_user(tmp_path: pathlib.Path) -> None:
    assert install(tmp_path, "--user").returncode == 0
    spec = spec_of(tmp_path / ".local/share/jupyter")
    assert spec["argv"] == [str(KERNEL), "-f", "{connection_file}"]
    assert spec["display_name"] == "PyFlink" and spec["language"] == "python"
    assert spec["interrupt_mode"] == "message" and spec["env"] == {}


def test_install_with_options(tmp_path: pathlib.Path) -> None:
    done = install(tmp_path, "--prefix", str(tmp_path / "p"), "--name=big", "--display-name",
                   "Big Flink", "--env", "A=b=c", "--env", "PYFLINK_SHELL_HEAP=4g", "-D",
                   "parallelism.default=2")  # fmt: skip
    assert done.returncode == 0, done.stderr
    spec = spec_of(tmp_path / "p/share/jupyter", "big")
    assert spec["argv"][3:] == ["-D", "parallelism.default=2"]
    assert spec["env"] == {"A": "b=c", "PYFLINK_SHELL_HEAP": "4g"}
    assert spec["display_name"] == "Big Flink"


def test_install_for_an_environment(tmp_path: pathlib.Path) -> None:
    done = install(tmp_path, "--sys-prefix", "--python", sys.executable, "--name", "installed-test")
    assert done.returncode == 0, done.stderr
    folder = pathlib.Path(sys.prefix) / "share/jupyter"
    try:
        assert spec_of(folder, "installed-test")["argv"][3:] == ["--python", sys.executable]
        listed = subprocess.run(
            [sys.executable, "-m", "jupyter", "kernelspec", "list", "--json"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        found = json.loads(listed)["kernelspecs"]["installed-test"]
        assert found["resource_dir"] == str(folder / "kernels/installed-test")
    finally:
        subprocess.run(["rm", "-rf", folder / "kernels/installed-test"], check=True)


def test_an_active_environment_becomes_the_kernels(tmp_path: pathlib.Path) -> None:
    done = subprocess.run(
        [KERNEL, "install", "--prefix", tmp_path], capture_output=True, text=True,
        env=clean_environment(VIRTUAL_ENV="/some/venv"),
    )  # fmt: skip
    assert done.returncode == 0
    spec = spec_of(tmp_path / "share/jupyter")
    assert spec["argv"][3:] == ["--python", "/some/venv/bin/python3"]


@pytest.mark.parametrize("words", [["--nonsense"], ["--name", "a/b"], ["--env", "x"], ["--prefix"],
                                   ["-c", "1"]])  # fmt: skip
def test_wrong_options(tmp_path: pathlib.Path, words: list[str]) -> None:
    done = install(tmp_path, *words)
    assert done.returncode == 2 and "usage:" in done.stderr


def test_a_folder_that_cannot_be_written(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("")
    done = install(tmp_path, "--prefix", str(tmp_path / "file"))
    assert done.returncode == 1 and "cannot write" in done.stderr


@pytest.mark.usefixtures("installed")
class TestConformance(jupyter_kernel_test.KernelTests):
    """Jupyter's own tests, with every sample."""

    kernel_name = "tested"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1", "print('x')", "def f(x):\n  return x * 2\n\n\n"]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x * 2"]
    invalid_code_samples = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise Exception('x')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[n * n for n in range(1, 4)]", "result": "[1, 4, 9]"},
    ]
    code_display_data = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>x</b>'))",
         "mime": "text/html"},
        {"code": "from IPython.display import Math, display; display(Math('x^2'))",
         "mime": "text/latex"},
    ]  # fmt: skip
    code_history_pattern = "1?+ 2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


@pytest.mark.usefixtures("installed")
class TestWelcome(jupyter_kernel_test.IopubWelcomeTests):
    """Jupyter's own test of the message to new subscribers."""

    kernel_name = "tested"
    support_iopub_welcome = True


def test_restart_and_end(tmp_path: pathlib.Path) -> None:
    kernel = Kernel(tmp_path, sys.executable)
    try:
        client = kernel.start()
        client.run("left_over = 1").ok()
        client.execute("while True: pass")
        kernel.manager.restart_kernel()
        client.close()
        client = kernel.client()
        assert client.run("'left_over' in globals()").result() == "False"
        client.execute("import time\ntime.sleep(1000)")
        process = kernel.manager.provisioner.process
        started = time.monotonic()
        kernel.manager.shutdown_kernel()
        client.close()
        assert process.poll() is not None and time.monotonic() - started < 20
    finally:
        kernel.end()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_notebooks(installed: str, path: pathlib.Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata.kernelspec.name == "pyflink"
    kept = [[output for output in cell.get("outputs", [])] for cell in notebook.cells]
    ExecutePreprocessor(timeout=120, kernel_name=installed).preprocess(
        notebook, {"metadata": {"path": str(path.parent)}}
    )
    shown = [[output for output in cell.get("outputs", [])] for cell in notebook.cells]
    assert [texts(outputs) for outputs in shown] == [texts(outputs) for outputs in kept]


def texts(outputs: list[Any]) -> list[str]:
    """The lines that a cell has shown; those of parallel tasks come in any order.

    What is shown of a job holds times, and is left out.
    """
    found = []
    for output in outputs:
        assert output.output_type != "error", output
        if "pyflink-job" in output.get("data", {}).get("text/html", ""):
            continue
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        found += text.splitlines()
    return sorted(found)
