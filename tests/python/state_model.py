"""Random use of state and timers in a native chain without a JVM, against models in Python.

tests/c/check_state.c runs this under the sanitizers, tests/python/test_state.py inside the host.
"""

from __future__ import annotations

import heapq
import random
import struct

try:
    import _pyflink_engine as engine
except ImportError:  # an ordinary python3 loads it from its file
    from pyflink._engine import engine as load_engine

    engine = load_engine()

VALUE, LIST, MAP, REDUCING, AGGREGATING = 1, 2, 3, 4, 5
KEYED_PROCESS = 17
KEYS = 60


def chain(process, on_timer=None, **more):
    """A keyed process function on keys and values of type LONG."""
    step = (KEYED_PROCESS, "Process", process, None, None, None)
    step += (on_timer,) if on_timer else ()
    return engine.ChainProbe([step], 1, b"l", b"l", 0, b"o", None, **more)


def record(key, value):
    """One record in mode ENCODED."""
    return struct.pack("<BIIqBq", 0, 8, 9, key, 1, value)


def run(probe, batch):
    """What comes of a batch: all output bytes."""
    out, more = probe.run(batch)
    while more:
        part, more = probe.run(b"")
        out += part
    return out


def flush(probe):
    """Write all changes into the probe's store."""
    more = 1
    while more:
        changes, more = probe.flush_state()
        probe.apply(changes)


class States:
    """The five kinds of state and what they must hold."""

    def __init__(self, probe, kept=True):
        make = [probe.keyed()]
        self.value = engine.new_state(*make, VALUE, 0, "value", b"l", None, kept)
        self.any = engine.new_state(*make, VALUE, 1, "any", b"o", None, kept)
        self.list = engine.new_state(*make, LIST, 2, "list", b"s", None, kept)
        self.map = engine.new_state(*make, MAP, 3, "map", b"o", b"l", kept)
        self.sum = engine.new_state(*make, REDUCING, 4, "sum", b"l", None, kept, int.__add__)
        self.mean = engine.new_state(
            *make, AGGREGATING, 5, "mean", b"T\2ll", None, kept,
            lambda: (0, 0), lambda v, a: (a[0] + v, a[1] + 1), lambda a: a[0] / a[1],
        )  # fmt: skip
        self.model = {}


def use(states, random_, key):
    """One random operation on each kind of state of the current key."""
    model = states.model.setdefault(
        key, {"value": None, "any": None, "list": [], "map": {}, "sum": None, "mean": []}
    )
    pick = random_.randrange
    assert states.value.value() == model["value"]
    if pick(2):
        model["value"] = None if pick(5) == 0 else pick(1000)
        states.value.update(model["value"])
    if pick(3) == 0:
        model["any"] = [None, {"a": [pick(9)]}, "x" * pick(300), object][pick(4)]
        states.any.update(model["any"])
    assert states.any.value() == model["any"]
    use_list(states.list, model["list"], pick)
    use_map(states.map, model["map"], pick)
    if pick(10) == 0:
        states.sum.clear()
        states.mean.clear()
        model["sum"], model["mean"] = None, []
    states.sum.add(key)
    model["sum"] = key + (model["sum"] or 0)
    assert states.sum.get() == model["sum"]
    states.mean.add(key)
    model["mean"].append(key)
    assert states.mean.get() == sum(model["mean"]) / len(model["mean"])


def use_list(state, model, pick):
    if pick(12) == 0:
        state.clear()
        model.clear()
    if pick(3) == 0:
        state.add("e%d" % pick(1000))
        model.append(None)
        model[-1] = state.get()[-1]
    if pick(4) == 0:
        more = ["m%d" % i for i in range(pick(9))]
        state.add_all(more)
        model.extend(more)
    if pick(200) == 0:
        more = ["many%d" % i for i in range(pick(12_000))]
        state.add_all(iter(more))
        model.extend(more)
    if pick(30) == 0:
        model[:] = ["u%d" % i for i in range(pick(5))]
        state.update(model)
    if pick(3) == 0:
        assert list(state) == state.get() == model


def use_map(state, model, pick):
    if pick(40) == 0:
        state.clear()
        model.clear()
    for _ in range(pick(4)):
        key = pick(30)
        if pick(4) == 0:
            del state[key]
            model.pop(key, None)
        else:
            state.put(key, (key, pick(100)))
            model[key] = state[key]
    if pick(300) == 0:
        more = {i: str(i) for i in range(pick(3000))}
        state.put_all(more)
        model.update(more)
    key = pick(40)
    assert state.get(key) == model.get(key)
    assert (key in state) is state.contains(key) is (key in model)
    if pick(6) == 0:
        assert state.is_empty() is not bool(model)
    if pick(6) == 0:
        assert sorted(state.keys()) == sorted(model)
        assert sorted(state.items(), key=lambda item: item[0]) == sorted(model.items())
        assert sorted(map(str, state.values())) == sorted(map(str, model.values()))
    if pick(20) == 0:
        for key in state:
            if pick(2):
                state.remove(key)
                del model[key]
            else:
                state.put(key, "seen")
                model[key] = "seen"
            state.put(key + 100_000, "new")
            model[key + 100_000] = "new"
        assert dict(state.items()) == model


def check_state(seed, entries, kept=True, batches=40):
    """Random use of state with a cache of some objects, flushed and restored now and then."""
    random_ = random.Random(seed)
    store = {}
    states = None

    def process(value, ctx):
        assert ctx.get_current_key() == value
        use(states, random_, value)

    def begin(model):
        nonlocal states
        probe = chain(process, store=store, state_entries=entries)
        states = States(probe, kept)
        states.model = model
        return probe

    probe = begin({})
    for _ in range(batches):
        run(probe, b"".join(record(k, k) for k in random_.choices(range(KEYS), k=50)))
        if random_.randrange(3) == 0:
            flush(probe)
        if random_.randrange(6) == 0:
            flush(probe)
            assert probe.flush_state() == (b"", 0)
            probe = begin(states.model)


class TimerService:
    """Java's timer service: one timer for each key and time, the smallest first."""

    def __init__(self):
        self.queue, self.there = [], set()

    def register(self, timer):
        if timer not in self.there:
            self.there.add(timer)
            heapq.heappush(self.queue, timer)

    def delete(self, timer):
        self.there.discard(timer)

    def pop(self, watermark, limit):
        """The next timers that are due, in order."""
        timers = []
        while self.queue and self.queue[0][0] <= watermark and len(timers) < limit:
            timer = heapq.heappop(self.queue)
            if timer in self.there:
                self.there.discard(timer)
                timers.append(timer)
        return timers

    def apply(self, output):
        """The commands in a chain's output; how many timers came back."""
        at = returned = 0
        while at < len(output):
            flags, timestamp, length, key = struct.unpack_from("<BqIq", output, at)
            assert flags & 0x80 and length == 8
            at += 21
            (self.delete if flags & 6 == 4 else self.register)((timestamp, key))
            returned += flags & 6 == 6
        return returned


def check_timers(seed, limit):
    """Timers fire exactly as one after the other would, whatever the size of the batches."""
    random_ = random.Random(seed)
    service, model, fired = TimerService(), set(), []
    watermark = 0

    def plan(ctx):
        timers, key = ctx.timer_service(), ctx.get_current_key()
        for _ in range(random_.randrange(4)):
            time = watermark + random_.randrange(-40, 60)
            if random_.randrange(3):
                timers.register_event_time_timer(time)
                model.add((time, key))
            else:
                timers.delete_event_time_timer(time)
                model.discard((time, key))

    def process(value, ctx):
        plan(ctx)

    def on_timer(timestamp, ctx):
        assert ctx.timestamp() == timestamp and ctx.timer_service().current_watermark() == watermark
        timer = (timestamp, ctx.get_current_key())
        assert timer in model
        assert timestamp == min(model)[0]
        model.remove(timer)
        fired.append(timer)
        # Fewer new ones than fired, so that it comes to an end.
        if random_.randrange(3) == 0:
            plan(ctx)

    probe = chain(process, on_timer)
    returned = 0
    for _ in range(60):
        batch = b"".join(record(random_.randrange(9), 0) for _ in range(random_.randrange(30)))
        service.apply(run(probe, batch))
        watermark += random_.randrange(50)
        times = struct.pack("<Bqq", 0x80, watermark, 0)
        while timers := service.pop(watermark, limit):
            batch = b"".join(struct.pack("<BqIq", 0xC0, t, 8, key) for t, key in timers)
            returned += service.apply(run(probe, times + batch))
        assert not model or min(model)[0] > watermark
    assert len(fired) > 100
    return returned


def check_all():
    for seed in range(6):
        check_state(seed, (1, 7, 200, 5000)[seed % 4])
    check_state(6, 100, kept=False, batches=10)
    returned = [check_timers(seed, (1, 2, 10, 1000)[seed % 4]) for seed in range(12)]
    assert returned[0] == 0 and sum(returned) > 0
