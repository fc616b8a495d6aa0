"""A program with a main guard, its own classes, argparse, logging and a nested package import."""
# args: --times 3 word
import argparse
import logging
import sys

import pyflink.datastream as ds
from pyflink.common import Types


class Repeat(ds.FlatMapFunction):
    def __init__(self, times):
        self.times = times

    def flat_map(self, value):
        return [value] * self.times


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("words", nargs="+")
    options = parser.parse_args(argv)
    env = ds.StreamExecutionEnvironment.get_execution_environment()
    env.set_parallelism(1)
    logging.info("start %s", options.words)
    env.from_collection(options.words, Types.STRING()).flat_map(
        Repeat(options.times), Types.STRING()).print()
    env.execute()


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    main(sys.argv[1:])
