"""A notebook with rich results, run by nbconvert and opened in headless Chromium.

The elements have to be there, laid out, and painted where they are; no picture is compared.
"""

from __future__ import annotations

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Any

import nbformat
import pytest
from PIL import Image

BROWSER = os.environ.get("PYFLINK_SHELL_TEST_BROWSER") or next(
    filter(None, map(shutil.which, ("chromium", "google-chrome"))), None
)
WIDTH, HEIGHT = 1400, 6000
HOSTILE = "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 2'>"

CELLS = [
    "env.set_parallelism(1)\n"
    "people = env.from_collection([('ann', 3), ('bob', 5)], Types.ROW_NAMED(\n"
    "    ['name', 'age'], [Types.STRING(), Types.INT()]))\n"
    "people",
    "people.show(1)",
    "numbers = env.from_sequence(1, 400_000)\n"
    f"both = numbers.key_by(lambda x: x % 3).map(lambda x: x).name({HOSTILE!r})\n"
    "_ = both.filter(lambda x: x < 0).print()\n"
    "%plan",
    f"env.execute({HOSTILE!r})",
    "_ = numbers.key_by(lambda x: x % 3).map(lambda x: x).filter(lambda x: x < 0).print()\n"
    "job = env.execute_async('behind')\n"
    "job",
    "%job",
    "_ = %wait",
    "%jobs",
    f"_ = env.from_sequence(1, 9).map(lambda x: x).name({HOSTILE!r}).print()\n"
    "_ = env.execute()",
    "%job",
]

# Runs in the page: what is there, how large, where, and whether a name became more than text.
LOOK = """
<script>
window.addEventListener("load", function () {
  function boxes(selector) {
    return Array.from(document.querySelectorAll(selector), function (element) {
      var box = element.getBoundingClientRect();
      return {x: box.x, y: box.y, width: box.width, height: box.height,
              text: element.textContent, fill: element.getAttribute("fill"),
              value: element.getAttribute("value")};
    });
  }
  var found = document.createElement("pre");
  found.id = "found";
  found.hidden = true;
  found.textContent = JSON.stringify({
    jobs: boxes("div.pyflink-job"), bars: boxes("div.pyflink-job progress"),
    graphs: boxes("svg.pyflink-graph"), operators: boxes("svg.pyflink-graph g.operator"),
    rects: boxes("svg.pyflink-graph g.operator rect"),
    edges: boxes("svg.pyflink-graph path.edge"), tables: boxes("table.pyflink"),
    hurt: window.hurt || 0, height: document.documentElement.scrollHeight});
  document.body.appendChild(found);
});
</script>
"""


def browse(page: pathlib.Path, *words: str) -> str:
    """Open a page; what the browser printed. It reaches no network."""
    assert BROWSER, "chromium is not there: share/check installs it (apt-get install chromium)"
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--force-device-scale-factor=1", "--hide-scrollbars", "--no-first-run",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=10000",
         f"--user-data-dir={page.parent / 'profile'}", f"--window-size={WIDTH},{HEIGHT}",
         *words, page.as_uri()],
        capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def page(installed: str, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The notebook as HTML."""
    folder = tmp_path_factory.mktemp("page")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in CELLS],
        metadata={"kernelspec": {"name": installed, "display_name": "", "language": "python"}},
    )
    nbformat.write(notebook, folder / "rich.ipynb")
    subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--execute", "rich.ipynb"],
        cwd=folder, check=True, timeout=300,
    )  # fmt: skip
    text = (folder / "rich.html").read_text(encoding="utf-8")
    path = folder / "looked-at.html"
    path.write_text(text.replace("</body>", LOOK + "</body>"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(page: pathlib.Path) -> dict[str, Any]:
    """What the browser has made of the page."""
    dom = browse(page, "--dump-dom")
    match = re.search(r'<pre id="found"[^>]*>(.*?)</pre>', dom, re.DOTALL)
    assert match, dom[-2000:]
    return json.loads(html.unescape(match.group(1)))


def test_elements_are_there_and_have_a_place(found: dict[str, Any]) -> None:
    for kind in ("jobs", "bars", "graphs", "operators", "rects", "edges", "tables"):
        for element in found[kind]:
            assert element["width"] > 0 and element["x"] >= 0, (kind, element)
            assert element["height"] > 0 or kind == "edges", (kind, element)
    assert len(found["graphs"]) == 3  # %plan and twice %job
    tables = " ".join(table["text"] for table in found["tables"])
    for text in ("name", "String", "ann", "run time", "records in", "operators"):
        assert text in tables


def test_jobs_show_their_end(found: dict[str, Any]) -> None:
    assert len(found["jobs"]) == 3
    assert all("FINISHED" in job["text"] for job in found["jobs"]), found["jobs"]
    assert "400,000 records in" in found["jobs"][0]["text"]
    assert [bar["value"] for bar in found["bars"]] == ["100"] * 3
    graph = found["graphs"][1]["text"]  # the one that was live
    assert "FINISHED" in graph and "in 400,000" in graph and "RUNNING" not in graph


def test_names_of_users_do_nothing(found: dict[str, Any]) -> None:
    assert found["hurt"] == 0
    assert HOSTILE in found["jobs"][0]["text"]
    assert any(HOSTILE in operator["text"] for operator in found["operators"])


def test_operators_are_painted(page: pathlib.Path, found: dict[str, Any]) -> None:
    picture = page.parent / "page.png"
    browse(page, f"--screenshot={picture}")
    assert found["height"] <= HEIGHT, "the page is longer than the picture"
    with Image.open(picture) as image:
        assert image.size == (WIDTH, HEIGHT)
        for rect in found["rects"]:
            pixel = image.convert("RGB").getpixel((int(rect["x"]) + 6, int(rect["y"]) + 4))
            assert "#%02x%02x%02x" % pixel == rect["fill"], rect
