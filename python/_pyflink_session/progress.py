"""How far a job is, in one line: as text, and as HTML with a bar."""

from __future__ import annotations

import html
from typing import Any

from _pyflink_session.jobs import duration, ended, grouped

# Seen on light and on dark pages.
_COLORS = {"FINISHED": "#3c9a5f", "FAILED": "#d04437", "CANCELED": "#888888"}
_OTHER_COLOR = "#4a7ebb"


def _counts(status: dict[str, Any]) -> list[str]:
    texts = [
        "%s records in" % grouped(status["records"]),
        "%s out" % grouped(status["records_out"]),
    ]
    rate = status["rate"]
    if ended(status):
        rate = status["records"] * 1000 / max(status["millis"], 1)
    texts.append("%s/s" % grouped(rate))
    if status["percent"] is not None and not ended(status):
        texts.append("%d %%" % status["percent"])
    texts.append(duration(status["millis"]))
    return texts


def as_text(status: dict[str, Any]) -> str:
    """The line.

    :param status: the content of a job_status message, see engine/session/session.h.
    """
    head = "job %d '%s' %s" % (status["job"], status["name"], status["state"])
    return "%s: %s" % (head, ", ".join(_counts(status)))


def _bar(status: dict[str, Any]) -> str:
    """The bar; without a value it says that the end is not known. "" when there will be none."""
    if not status["bounded"]:
        return ""
    value = status["percent"]
    if ended(status):
        value = 100 if status["state"] == "FINISHED" else value or 0
    return '<progress max="100"%s style="width:160px"></progress> ' % (
        "" if value is None else ' value="%d"' % value
    )


def as_html(status: dict[str, Any]) -> str:
    """The line with a bar, as an element of the class pyflink-job."""
    return (
        '<div class="pyflink-job">%s<b>job %d</b> %s '
        '<span class="pyflink-state" style="color:%s">%s</span> · %s</div>'
        % (
            _bar(status),
            status["job"],
            html.escape(status["name"]),
            _COLORS.get(status["state"], _OTHER_COLOR),
            html.escape(status["state"]),
            " · ".join(_counts(status)),
        )
    )


def as_bundle(status: dict[str, Any]) -> dict[str, str]:
    """Both by MIME type, as a display of a notebook has them."""
    return {"text/plain": as_text(status), "text/html": as_html(status)}
