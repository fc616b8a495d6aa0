"""How streams and results of jobs look as the result of a cell."""

from __future__ import annotations

import html
from typing import Any


def register(formatter: Any) -> None:
    """Tell IPython's formatters about the types of the API, without importing them.

    :param formatter: the shell's DisplayFormatter.
    """
    plain = formatter.formatters["text/plain"]
    page = formatter.formatters["text/html"]
    streams = "pyflink.datastream.data_stream"
    plain.for_type_by_name(streams, "DataStream", _plain_stream)
    page.for_type_by_name(streams, "DataStream", _html_stream)
    results = "pyflink.common.job_execution_result"
    plain.for_type_by_name(results, "JobExecutionResult", _plain_result)
    page.for_type_by_name(results, "JobExecutionResult", _html_result)
    clients = "pyflink.common.job_client"
    plain.for_type_by_name(clients, "JobClient", _plain_client)
    page.for_type_by_name(clients, "JobClient", _html_client)
    environments = "pyflink.datastream.stream_execution_environment"
    plain.for_type_by_name(environments, "StreamExecutionEnvironment", _plain_environment)


def _schema(stream: Any) -> list[tuple[str, str]]:
    from pyflink.datastream._preview import columns_of

    return columns_of(stream._values().get_type())


def _head(stream: Any) -> str:
    return "%s of parallelism %d, from %r" % (
        type(stream).__name__,
        stream.get_parallelism(),
        str(stream._values().get_name()),
    )


def _plain_stream(stream: Any, printer: Any, cycle: bool) -> None:
    lines = [_head(stream)]
    columns = _schema(stream)
    longest = max(len(name) for name, _ in columns)
    lines += ["  %s  %s" % (name.ljust(longest), kind) for name, kind in columns]
    lines.append("stream.show(n=20) shows the first records")
    for index, line in enumerate(lines):
        if index:
            printer.break_()
        printer.text(line)


def _html_stream(stream: Any) -> str:
    from pyflink.util._tables import as_html

    columns = [list(column) for column in _schema(stream)]
    return "<p>%s</p>%s" % (html.escape(_head(stream)), as_html(["column", "type"], columns))


def _plain_result(result: Any, printer: Any, cycle: bool) -> None:
    printer.text("job %s finished in %s ms" % (result.get_job_id(), result.get_net_runtime()))


def _html_result(result: Any) -> str:
    from pyflink.util._tables import as_html

    rows = [
        ["job", str(result.get_job_id())],
        ["run time", "%s ms" % result.get_net_runtime()],
    ]
    rows += [[name, repr(value)] for name, value in result.get_all_accumulator_results().items()]
    return as_html(["result", "value"], rows)


def _plain_client(client: Any, printer: Any, cycle: bool) -> None:
    from _pyflink_session.jobs import number_of

    number = number_of(str(client.get_job_id()))
    name = "job %s" % client.get_job_id()
    printer.text(name if number is None else "%s, number %d in %%jobs" % (name, number))


def _html_client(client: Any) -> str:
    from _pyflink_session.jobs import JobTable, all_jobs

    job_id = str(client.get_job_id())
    mine = [job for job in all_jobs() if job["job_id"] == job_id]
    return JobTable(mine)._repr_html_() if mine else "<p>job %s</p>" % html.escape(job_id)


def _plain_environment(env: Any, printer: Any, cycle: bool) -> None:
    printer.text(
        "StreamExecutionEnvironment of parallelism %d; env.from_collection(), env.from_source() "
        "and others begin a stream" % env.get_parallelism()
    )
