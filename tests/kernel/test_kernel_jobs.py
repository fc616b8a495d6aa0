"""Flink jobs in cells: their output, classes of the notebook in them, subshells beside them."""

from __future__ import annotations

from client import Client


def lines(text: str) -> list[str]:
    """What print() wrote, without the number of the task before it."""
    return sorted(line.split("> ", 1)[-1] for line in text.splitlines())


def test_print_of_a_job(client: Client) -> None:
    done = client.run("env.from_collection([1, 2, 3]).map(lambda x: x * 2).print()\nenv.execute()")
    assert lines(done.ok().text()) == ["2", "4", "6"]


def test_classes_and_functions_of_cells_in_a_job(client: Client) -> None:
    client.run(
        "from pyflink.datastream import MapFunction\n"
        "OFFSET = 100\n"
        "class Point:\n"
        "    def __init__(self, x):\n        self.x = x\n"
        "class Shift(MapFunction):\n"
        "    def map(self, point):\n        return Point(helper(point.x))\n"
        "def helper(x):\n    return x + OFFSET"
    ).ok()
    done = client.run(
        "env.from_collection([1, 2]).map(Point).map(Shift()).map(lambda p: p.x).print()\n"
        "env.execute()"
    )
    assert lines(done.ok().text()) == ["101", "102"]
    # A new definition counts from the next job on.
    client.run("def helper(x):\n    return -x").ok()
    done = client.run("list(env.from_collection([1]).map(Point).map(Shift()).map(\n"
                      "    lambda p: p.x).execute_and_collect())")  # fmt: skip
    assert done.ok().result() == "[-1]"


def test_late_output_of_a_job_belongs_to_its_cell(client: Client) -> None:
    cell = client.execute(
        "import os\n"
        "def wait(x):\n"
        "    import os, time\n"
        "    while not os.path.exists('gate'):\n        time.sleep(0.01)\n"
        "    print('from python', x)\n    return x\n"
        "env.from_collection(['late']).map(wait).print()\n"
        "job = env.execute_async('late job')"
    )
    assert client.finish(cell).ok().text() == ""
    second = client.execute(
        "print('second')\nopen('gate', 'w').close()\n_ = job.get_job_execution_result().result()"
    )
    assert client.finish(second).ok().text() == "second\n"
    text = client.finish_streams(cell)
    assert "from python late" in text and "> late" in text


def test_an_error_in_a_function_names_the_line_of_the_cell(client: Client) -> None:
    done = client.run("def bad(x):\n    return 1 // x\nenv.from_collection([0]).map(bad).print()\n"
                      "env.execute()")  # fmt: skip
    assert done.content["status"] == "error"
    text = "\n".join(done.content["traceback"])
    assert "ZeroDivisionError" in text and "1 // x" in text


def test_subshells(client: Client) -> None:
    first = client.ask("create_subshell_request", {}, "control").content["subshell_id"]
    second = client.ask("create_subshell_request", {}, "control").content["subshell_id"]
    listed = client.ask("list_subshell_request", {}, "control").content["subshell_id"]
    assert listed == [first, second]
    # While execute() waits in the main shell, a subshell looks at the job and cancels it.
    cell = client.execute(
        "import time\n"
        "def slow(x):\n    time.sleep(0.01)\n    return x\n"
        "env.from_collection(range(1_000_000)).map(slow).print()\n"
        "print('submitting')\nenv.execute('endless')"
    )
    client.wait_stream(cell, "> ")
    seen = client.run("print('beside'); 1 + 1", subshell=first).ok()
    assert seen.text() == "beside\n" and seen.result() == "2"
    table = client.run("%jobs", subshell=first).ok().result()
    assert "endless" in table and "RUNNING" in table
    beside = client.ask("complete_request", {"code": "impor", "cursor_pos": 5}, subshell=second)
    assert "import" in beside.content["matches"]
    number = next(line.split()[0] for line in table.splitlines() if "endless" in line)
    client.run(f"%cancel {number}", subshell=first).ok()
    assert client.finish(cell).content["status"] == "error"
    # What runs in a subshell is interrupted when that is deleted.
    stuck = client.execute("print('stuck')\nwhile True: pass", subshell=first)
    client.wait_stream(stuck, "stuck")
    client.ask("delete_subshell_request", {"subshell_id": first}, "control")
    assert client.finish(stuck).content["ename"] == "KeyboardInterrupt"
    client.ask("delete_subshell_request", {"subshell_id": first}, "control", error=True)
    client.ask("execute_request", {"code": "1"}, error=True, subshell=first)
    client.ask("delete_subshell_request", {"subshell_id": second}, "control")
    assert client.ask("list_subshell_request", {}, "control").content["subshell_id"] == []
    assert client.run("1 + 1").result() == "2"
