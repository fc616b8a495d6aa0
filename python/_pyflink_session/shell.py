"""The IPython shell of a session."""

from __future__ import annotations

import json
from typing import Any, Optional

import _pyflink_engine as engine
from IPython.core.completer import provisionalcompleter, rectify_completions
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell, InteractiveShellABC
from IPython.utils.tokenutil import token_at_cursor
from traitlets import Type
from traitlets.config import Config


def send(kind: str, content: dict[str, Any], buffers: Any = None, cell: int = 0) -> None:
    """Give the front end a message of the current cell, or of the given one."""
    engine.session_send(kind, json.dumps(content, default=str), buffers, cell)


def _as_json(data: dict[str, Any]) -> dict[str, Any]:
    """A MIME bundle whose bytes are base64, as Jupyter wants them."""
    from base64 import b64encode

    return {
        kind: b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }


class SessionDisplayHook(DisplayHook):
    """Results go to the front end as execute_result."""

    def start_displayhook(self) -> None:
        """Begin a result."""
        self._content: dict[str, Any] = {}

    def write_output_prompt(self) -> None:
        """The front end writes the prompt."""
        self._content["execution_count"] = self.prompt_count

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the forms of the result."""
        self._content["data"] = _as_json(format_dict)
        self._content["metadata"] = md_dict or {}

    def finish_displayhook(self) -> None:
        """Send the result."""
        if self._content.get("data"):
            send("execute_result", self._content)


class SessionDisplayPublisher(DisplayPublisher):
    """display() goes to the front end."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        """Send a MIME bundle."""
        content = {
            "data": _as_json(data),
            "metadata": metadata or {},
            "transient": transient or {},
        }
        send("update_display_data" if update else "display_data", content)

    def clear_output(self, wait: bool = False) -> None:
        """Have the front end clear what the cell has shown."""
        send("clear_output", {"wait": wait})


class SessionShell(InteractiveShell):
    """Runs cells; shows nothing itself."""

    displayhook_class = Type(SessionDisplayHook)
    display_pub_class = Type(SessionDisplayPublisher)

    def init_sys_modules(self) -> None:
        """`__main__` is the user's module."""
        import sys

        sys.modules["__main__"] = self.user_module

    #: False while a program runs whose errors are shown in another way.
    errors_shown = True

    def ask_exit(self) -> None:
        """End the session after this cell."""
        engine.session_exit(0)

    def init_hooks(self) -> None:
        """What is paged goes to the front end with the reply of the cell."""
        super().init_hooks()
        from IPython.core import page, payloadpage

        self.set_hook("show_in_pager", page.as_hook(payloadpage.page), 99)

    def init_magics(self) -> None:
        """IPython's magics and ours."""
        super().init_magics()
        from _pyflink_session.magics import JobMagics, SessionMagics

        self.register_magics(JobMagics, SessionMagics)

    def init_display_formatter(self) -> None:
        """How streams and results of jobs are shown."""
        super().init_display_formatter()
        from _pyflink_session import previews

        previews.register(self.display_formatter)

    def enable_gui(self, gui: Any = None) -> None:
        """Only pictures inside the output are supported.

        :raises UsageError: another one is asked for.
        """
        if gui and gui != "inline":
            raise UsageError("the session runs no event loop of %s; use %%matplotlib inline" % gui)

    def set_next_input(self, s: str, replace: bool = False) -> None:
        """Put a text into the next prompt, as %load and %recall do."""
        self.payload_manager.write_payload(
            {"source": "set_next_input", "text": s, "replace": replace}
        )

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show an error: without this project's frames, and a failed job without its Java cause."""
        if not self.errors_shown:
            return
        from _pyflink_session.errors import cleaned

        kind, error, trace = self._get_exc_info(exc_tuple)
        if error is not None and not kwargs.get("exception_only"):
            with cleaned(error) as is_cut:
                if is_cut:
                    kwargs["tb_offset"] = 0
                super().showtraceback((kind, error, error.__traceback__), *args, **kwargs)
            return
        super().showtraceback(exc_tuple, *args, **kwargs)

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Show a syntax error, unless errors are shown in another way."""
        if self.errors_shown:
            super().showsyntaxerror(*args, **kwargs)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        from _pyflink_session.errors import with_cell_names

        stb = [with_cell_names(line) for line in stb]
        content = {"ename": etype.__name__, "evalue": str(evalue), "traceback": stb}
        self._last_error = content
        send("error", content)

    def run_in_terminal(self, command: str) -> None:
        """Run a command of the system with the terminal's own input and output."""
        engine.session_flush()
        self.system_raw(command)

    # -- requests -------------------------------------------------------------------------------

    def run_request(
        self,
        code: str,
        silent: bool,
        store_history: bool,
        expressions: dict[str, str],
        cell_id: Optional[str] = None,
    ) -> dict[str, Any]:
        """Run a cell; the content of its reply."""
        self._last_error: Optional[dict[str, Any]] = None
        result = self.run_cell(code, store_history=store_history, silent=silent)
        error = result.error_before_exec or result.error_in_exec
        count = self.execution_count - (1 if store_history else 0)
        reply: dict[str, Any] = {"execution_count": count, "payload": []}
        if error is not None:
            kind = type(error).__name__
            text = "%s: %s" % (kind, error)
            shown = self._last_error or {"ename": kind, "evalue": str(error), "traceback": [text]}
            return {**reply, "status": "error", **shown}
        reply["payload"] = self.payload_manager.read_payload()
        self.payload_manager.clear_payload()
        return {**reply, "status": "ok", "user_expressions": self.user_expressions(expressions)}

    def complete_request(self, code: str, cursor: Optional[int]) -> dict[str, Any]:
        """Completions at the cursor (in code points)."""
        from _pyflink_session.completions import java_names

        cursor = len(code) if cursor is None else cursor
        java = java_names(self.user_ns, code[:cursor])
        if java is not None:
            return {
                "status": "ok",
                "matches": java[1],
                "cursor_start": java[0],
                "cursor_end": cursor,
                "metadata": {},
            }
        with provisionalcompleter():
            found = list(rectify_completions(code, self.Completer.completions(code, cursor)))
        start, end = (found[0].start, found[0].end) if found else (cursor, cursor)
        keys = ("start", "end", "text", "type", "signature")
        types = [{key: getattr(one, key) for key in keys} for one in found]
        return {
            "status": "ok",
            "matches": [c.text for c in found],
            "cursor_start": start,
            "cursor_end": end,
            "metadata": {"_jupyter_types_experimental": types},
        }

    def inspect_request(self, code: str, cursor: Optional[int], detail: int) -> dict[str, Any]:
        """Help for what is at the cursor."""
        name = token_at_cursor(code, len(code) if cursor is None else cursor)
        try:
            data = self.object_inspect_mime(name, detail_level=detail)
        except KeyError:
            data = None
        return {"status": "ok", "found": data is not None, "data": data or {}, "metadata": {}}

    def history_request(self, content: dict[str, Any]) -> list[Any]:
        """Earlier cells: a tail, a range, or those that match a pattern."""
        access = content.get("hist_access_type", "tail")
        output, raw = bool(content.get("output")), bool(content.get("raw", True))
        manager = self.history_manager
        if access == "tail":
            rows = manager.get_tail(
                content.get("n") or 10, raw=raw, output=output, include_latest=True
            )
        elif access == "range":
            rows = manager.get_range(
                content.get("session") or 0,
                content.get("start") or 1,
                content.get("stop"),
                raw=raw,
                output=output,
            )
        elif access == "search":
            rows = manager.search(
                content.get("pattern") or "*",
                raw=raw,
                output=output,
                n=content.get("n"),
                unique=bool(content.get("unique")),
            )
        else:
            raise UsageError("no such access to the history: %r" % access)
        return [list(row) for row in rows]


InteractiveShellABC.register(SessionShell)


def make_shell(front_end: str, terminal: bool, settings: dict[str, str]) -> SessionShell:
    """The shell of the session."""
    config = Config()
    config.HistoryManager.hist_file = settings.get("history") or ":memory:"
    config.InteractiveShell.colors = settings.get("colors", "NoColor")
    shell = SessionShell.instance(config=config)
    if front_end == "shell":
        # Programs of !cmd have the terminal.
        shell.system = shell.run_in_terminal
    return shell
