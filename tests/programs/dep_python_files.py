"""Files of a job: a module, a folder and a zip become importable in its functions."""

import pathlib
import zipfile

from pyflink.common import Types
from pyflink.datastream import MapFunction, StreamExecutionEnvironment

top = pathlib.Path("shipped")
(top / "folder" / "in_folder").mkdir(parents=True)
(top / "single_module.py").write_text(
    "from in_zip.numbers import TWO\n\ndef twice(x):\n    return x * TWO\n"
)
(top / "neighbour_module.py").write_text("")
(top / "folder" / "in_folder" / "__init__.py").write_text("NAME = 'folder'\n")
(top / "folder" / "beside.py").write_text("NAME = 'beside'\n")
with zipfile.ZipFile(top / "packed.zip", "w") as packed:
    packed.writestr("in_zip/__init__.py", "")
    packed.writestr("in_zip/numbers.py", "TWO = 2\n")


class UseAll(MapFunction):
    def open(self, runtime_context):
        import in_folder

        self.name = in_folder.NAME

    def map(self, value):
        import beside
        import single_module

        return "%s %s %d" % (self.name, beside.NAME, single_module.twice(value))


def neighbour(value):
    try:
        import neighbour_module
    except ImportError as error:
        return value + ", " + str(error)
    return neighbour_module.__name__


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
for name in ("single_module.py", "folder", "packed.zip"):
    env.add_python_file(str(top / name))
env.from_collection([1, 2], Types.INT()).map(UseAll(), Types.STRING()).map(
    neighbour, Types.STRING()
).print()
env.execute()
