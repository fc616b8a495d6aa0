"""The kernel beside ipykernel and xeus-python: start, a small cell, a thousand prints.

usage: kernel.py NAME     measures one kernel that Jupyter finds, with jupyter_client
"""

from __future__ import annotations

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
from typing import Any

PACKAGES = ["jupyter_client", "ipykernel"]
OPTIONAL = ["xeus-python"]  # not built for every platform
KERNELS = {"pyflink": "pyflink-kernel", "python3": "ipykernel", "xpython": "xeus-python"}
STARTS, SMALL, PRINTS = 5, 500, 7


def make_venv(folder: pathlib.Path) -> pathlib.Path:
    """The environment of the peers, made once; its python."""
    python = folder / "bin" / "python"
    if not (folder / "bench.done").exists():
        print(f"installing ipykernel and xeus-python into {folder} (once)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True)
        if subprocess.run([*pip, *OPTIONAL], check=False).returncode != 0:
            print("xeus-python is not to be had here: its column stays empty", flush=True)
        (folder / "bench.done").touch()
    return python


def bench_kernel(build: pathlib.Path, report: Any, rounds: int, quick: bool) -> None:
    """Measure all kernels in interleaved rounds.

    :param build: the build folder.
    :param report: the `report.Report`.
    :param rounds: how often.
    :param quick: fewer repetitions.
    """
    folder = build / "bench-kernels"
    python = make_venv(folder)
    subprocess.run(
        [build / "pyflink-kernel", "install", "--prefix", folder, "--python", python],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    names = [name for name in KERNELS if (folder / "share/jupyter/kernels" / name).exists()]
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            results[name].append(_measure(python, name, quick))
            print(KERNELS[name], results[name][-1], flush=True)
    medians = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in results.items()
    }
    _tell(report, medians)


def _measure(python: pathlib.Path, name: str, quick: bool) -> dict[str, float]:
    words = [python, pathlib.Path(__file__).resolve(), name, *(["quick"] if quick else [])]
    env = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER_")}
    output = subprocess.run(words, env=env, check=True, capture_output=True, text=True).stdout
    line = next(line for line in output.splitlines() if line.startswith("RESULT "))
    return json.loads(line.split(" ", 1)[1])


def _tell(report: Any, medians: dict[str, dict[str, float]]) -> None:
    head = ["kernel", "start to ready, ms", "`1+1` to idle, ms", "p95", "1,000 prints, ms",
            "stream messages", "first cell after ready, ms"]  # fmt: skip
    rows = [
        [KERNELS[name], f"{m['start']:.0f}", f"{m['small']:.2f}", f"{m['p95']:.2f}",
         f"{m['prints']:.1f}", f"{m['messages']:.0f}", f"{m['first']:.0f}"]
        for name, m in medians.items()
    ]  # fmt: skip
    from report import table

    report.add("Jupyter kernel", table(head, rows))
    ours, usual = medians["pyflink"], medians["python3"]
    report.aim("kernel ready: ipykernel's time / ours", usual["start"] / ours["start"], 2.0)
    report.aim("1,000 prints: our rate / ipykernel's", usual["prints"] / ours["prints"], 2.0)
    if "xpython" in medians:
        report.aim("`1+1` to idle: xeus-python's time / ours",
                   medians["xpython"]["small"] / ours["small"], 1.0)  # fmt: skip


# ---- in the peers' environment -------------------------------------------------------------------


def _run(client: Any, code: str) -> int:
    """Run a cell to idle and its reply; how many stream messages it made."""
    sent, streams = client.execute(code), 0
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != sent:
            continue
        streams += message["msg_type"] == "stream"
        if message["content"].get("execution_state") == "idle":
            break
    client.get_shell_msg(timeout=60)
    return streams


def _start(name: str) -> tuple[Any, Any, float]:
    from jupyter_client.manager import KernelManager

    begun = time.perf_counter()
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return manager, client, time.perf_counter() - begun


def _timed(client: Any, code: str) -> tuple[float, int]:
    begun = time.perf_counter()
    streams = _run(client, code)
    return (time.perf_counter() - begun) * 1e3, streams


def _main(name: str, quick: bool) -> None:
    starts, firsts = [], []
    for left in reversed(range(2 if quick else STARTS)):
        manager, client, seconds = _start(name)
        starts.append(seconds * 1e3)
        firsts.append(_timed(client, "1+1")[0])
        if left:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    for _ in range(20 if quick else 50):
        _run(client, "1+1")
    small = sorted(_timed(client, "1+1")[0] for _ in range(100 if quick else SMALL))
    prints = [_timed(client, 'for i in range(1000): print("line", i)') for _ in range(PRINTS)]
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    median = statistics.median
    print("RESULT " + json.dumps({
        "start": median(starts), "first": median(firsts), "small": median(small),
        "p95": small[int(len(small) * 0.95)], "prints": median(ms for ms, _ in prints),
        "messages": median(count for _, count in prints)}), flush=True)  # fmt: skip


if __name__ == "__main__":
    _main(sys.argv[1], len(sys.argv) > 2)
