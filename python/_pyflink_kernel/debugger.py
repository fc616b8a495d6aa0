"""The debugger of a notebook: debugpy in this process, and what Jupyter adds to its protocol.

Requests come one at a time on the kernel's control thread, which is never traced: it has to go on
when everything else has stopped. debugpy traces threads that are in Python when a client attaches.
Others have to be told: a thread at the begin of a cell, and a task of a job when it loads its
functions (`trace_thread`).
"""

from __future__ import annotations

import os
import re
import sys
import threading
from typing import Any, Callable, Optional

from _pyflink_session.shell import send

from _pyflink_kernel import cell_files
from _pyflink_kernel.dap import DapClient, DapError, hide_thread
from _pyflink_kernel.variables import Variables

_HIDDEN = re.compile(
    r"__(name|doc|package|loader|spec|annotations|builtins?|display)__|get_ipython|debugpy|exit|quit"
    r"|In|Out|_[oid]h|_{1,3}|_i+|_i?\d+"
)


class Debugger:
    """Handles the requests of the Debug Adapter Protocol that clients send to the kernel.

    :param shell: IPython's shell.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._variables = Variables(shell)
        self._client: Optional[DapClient] = None
        self._address: Optional[tuple[str, int]] = None
        self._breakpoints: dict[str, list[dict[str, Any]]] = {}
        self._stopped: set[int] = set()
        self._removed: list[tuple[int, Any]] = []
        self._handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "debugInfo": self._debug_info, "dumpCell": self._dump_cell, "source": self._source,
            "modules": self._modules, "inspectVariables": self._inspect_variables,
            "richInspectVariables": self._rich_inspect, "initialize": self._initialize,
            "attach": self._attach, "configurationDone": self._done,
            "setBreakpoints": self._set_breakpoints, "variables": self._list_variables,
            "stackTrace": self._stack_trace, "copyToGlobals": self._copy_to_globals,
            "disconnect": self._disconnect,
        }  # fmt: skip

    def trace_thread(self) -> None:
        """Have breakpoints work on the calling thread, if a client is attached."""
        if self._client is not None:
            import debugpy

            threading.current_thread()  # a subshell's thread becomes known by this
            debugpy.trace_this_thread(True)

    def handle(self, message: dict[str, Any]) -> dict[str, Any]:
        """The response to a request."""
        command = message.get("command", "")
        if command == "initialize" or self._client is not None:
            hide_thread(threading.current_thread())
        try:
            handler = self._handlers.get(command, self._forward)
            answer = handler(message)
        except (DapError, OSError, ImportError, KeyError, SyntaxError) as error:
            text = str(error)
            if isinstance(error, ImportError):
                text = "the debugger needs the package debugpy (%s)" % error
            answer = {"success": False, "message": text, "body": {}}
        return {
            "type": "response", "seq": message.get("seq", 0), "command": command,
            "request_seq": message.get("seq", 0), "success": True, **answer,
        }  # fmt: skip

    def _forward(self, message: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            raise DapError("the debugger is not started")
        return self._client.request(message)

    # -- begin and end --------------------------------------------------------------------------

    def _listen(self) -> tuple[str, int]:
        """Start debugpy, once in the process."""
        import debugpy

        for thread in threading.enumerate():
            if thread.name == "IPythonHistorySavingThread":
                hide_thread(thread)
        os.makedirs(cell_files.folder(), exist_ok=True)
        # It starts its adapter as a process: with the user's Python.
        debugpy.configure(python=sys.executable)
        return debugpy.listen(("127.0.0.1", 0))

    def _initialize(self, message: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            self._address = self._address or self._listen()
            self._client = DapClient(self._address, self._on_event)
            self._keep_leading_lines()
        return self._forward(message)

    def _attach(self, message: dict[str, Any]) -> dict[str, Any]:
        """Attaching and the end of the configuration are one step for Jupyter's clients."""
        if self._client is None or self._address is None:
            raise DapError("the debugger is not started")
        host, port = self._address
        arguments = {**message.get("arguments", {}), "connect": {"host": host, "port": port}}
        number = self._client.send({**message, "arguments": arguments})
        if not self._client.initialized.wait(30):
            raise DapError("the debug adapter does not attach")
        self._client.request({"type": "request", "command": "configurationDone"})
        return {**self._client.wait(number), "request_seq": message.get("seq", 0)}

    def _done(self, message: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _disconnect(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._forward(message)
        finally:
            client, self._client = self._client, None
            if client is not None:
                client.close()
            self._breakpoints.clear()
            self._stopped.clear()
            for place, transform in reversed(self._removed):
                self._shell.input_transformer_manager.cleanup_transforms.insert(place, transform)
            self._removed.clear()

    def _keep_leading_lines(self) -> None:
        """IPython drops empty lines at a cell's begin; the lines of breakpoints count them."""
        from IPython.core.inputtransformer2 import leading_empty_lines

        transforms = self._shell.input_transformer_manager.cleanup_transforms
        if leading_empty_lines in transforms:
            place = transforms.index(leading_empty_lines)
            self._removed.append((place, transforms.pop(place)))

    def _on_event(self, event: dict[str, Any]) -> None:
        body = event.get("body") or {}
        if event.get("event") == "stopped":
            self._stopped.add(body.get("threadId", 0))
        elif event.get("event") == "continued":
            if body.get("allThreadsContinued", True):
                self._stopped.clear()
            self._stopped.discard(body.get("threadId", 0))
        send("debug_event", event)

    # -- requests -------------------------------------------------------------------------------

    def _debug_info(self, message: dict[str, Any]) -> dict[str, Any]:
        points = [{"source": s, "breakpoints": b} for s, b in self._breakpoints.items()]
        return {
            "body": {
                "isStarted": self._client is not None,
                "hashMethod": "Murmur2",
                "hashSeed": cell_files.HASH_SEED,
                "tmpFilePrefix": cell_files.folder() + os.sep,
                "tmpFileSuffix": ".py",
                "breakpoints": points,
                "stoppedThreads": sorted(self._stopped),
                "richRendering": True,
                "exceptionPaths": ["Python Exceptions"],
                "copyToGlobals": True,
            }
        }

    def _dump_cell(self, message: dict[str, Any]) -> dict[str, Any]:
        code = message["arguments"]["code"]
        path = cell_files.file_of(code)
        os.makedirs(cell_files.folder(), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(code)
        return {"body": {"sourcePath": path}}

    def _source(self, message: dict[str, Any]) -> dict[str, Any]:
        with open(message["arguments"]["source"]["path"], encoding="utf-8") as file:
            return {"body": {"content": file.read()}}

    def _modules(self, message: dict[str, Any]) -> dict[str, Any]:
        arguments = message.get("arguments", {})
        modules = []
        for number, module in enumerate(list(sys.modules.values())):
            path = getattr(getattr(module, "__spec__", None), "origin", None)
            if path and path.endswith(".py"):
                modules.append({"id": number, "name": module.__name__, "path": path})
        start = arguments.get("startModule", 0)
        count = arguments.get("moduleCount") or len(modules)
        return {"body": {"modules": modules[start : start + count], "totalModules": len(modules)}}

    def _set_breakpoints(self, message: dict[str, Any]) -> dict[str, Any]:
        answer = self._forward(message)
        if answer.get("success"):
            self._breakpoints[message["arguments"]["source"]["path"]] = [
                {"line": point["line"]}
                for point in answer["body"]["breakpoints"]
                if "line" in point
            ]
        return answer

    def _stack_trace(self, message: dict[str, Any]) -> dict[str, Any]:
        """Without the frames below the cell: they are the kernel's and IPython's."""
        answer = self._forward(message)
        frames = (answer.get("body") or {}).get("stackFrames", [])
        last = len(frames)
        for place, frame in enumerate(frames):
            if os.path.dirname((frame.get("source") or {}).get("path", "")) == cell_files.folder():
                last = place + 1
        if frames:
            answer["body"]["stackFrames"] = frames[:last]
        return answer

    def _list_variables(self, message: dict[str, Any]) -> dict[str, Any]:
        if not self._stopped:
            number = message["arguments"]["variablesReference"]
            return {"body": {"variables": _shown(self._variables.children(number))}}
        answer = self._forward(message)
        if answer.get("success"):
            answer["body"]["variables"] = _shown(answer["body"]["variables"])
        return answer

    def _inspect_variables(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"body": {"variables": _shown(self._variables.all())}}

    def _rich_inspect(self, message: dict[str, Any]) -> dict[str, Any]:
        arguments = message["arguments"]
        name = arguments["variableName"]
        if not name.isidentifier():
            known = name in ("special variables", "function variables")
            return {"success": known, "body": {"data": {}, "metadata": {}}}
        if not self._stopped:
            found = self._shell.user_expressions({name: name})[name]
            good = found.get("status") == "ok"
            data, metadata = (found["data"], found["metadata"]) if good else ({}, {})
        else:
            data, metadata = self._format_in_frame(name, arguments["frameId"])
        return {"body": {"data": data, "metadata": metadata}}

    def _format_in_frame(self, name: str, frame: int) -> tuple[Any, Any]:
        import ast

        expression = "__import__('IPython').get_ipython().display_formatter.format(%s)" % name
        answer = self._forward(
            {
                "type": "request", "command": "evaluate",
                "arguments": {"expression": expression, "frameId": frame, "context": "clipboard"},
            }
        )  # fmt: skip
        if not answer.get("success"):
            raise DapError(answer.get("message", "the variable cannot be shown"))
        data, metadata = ast.literal_eval(answer["body"]["result"])
        return data, metadata

    def _copy_to_globals(self, message: dict[str, Any]) -> dict[str, Any]:
        arguments = message["arguments"]
        return self._forward(
            {
                "type": "request", "command": "setExpression", "seq": message.get("seq", 0),
                "arguments": {
                    "expression": "globals()[%r]" % arguments["dstVariableName"],
                    "value": arguments["srcVariableName"],
                    "frameId": arguments["srcFrameId"],
                },
            }
        )  # fmt: skip


def _shown(variables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [variable for variable in variables if not _HIDDEN.fullmatch(variable["name"])]
