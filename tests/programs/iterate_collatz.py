"""A loop: every number is fed back until it is 1; the steps it took are those of Collatz."""
# runs: here
# output: sorted
from pyflink.common import Types
from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment

Triple = Types.TUPLE([Types.LONG(), Types.LONG(), Types.INT()])
done = OutputTag("done", Types.TUPLE([Types.LONG(), Types.INT()]))


class Step(ProcessFunction):
    def process_element(self, value, ctx):
        start, now, steps = value
        if now == 1:
            yield done, (start, steps)
        elif now % 2:
            yield start, now * 3 + 1, steps + 1
        else:
            yield start, now // 2, steps + 1


env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_sequence(1, 10).map(lambda n: (n, n, 0), Triple)
loop = numbers.iterate(max_wait_time_ms=3000)
stepped = loop.process(Step(), Triple)
loop.close_with(stepped)
stepped.get_side_output(done).print("steps")
env.execute()
