"""The session's own magics: jobs, jars, plans, the environment, stacks."""

from __future__ import annotations

import sys
from typing import Any, Optional

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class

from _pyflink_session import jobs

_HELP = """\
%jobs                    the jobs of this session
%job [N]                 operators of a job: records, busy, back-pressure, checkpoints
%wait [N]                wait for a job's end; Ctrl-C stops the waiting, not the job
%cancel [N]              cancel a job
%savepoint N [PATH]      write a savepoint of a running job
%tail N [LINES]          the last lines that a job printed
%limit [LINES | off]     show only so many lines of each job
%plan [ENV or STREAM]    the graph of the program
%jars list               the jars of the session
%jars add JAR...         paths, patterns, or Maven coordinates group:artifact:version
%flink env               interpreter, JVM, jars, cluster and configuration
%java_trace [on | off]   show Java's stack traces with errors
%stacks                  what every thread of Python and Java does
Without N the latest job is meant. %lsmagic lists IPython's own commands."""


@magics_class
class JobMagics(Magics):
    """What is done with jobs by their numbers."""

    @line_magic
    def jobs(self, line: str) -> jobs.JobTable:
        """List the jobs of the session."""
        return jobs.JobTable(jobs.all_jobs())

    @line_magic
    def job(self, line: str) -> Any:
        """Show a job: %job [N], the latest without N. A notebook keeps a running one up to date."""
        from _pyflink_session.job_details import JobDetails

        return JobDetails(jobs.parse_number(line))

    @line_magic
    def wait(self, line: str) -> Any:
        """Wait for a job's end: %wait [N]. Its failure is raised here.

        Ctrl-C stops the waiting; the job goes on.
        """
        from pyflink.common.job_execution_result import JobExecutionResult
        from pyflink.datastream._java import wait_for_job

        number = jobs.parse_number(line)
        client = jobs.client_of(number)
        return JobExecutionResult(wait_for_job(client._j_job_client, cancel=False))

    @line_magic
    def cancel(self, line: str) -> None:
        """Cancel a job: %cancel [N]."""
        number = jobs.parse_number(line)
        client = jobs.client_of(number)
        status = client.get_job_status().result()
        if status.name in ("FINISHED", "CANCELED", "FAILED"):
            raise UsageError("job %d has ended (%s)" % (number, status.name))
        from pyflink.datastream._java import cancel_job

        cancel_job(client._j_job_client)
        status = client.get_job_status().result()
        print("job %d: %s" % (number, status.name))

    @line_magic
    def savepoint(self, line: str) -> str:
        """Write a savepoint of a running job: %savepoint N [PATH].

        Without PATH it goes to the folder of the option execution.checkpointing.savepoint-dir.
        """
        number, _, path = line.strip().partition(" ")
        if not number:
            raise UsageError("usage: %savepoint N [PATH]")
        client = jobs.client_of(jobs.parse_number(number))
        return client.trigger_savepoint(path.strip() or None).result()

    @line_magic
    def tail(self, line: str) -> None:
        """Show the last lines that a job printed: %tail N [LINES], ten unless said."""
        number, _, count = line.strip().partition(" ")
        if count.strip() and not count.strip().isdigit():
            raise UsageError("usage: %tail N [LINES]")
        text = jobs.session_jobs().tail(jobs.parse_number(number), int(count or 10))
        sys.stdout.write(bytes(text).decode("utf-8", "replace"))

    @line_magic
    def limit(self, line: str) -> None:
        """Show only so many lines of each job from now on: %limit LINES, or %limit off."""
        word = line.strip()
        if word != "off" and not word.isdigit():
            raise UsageError("usage: %limit LINES, or %limit off")
        jobs.session_jobs().setLineLimit(-1 if word == "off" else int(word))


@magics_class
class SessionMagics(Magics):
    """What is around the jobs."""

    @line_magic
    def plan(self, line: str) -> Any:
        """Show the graph of a program: %plan, or %plan ENVIRONMENT-OR-STREAM."""
        from _pyflink_session.plans import Plan

        value = self._value(line.strip() or "env")
        if not hasattr(value, "get_execution_plan"):
            value = value.get_execution_environment()
        try:
            return Plan(value.get_execution_plan())
        except Exception as error:
            if "No operators defined" not in str(error):
                raise
            raise UsageError("the program has no operators yet") from None

    def _value(self, name: str) -> Any:
        value = self.shell.ev(name)
        if not any(
            hasattr(value, known) for known in ("get_execution_plan", "get_execution_environment")
        ):
            raise UsageError("%r is no environment and no stream" % name)
        return value

    @line_magic
    def jars(self, line: str) -> None:
        """Add jars to the session, or list them: %jars list, %jars add JAR...

        A JAR is a path, a pattern such as lib/*.jar, a URL, or Maven coordinates
        group:artifact:version, which bring along what they depend on.
        """
        from _pyflink_session import jars

        words = line.split()
        if not words or words == ["list"]:
            for jar in jars.listed():
                print(jar)
        elif words[0] == "add" and len(words) > 1:
            for jar in jars.add(words[1:]):
                print("added", jar)
        else:
            raise UsageError("usage: %jars list, or %jars add JAR...")

    @line_magic
    def flink(self, line: str) -> None:
        """Show what the session runs on: %flink env. Without a word: the commands."""
        word = line.strip()
        if word == "env":
            from _pyflink_session import about

            print(about.text())
        elif not word:
            print(_HELP)
        else:
            raise UsageError("usage: %flink, or %flink env")

    @line_magic
    def java_trace(self, line: str) -> None:
        """Show Java's stack traces with errors, or not: %java_trace [on | off]."""
        import py4j.protocol

        word = line.strip()
        wanted: Optional[bool] = {"on": True, "off": False, "": None}.get(word)
        if word not in ("on", "off", ""):
            raise UsageError("usage: %java_trace [on | off]")
        if wanted is None:
            wanted = not py4j.protocol.java_trace_wanted()
        py4j.protocol._java_trace = wanted
        print("Java's stack traces are shown" if wanted else "Java's stack traces are not shown")

    @line_magic
    def stacks(self, line: str) -> None:
        """Show the stacks of every thread of Python and of Java."""
        from _pyflink_session import about

        print(about.stacks())
