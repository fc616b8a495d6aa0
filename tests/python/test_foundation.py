"""Odd starts and ends of a process: closed descriptors, functions that never end, the archive."""

from __future__ import annotations

import signal

import pytest
from runner import SHELL, Shell

ENDLESS = """
import sys
from pyflink.common import Types
from pyflink.datastream import MapFunction, StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
where = sys.argv[1:]
def loop(place):
    print(place, flush=True)
    while place in where:
        pass
class Endless(MapFunction):
    def open(self, runtime_context):
        loop("open")
    def map(self, value):
        loop("map")
        return value
    def close(self):
        loop("close")
env.from_collection([1], Types.INT()).map(Endless(), Types.INT()).print()
env.execute()
"""


@pytest.mark.parametrize("places", [["open"], ["close"], ["map", "close"], ["open", "close"]])
def test_ctrl_c_ends_functions_that_never_end(shell: Shell, places: list[str]) -> None:
    process = shell.start("-f", shell.script(ENDLESS), *places)
    assert process.stdout
    while process.stdout.readline().strip() != places[0]:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    done = shell.finish(process, timeout=30)
    assert done.code == 130 and "KeyboardInterrupt" in done.stderr


def test_cancel_of_a_job_whose_open_never_ends(shell: Shell) -> None:
    done = shell.code(
        ENDLESS.replace("env.execute()", "job = env.execute_async()")
        + """
import time
from pyflink.common import JobStatus
while job.get_job_status().result() != JobStatus.RUNNING:
    time.sleep(0.05)
job.cancel().result()
while job.get_job_status().result() != JobStatus.CANCELED:
    time.sleep(0.05)
print("cancelled")
""",
        "open",
    ).ok()
    assert done.stdout.endswith("cancelled\n")


JOB = """
import os, sys
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection([1], Types.INT()).map(lambda x: x + 1, Types.INT()).print()
env.execute()
with open("result.txt", "w") as file:
    for number in range(3):
        print(os.readlink("/proc/self/fd/%d" % number), file=file)
sys.exit(5)
"""


def test_standard_descriptors_that_are_closed(shell: Shell) -> None:
    script = shell.script(JOB)
    command = f"exec '{SHELL}' -f '{script}' <&- >&- 2>&-"
    done = shell.run("-c", command, program=["bash"])
    assert (done.returncode, done.stdout, done.stderr) == (5, "", "")
    assert (shell.folder / "result.txt").read_text() == "/dev/null\n" * 3


def test_class_archive_is_made_without_the_users_jvm_options(shell: Shell) -> None:
    env = {
        "PYFLINK_SHELL_JVM_OPTS": "-XX:NoSuchOption=1",
        "JAVA_TOOL_OPTIONS": "-XX:NoSuchOptionEither=1",
        "FLINK_CONF_DIR": "/no/such/folder",
    }
    done = shell.run(f"--build-class-archive={shell.folder}/archive", env=env).ok()
    assert done.stdout.strip().endswith(".jsa") and done.stderr == ""
