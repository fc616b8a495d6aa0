"""Requests and replies of the messaging protocol, each field of each message checked."""

from __future__ import annotations

import sys

from client import Client, Kernel


def test_kernel_info_on_shell_and_control(client: Client) -> None:
    for channel in ("shell", "control"):
        info = client.ask("kernel_info_request", {}, channel).content
        assert tuple(map(int, info["protocol_version"].split("."))) >= (5, 4)
        assert info["implementation"] == "pyflink-kernel"
        assert info["language_info"]["version"] == "%d.%d.%d" % sys.version_info[:3]
        assert set(info["supported_features"]) == {"debugger", "kernel subshells"}


def test_kernel_info_while_a_cell_runs(client: Client) -> None:
    cell = client.execute("input('wait')")
    client.wait_busy(cell)
    client.ask("kernel_info_request", {}, "control")
    asked = client.send("kernel_info_request", {})  # on shell it waits its turn
    client.answers.append("go")
    client.finish(cell).ok()
    client.finish(asked)


def test_result_and_input(client: Client) -> None:
    done = client.run("6 * 7").ok()
    assert done.kinds == ["execute_input", "execute_result"]
    count = done.content["execution_count"]
    assert done.of("execute_input") == [{"code": "6 * 7", "execution_count": count}]
    assert done.of("execute_result")[0]["execution_count"] == count
    assert done.result() == "42"
    assert client.run("pass").content["execution_count"] == count + 1


def test_all_messages_have_the_requests_header_as_parent(client: Client) -> None:
    cell = client.execute("print('x'); 1")
    done = client.finish(cell)
    for message in [done.reply, *done.messages]:
        assert message["parent_header"]["msg_id"] == cell
        assert message["parent_header"]["session"] == client.kc.session.session
        assert message["parent_header"]["msg_type"] == "execute_request"
    sessions = {message["header"]["session"] for message in [done.reply, *done.messages]}
    assert len(sessions) == 1 and sessions != {client.kc.session.session}
    ids = [message["header"]["msg_id"] for message in [done.reply, *done.messages]]
    assert len(set(ids)) == len(ids)


def test_silent(client: Client) -> None:
    count = client.run("1").content["execution_count"]
    done = client.run("2; silent_name = 3", silent=True)
    assert "execute_input" not in done.kinds and "execute_result" not in done.kinds
    assert client.run("silent_name").result() == "3"
    assert client.run("pass").content["execution_count"] == count + 2
    tail = client.ask("history_request", history(n=5)).content["history"]
    assert not any("2; silent_name" in row[2] for row in tail)


def test_without_history(client: Client) -> None:
    count = client.run("1").content["execution_count"]
    done = client.run("10 + 1", store_history=False)
    assert done.result() == "11"
    assert client.run("pass").content["execution_count"] == count + 1
    tail = client.ask("history_request", history(n=2)).content["history"]
    assert [row[2] for row in tail] == ["1", "pass"]


def test_user_expressions(client: Client) -> None:
    done = client.run("a = 5", user_expressions={"good": "a + 1", "bad": "1 / 0"}).ok()
    good, bad = (done.content["user_expressions"][name] for name in ("good", "bad"))
    assert good["status"] == "ok" and good["data"] == {"text/plain": "6"}
    assert bad["status"] == "error" and bad["ename"] == "ZeroDivisionError"
    assert isinstance(bad["traceback"], list)


def test_error(client: Client) -> None:
    done = client.run("def f():\n    raise ValueError('wrong')\nf()")
    assert done.kinds == ["execute_input", "error"]
    (error,) = done.of("error")
    for content in (error, done.content):
        assert (content["ename"], content["evalue"]) == ("ValueError", "wrong")
    assert "f()" in "".join(error["traceback"])
    assert client.run("syntax error here").content["ename"] == "SyntaxError"


def test_stop_on_error(client: Client) -> None:
    failing = "import time\ntime.sleep(0.5)\n1 / 0"  # the others arrive before it fails
    cells = [client.execute(code) for code in (failing, "ran = 1", "ran = 2")]
    complete = client.send("complete_request", {"code": "impor", "cursor_pos": 5})
    done = [client.finish(cell) for cell in cells]
    assert [d.content["status"] for d in done] == ["error", "aborted", "aborted"]
    assert client.finish(complete).content["matches"]  # only cells are aborted
    assert client.run("'ran' in globals()").result() == "False"
    cells = [client.execute(failing, stop_on_error=False), client.execute("went_on = 1")]
    assert [client.finish(cell).content["status"] for cell in cells] == ["error", "ok"]


def test_malformed_contents_get_an_error(client: Client) -> None:
    for content in ({}, {"code": 1}, {"code": None, "silent": "x"}):
        assert client.ask("execute_request", content, error=True).content["ename"]
    assert client.run("1").result() == "1"


def test_displays(client: Client) -> None:
    client.run("from IPython.display import HTML, clear_output, display, update_display").ok()
    done = client.run("h = display(HTML('<b>1</b>'), display_id=True)").ok()
    (shown,) = done.of("display_data")
    assert shown["data"]["text/html"] == "<b>1</b>"
    done = client.run("h.update(HTML('<b>2</b>'))").ok()
    (updated,) = done.of("update_display_data")
    assert updated["transient"] == shown["transient"] != {}
    assert updated["data"]["text/html"] == "<b>2</b>"
    assert client.run("clear_output(wait=True)").of("clear_output") == [{"wait": True}]
    png = client.run(
        "from IPython.display import Image\n"
        "display(Image(b'\\x89PNG\\r\\n\\x1a\\nx', format='png'))"
    ).of("display_data")[0]["data"]["image/png"]
    assert png.strip() == "iVBORw0KGgp4"


def test_metadata_of_displays(client: Client) -> None:
    done = client.run("display({'text/plain': 'x'}, raw=True, metadata={'text/plain': {'a': 1}})")
    assert done.of("display_data")[0]["metadata"] == {"text/plain": {"a": 1}}


def test_complete(client: Client) -> None:
    client.run("variable_one, variable_two = 1, 2\n'😀'")
    reply = client.ask("complete_request", {"code": "variable_", "cursor_pos": 9}).content
    assert reply["matches"] == ["variable_one", "variable_two"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (0, 9)
    # A character beyond the basic plane counts as one.
    reply = client.ask("complete_request", {"code": "'😀'.isal", "cursor_pos": 8}).content
    assert (reply["cursor_start"], reply["cursor_end"]) == (4, 8)
    assert any("isalnum" in match for match in reply["matches"])
    reply = client.ask("complete_request", {"code": "nothing_is_called_so", "cursor_pos": 20})
    assert reply.content["matches"] == []


def test_inspect(client: Client) -> None:
    client.run("def documented(a):\n    'What it does.'\n    return a  # source")
    asked = {"code": "documented(1)", "cursor_pos": 4, "detail_level": 0}
    reply = client.ask("inspect_request", asked).content
    assert reply["found"] and "What it does." in reply["data"]["text/plain"]
    reply = client.ask("inspect_request", {**asked, "detail_level": 1}).content
    assert "# source" in reply["data"]["text/plain"]
    reply = client.ask("inspect_request", {**asked, "code": "no_such_name"}).content
    assert reply == {"status": "ok", "found": False, "data": {}, "metadata": {}}


def test_is_complete(client: Client) -> None:
    for code, status, indent in (
        ("1 + 1", "complete", None), ("for i in x:", "incomplete", "    "),
        ("if x:\n    if y:", "incomplete", "        "), ("a b c", "invalid", None),
        ("'''open", "incomplete", ""), ("%magic", "complete", None), ("", "complete", None),
    ):  # fmt: skip
        reply = client.ask("is_complete_request", {"code": code}).content
        assert (reply["status"], reply.get("indent")) == (status, indent), code


def history(access: str = "tail", **more: object) -> dict[str, object]:
    return {"hist_access_type": access, "raw": True, "output": False, **more}


def test_history(client: Client) -> None:
    for code in ("first = 1", "'second'", "'second'", "%time 3"):
        client.run(code).ok()

    def ask(*args: str, **more: object) -> list[list[object]]:
        return client.ask("history_request", history(*args, **more)).content["history"]

    tail = ask(n=4)
    assert [row[2] for row in tail] == ["first = 1", "'second'", "'second'", "%time 3"]
    session, start = tail[0][:2]
    assert [row[:2] for row in tail] == [[session, start + i] for i in range(4)]
    assert ask("range", session=session, start=start, stop=start + 2) == tail[:2]
    assert ask("range", session=0, start=start + 1, stop=start + 2) == tail[1:2]
    assert ask("search", pattern="'sec*", n=10) == tail[1:3]
    assert [row[2] for row in ask("search", pattern="'sec*", unique=True, n=10)] == ["'second'"]
    assert len(ask("search", pattern="*", n=2)) == 2
    assert "run_line_magic" in ask(n=1, raw=False)[0][2]
    assert ask(n=3, output=True)[0][2][0] == "'second'"
    assert ask("range", session=session, start=start + 1, stop=start + 2, output=True) == [
        [session, start + 1, ["'second'", "'second'"]]
    ]


def test_comm_info_and_connect(client: Client, kernel: Kernel) -> None:
    assert client.ask("comm_info_request", {}).content["comms"] == {}
    ports = client.ask("connect_request", {}).content
    info = kernel.manager.get_connection_info()
    for name in ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"):
        assert ports[name] == info[name]


def test_pager(client: Client) -> None:
    (payload,) = client.run("print?").ok().content["payload"]
    assert payload["source"] == "page" and payload["start"] == 0
    assert "Docstring" in payload["data"]["text/plain"]
    assert client.run("1").content["payload"] == []


def test_two_clients(client: Client, kernel: Kernel) -> None:
    second = kernel.client()
    try:
        one, two = client.execute("shared = 1; print('one')"), None
        client.finish(one).ok()
        two = second.execute("print('two', shared)")
        assert second.finish(two).text() == "two 1\n"
        # Each sees what the other does, with the other's header.
        seen = client.until(lambda m: m["msg_type"] == "stream")
        assert seen["content"]["text"] == "two 1\n"
        assert seen["parent_header"]["msg_id"] == two
        assert seen["parent_header"]["session"] == second.kc.session.session
        # A question goes to the client that runs the cell.
        cell = second.execute("input('for the second')")
        second.answers.append("x")
        assert second.finish(cell).result() == "'x'"
        assert not client.kc.stdin_channel.msg_ready()
    finally:
        second.close()


def test_a_thousand_cells(client: Client) -> None:
    count = client.run("total = 0").content["execution_count"]
    cells = [client.execute(f"total += {i}; total") for i in range(1000)]
    for place, cell in enumerate(cells):
        done = client.finish(cell).ok()
        assert done.content["execution_count"] == count + 1 + place
    assert done.result() == str(sum(range(1000)))


def test_heartbeat(client: Client) -> None:
    assert client.kc.hb_channel.is_beating()


def test_input(client: Client) -> None:
    client.answers += ["some text ü", "secret"]
    done = client.run("import getpass\n(input('Name: '), getpass.getpass('Code: '))").ok()
    assert done.result() == "('some text ü', 'secret')"
    assert client.prompts == [
        {"prompt": "Name: ", "password": False}, {"prompt": "Code: ", "password": True}
    ]  # fmt: skip
    refused = client.run("input('x')", allow_stdin=False)
    assert refused.content["ename"] == "StdinNotImplementedError"


def test_top_level_await(client: Client) -> None:
    done = client.run("import asyncio\nawait asyncio.sleep(0.01, 'slept')").ok()
    assert done.result() == "'slept'"
