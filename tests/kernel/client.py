"""A client of the kernel for tests: every message that it receives is checked."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
import time
from collections.abc import Callable
from typing import Any, Optional

import spec
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from runner import BUILD, clean_environment

KERNEL = pathlib.Path(os.environ.get("PYFLINK_KERNEL", BUILD / "pyflink-kernel")).resolve()
TIMEOUT = float(os.environ.get("PYFLINK_SHELL_TEST_TIMEOUT", "60"))


@dataclasses.dataclass
class Done:
    """What a request has caused."""

    reply: dict[str, Any]
    messages: list[dict[str, Any]]  # on iopub, between busy and idle

    @property
    def content(self) -> dict[str, Any]:
        """The reply's content."""
        return self.reply["content"]

    @property
    def kinds(self) -> list[str]:
        """The types of the messages on iopub."""
        return [message["msg_type"] for message in self.messages]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The contents of the messages of a type."""
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def text(self, stream: str = "stdout") -> str:
        """What was written to a stream."""
        return "".join(c["text"] for c in self.of("stream") if c["name"] == stream)

    def ok(self) -> Done:
        """Itself; fails when the request failed."""
        assert self.content["status"] == "ok", "\n".join(
            [*self.content.get("traceback", [str(self.content)]), self.text("stderr")]
        )
        return self

    def result(self) -> str:
        """The text of the only result."""
        (content,) = self.of("execute_result")
        return content["data"]["text/plain"]


class Client:
    """One client of a running kernel.

    :param kc: jupyter_client's blocking client, its channels started and ready.
    """

    def __init__(self, kc: BlockingKernelClient) -> None:
        self.kc = kc
        self.other: list[dict[str, Any]] = []  # messages on iopub of other requests
        self.replies: dict[str, dict[str, Any]] = {}  # to other requests
        self.answers: list[str] = []  # to input(), in order
        self.prompts: list[dict[str, Any]] = []  # contents of the input_requests

    def iopub(self, timeout: float = TIMEOUT) -> dict[str, Any]:
        """The next message on iopub."""
        return spec.check(self.kc.get_iopub_msg(timeout=timeout))

    def send(
        self, kind: str, content: Any, channel: str = "shell", subshell: Optional[str] = None,
        buffers: Any = None, metadata: Any = None,
    ) -> str:  # fmt: skip
        """Send a message; its id."""
        message = self.kc.session.msg(kind, content, metadata=metadata)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        socket = getattr(self.kc, channel + "_channel").socket
        self.kc.session.send(socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def until(
        self, wanted: Callable[[dict[str, Any]], Any], timeout: float = TIMEOUT
    ) -> dict[str, Any]:
        """The first message on iopub that is wanted; those before it go to `other`."""
        end = time.monotonic() + timeout
        for message in list(self.other):
            if wanted(message):
                self.other.remove(message)
                return message
        while True:
            message = self.iopub(max(0.01, end - time.monotonic()))
            if wanted(message):
                return message
            self.other.append(message)

    def finish(self, sent: str, channel: str = "shell", error: bool = False) -> Done:
        """All that a request has caused, checked: busy first, idle last, a reply of its type."""
        mine = [m for m in self.other if m["parent_header"].get("msg_id") == sent]
        self.other = [m for m in self.other if m["parent_header"].get("msg_id") != sent]
        while not mine or mine[-1]["content"].get("execution_state") != "idle":
            self._answer()
            try:
                message = self.iopub(0.1 if self.answers else TIMEOUT)
            except Exception as nothing:
                if self.answers and type(nothing).__name__ == "Empty":
                    continue
                raise
            mine_too = message["parent_header"].get("msg_id") == sent
            (mine if mine_too else self.other).append(message)
        assert mine[0]["content"] == {"execution_state": "busy"}
        get = getattr(self.kc, f"get_{channel}_msg")
        reply = self.replies.pop(sent, None) or get(timeout=TIMEOUT)
        while reply["parent_header"]["msg_id"] != sent:
            self.replies[reply["parent_header"]["msg_id"]] = reply
            reply = get(timeout=TIMEOUT)
        return Done(spec.check(reply, error), mine[1:-1])

    def _answer(self) -> None:
        while self.answers and self.kc.stdin_channel.msg_ready():
            request = spec.check(self.kc.get_stdin_msg(timeout=1))
            self.prompts.append(request["content"])
            self.kc.input(self.answers.pop(0))

    def ask(self, kind: str, content: Any, channel: str = "shell", error: bool = False,
            subshell: Optional[str] = None) -> Done:  # fmt: skip
        """Send a request and wait for all that it causes."""
        done = self.finish(self.send(kind, content, channel, subshell), channel, error)
        assert done.reply["msg_type"] == kind.replace("_request", "_reply")
        return done

    def execute(self, code: str, **more: Any) -> str:
        """Send a cell; its id."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": True, "stop_on_error": True, **more}  # fmt: skip
        subshell = content.pop("subshell", None)
        return self.send("execute_request", content, subshell=subshell)

    def run(self, code: str, **more: Any) -> Done:
        """Run a cell and wait for its end."""
        return self.finish(self.execute(code, **more))

    def wait_busy(self, sent: str) -> None:
        """Wait until a cell runs: until it has told its input."""
        message = self.until(
            lambda m: m["msg_type"] == "execute_input" and m["parent_header"]["msg_id"] == sent
        )
        self.other.append(message)

    def wait_stream(self, sent: str, text: str) -> None:
        """Wait until a cell has printed a text."""
        seen = self.until(
            lambda m: m["msg_type"] == "stream"
            and m["parent_header"].get("msg_id") == sent
            and text in m["content"]["text"]
        )
        self.other.append(seen)

    def finish_streams(self, sent: str) -> str:
        """What a cell that has ended wrote since, in the messages that came so far."""
        self.run("pass", silent=True)
        mine = [m for m in self.other if m["parent_header"].get("msg_id") == sent]
        self.other = [m for m in self.other if m["parent_header"].get("msg_id") != sent]
        return "".join(m["content"]["text"] for m in mine if m["msg_type"] == "stream")

    def close(self) -> None:
        """Leave the kernel."""
        self.kc.stop_channels()


class Kernel:
    """Starts and ends a kernel that is installed in a folder of its own.

    :param folder: where Jupyter's data and the kernel's connection files go.
    :param python: the Python whose packages the kernel uses.
    :param options: more options of `pyflink-kernel install`.
    """

    def __init__(self, folder: pathlib.Path, python: str, *options: str) -> None:
        self.folder = folder
        self.env = clean_environment(
            JUPYTER_DATA_DIR=str(folder / "data"), JUPYTER_RUNTIME_DIR=str(folder / "run"),
            IPYTHONDIR=str(folder / "ipython"), VIRTUAL_ENV=None,
        )  # fmt: skip
        subprocess.run(
            [KERNEL, "install", "--user", "--name", "tested", "--python", python, *options],
            env=self.env, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self.manager = KernelManager(
            kernel_name="tested", connection_file=str(folder / "run" / "tested.json")
        )
        self.manager.kernel_spec_manager.kernel_dirs = [str(folder / "data" / "kernels")]
        self.log = (folder / "log").open("wb")
        (folder / "run").mkdir(exist_ok=True)

    def start(self) -> Client:
        """Start the process; its first client."""
        self.manager.start_kernel(env=self.env, stderr=self.log, cwd=str(self.folder))
        return self.client()

    @property
    def pid(self) -> int:
        """The process."""
        return self.manager.provisioner.process.pid

    def client(self) -> Client:
        """One more client, with a session of its own."""
        kc = BlockingKernelClient(connection_file=self.manager.connection_file)
        kc.load_connection_file()
        kc.start_channels()
        kc.wait_for_ready(timeout=TIMEOUT)
        return Client(kc)

    def end(self) -> None:
        """End the process, at once."""
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.log.close()

    def text(self) -> str:
        """What the kernel wrote on its own standard error."""
        return (self.folder / "log").read_text(errors="replace")
