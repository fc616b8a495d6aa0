"""The kernel as Python sees it: `get_ipython().kernel`."""

from __future__ import annotations

import builtins
import collections
import getpass
import sys
from typing import Any, Optional

import _pyflink_engine as engine
from _pyflink_session.shell import send
from IPython.core import payloadpage
from IPython.core.error import StdinNotImplementedError
from IPython.core.page import as_hook

from _pyflink_kernel import cell_files
from _pyflink_kernel.comms import Comms, Finder
from _pyflink_kernel.job_displays import JobDisplays

_KEPT_PARENTS = 1000


class Kernel:
    """Handles what is Jupyter's own in the requests of a session.

    :ivar shell: IPython's shell.
    :ivar comm_manager: the manager of comms.
    :ivar debugger: the debugger, None before it was asked for.
    """

    implementation = "pyflink-kernel"

    def __init__(self, session: Any) -> None:
        self.shell = session.shell
        self.debugger: Any = None
        self._comms: Optional[Comms] = None
        self._parents: collections.OrderedDict[int, dict[str, Any]] = collections.OrderedDict()
        self._execute = session.requests["execute"]
        self._history = session.requests["history"]
        self.shell.kernel = self
        self.shell.set_hook("show_in_pager", as_hook(payloadpage.page), 99)
        cell_files.install(self.shell)
        self._displays = JobDisplays(self.shell)
        sys.meta_path.insert(0, Finder(lambda: self.comms))
        self._ask, self._ask_password = builtins.input, getpass.getpass
        builtins.input, getpass.getpass = self.raw_input, self.getpass
        session.requests.update(
            execute=self.execute, history=self.history, job_status=self._displays.status,
            debug=self.debug, debug_prepare=self.debug_prepare,
            comm_open=self.comm_open, comm_msg=self.comm_msg, comm_close=self.comm_close,
            comm_info=self.comm_info,
        )  # fmt: skip

    # -- cells ----------------------------------------------------------------------------------

    def execute(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Run a cell; tells all clients first.

        :raises TypeError: the cell is no text.
        """
        if not isinstance(content["code"], str):
            raise TypeError("a cell's code is a string, no %s" % type(content["code"]).__name__)
        parent = {
            "header": content.pop("parent_header", {}), "content": content,
            "msg_type": "execute_request", "parent_header": {}, "metadata": {},
        }  # fmt: skip
        parent["msg_id"] = parent["header"].get("msg_id", "")
        self._parents[engine.session_cell()] = parent
        while len(self._parents) > _KEPT_PARENTS:
            self._parents.popitem(last=False)
        if not content.get("silent"):
            count = self.shell.execution_count
            send("execute_input", {"code": content["code"], "execution_count": count})
        if self.debugger is not None:
            self.debugger.trace_thread()
        try:
            begun = self._displays.begun()
        except Exception:  # there is no JVM, and so there are no jobs
            return self._execute(content, buffers)
        reply = self._execute(content, buffers)
        try:
            self._displays.settle(begun)
        except KeyboardInterrupt:
            pass  # it came too late for the cell
        except Exception as error:  # the cell has its reply all the same
            print("pyflink-kernel: its jobs cannot be shown: %s" % error, file=sys.stderr)
        return reply

    def history(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Earlier cells; those of this session carry its number, by which they can be asked for."""
        reply = self._history(content, buffers)
        number = self.shell.history_manager.session_number
        for row in reply["history"]:
            row[0] = row[0] or number
        return reply

    def get_parent(self, channel: Optional[str] = None) -> dict[str, Any]:
        """The request that the caller works for: a dict with header, content and metadata.

        :param channel: not used; there for programs that were written for ipykernel.
        """
        return self._parents.get(engine.session_cell(), {"header": {}, "content": {}})

    @property
    def _parent_header(self) -> dict[str, Any]:
        return self.get_parent()

    # -- input ----------------------------------------------------------------------------------

    def _check_input(self) -> None:
        if not self.get_parent()["content"].get("allow_stdin", True):
            raise StdinNotImplementedError(
                "this client answers no questions of cells: input() and getpass() cannot be used"
            )

    def raw_input(self, prompt: object = "", /) -> str:
        """What input() is in a cell.

        :raises StdinNotImplementedError: the client does not answer.
        """
        self._check_input()
        return self._ask(prompt)

    def getpass(self, prompt: str = "Password: ", stream: Any = None) -> str:
        """What getpass.getpass() is in a cell.

        :raises StdinNotImplementedError: the client does not answer.
        """
        self._check_input()
        return self._ask_password(prompt)

    # -- comms ----------------------------------------------------------------------------------

    @property
    def comms(self) -> Comms:
        """The handling of comms, begun when first needed."""
        if self._comms is None:
            self._comms = Comms()
        return self._comms

    @property
    def comm_manager(self) -> Any:
        """The comm package's manager."""
        return self.comms.manager

    def comm_open(self, message: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """A client opens a comm."""
        return self.comms.receive("comm_open", message, buffers)

    def comm_msg(self, message: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """A client sends something to a comm."""
        return self.comms.receive("comm_msg", message, buffers)

    def comm_close(self, message: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """A client closes a comm."""
        return self.comms.receive("comm_close", message, buffers)

    def comm_info(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """The comms that are open."""
        return {"status": "ok", "comms": self.comms.info(content.get("target_name"))}

    # -- debugger -------------------------------------------------------------------------------

    def debug_prepare(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Import the debugger, on the main thread."""
        try:
            from debugpy.server import api  # noqa: F401  (finds pydevd)

            import pydevd  # noqa: F401
        except ImportError:
            pass  # the debugger says so in its reply
        return {"status": "ok"}

    def debug(self, message: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """A request of the Debug Adapter Protocol."""
        if self.debugger is None:
            from _pyflink_kernel.debugger import Debugger

            self.debugger = Debugger(self.shell)
        return self.debugger.handle(message["content"])
