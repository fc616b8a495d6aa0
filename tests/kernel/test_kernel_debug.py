"""The debugger: breakpoints in a cell and in a function that a job calls."""

from __future__ import annotations

from typing import Any

import pytest
from client import Client, Kernel

CELL = "def add(a, b):\n    total = a + b\n    return total\nprint(add(2, 3))"
JOB = (
    "def double(x):\n    twice = x * 2\n    return twice\n"
    "env.from_collection([21]).map(double).print()\nenv.execute()"
)


class Debugging:
    """Sends requests of the Debug Adapter Protocol."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seq = 0

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        self.seq += 1
        content = {"type": "request", "seq": self.seq, "command": command, "arguments": arguments}
        reply = self.client.ask("debug_request", content, "control").content
        assert reply["success"], reply
        assert reply["command"] == command and reply["request_seq"] == self.seq
        return reply.get("body", {})

    def begin(self) -> None:
        self.ask("initialize", clientID="test", adapterID="", pathFormat="path",
                 linesStartAt1=True, columnsStartAt1=True)  # fmt: skip
        self.ask("attach")

    def stop_at(self, code: str, line: int) -> str:
        path = self.ask("dumpCell", code=code)["sourcePath"]
        points = self.ask("setBreakpoints", source={"path": path}, breakpoints=[{"line": line}],
                          sourceModified=False)["breakpoints"]  # fmt: skip
        assert [point["line"] for point in points] == [line]
        self.ask("configurationDone")
        return path

    def event(self, name: str) -> dict[str, Any]:
        return self.client.until(
            lambda m: m["msg_type"] == "debug_event" and m["content"]["event"] == name
        )["content"]["body"]

    def locals(self, thread: int, path: str, line: int) -> dict[str, str]:
        frame = self.ask("stackTrace", threadId=thread)["stackFrames"][0]
        assert (frame["source"]["path"], frame["line"]) == (path, line)
        scope = self.ask("scopes", frameId=frame["id"])["scopes"][0]
        found = self.ask("variables", variablesReference=scope["variablesReference"])["variables"]
        return {variable["name"]: variable["value"] for variable in found}


@pytest.fixture(scope="module")
def debugging(kernel: Kernel) -> Any:
    debugging = Debugging(kernel.first)
    debugging.client.run("from pyflink.datastream import *").ok()
    debugging.begin()
    yield debugging
    debugging.ask("disconnect", restart=False, terminateDebuggee=False)


def test_info_and_variables(kernel: Kernel) -> None:
    debugging = Debugging(kernel.first)
    info = debugging.ask("debugInfo")
    assert info["isStarted"] is False and info["hashMethod"] == "Murmur2"
    assert info["breakpoints"] == [] and info["stoppedThreads"] == []
    kernel.first.run("numbers = [1, 2]").ok()
    shown = {v["name"]: v for v in debugging.ask("inspectVariables")["variables"]}
    assert shown["numbers"]["value"] == "[1, 2]" and "In" not in shown
    inside = debugging.ask("variables", variablesReference=shown["numbers"]["variablesReference"])
    assert [v["value"] for v in inside["variables"]] == ["1", "2"]
    rich = debugging.ask("richInspectVariables", variableName="numbers")
    assert rich["data"]["text/plain"] == "[1, 2]"


def test_a_breakpoint_in_a_cell(debugging: Debugging) -> None:
    client = debugging.client
    path = debugging.stop_at(CELL, 2)
    assert path.startswith(debugging.ask("debugInfo")["tmpFilePrefix"])
    cell = client.execute(CELL)
    thread = debugging.event("stopped")["threadId"]
    assert debugging.ask("debugInfo")["stoppedThreads"] == [thread]
    assert debugging.locals(thread, path, 2) == {"a": "2", "b": "3"}
    debugging.ask("next", threadId=thread)
    debugging.event("stopped")
    assert debugging.locals(thread, path, 3) == {"a": "2", "b": "3", "total": "5"}
    debugging.ask("continue", threadId=thread)
    assert client.finish(cell).ok().text() == "5\n"
    assert debugging.ask("source", source={"path": path})["content"] == CELL


def test_a_breakpoint_in_a_map_function(debugging: Debugging) -> None:
    client = debugging.client
    path = debugging.stop_at(JOB, 3)
    cell = client.execute(JOB)
    thread = debugging.event("stopped")["threadId"]
    assert debugging.locals(thread, path, 3) == {"x": "21", "twice": "42"}
    debugging.ask("continue", threadId=thread)
    assert "42" in client.finish(cell).ok().text()
