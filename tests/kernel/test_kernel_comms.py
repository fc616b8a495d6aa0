"""Comms in both directions, with metadata and buffers; ipywidgets on top of them."""

from __future__ import annotations

from client import Client


def test_a_comm_of_the_kernel(client: Client) -> None:
    opened = client.run(
        "import comm\n"
        "received = []\n"
        "c = comm.create_comm(target_name='target', data={'a': 1}, metadata={'m': 2},\n"
        "                     buffers=[b'one', memoryview(bytearray(b'two'))])\n"
        "def answer(message):\n"
        "    received.append(message)\n"
        "    c.send({'echo': True}, buffers=message['buffers'])\n"
        "c.on_msg(answer)"
    ).ok()
    (message,) = [m for m in opened.messages if m["msg_type"] == "comm_open"]
    content = message["content"]
    assert content["target_name"] == "target" and content["data"] == {"a": 1}
    assert message["metadata"] == {"m": 2}
    assert [bytes(b) for b in message["buffers"]] == [b"one", b"two"]
    name = content["comm_id"]
    info = client.ask("comm_info_request", {"target_name": "target"}).content
    assert info["comms"] == {name: {"target_name": "target"}}
    assert client.ask("comm_info_request", {"target_name": "other"}).content["comms"] == {}
    sent = client.send("comm_msg", {"comm_id": name, "data": {"x": 5}}, buffers=[b"\0\xff"])
    echo = client.until(
        lambda m: m["msg_type"] == "comm_msg" and m["parent_header"]["msg_id"] == sent
    )
    assert echo["content"] == {"comm_id": name, "data": {"echo": True}}
    assert [bytes(b) for b in echo["buffers"]] == [b"\0\xff"]
    done = client.run("received[0]['content']['data'], bytes(received[0]['buffers'][0])")
    assert done.result() == "({'x': 5}, b'\\x00\\xff')"
    client.other.clear()
    assert client.run("c.close()").of("comm_close") == [{"comm_id": name, "data": {}}]


def test_a_comm_of_the_client(client: Client) -> None:
    client.run(
        "opened = []\n"
        "get_ipython().kernel.comm_manager.register_target(\n"
        "    'mine', lambda comm, message: opened.append((comm.comm_id, message['metadata'])))"
    ).ok()
    opening = {"comm_id": "abc", "target_name": "mine", "data": {}}
    client.send("comm_open", opening, metadata={"v": 1})
    assert client.run("opened").result() == "[('abc', {'v': 1})]"
    client.send("comm_close", {"comm_id": "abc", "data": {}})
    client.send("comm_msg", {"comm_id": "unknown", "data": {}})
    client.send("comm_open", {"comm_id": "x", "target_name": "no such target", "data": {}})
    assert client.run("1").ok()
    assert "abc" not in client.ask("comm_info_request", {}).content["comms"]


def test_widgets(client: Client) -> None:
    done = client.run(
        "import ipywidgets as widgets\n"
        "slider = widgets.IntSlider(value=3, description='n')\n"
        "seen = []\n"
        "def moved(change):\n"
        "    seen.append(change.new)\n"
        "    print('moved', change.new)\n"
        "slider.observe(moved, 'value')\n"
        "slider"
    ).ok()
    (result,) = done.of("execute_result")
    model = result["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    opened = [m for m in done.messages if m["msg_type"] == "comm_open"]
    assert model in [m["content"]["comm_id"] for m in opened]
    assert all(m["metadata"]["version"].startswith("2.") for m in opened)
    # The user moves it.
    sent = client.send("comm_msg", {"comm_id": model, "data": {
        "method": "update", "state": {"value": 8}, "buffer_paths": []}})  # fmt: skip
    moved = client.until(lambda m: m["msg_type"] == "stream")
    assert moved["content"]["text"] == "moved 8\n"
    assert moved["parent_header"]["msg_id"] == sent
    client.other.clear()
    assert client.run("slider.value, seen").result() == "(8, [8])"
    # The kernel moves it.
    updates = client.run("slider.value = 9").of("comm_msg")
    assert any(u["data"]["state"] == {"value": 9} for u in updates)


def test_the_output_widget_captures(client: Client) -> None:
    cell = client.execute("out = widgets.Output()\nwith out:\n    print('captured')")
    done = client.finish(cell).ok()
    states = [u["data"].get("state", {}) for u in done.of("comm_msg")]
    assert {"msg_id": cell} in states and {"msg_id": ""} in states


def test_progress_by_updates(client: Client) -> None:
    done = client.run(
        "from IPython.display import ProgressBar\nfor _ in ProgressBar(3): pass"
    ).ok()
    first = done.of("display_data")[0]["transient"]["display_id"]
    updates = done.of("update_display_data")
    assert updates and all(u["transient"]["display_id"] == first for u in updates)
