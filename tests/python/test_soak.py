"""200 jobs in one process: threads, open files, child processes and memory stay flat."""
from __future__ import annotations

import json

from runner import Shell

PROGRAM = '''
import gc, json, os, pathlib, threading
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway

jvm = get_gateway().jvm

def measure():
    gc.collect()
    jvm.java.lang.System.gc()
    runtime = jvm.java.lang.Runtime.getRuntime()
    status = dict(line.split(":\\t", 1) for line in pathlib.Path("/proc/self/status").read_text()
                  .splitlines() if ":\\t" in line)
    return {"threads": int(status["Threads"]), "rss": int(status["VmRSS"].split()[0]) // 1024,
            "fds": len(os.listdir("/proc/self/fd")), "python threads": threading.active_count(),
            "heap": (runtime.totalMemory() - runtime.freeMemory()) // 2**20}

def job(number):
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1 + number % 2)
    data = [(word, 1) for word in "to be or not to be".split()] * 20
    counts = (env.from_collection(data, Types.TUPLE([Types.STRING(), Types.INT()]))
        .key_by(lambda t: t[0], Types.STRING()).reduce(lambda a, b: (a[0], a[1] + b[1])))
    if number % 4 == 0:
        assert max(n for _, n in counts.execute_and_collect()) == 40
    elif number % 4 == 1:
        counts.map(lambda t: 1 // 0).print()
        try:
            env.execute()
            raise AssertionError("no error")
        except Exception as error:
            assert "ZeroDivisionError" in str(error), error
    elif number % 4 == 2:
        results = counts.execute_and_collect()
        next(results)
        results.close()
    else:
        counts.filter(lambda t: False).print()
        env.execute()

measures = []
for number in range(JOBS):
    job(number)
    if number % (JOBS // 10) == JOBS // 10 - 1:
        measures.append(measure())
print(json.dumps(measures))
'''


def test_two_hundred_jobs_leave_nothing_behind(shell: Shell) -> None:
    done = shell.code(PROGRAM.replace("JOBS", "200"), timeout=400,
                      env={"PYFLINK_SHELL_HEAP": "256m"}).ok()
    measures = json.loads(done.stdout.splitlines()[-1])
    warm, end = measures[3], measures[-1]
    told = json.dumps(measures, indent=1)
    assert end["threads"] <= warm["threads"] + 5, told
    assert end["python threads"] <= warm["python threads"], told
    assert end["fds"] <= warm["fds"] + 3, told
    assert end["heap"] <= warm["heap"] + 10, told
    assert end["rss"] <= warm["rss"] * 1.1 + 10, told


def test_a_million_java_objects_leave_nothing_behind(shell: Shell) -> None:
    done = shell.code("""
import pathlib
from pyflink.java_gateway import get_gateway
jvm = get_gateway().jvm
ArrayList = jvm.java.util.ArrayList
def rss():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024
def loop(n):
    for i in range(n):
        item = ArrayList()
        item.add("x")
        item.toString()
loop(1_000_000)
before = rss()
loop(1_000_000)
print(before, rss())
""", env={"PYFLINK_SHELL_HEAP": "64m"}).ok()
    before, after = map(int, done.stdout.split())
    assert after <= before + 20, done.stdout
