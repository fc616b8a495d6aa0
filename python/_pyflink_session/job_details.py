"""One job: its operators as a table and as a graph with their counters, and its checkpoints."""

from __future__ import annotations

import html
import json
from typing import Any

from _pyflink_session import graphs
from _pyflink_session.jobs import duration, ended, grouped, session_jobs

_BUSY_SHARE = 50  # percent of back-pressure from which on an operator is drawn as held up

_TONES = {
    "FINISHED": "good",
    "FAILED": "bad",
    "FAILING": "bad",
    "CANCELED": "gone",
    "CANCELING": "gone",
}


def _share(vertex: dict[str, Any], name: str) -> str:
    """A gauge of milliseconds a second as percent, "" when it is not known."""
    value = vertex.get(name)
    return "" if value is None else "%d %%" % round(value / 10)


class JobDetails:
    """What %job N shows: at a time, not live.

    :param number: the number of the job.
    :ivar number: the same.
    :ivar ended: whether it has ended, so that nothing here changes any more.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self._data = json.loads(str(session_jobs().describe(number)))
        self.ended = ended(self._data["job"])

    def _operators(self) -> tuple[list[str], list[list[str]], list[bool]]:
        head = ["operators", "subtasks", "state", "in", "out", "busy", "back-pressured"]
        rows = [
            [
                vertex["name"],
                str(vertex["parallelism"]),
                vertex["state"],
                grouped(vertex.get("numRecordsIn", 0)),
                grouped(vertex.get("numRecordsOut", 0)),
                _share(vertex, "busyTimeMsPerSecond"),
                _share(vertex, "backPressuredTimeMsPerSecond"),
            ]
            for vertex in self._data["vertices"]
        ]
        return head, rows, [False, True, False, True, True, True, True]

    def _head(self) -> str:
        job = self._data["job"]
        return "job %d '%s', %s, %s, %s records in, %s out, %s/s" % (
            job["job"],
            job["name"],
            job["state"],
            duration(job["millis"]),
            grouped(job["records"]),
            grouped(job["records_out"]),
            grouped(job["rate"]),
        )

    def _checkpoints(self) -> str:
        checkpoints = self._data["checkpoints"]
        if not checkpoints or not (checkpoints["completed"] or checkpoints["failed"]):
            return "no checkpoints"
        text = "%d checkpoints completed, %d failed" % (
            checkpoints["completed"],
            checkpoints["failed"],
        )
        if "last_millis" in checkpoints:
            text += "; the last took %d ms for %s bytes" % (
                checkpoints["last_millis"],
                grouped(checkpoints["last_bytes"]),
            )
        return text

    def __repr__(self) -> str:
        from pyflink.util._tables import as_text

        head, rows, right = self._operators()
        table = as_text(head, rows, right, 38) if rows else "no operators any more"
        return "\n".join([self._head(), table, self._checkpoints()])

    def _node(self, vertex: dict[str, Any]) -> graphs.Node:
        notes = [
            "parallelism %d, %s" % (vertex["parallelism"], vertex["state"]),
            "in %s, out %s"
            % (grouped(vertex.get("numRecordsIn", 0)), grouped(vertex.get("numRecordsOut", 0))),
        ]
        tone = _TONES.get(vertex["state"], "plain")
        pressed = _share(vertex, "backPressuredTimeMsPerSecond")
        if tone == "plain" and pressed:
            notes.append("busy %s, held up %s" % (_share(vertex, "busyTimeMsPerSecond"), pressed))
            if vertex["backPressuredTimeMsPerSecond"] >= 10 * _BUSY_SHARE:
                tone = "busy"
        return graphs.Node(vertex["id"], vertex["name"], notes, tone)

    def _repr_svg_(self) -> str:
        edges = [
            graphs.Edge(edge["id"], node["id"], edge.get("ship_strategy", ""))
            for node in json.loads(self._data["plan"]).get("nodes", [])
            for edge in node.get("inputs", [])
        ]
        return graphs.as_svg([self._node(vertex) for vertex in self._data["vertices"]], edges)

    def _repr_html_(self) -> str:
        from pyflink.util._tables import as_html

        drawing = graphs.as_html(self._repr_svg_()) if self._data["vertices"] else ""
        return '<div class="pyflink-job-details"><p>%s</p>%s%s<p>%s</p></div>' % (
            html.escape(self._head()),
            drawing,
            as_html(*self._operators()),
            self._checkpoints(),
        )
