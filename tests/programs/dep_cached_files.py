"""Cached files: functions find the copies of a file, a folder and an executable by name.

# runs: here
"""

import os
import pathlib
import subprocess

from pyflink.common import Types
from pyflink.datastream import MapFunction, StreamExecutionEnvironment

pathlib.Path("words.txt").write_text("one two")
pathlib.Path("folder/deep").mkdir(parents=True)
pathlib.Path("folder/deep/three.txt").write_text("three")
pathlib.Path("tool.sh").write_text("#!/bin/sh\necho four\n")


class Read(MapFunction):
    def open(self, runtime_context):
        self.cache = runtime_context.get_distributed_cache()

    def map(self, name):
        path = self.cache.get_file(name)
        if name == "folder":
            return pathlib.Path(path, "deep", "three.txt").read_text()
        if name == "tool":
            return subprocess.run([path], capture_output=True, text=True).stdout.strip()
        return pathlib.Path(path).read_text()


def refused(what):
    try:
        what()
    except Exception as error:
        lines = [line for line in str(error).splitlines() if "no " in line or "taken" in line]
        print(type(error).__name__, lines[0].replace(os.getcwd(), "CWD"))


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.register_cached_file("words.txt", "words")
env.register_cached_file("folder", "folder")
env.register_cached_file(os.path.abspath("tool.sh"), "tool", True)
for name, entry in env.get_cached_files():
    print(name, os.path.basename(entry.file_path), entry.is_executable)
env.from_collection(["words", "folder", "tool"], Types.STRING()).map(
    Read(), Types.STRING()
).print()
env.execute()
refused(lambda: env.register_cached_file("other.txt", "words"))
env.from_collection(["no such name"], Types.STRING()).map(Read(), Types.STRING()).print()
refused(env.execute)

env = StreamExecutionEnvironment.get_execution_environment()
env.register_cached_file("gone.txt", "gone")
env.from_collection([1], Types.INT()).print()
refused(env.execute)
