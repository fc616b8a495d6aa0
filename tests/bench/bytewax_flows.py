"""The workloads on Bytewax.

usage: bytewax_flows.py WORK N,N,...      WORK: map chain keysK
"""

import json
import sys
import time

import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.inputs import DynamicSource, StatelessSourcePartition
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

BATCH = 1000


class Numbers(StatelessSourcePartition):
    def __init__(self, count):
        self.next, self.end = 1, count + 1

    def next_batch(self):
        if self.next >= self.end:
            raise StopIteration
        batch = list(range(self.next, min(self.next + BATCH, self.end)))
        self.next += BATCH
        return batch


class NumberSource(DynamicSource):
    def __init__(self, count):
        self.count = count

    def build(self, step_id, worker_index, worker_count):
        return Numbers(self.count)


class Nothing(StatelessSinkPartition):
    def write_batch(self, items):
        pass


class Discard(DynamicSink):
    def build(self, step_id, worker_index, worker_count):
        return Nothing()


work = sys.argv[1]
for count in (int(n) for n in sys.argv[2].split(",")):
    flow = Dataflow("flow")
    stream = op.input("in", flow, NumberSource(count))
    if work.startswith("keys"):
        keys = int(work[4:])
        stream = op.key_on("key", stream, lambda x: str(x % keys))
        stream = op.stateful_map("count", stream, lambda state, x: ((state or 0) + 1,) * 2)
    else:
        stream = op.map("add", stream, lambda x: x + 1)
    if work == "chain":
        stream = op.filter("even", stream, lambda x: x % 2 == 0)
        stream = op.map("times", stream, lambda x: x * 3)
    op.output("out", stream, Discard())
    begun = time.perf_counter()
    run_main(flow)
    print(
        "RESULT " + json.dumps({"n": count, "s": time.perf_counter() - begun}),
        flush=True,
    )
