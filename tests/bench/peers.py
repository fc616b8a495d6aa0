"""Sets up what the benchmarks compare with: the peers' virtual environment and the Java classes.

Everything goes into a folder of its own; what is there already is used again.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

PACKAGES = ["setuptools<70", "apache-flink==1.20.*", "bytewax==0.21.*", "psutil"]
HERE = pathlib.Path(__file__).resolve().parent


def make_venv(folder: pathlib.Path) -> pathlib.Path:
    """The venv's python; installs the peers (720 MB) unless the folder is complete."""
    python = folder / "bin" / "python"
    done = folder / "bench.done"
    if not done.exists() and "PYFLINK_SHELL_BENCH_VENV" not in os.environ:
        print(f"installing the peers into {folder} (once)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        # apache-flink's dependencies need a setuptools that still has pkg_resources.
        subprocess.run([*pip, PACKAGES[0], "wheel"], check=True)
        subprocess.run([*pip, *PACKAGES], check=True)
        if subprocess.run([*pip, "jep"], check=False).returncode != 0:
            print("jep cannot be built here: its column stays empty", flush=True)
        done.touch()
    if not python.exists():
        raise SystemExit(f"{python} does not exist")
    return python


def make_jar(folder: pathlib.Path, jars: pathlib.Path) -> pathlib.Path:
    """Compiles the Java workloads against Flink's jars; returns the jar."""
    home = os.environ.get("JAVA_HOME")
    tools = pathlib.Path(home, "bin") if home else None
    javac, jar = (str(tools / name) if tools else name for name in ("javac", "jar"))
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "bench.jar"
    sources = sorted((HERE / "java" / "bench").glob("*.java"))
    if target.exists() and all(s.stat().st_mtime < target.stat().st_mtime for s in sources):
        return target
    classes = folder / "classes"
    subprocess.run(
        [
            javac,
            "-nowarn",
            "--release",
            "11",
            "-cp",
            f"{jars}/*",
            "-d",
            str(classes),
            *map(str, sources),
        ],
        check=True,
    )
    subprocess.run([jar, "cf", str(target), "-C", str(classes), "."], check=True)
    return target
