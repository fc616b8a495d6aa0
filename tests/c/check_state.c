/* check_state.c - keyed state and timers, used at random, with ASan and UBSan in mind. */
#include "codec_support.h"
#include "run_suite.h"

static void run_model(const char *call) {
    ck_assert_int_eq(
        PyRun_SimpleString("sys.path.insert(0, '" TEST_SRCDIR "/tests/python')\n"
                           "import state_model as m, _pyflink_engine as e\n"
                           "def raises(kind, text, function, *args):\n"
                           "    try: function(*args)\n"
                           "    except kind as error: assert text in str(error), error\n"
                           "    else: raise AssertionError(text)\n"),
        0);
    ck_assert_int_eq(PyRun_SimpleString(call), 0);
}

START_TEST(state_is_as_in_the_model) {
    run_model("m.check_state(1, 1)\nm.check_state(2, 50)\nm.check_state(3, 100000)\n");
}
END_TEST

START_TEST(state_that_is_not_kept) {
    run_model("m.check_state(4, 50, kept=False, batches=20)\n");
}
END_TEST

START_TEST(timers_are_as_in_the_model) {
    run_model("for limit in (1, 3, 100): m.check_timers(limit, limit)\n");
}
END_TEST

/* Objects that are used at the wrong time, after their chain too, are errors and no crashes. */
START_TEST(out_of_place) {
    run_model("kept = []\n"
              "def process(value, ctx):\n"
              "    s.value.update(1); s.map[1] = 2\n"
              "    kept[:] = [ctx, ctx.timer_service(), iter(s.map)]\n"
              "def late(p):\n"
              "    raises(RuntimeError, 'no current key', s.value.value)\n"
              "    raises(RuntimeError, 'no current key', s.map.keys)\n"
              "    raises(RuntimeError, 'no current key', s.list.add, 'x')\n"
              "    raises(RuntimeError, 'no current key', kept[0].get_current_key)\n"
              "    raises(RuntimeError, 'only', kept[1].register_event_time_timer, 1)\n"
              "    raises(RuntimeError, 'another record', next, kept[2])\n"
              "p = m.chain(process, store={})\n"
              "s = m.States(p)\n"
              "raises(RuntimeError, 'no current key', s.value.update, 1)\n"
              "m.run(p, m.record(1, 2))\n"
              "late(p)\n"
              "p.close()\n"
              "late(p)\n"
              "del p\n"
              "late(None)\n");
}
END_TEST

/* A value whose pickling uses state, or fails, while its key makes room for another. */
START_TEST(pickling_that_misbehaves) {
    run_model("class Nosy:\n"
              "    def __reduce__(self):\n"
              "        raises(RuntimeError, 'no current key', s.value.value)\n"
              "        return (int, (7,))\n"
              "class Bad:\n"
              "    def __reduce__(self): raise OSError('no way')\n"
              "def process(value, ctx):\n"
              "    s.any.update(Bad() if value == 3 else Nosy())\n"
              "store = {}\n"
              "p = m.chain(process, store=store, state_entries=1)\n"
              "s = m.States(p)\n"
              "m.run(p, m.record(1, 1) + m.record(2, 2) + m.record(4, 4))\n"
              "m.flush(p)\n"
              "assert len(store) == 3, store\n"
              "m.run(p, m.record(3, 3))\n"
              "raises(TypeError, \"state 'any': the value cannot be stored\", m.flush, p)\n");
}
END_TEST

START_TEST(types_are_checked) {
    run_model("def process(value, ctx):\n"
              "    for f, a, t in ((s.value.update, 'x', \"state 'value'\"),\n"
              "                    (s.list.add, 1, \"state 'list'\"),\n"
              "                    (s.list.add_all, ['a', None], \"state 'list'\"),\n"
              "                    (s.list.update, ['a', 5], \"state 'list'\"),\n"
              "                    (s.map.get, 'k', \"state 'map', key\"),\n"
              "                    (s.mean.add, 'q', 'unsupported')):\n"
              "        raises(TypeError, t, f, a)\n"
              "    raises(OverflowError, 'out of range', s.value.update, 2 ** 70)\n"
              "    assert s.value.value() is None and s.list.get() == []\n"
              "p = m.chain(process, store={})\n"
              "s = m.States(p)\n"
              "m.run(p, m.record(1, 2))\n");
}
END_TEST

/* A million entries: no more than the caches hold are in memory. */
START_TEST(large_maps_stay_in_the_backend) {
    run_model("def process(value, ctx):\n"
              "    for i in range(100000): s.map.put(i, i)\n"
              "    assert sum(s.map.values()) == 4999950000\n"
              "    it = iter(s.map)\n"
              "    assert next(it) == 0\n"
              "store = {}\n"
              "p = m.chain(process, store=store)\n"
              "s = m.States(p)\n"
              "m.run(p, m.record(1, 2))\n"
              "m.flush(p)\n"
              "assert [len(v) for v in store.values()] == [100000]\n");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("state");
    TCase *cases = tcase_create("state");
    tcase_add_checked_fixture(cases, start_python, stop_python);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, state_is_as_in_the_model);
    tcase_add_test(cases, state_that_is_not_kept);
    tcase_add_test(cases, timers_are_as_in_the_model);
    tcase_add_test(cases, out_of_place);
    tcase_add_test(cases, pickling_that_misbehaves);
    tcase_add_test(cases, types_are_checked);
    tcase_add_test(cases, large_maps_stay_in_the_backend);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
