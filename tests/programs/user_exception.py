"""A function that raises: the job fails, the program catches it, and the next job runs."""
# output: sorted
from py4j.protocol import Py4JJavaError
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([0, 1, 2], Types.INT())
numbers.map(lambda x: 1 // x, Types.INT()).print()
try:
    env.execute()
except Py4JJavaError as error:
    print("caught", "ZeroDivisionError" in str(error), "user_exception.py" in str(error))
numbers.print()
env.execute()
try:
    with numbers.map(lambda x: {}["absent"]).execute_and_collect() as results:
        print(list(results))
except Exception as error:
    print("caught", "KeyError" in str(error))
