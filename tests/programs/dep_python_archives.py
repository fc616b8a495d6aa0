"""Archives of a job: its functions find them below their current folder, the program does not."""

import io
import os
import pathlib
import tarfile
import zipfile

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

with zipfile.ZipFile("words.zip", "w") as packed:
    packed.writestr("de/eins.txt", "eins\n")
    packed.writestr("zero.txt", "zero\n")
with tarfile.open("more.tar.gz", "w:gz") as packed:
    member = tarfile.TarInfo("deep/two.txt")
    member.size = 4
    packed.addfile(member, io.BytesIO(b"two\n"))


def read(name):
    with open(name) as file:
        return file.read().strip()


def show(name):
    if name == "list":
        return " ".join(sorted(os.listdir(".")))
    return read(name)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.add_python_archive("words.zip")
env.add_python_archive("words.zip", "named")
env.add_python_archive(os.path.abspath("more.tar.gz"), "more")
env.from_collection(
    ["list", "words.zip/zero.txt", "words.zip/de/eins.txt", "named/zero.txt", "more/deep/two.txt"],
    Types.STRING(),
).map(show, Types.STRING()).print()
env.execute()
print(pathlib.Path("words.zip").is_file(), pathlib.Path("named").exists())
