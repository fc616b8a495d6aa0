"""A module that is not there names what would ship it.

# runs: here
"""

import pathlib

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment


def use(value):
    import module_that_is_not_there

    return module_that_is_not_there.f(value)


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.from_collection([1], Types.INT()).map(use, Types.INT()).print()
try:
    env.execute()
except Exception as error:
    lines = str(error).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("ModuleNotFoundError"))
    print("\n".join(lines[start:]))

pathlib.Path("there_now.py").write_text("def f(value):\n    return value + 1\n")
env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
env.add_python_file("there_now.py")


def use_now(value):
    import there_now

    return there_now.f(value)


env.from_collection([1], Types.INT()).map(use_now, Types.INT()).print()
env.execute()

env.add_python_file("gone.py")
env.from_collection([1], Types.INT()).print()
try:
    env.execute()
except FileNotFoundError as error:
    print(str(error).replace(str(pathlib.Path.cwd()), "CWD"))
