"""connect and flat_map: what the functions may give, several steps behind, one side empty."""

# output: sorted
from pyflink.common import Types
from pyflink.datastream import CoFlatMapFunction, StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.set_parallelism(1)
numbers = env.from_collection([0, 1, 2, 3], Types.INT())
words = env.from_collection(["ab", "", "cde"], Types.STRING())


class Forms(CoFlatMapFunction):
    def flat_map1(self, value):
        if value == 0:
            return None
        if value == 1:
            return []
        if value == 2:
            return [value, value + 10]
        return (value for _ in range(value))

    def flat_map2(self, value):
        return value


class Generators(CoFlatMapFunction):
    def flat_map1(self, value):
        for i in range(value):
            yield "number", i

    def flat_map2(self, value):
        if value:
            yield "word", len(value)
            yield "letter", value[0]


class Many(CoFlatMapFunction):
    def flat_map1(self, value):
        for i in range(value * 2000):
            yield i

    flat_map2 = flat_map1


forms = numbers.connect(words).flat_map(Forms())
print(forms.get_name(), forms.get_type())
forms.print("forms")
numbers.connect(words).flat_map(Generators()).map(lambda pair: pair[0]).print("generators")
empty = numbers.filter(lambda n: n > 100)
numbers.connect(empty).flat_map(Many(), Types.INT()).filter(lambda i: i % 1999 == 0).print("first")
empty.connect(numbers).flat_map(Many(), Types.INT()).filter(lambda i: i % 1999 == 0).print("second")
empty.connect(empty).flat_map(Many(), Types.INT()).print("none")
env.execute()
