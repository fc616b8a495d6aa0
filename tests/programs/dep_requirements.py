"""Requirements of a job: a package is installed from a folder, without a network."""

import os
import pathlib
import zipfile

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

os.environ["XDG_CACHE_HOME"] = os.path.abspath("cache")
pathlib.Path("wheels").mkdir()
info = "tiny_greeter-1.0.dist-info/"
with zipfile.ZipFile("wheels/tiny_greeter-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tiny_greeter/__init__.py", "def greet(name):\n    return 'hello ' + name\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: tiny-greeter\nVersion: 1.0\n")
    wheel.writestr(
        info + "WHEEL",
        "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    )
    wheel.writestr(
        info + "RECORD",
        "tiny_greeter/__init__.py,,\n%sMETADATA,,\n%sWHEEL,,\n%sRECORD,,\n" % (info, info, info),
    )
pathlib.Path("requirements.txt").write_text("# what the job needs\ntiny-greeter==1.0\n")


def greet(name):
    from tiny_greeter import greet

    return greet(name)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.set_python_requirements("requirements.txt", "wheels")
env.from_collection(["ann", "bob"], Types.STRING()).map(greet, Types.STRING()).print()
env.execute()
