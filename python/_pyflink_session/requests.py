"""The requests of a front end, one method for each."""

from __future__ import annotations

import sys
from typing import Any

import _pyflink_engine as engine

from _pyflink_session import streams
from _pyflink_session.shell import make_shell


class Session:
    """One for the process.

    :param front_end: "shell" or "kernel".
    :param terminal: whether output goes to a terminal.
    :param settings: see session_options_t in engine/session/session.h.
    """

    def __init__(self, front_end: str, terminal: bool, settings: dict[str, str]) -> None:
        sys.path.insert(0, "")
        streams.install(terminal)
        self.settings = settings
        self._prepared = False
        self.shell = make_shell(front_end, terminal, settings)
        self.requests = {
            name[3:]: getattr(self, name) for name in dir(type(self)) if name.startswith("do_")
        }
        if front_end == "kernel":
            import _pyflink_kernel

            _pyflink_kernel.extend(self)

    @property
    def execution_count(self) -> int:
        """Number of the next cell."""
        return self.shell.execution_count

    def handle(self, op: str, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """The reply to a request.

        :raises ValueError: there is no such request.
        """
        request = self.requests.get(op)
        if request is None:
            raise ValueError("the session has no request %r" % op)
        return request(content, buffers)

    def do_prepare(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Bind the session's names and run the start file; done once, before the first cell."""
        if self._prepared:
            return {"status": "ok"}
        self._prepared = True
        from _pyflink_session import names

        names.bind(self.shell)
        names.run_start_file(self.shell, self.settings)
        return {"status": "ok"}

    # -- cells ----------------------------------------------------------------------------------

    def do_execute(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Run a cell."""
        silent = bool(content.get("silent"))
        reply = self.shell.run_request(
            content["code"],
            silent=silent,
            store_history=bool(content.get("store_history", not silent)),
            expressions=content.get("user_expressions") or {},
            cell_id=content.get("cell_id"),
        )
        if reply["status"] == "error" and content.get("stop_on_error", True):
            engine.session_abort_waiting()
        return reply

    def do_is_complete(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Whether code is ready to run."""
        status, indent = self.shell.input_transformer_manager.check_complete(content["code"])
        reply = {"status": status}
        if status == "incomplete":
            reply["indent"] = " " * (indent or 0)
        return reply

    def do_run_file(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Run a program."""
        from _pyflink_session import programs

        return programs.run(
            self.shell, content["kind"], content["target"], content.get("args") or [""]
        )

    # -- help -----------------------------------------------------------------------------------

    def do_complete(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """What can stand at the cursor."""
        return self.shell.complete_request(content["code"], content.get("cursor_pos"))

    def do_inspect(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """What is at the cursor."""
        return self.shell.inspect_request(
            content["code"], content.get("cursor_pos"), content.get("detail_level", 0)
        )

    def do_signature(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """The signature of the call around the cursor."""
        from _pyflink_session.signatures import signature_at

        text = signature_at(self.shell, content["code"], content.get("cursor_pos"))
        return {"status": "ok", "found": text is not None, "text": text}

    def do_history(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Earlier cells."""
        return {"status": "ok", "history": self.shell.history_request(content)}
