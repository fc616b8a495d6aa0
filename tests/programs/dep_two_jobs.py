"""Jobs of one process with modules of the same name, and with a module that changes in between.

# runs: here
"""

import pathlib

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment


def show(value):
    import same_name

    return "%s %s" % (value, same_name.VALUE)


def job(path, text, title):
    pathlib.Path(path).parent.mkdir(exist_ok=True)
    if text:
        pathlib.Path(path).write_text(text)
    env = StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    env.add_python_file(path)
    env.from_collection([title], Types.STRING()).map(show, Types.STRING()).print()
    env.execute()


job("a/same_name.py", "VALUE = 'of a'\n", "first")
job("b/same_name.py", "VALUE = 'of b'\n", "second")
job("a/same_name.py", None, "first again")
job("a/same_name.py", "VALUE = 'of a, changed'\n", "changed")
