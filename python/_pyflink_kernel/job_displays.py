"""Displays of jobs in a notebook, kept up to date while the jobs run.

A job has one below the cell that began it, and `%job` makes another one, with the graph. Each is a
display_data with an id and then update_display_data, about twice a second in the first minute of a
job and every two seconds later. States come from kernel/kernel_jobs.c on a thread of its own. At
the end of a cell its jobs are looked at once more: a cell that waited for a job shows how it ended
before it is idle.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any, Callable

import _pyflink_engine as engine
from _pyflink_session import progress
from _pyflink_session.job_details import JobDetails
from _pyflink_session.jobs import ended, session_jobs
from _pyflink_session.shell import send

_KEPT = 100  # jobs whose displays are known
_MOST_GRAPHS = 8  # of a job that are kept up to date
_YOUNG_MILLIS = 60_000
_OLD_PAUSE = 1.9  # seconds between updates of a job that is not young
_GRAPH_PAUSE = 0.9  # the same for a graph at any time: the cluster is asked for it

_Draw = Callable[[dict[str, Any]], dict[str, str]]  # state of the job → MIME bundle


class _Display:
    """One display below one cell; it appears at once.

    :param cell: the number of the cell.
    :param bundle: what it shows first.
    :param draw: gives what it shows later.
    :param pause: seconds between updates at least.
    """

    def __init__(self, cell: int, bundle: dict[str, str], draw: _Draw, pause: float = 0) -> None:
        self.final = False  # shows the job's end
        self.read = False  # and a client that runs cell by cell has read that
        self._cell, self._draw, self._pause = cell, draw, pause
        self._id = uuid.uuid4().hex
        self._send("display_data", bundle, cell)

    def update(self, status: dict[str, Any]) -> None:
        """Show this state, if it is time to; what came late has no effect."""
        last = ended(status)
        pause = self._pause if status["millis"] < _YOUNG_MILLIS else max(self._pause, _OLD_PAUSE)
        if not last and (self.final or time.monotonic() - self._sent < pause):
            return
        bundle = self._draw(status)
        if bundle != self._bundle or (last and not self.final):
            self._send("update_display_data", bundle, self._cell)
        self.final = last

    def settle(self, cell: int) -> None:
        """Say once more, for a cell that is about to end, how the job has ended.

        A client that runs cell by cell reads nothing that belongs to an earlier one.
        """
        if not self.final or self.read:
            return
        if cell != self._cell:
            self._send("update_display_data", self._bundle, cell)
        self.read = True

    def _send(self, kind: str, bundle: dict[str, str], cell: int) -> None:
        self._bundle, self._sent = bundle, time.monotonic()
        content = {"data": bundle, "metadata": {}, "transient": {"display_id": self._id}}
        send(kind, content, cell=cell)


class JobDisplays:
    """All displays of the session's jobs.

    :param shell: IPython's shell.
    """

    def __init__(self, shell: Any) -> None:
        self._lock = threading.RLock()  # the main thread, those of subshells and that of states
        self._lines: dict[int, _Display] = {}  # by job
        self._graphs: dict[int, list[_Display]] = {}
        formatter = shell.display_formatter.ipython_display_formatter
        formatter.for_type(JobDetails, self._show_details)

    def begun(self) -> int:
        """How many jobs there were so far."""
        return session_jobs().begun()

    def status(self, content: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        """Take a state of a job; the caller works for the cell that began it."""
        with self._lock:
            self._take(content, engine.session_cell())
        return {"status": "ok"}

    def settle(self, begun: int) -> None:
        """Bring what belongs to the calling cell up to date; it is about to end.

        :param begun: how many jobs there were before it.
        """
        with self._lock:
            cell, java = engine.session_cell(), session_jobs()
            mine = json.loads(str(java.ofCell(cell))) if java.begun() != begun else []
            for status in mine:
                if ended(status) or status["job"] not in self._lines:
                    self._take(status, cell)
            unread = self._unread()
            for number in unread - {status["job"] for status in mine}:
                text = java.state(number)
                status = None if text is None else json.loads(str(text))
                if status is not None and ended(status):
                    self._take(status, cell)
            for number in unread:
                for display in self._of(number):
                    display.settle(cell)

    def _of(self, number: int) -> list[_Display]:
        line = self._lines.get(number)
        return ([] if line is None else [line]) + self._graphs.get(number, [])

    def _unread(self) -> set[int]:
        """The jobs of which a client may not know the end."""
        return {
            number
            for number in {*self._lines, *self._graphs}
            if not all(display.read for display in self._of(number))
        }

    def _take(self, status: dict[str, Any], cell: int) -> None:
        from pyflink.datastream._preview import JOB_NAME

        number = status["job"]
        if number not in self._lines and status["name"] != JOB_NAME:
            self._lines[number] = _Display(cell, progress.as_bundle(status), progress.as_bundle)
            self._forget(self._lines)
        for display in self._of(number):
            display.update(status)

    def _forget(self, displays: dict[int, Any]) -> None:
        for number in list(displays):
            if len(displays) <= _KEPT:
                break
            if all(display.final for display in self._of(number)):
                del displays[number]

    def _show_details(self, details: JobDetails) -> None:
        """Display a running job with its graph, which goes on changing.

        :raises NotImplementedError: the job has ended; it is shown as any other result.
        """
        if details.ended:
            raise NotImplementedError
        number = details.number
        with self._lock:
            graphs = self._graphs.setdefault(number, [])
            graphs.append(
                _Display(
                    engine.session_cell(),
                    _details(details),
                    lambda status: _details(JobDetails(number)),
                    _GRAPH_PAUSE,
                )
            )
            del graphs[:-_MOST_GRAPHS]
            self._forget(self._graphs)


def _details(details: JobDetails) -> dict[str, str]:
    return {"text/plain": repr(details), "text/html": details._repr_html_()}
