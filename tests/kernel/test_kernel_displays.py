"""What a notebook shows of jobs, streams and programs: as HTML, as SVG, and kept up to date."""

from __future__ import annotations

import html.parser
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import pytest
from client import Client

SVG = "{http://www.w3.org/2000/svg}"
LINE = 'class="pyflink-job"'
NEW_ENVIRONMENT = "env = StreamExecutionEnvironment.get_execution_environment()\n"
WAIT = (
    "def wait(x):\n"
    "    import os, time\n"
    "    while not os.path.exists('{gate}'):\n        time.sleep(0.01)\n"
    "    return x\n"
)


class Page(html.parser.HTMLParser):
    """The elements of a piece of HTML; all of them are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, Any]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def harmless(self) -> Page:
        """Itself; fails when there is anything that acts, or that a sanitizer takes away."""
        assert not set(self.tags) & {"script", "style", "img", "iframe", "a", "foreignobject"}
        for name, value in self.attributes:
            assert not name.startswith("on") and name not in ("id", "href"), (name, value)
        return self


def page(content: dict[str, Any]) -> Page:
    """The HTML of a display or a result, which has a text beside it."""
    assert content["data"]["text/plain"]
    return Page(content["data"]["text/html"]).harmless()


def graph(text: str) -> ElementTree.Element:
    """The drawing in a piece of HTML or SVG, which is XML."""
    found = text[text.index("<svg") : text.rindex("</svg>") + len("</svg>")]
    return ElementTree.fromstring(found)


def operators(svg: ElementTree.Element) -> list[str]:
    """All text of each operator of a drawing."""
    groups = svg.findall(f".//{SVG}g[@class='operator']")
    return [" ".join(group.itertext()) for group in groups]


def shown_id(content: dict[str, Any]) -> Any:
    return content["transient"].get("display_id")


def line_of(done: Any, state: str) -> dict[str, Any]:
    """The only display of a job of a cell, checked: it appears once and ends in a state."""
    (first,) = [c for c in done.of("display_data") if LINE in c["data"]["text/html"]]
    updates = [c for c in done.of("update_display_data") if shown_id(c) == shown_id(first)]
    assert shown_id(first)
    assert all(c["metadata"] == {} for c in [first, *updates])
    last = ([first] + updates)[-1]
    assert state in last["data"]["text/plain"], last
    assert state in page(last).text
    return last


def is_update(number: Any, state: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a message updates a display with a state."""
    return lambda m: (
        m["msg_type"] == "update_display_data"
        and shown_id(m["content"]) == number
        and state in m["content"]["data"]["text/plain"]
    )


def test_a_job_has_one_display_that_ends_before_its_cell(client: Client) -> None:
    started = time.monotonic()
    done = client.run(
        "def slow(x):\n    import time\n    time.sleep(0.001)\n    return x\n"
        "env.set_parallelism(1)\n"
        "env.from_sequence(1, 1500).map(slow).filter(lambda x: x < 0).print()\n"
        "env.execute('steps')"
    ).ok()
    seconds = time.monotonic() - started
    last = line_of(done, "FINISHED")
    assert "'steps' FINISHED: 1,500 records in, 0 out" in last["data"]["text/plain"]
    assert ("value", "100") in page(last).attributes and "progress" in page(last).tags
    updates = done.of("update_display_data")
    assert 2 <= len(updates) <= 3 + seconds / 0.4  # two a second, and the end
    assert done.kinds.index("display_data") < done.kinds.index("update_display_data")
    percents = [dict(page(c).attributes).get("value") for c in updates]
    assert percents[-1] == "100" and any(p not in ("0", "100") for p in percents), percents
    # The result of the cell is a table beside it.
    (result,) = done.of("execute_result")
    assert "table" in page(result).tags and "run time" in page(result).text


def test_jobs_that_fail_or_are_cancelled_or_collected(client: Client) -> None:
    done = client.run("env.from_collection([0]).map(lambda x: 1 // x).print()\nenv.execute('bad')")
    assert done.content["ename"] == "JobExecutionError"
    line_of(done, "FAILED")
    done = client.run("list(env.from_collection([1]).execute_and_collect('rows'))").ok()
    line_of(done, "FINISHED")
    cell = client.execute(
        "def endless(x):\n    import time\n    print('begun')\n    time.sleep(0.01)\n    return x\n"
        "env.from_sequence(1, 10**9).map(endless).print()\nenv.execute('endless')"
    )
    client.wait_stream(cell, "begun")
    client.ask("interrupt_request", {}, "control")
    done = client.finish(cell)
    assert done.content["ename"] == "KeyboardInterrupt"
    line_of(done, "CANCELED")


def test_two_jobs_of_a_cell_and_a_cell_without(client: Client) -> None:
    done = client.run(
        "for name in ('one', 'two'):\n"
        "    env.from_collection([1]).print()\n    _ = env.execute(name)"
    ).ok()
    shown = done.of("display_data")
    assert len({shown_id(c) for c in shown}) == 2
    for content in shown:
        updates = [c for c in done.of("update_display_data") if shown_id(c) == shown_id(content)]
        assert "FINISHED" in updates[-1]["data"]["text/plain"]
    assert client.run("1 + 1").ok().kinds == ["execute_input", "execute_result"]


def test_a_job_in_the_background_is_shown_below_its_cell(client: Client) -> None:
    cell = client.execute(
        WAIT.format(gate="open-1")
        + "env.from_collection(['x']).map(wait).print()\njob = env.execute_async('late')\njob"
    )
    done = client.finish(cell).ok()
    (first,) = done.of("display_data")
    assert "'late' " in first["data"]["text/plain"]
    (client_shown,) = done.of("execute_result")
    assert "late" in page(client_shown).text and "table" in page(client_shown).tags
    # It goes on while no cell runs and while others do.
    update = client.until(is_update(shown_id(first), "RUNNING"))
    assert update["parent_header"]["msg_id"] == cell
    second = client.execute("%job")
    (details,) = client.finish(second).ok().of("display_data")
    assert len(operators(graph(details["data"]["text/html"]))) == 1
    update = client.until(is_update(shown_id(details), "RUNNING"))
    assert update["parent_header"]["msg_id"] == second
    third = client.execute("open('open-1', 'w').close()\n%wait")
    waited = client.finish(third).ok()
    for display, parent in ((first, cell), (details, second)):
        update = client.until(is_update(shown_id(display), "FINISHED"))
        assert update["parent_header"]["msg_id"] == parent
        assert "FINISHED" in page(update["content"]).text
        # A client that runs cell by cell reads the end with the cell that has waited.
        last = [c for c in waited.of("update_display_data") if shown_id(c) == shown_id(display)]
        assert "FINISHED" in last[-1]["data"]["text/plain"]


def test_a_job_without_an_end_has_no_bar(client: Client) -> None:
    done = client.run(
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "env.socket_text_stream('127.0.0.1', server.getsockname()[1]).print()\n"
        "job = env.execute_async('lines')"
    )
    (first,) = done.ok().of("display_data")
    assert "progress" not in page(first).tags and "records in" in page(first).text
    done = client.run("%cancel\nserver.close()").ok()
    assert client.until(is_update(shown_id(first), "CANCELED"))


@pytest.mark.parametrize("what", ["%plan", "%plan hostile", "%job", "%jobs", "hostile", "job"])
def test_names_of_users_are_only_text(client: Client, what: str) -> None:
    run = what in ("%job", "%jobs", "job")
    done = client.run(
        NEW_ENVIRONMENT
        + "name = \"<script>alert('x')</script>&amp;\\x00\\x1b<img src=x onerror=y>\"\n"
        "hostile = env.from_collection([1]).map(lambda x: x).name(name)"
        ".key_by(lambda x: x).map(lambda x: x).name(name)\n"
        "_ = hostile.print().name(name)\n"
        + ("job = env.execute_async(name)\n_ = job.get_job_execution_result().result()\n" * run)
        + what
    )  # fmt: skip
    for content in done.ok().of("display_data") + done.of("update_display_data"):
        assert "<script>" in page(content).text
    (result,) = done.of("execute_result")
    assert "<script>alert('x')</script>&amp;" in page(result).text
    if what in ("%plan", "%plan hostile", "%job"):
        svg = result["data"].get("image/svg+xml", result["data"]["text/html"])
        assert any("<script>" in text for text in operators(graph(svg)))


def test_a_plan_is_a_picture(client: Client) -> None:
    done = client.run(
        NEW_ENVIRONMENT + "env.set_parallelism(2)\n"
        "left = env.from_collection([1, 2], Types.LONG())\n"
        "left = left.map(lambda x: x, Types.LONG()).name('to the left')\n"
        "right = env.from_sequence(1, 5)\n"
        "left.union(right).key_by(lambda x: x % 2).map(lambda x: x).name('both').print()\n"
        "%plan"
    )
    (result,) = done.ok().of("execute_result")
    assert set(result["data"]) == {"text/plain", "text/html", "image/svg+xml"}
    svg = graph(result["data"]["image/svg+xml"])
    assert svg.tag == SVG + "svg"
    texts = operators(svg)
    for name in ("to the left", "Sequence Source", "both", "Sink"):
        assert any(name in text and "parallelism" in text for text in texts), (name, texts)
    labels = [text.text for text in svg.findall(f"{SVG}text")]
    assert "HASH" in labels
    edges = svg.findall(f"{SVG}path[@class='edge']")
    assert len(edges) == result["data"]["text/plain"].count("←") >= len(texts) - 1
    page(result)
    client.run(NEW_ENVIRONMENT).ok()


def test_streams_show_their_schema_and_their_records(client: Client) -> None:
    done = client.run(
        "people = env.from_collection([('<ann>', 3), ('bob', 5), ('cid', 7)], Types.ROW_NAMED(\n"
        "    ['name', 'age'], [Types.STRING(), Types.INT()]))\npeople"
    )
    (result,) = done.ok().of("execute_result")
    shown = page(result)
    assert "table" in shown.tags
    for text in ("name", "String", "age", "Integer"):
        assert text in shown.text and text in result["data"]["text/plain"]
    done = client.run("people.show(2)").ok()
    (content,) = done.of("display_data")  # and none of a job
    shown = page(content)
    assert shown.tags.count("tr") == 3 and "<ann>" in shown.text and "first 2 records" in shown.text
    assert done.of("update_display_data") == []
