"""How to test a function with state and timers: no cluster, no job, milliseconds a test.

usage: pyflink-shell -m pytest test_visits.py
   or: python3 -m pytest test_visits.py

The function under test follows the visits of a web site's users. A visit ends when its user has
done nothing for half an hour; then the user and the number of pages come out. Clicks that arrive
after the end of their visit are too late and go to a side output.
"""
import pytest

from pyflink.common import Types
from pyflink.datastream import KeyedProcessFunction, OutputTag
from pyflink.datastream.state import ValueStateDescriptor
from pyflink.testing.harness import ProcessFunctionTestHarnesses, StreamRecord, Timer, Watermark

MINUTE = 60_000
PAUSE = 30 * MINUTE

CLICK = Types.TUPLE([Types.STRING(), Types.STRING()])  # user, page
VISIT = Types.TUPLE([Types.STRING(), Types.INT()])  # user, number of pages
LATE = OutputTag("late", CLICK)

PAGES = ValueStateDescriptor("pages", Types.INT())
END = ValueStateDescriptor("end", Types.LONG())


class Visits(KeyedProcessFunction):
    def open(self, runtime_context):
        self.pages = runtime_context.get_state(PAGES)
        self.end = runtime_context.get_state(END)

    def process_element(self, click, ctx):
        user, page = click
        if not page.startswith("/"):
            raise ValueError("no page: %r" % page)
        if ctx.timestamp() + PAUSE <= ctx.timer_service().current_watermark():
            yield LATE, click
            return
        end = self.end.value()
        if end is not None:
            ctx.timer_service().delete_event_time_timer(end)
        end = max(end or 0, ctx.timestamp() + PAUSE)
        ctx.timer_service().register_event_time_timer(end)
        self.end.update(end)
        self.pages.update((self.pages.value() or 0) + 1)

    def on_timer(self, timestamp, ctx):
        yield ctx.get_current_key(), self.pages.value()
        self.pages.clear()
        self.end.clear()


@pytest.fixture
def harness():
    return make_harness()


def make_harness(**options):
    return ProcessFunctionTestHarnesses.for_keyed_process_function(
        Visits(),
        key_selector=lambda click: click[0],
        key_type=Types.STRING(),
        input_type=CLICK,
        output_type=VISIT,
        **options,
    )


def test_a_visit_ends_after_a_pause(harness):
    with harness:
        harness.process_element(("ann", "/"), 0)
        harness.process_element(("ann", "/shop"), 10 * MINUTE)
        harness.process_watermark(39 * MINUTE)
        assert harness.extract_output_values() == []
        harness.process_watermark(40 * MINUTE)
        assert harness.get_output() == [
            Watermark(39 * MINUTE),
            StreamRecord(("ann", 2), 40 * MINUTE),
            Watermark(40 * MINUTE),
        ]


def test_each_user_has_one_timer_and_none_after_the_visit(harness):
    with harness:
        for minute, user in enumerate(["ann", "bob", "ann", "ann"]):
            harness.process_element((user, "/"), minute * MINUTE)
        assert harness.event_time_timers() == [
            Timer(31 * MINUTE, "bob"),
            Timer(33 * MINUTE, "ann"),
        ]
        assert harness.get_state(PAGES, "ann").value() == 3
        harness.process_watermark(60 * MINUTE)
        assert harness.num_event_time_timers() == 0
        assert harness.get_keys(PAGES) == []


def test_late_clicks_go_to_the_side_output(harness):
    with harness:
        harness.process_watermark(60 * MINUTE)
        harness.process_element(("ann", "/old"), 30 * MINUTE)
        harness.process_element(("ann", "/new"), 31 * MINUTE)
        assert harness.get_side_output(LATE) == [StreamRecord(("ann", "/old"), 30 * MINUTE)]
        assert harness.num_event_time_timers("ann") == 1


def test_a_bad_click_raises_the_functions_own_error(harness):
    with harness, pytest.raises(ValueError, match="no page: 'shop'"):
        harness.process_element(("ann", "shop"), 0)


def test_visits_go_on_after_a_restart_with_more_instances(harness):
    with harness:
        for user in ("ann", "bob", "cid", "dan"):
            harness.process_element((user, "/"), 0)
        snapshot = harness.snapshot()
    visits = []
    for index in range(2):
        restarted = make_harness(parallelism=2, subtask_index=index)
        restarted.initialize_state(snapshot)
        with restarted:
            restarted.process_watermark(PAUSE)
            visits += restarted.extract_output_values()
    assert sorted(visits) == [("ann", 1), ("bob", 1), ("cid", 1), ("dan", 1)]
