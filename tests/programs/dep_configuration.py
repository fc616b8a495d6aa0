"""Dependencies given as options of a Configuration, and what the environment's options are then."""

import pathlib
import zipfile

from pyflink.common import Configuration, Types
from pyflink.datastream import StreamExecutionEnvironment

pathlib.Path("first_module.py").write_text("VALUE = 1\n")
pathlib.Path("second_module.py").write_text("VALUE = 2\n")
with zipfile.ZipFile("data.zip", "w") as packed:
    packed.writestr("three.txt", "3")


def add(value):
    import first_module
    import second_module

    with open("data/three.txt") as file:
        return value + first_module.VALUE + second_module.VALUE + int(file.read())


configuration = Configuration()
configuration.set_string("python.files", "first_module.py")
configuration.set_string("python.archives", "data.zip#data")
env = StreamExecutionEnvironment.get_execution_environment(configuration)
env.set_parallelism(1)
env.add_python_file("second_module.py")
env.from_collection([10, 20], Types.INT()).map(add, Types.INT()).print()
env.execute()
options = Configuration(j_configuration=env._j_stream_execution_environment.getConfiguration())
for key in ("python.files", "python.archives", "python.requirements", "python.executable"):
    print(key, options.get_string(key, "not set"))
