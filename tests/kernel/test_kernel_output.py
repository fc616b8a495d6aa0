"""What cells print arrives whole, in order and with its own cell; interrupts reach what runs."""

from __future__ import annotations

import os
import signal
import time

import pytest
from client import Client, Kernel


def test_ten_thousand_lines_in_order(client: Client) -> None:
    done = client.run("for i in range(10_000): print('line', i)").ok()
    assert done.text() == "".join(f"line {i}\n" for i in range(10_000))
    assert len(done.of("stream")) < 100


def test_a_thousand_prints_are_few_messages(client: Client) -> None:
    done = client.run("for i in range(1000): print('line', i)").ok()
    assert done.text().count("\n") == 1000
    assert len(done.of("stream")) <= 20


def test_streams_keep_their_order(client: Client) -> None:
    done = client.run(
        "import sys\nfor i in range(3):\n    print('out', i)\n    print('err', i, file=sys.stderr)"
    ).ok()
    pieces = [(c["name"], c["text"]) for c in done.of("stream")]
    assert pieces == [(f"std{n}", f"{n} {i}\n") for i in range(3) for n in ("out", "err")]
    done = client.run("print('before'); display(1); print('after')").ok()
    assert done.kinds == ["execute_input", "stream", "display_data", "stream"]


def test_large_and_strange_text(client: Client) -> None:
    done = client.run("print('ü😀\\x00\\x1b[1m\"\\\\' + 'x' * 5_000_000)").ok()
    assert done.text() == 'ü😀\x00\x1b[1m"\\' + "x" * 5_000_000 + "\n"
    done = client.run("print('\\ud800')").ok()
    assert done.text() == "\\ud800\n"


def test_output_of_c_and_of_processes(client: Client) -> None:
    done = client.run("import os\n_ = os.write(1, b'raw\\n')\n!echo from a process").ok()
    assert "raw\n" in done.text() and "from a process" in done.text()


def test_late_output_belongs_to_its_cell(client: Client) -> None:
    cell = client.execute(
        "import threading, time\n"
        "gate = threading.Event()\n"
        "def late():\n    gate.wait()\n    print('late')\n"
        "threading.Thread(target=late).start()"
    )
    client.finish(cell).ok()
    second = client.execute("gate.set(); print('second'); time.sleep(0.2)")
    client.wait_stream(cell, "late")
    assert client.finish(second).ok().text() == "second\n"


LOOPS = {
    "python": "print('begun', flush=True)\nwhile True: pass",
    "sleep": "import time\nprint('begun', flush=True)\ntime.sleep(1000)",
    "java": "from pyflink.java_gateway import get_gateway\nprint('begun', flush=True)\n"
            "get_gateway().jvm.java.lang.Thread.sleep(1000000)",
    "job": "def slow(x):\n    import time\n    print('begun', flush=True)\n    time.sleep(0.01)\n"
           "    return x\n"
           "env.from_collection(range(1_000_000)).map(slow).print()\nenv.execute()",
    "function": "def stuck(x):\n    print('begun', flush=True)\n    while True: pass\n"
                "env.from_collection([1]).map(stuck).print()\nenv.execute()",
}  # fmt: skip


@pytest.mark.parametrize("way", ["message", "signal"])
@pytest.mark.parametrize("what", LOOPS)
def test_interrupt(client: Client, kernel: Kernel, what: str, way: str) -> None:
    client.run("kept = 'kept'").ok()
    cell = client.execute(LOOPS[what])
    client.wait_stream(cell, "begun")
    if way == "message":
        client.ask("interrupt_request", {}, "control")
    else:
        os.kill(kernel.pid, signal.SIGINT)
    assert client.finish(cell).content["ename"] == "KeyboardInterrupt"
    assert client.run("kept").result() == "'kept'"


@pytest.mark.parametrize("way", ["message", "signal"])
def test_interrupt_of_input(client: Client, kernel: Kernel, way: str) -> None:
    cell = client.execute("input('never answered')")
    assert client.kc.get_stdin_msg(timeout=30)["content"]["prompt"] == "never answered"
    if way == "message":
        client.ask("interrupt_request", {}, "control")
    else:
        os.kill(kernel.pid, signal.SIGINT)
    assert client.finish(cell).content["ename"] == "KeyboardInterrupt"
    client.kc.input("too late")
    client.answers.append("in time")
    assert client.run("input('again')").result() == "'in time'"


def test_interrupt_while_nothing_runs(client: Client, kernel: Kernel) -> None:
    for _ in range(3):
        os.kill(kernel.pid, signal.SIGINT)
        client.ask("interrupt_request", {}, "control")
    time.sleep(0.5)  # signals are handled by a thread of their own
    assert client.run("'unhurt'").result() == "'unhurt'"
