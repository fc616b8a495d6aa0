"""What strangers and broken clients send never stops the kernel."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import time
from typing import Any

import psutil
import pytest
import zmq
from client import KERNEL, Client, Kernel


@pytest.fixture
def shell(kernel: Kernel) -> Any:
    """A socket that sends raw frames to the shell channel."""
    info = kernel.manager.get_connection_info()
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.linger = 1000
    socket.connect(f"tcp://{info['ip']}:{info['shell_port']}")
    yield socket
    context.destroy()


def frames(client: Client, code: str, **header: Any) -> list[bytes]:
    """A signed execute_request as frames."""
    session = client.kc.session
    message = session.msg("execute_request", {
        "code": code, "silent": False, "store_history": False, "user_expressions": {},
        "allow_stdin": False, "stop_on_error": False})  # fmt: skip
    message["header"].update(header)
    return session.serialize(message)


def test_forged_and_replayed_messages_are_dropped(client: Client, shell: Any) -> None:
    client.run("ran = []").ok()
    good = frames(client, "ran.append('good')")
    shell.send_multipart(good)
    shell.send_multipart(good)
    forged = frames(client, "ran.append('forged')")
    forged[1] = forged[1][:-1] + (b"0" if forged[1][-1:] != b"0" else b"1")
    shell.send_multipart(forged)
    shell.send_multipart([forged[0], b"", *forged[2:]])
    shell.send_multipart(frames(client, "ran.append('last')"))
    client.until(lambda m: m["msg_type"] == "execute_input" and "last" in m["content"]["code"])
    assert client.run("ran").result() == "['good', 'last']"


def test_rubbish(client: Client, shell: Any, kernel: Kernel) -> None:
    good = frames(client, "1")
    sign = client.kc.session.sign

    def signed(*parts: bytes) -> list[bytes]:
        return [b"<IDS|MSG>", sign(list(parts)), *parts]

    header = json.loads(good[2])
    cases = [
        [b""], [b"<IDS|MSG>"], good[:3], good[2:], [b"x"] * 5000, [b"<IDS|MSG>"] * 20,
        signed(b"{}", b"{}", b"{}", b"{}"), signed(b"[1]", b"{}", b"{}", b"{}"),
        signed(b"\xff\xfe", b"", b"", b""), signed(good[2], b"{", b"[", b"nothing"),
        signed(good[2].replace(b"execute_request", b"no_such_request"), b"{}", b"{}", b"{}"),
        signed(b"[" * 100_000, b"{}", b"{}", b"{}"),
        signed(json.dumps({**header, "msg_id": 5}).encode(), b"{}", b"{}", b"{}"),
    ]  # fmt: skip
    for kind in ("complete", "inspect", "history", "is_complete", "comm_info", "debug", "interrupt",
                 "shutdown_", "input"):  # fmt: skip
        for content in (b"{}", b"[]", b'"x"', b"{", b'{"code": 5, "cursor_pos": "x"}', b"\0"):
            named = {**header, "msg_type": kind + "_request", "msg_id": os.urandom(8).hex()}
            cases.append(signed(json.dumps(named).encode(), b"{}", b"{}", content))
    chance = random.Random(6)
    for _ in range(300):
        mixed = list(good)
        mixed[chance.randrange(len(mixed))] = chance.randbytes(chance.randrange(200))
        cases.append(mixed)
    for case in cases:
        shell.send_multipart(case)
        client.kc.stdin_channel.socket.send_multipart(case)
    assert client.kc.is_alive()
    shell.send_multipart(frames(client, "'done'"))
    client.until(lambda m: m["msg_type"] == "execute_input" and "done" in m["content"]["code"])
    client.other.clear()
    assert client.run("'well'").result() == "'well'"
    assert "was dropped" in kernel.text()
    assert len(kernel.text().splitlines()) < 200  # nobody fills the disk with our log


def test_a_message_of_100_megabytes(client: Client, kernel: Kernel) -> None:
    process = psutil.Process(kernel.pid)
    done = client.run("len('" + "x" * 100_000_000 + "')", store_history=False, silent=True)
    assert done.content["status"] == "ok"
    client.send("comm_msg", {"comm_id": "x", "data": {}}, buffers=[bytes(100_000_000)])
    assert client.run("1 + 1").result() == "2"
    deadline = time.monotonic() + 20
    while process.memory_info().rss > 1_200_000_000 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert process.memory_info().rss < 1_200_000_000


def test_replies_to_a_client_that_is_gone(client: Client, kernel: Kernel, shell: Any) -> None:
    shell.send_multipart(frames(client, "import time; time.sleep(0.3); print('x' * 1000)"))
    client.until(lambda m: m["msg_type"] == "execute_input")
    shell.close(0)
    client.until(lambda m: m["msg_type"] == "stream")
    client.other.clear()
    assert client.run("1").ok()


def test_only_the_loopback_address_listens(kernel: Kernel) -> None:
    process = psutil.Process(kernel.pid)
    ports = {v for k, v in kernel.manager.get_connection_info().items() if k.endswith("_port")}
    listening = {c.laddr for c in process.net_connections("inet") if c.status == "LISTEN"}
    assert ports <= {address.port for address in listening}
    assert {address.ip for address in listening if address.port in ports} == {"127.0.0.1"}


@pytest.mark.parametrize("named", [True, False])
def test_a_connection_file_is_made(kernel: Kernel, tmp_path: Any, named: bool) -> None:
    env = {**kernel.env, "JUPYTER_RUNTIME_DIR": str(tmp_path / "run")}
    path = tmp_path / "made" / "c.json"
    words = [KERNEL, "-f", path] if named else [KERNEL]
    process = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        line = process.stderr.readline().decode()
        file = line.split("--existing ", 1)[1].strip()
        assert named == (file == str(path)) and file.startswith(str(tmp_path))
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        info = json.loads(open(file).read())
        assert info["ip"] == "127.0.0.1" and info["signature_scheme"] == "hmac-sha256"
        assert len(info["key"]) >= 32
        from jupyter_client.blocking import BlockingKernelClient

        kc = BlockingKernelClient(connection_file=file)
        kc.load_connection_file()
        kc.start_channels()
        client = Client(kc)
        kc.wait_for_ready(timeout=30)
        assert client.run("6 * 7").result() == "42"
        client.send("shutdown_request", {"restart": False}, "control")
        reply = kc.get_control_msg(timeout=30)
        assert reply["content"] == {"status": "ok", "restart": False}
        client.close()
        assert process.wait(20) == 0
        assert not os.path.exists(file)
    finally:
        process.kill()
        process.stderr.close()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"shell_port": "x"}', '{"transport": "carrier"}',
                                  '{"signature_scheme": "hmac-none", "key": "k"}'])  # fmt: skip
def test_wrong_connection_files(kernel: Kernel, tmp_path: Any, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    done = subprocess.run([KERNEL, "-f", path], env=kernel.env, capture_output=True, timeout=30)
    assert done.returncode == 1
    assert str(path) in done.stderr.decode()
