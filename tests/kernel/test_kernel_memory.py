"""Memory stays flat over many cells and jobs.

KERNEL_SOAK_CELLS and KERNEL_SOAK_JOBS set how many: 10,000 and 100 take some minutes.
"""

from __future__ import annotations

import os

import psutil
from client import Client, Kernel

CELLS = int(os.environ.get("KERNEL_SOAK_CELLS", "1500"))
JOBS = int(os.environ.get("KERNEL_SOAK_JOBS", "15"))
CELL = "text = 'x' * 10_000; print(text[:500]); len(text)"
JOB = "_ = list(env.from_collection(range(1000)).map(lambda x: x + 1).execute_and_collect())"


def test_memory_is_flat(client: Client, kernel: Kernel) -> None:
    process = psutil.Process(kernel.pid)

    def run(cells: int, jobs: int) -> int:
        for _ in range(cells):
            client.run(CELL, store_history=False).ok()
            client.other.clear()
        for _ in range(jobs):
            client.run(JOB, store_history=False).ok()
            client.other.clear()
        client.run("import gc; _ = gc.collect(); get_gateway().jvm.System.gc()")
        return process.memory_info().rss

    client.run("from pyflink.java_gateway import get_gateway").ok()
    run(CELLS // 3, max(JOBS // 3, 5))  # caches fill, Java compiles
    before = run(CELLS // 3, 5)
    after = run(CELLS, JOBS)
    # Java's heap moves by tens of megabytes; a leak of 20 KB a cell or 1 MB a job is seen in a
    # long run.
    assert after - before < 60_000_000 + 2_000 * CELLS, (before, after)


def test_descriptors_and_threads_are_given_back(client: Client, kernel: Kernel) -> None:
    process = psutil.Process(kernel.pid)

    def subshells(count: int) -> tuple[int, int]:
        for _ in range(count):
            created = client.ask("create_subshell_request", {}, "control").content["subshell_id"]
            client.run("1", subshell=created).ok()
            client.ask("delete_subshell_request", {"subshell_id": created}, "control")
        client.run("pass")
        return process.num_fds(), process.num_threads()

    files, threads = subshells(5)
    files_after, threads_after = subshells(40)
    assert files_after - files < 10 and threads_after - threads < 10
