"""Programs without a sink or without anything, and two operators with one uid."""

import re

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment


def attempt(label, env, name=None):
    try:
        result = env.execute(name) if name else env.execute()
        print(label, "ran", type(result).__name__)
    except Exception as error:
        found = re.search(r"(java\.lang\.\w+): (.*)", str(error))
        print(
            label,
            type(error).__name__,
            found.group(1),
            re.sub(r"[0-9a-f]{32}", "HASH", found.group(2)),
        )


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
attempt("nothing", env)
env.from_collection([1, 2], Types.INT())
attempt("source only", env)
env.from_collection([1, 2], Types.INT()).map(lambda x: x, Types.INT())
attempt("source and map", env, "a name")
stream = env.from_collection([1, 2], Types.INT())
stream.map(lambda x: x, Types.INT()).uid("same").print().uid("same")
attempt("one uid twice", env)
attempt("afterwards", env)
