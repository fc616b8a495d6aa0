"""Elements that do not fit the declared type are refused when the stream is built."""
# runs: here
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
for values, type_info in (
    ([1, 2], Types.STRING()),
    (["a"], Types.INT()),
    ([(1, 2)], Types.TUPLE([Types.INT(), Types.STRING()])),
):
    try:
        env.from_collection(values, type_info).print()
        print("accepted")
    except TypeError as error:
        print("refused", type(error).__name__)
