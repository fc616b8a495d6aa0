"""The shell without a terminal, and its options."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("words", [(), ("local",)])
def test_standard_input_is_a_program_of_the_session(shell, words):
    program = (
        "import asyncio\n%timeit -n1 -r1 pass\n40 + 2\nprint(await asyncio.sleep(0, 'done'))\n"
        "def f():\n    return 'block'\n\n\nprint(f())\n"
        "env.set_parallelism(1)\nenv.from_collection([1, 2]).map(str).print()\n"
        "_ = env.execute()\n"
    )
    done = shell.run(*words, stdin=program)
    assert done.code == 0, done
    lines = done.stdout.splitlines()
    assert "per loop" in lines[0]
    assert lines[1:] == ["done", "block", "1", "2"]
    assert done.stderr == ""


def test_an_error_ends_the_program(shell):
    done = shell.run(stdin="print('before')\ndef f():\n    1 / 0\nf()\nprint('after')\n")
    assert (done.code, done.stdout) == (1, "before\n")
    assert done.stderr.splitlines()[0] == "Traceback (most recent call last):"
    assert done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "_pyflink_session" not in done.stderr and "IPython" not in done.stderr


def test_exit_codes(shell):
    assert shell.run(stdin="import sys; sys.exit(7)\n").code == 7
    assert shell.run("local", stdin="def f(:\n").code == 1
    assert shell.run(stdin="").code == 0


def test_options(shell):
    for words, text in (
        (("--no-such-option",), "unknown option '--no-such-option'"),
        (("remote", "host", "1"), "unexpected argument 'remote'"),
        (("local", "local"), "unexpected argument 'local'"),
        (("local", "script.py"), "unexpected argument 'script.py'"),
    ):
        done = shell.run(*words)
        assert done.code == 2 and text in done.stderr and "usage:" in done.stderr
    assert "--no-banner" in shell.run("--help").stdout


def test_batch_does_not_import_ipython(shell):
    done = shell.run("-c", "import sys, pyflink; print('IPython' in sys.modules)")
    assert done.stdout == "False\n"
