"""The test harness where users run it: an ordinary python3 and the shell, without a cluster."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from runner import SOURCE, Shell


@pytest.fixture
def example(shell: Shell) -> str:
    shutil.copy(SOURCE / "examples" / "test_visits.py", shell.folder)
    return "test_visits.py"


def test_the_example_in_an_ordinary_python(shell: Shell, example: str) -> None:
    code = "import json, sys, _pyflink_engine as e; print(json.dumps([sys.executable, e.paths()]))"
    executable, paths = json.loads(shell.run("-c", code).ok().stdout)
    path = [paths["python"], paths["python_deps"], os.path.dirname(pytest.__file__) + "/.."]
    # Whether a cluster was started is seen from its threads.
    shell.script(
        """
        import pytest

        @pytest.fixture(scope="session", autouse=True)
        def no_cluster():
            yield
            from pyflink.java_gateway import get_gateway

            threads = get_gateway().jvm.java.lang.Thread.getAllStackTraces().keySet()
            names = [thread.getName() for thread in threads]
            assert not [name for name in names if "flink" in name and "pyflink" not in name]
            assert len(names) < 20, names
        """,
        "conftest.py",
    )
    done = shell.run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", example,
        program=[executable], env={"PYTHONPATH": os.pathsep.join(path)},
    )  # fmt: skip
    assert "5 passed" in done.ok().stdout


def test_the_example_in_the_shell(shell: Shell, example: str) -> None:
    import sys

    done = shell.run(
        "--python", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", example
    )
    assert "5 passed" in done.ok().stdout


def test_a_failing_test_shows_the_function(shell: Shell) -> None:
    done = shell.code(
        """
        from pyflink.datastream.functions import MapFunction
        from pyflink.testing.harness import OneInputStreamOperatorTestHarness

        class Divide(MapFunction):
            def map(self, value):
                return 6 // value

        with OneInputStreamOperatorTestHarness(Divide()) as harness:
            harness.process_element(3)
            print(harness.extract_output_values())
            harness.process_element(0)
        """
    )
    assert done.stdout == "[2]\n"
    assert done.code == 1
    assert "return 6 // value" in done.stderr
    assert done.stderr.rstrip().endswith("ZeroDivisionError: integer division or modulo by zero")
    assert "java" not in done.stderr.lower()
