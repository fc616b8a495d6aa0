"""Records what the peer (apache-flink 1.20) prints for each program of the corpus.

usage: record.py PEER_PYTHON [NAME ...] [--jobs N] [--missing]

PEER_PYTHON is the python of a venv that holds apache-flink==1.20.*. Each program runs in the peer's
process mode; its standard output becomes expected/NAME.txt, its version expected/PEER.txt. With
--missing only programs without a record run. Exit code 1 when a program fails there.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import corpus
import peer_examples

VERSION = (
    "import pyflink.version, platform\n"
    "print(pyflink.version.__version__, platform.python_version())"
)


# What the peer's own parts log through the program's logging to standard output.
NOT_THE_PROGRAMS = re.compile(r"No module named google\.|Using Any for unsupported type")


def run(python: pathlib.Path, program: corpus.Program) -> str | None:
    """Run one program; None, or why it failed."""
    env = dict(
        os.environ,
        PYTHONUNBUFFERED="1",
        PYTHONHASHSEED="0",
        PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [str(python), str(program.path), *program.args],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    if done.returncode != 0:
        lines = [
            line
            for line in done.stderr.splitlines()
            if re.search(r"^\S*(Error|Exception|Caused)", line)
        ]
        return f"exit code {done.returncode}\n{done.stdout[-500:]}\n" + "\n".join(lines[-6:])
    corpus.EXPECTED.mkdir(exist_ok=True)
    lines = [line for line in done.stdout.splitlines() if not NOT_THE_PROGRAMS.match(line)]
    program.expected_path.write_text(program.normal("\n".join(lines)), encoding="utf-8")
    return None


def main() -> int:
    cli = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("python", type=pathlib.Path)
    cli.add_argument("names", nargs="*")
    cli.add_argument("--jobs", type=int, default=1)
    cli.add_argument("--missing", action="store_true")
    args = cli.parse_args()
    python = args.python.absolute()
    version = subprocess.run(
        [str(python), "-c", VERSION], capture_output=True, text=True, check=True
    )
    wanted = [p for p in corpus.programs() if not p.only_here]
    with tempfile.TemporaryDirectory() as folder:
        wanted += corpus.peer_programs(peer_examples.fetch(pathlib.Path(folder)))
        if args.names:
            wanted = [p for p in wanted if p.name in args.names]
        if args.missing:
            wanted = [p for p in wanted if not p.expected_path.exists()]
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            results = list(zip(wanted, pool.map(lambda p: run(python, p), wanted)))
    failed = [(program, why) for program, why in results if why]
    for program, why in failed:
        print(f"{program.name}: {why}", file=sys.stderr)
    peer, own = version.stdout.split()
    (corpus.EXPECTED / "PEER.txt").write_text(f"apache-flink {peer}, process mode, Python {own}\n")
    print(f"recorded {len(results) - len(failed)} of {len(results)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
