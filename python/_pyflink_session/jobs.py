"""The jobs of the session, as %jobs and its like show them."""

from __future__ import annotations

import json
from typing import Any, Optional

from IPython.core.error import UsageError


def session_jobs() -> Any:
    """The Java class that knows the session's jobs."""
    from pyflink.java_gateway import get_gateway

    return get_gateway().jvm.io.pyflinkshell.cluster.SessionJobs


def all_jobs() -> list[dict[str, Any]]:
    """The jobs that are remembered, oldest first."""
    return json.loads(str(session_jobs().list()))


def number_of(job_id: str) -> Optional[int]:
    """The number of a job with this Flink id, or None."""
    for job in all_jobs():
        if job["job_id"] == job_id:
            return job["job"]
    return None


def parse_number(text: str) -> int:
    """The number of a job that a user typed; the latest job when the text is empty.

    :raises UsageError: it is no number of a job.
    """
    jobs = all_jobs()
    text = text.strip()
    if not jobs:
        raise UsageError("there are no jobs yet")
    if not text:
        return jobs[-1]["job"]
    if not text.isdigit() or int(text) not in [job["job"] for job in jobs]:
        raise UsageError("there is no job %r; %%jobs lists them" % text)
    return int(text)


def client_of(number: int) -> Any:
    """The client of a job.

    :raises UsageError: the cluster has not accepted it yet.
    """
    from pyflink.common.job_client import JobClient

    client = session_jobs().client(number)
    if client is None:
        raise UsageError("job %d is being submitted" % number)
    return JobClient(client)


def ended(job: dict[str, Any]) -> bool:
    """Whether a job's state is its last one.

    :param job: one of :func:`all_jobs`, or the content of a job_status message.
    """
    return job["state"] in ("FINISHED", "CANCELED", "FAILED")


def duration(millis: float) -> str:
    """A duration as people write it: "1.2 s", "3 min 4 s"."""
    seconds = millis / 1000
    if seconds < 60:
        return "%.1f s" % seconds
    minutes, seconds = divmod(int(seconds), 60)
    if minutes < 60:
        return "%d min %d s" % (minutes, seconds)
    return "%d h %d min" % divmod(minutes, 60)


def grouped(number: float) -> str:
    """A number with separators: "1,234,567"."""
    return format(int(number), ",")


_HEAD = ["job", "name", "state", "duration", "records in", "records out", "rate"]
_RIGHT = [True, False, False, True, True, True, True]


class JobTable:
    """What %jobs shows.

    :param jobs: see :func:`all_jobs`.
    """

    def __init__(self, jobs: list[dict[str, Any]]) -> None:
        self._rows = [
            [
                str(job["job"]),
                job["name"],
                job["state"],
                duration(job["millis"]),
                grouped(job["records"]),
                grouped(job["records_out"]),
                "%s/s" % grouped(job["rate"]),
            ]
            for job in jobs
        ]

    def __repr__(self) -> str:
        from pyflink.util._tables import as_text

        return as_text(_HEAD, self._rows, _RIGHT, 40) if self._rows else "no jobs yet"

    def _repr_html_(self) -> str:
        from pyflink.util._tables import as_html

        return as_html(_HEAD, self._rows, _RIGHT) if self._rows else "<p>no jobs yet</p>"
