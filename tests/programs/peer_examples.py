"""Fetches the example programs that ship in the peer's package, without installing the package."""
from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

PEER_VERSION = "1.20.3"
INSIDE = "pyflink/examples/datastream/"


def fetch(folder: pathlib.Path) -> pathlib.Path:
    """Put the peer's DataStream examples into `folder` (once) and return their folder.

    Only the package itself is downloaded, none of its dependencies, and only its examples
    (Apache-2.0) are kept. Raises RuntimeError with pip's message where no index can be reached.
    """
    done = folder / PEER_VERSION
    if (done / "windowing").is_dir():
        return done
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        pip = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--only-binary=:all:", "--implementation=cp", "--python-version=3.11",
             "--abi=cp311", "--platform=manylinux1_x86_64", "--platform=manylinux2014_x86_64",
             "--dest", scratch, f"apache-flink=={PEER_VERSION}"],
            capture_output=True, text=True, timeout=600, check=False)
        wheels = list(pathlib.Path(scratch).glob("*.whl"))
        if pip.returncode != 0 or not wheels:
            raise RuntimeError(f"the peer's package cannot be downloaded: {pip.stderr.strip()}")
        fresh = pathlib.Path(scratch) / "examples"
        fresh.mkdir()
        with zipfile.ZipFile(wheels[0]) as wheel:
            for name in wheel.namelist():
                rest = name[len(INSIDE):]
                wanted = "/" not in rest or rest.startswith("windowing/")
                if name.startswith(INSIDE) and rest.endswith(".py") and wanted:
                    (fresh / rest).parent.mkdir(exist_ok=True)
                    (fresh / rest).write_bytes(wheel.read(name))
        shutil.rmtree(done, ignore_errors=True)
        shutil.move(str(fresh), str(done))
    return done


if __name__ == "__main__":
    print(fetch(pathlib.Path(sys.argv[1])))
