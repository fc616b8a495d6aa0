/* check_chain.c - tests of running chains, with ASan and UBSan in mind. */
#include "codec_support.h"
#include "run_suite.h"

/* ---- chains ------------------------------------------------------------------------------ */

static void run_python(const char *code) {
    ck_assert_int_eq(
        PyRun_SimpleString("import _pyflink_engine as e\n"
                           "def chain(steps, schema=b'l', out=b'p', **more):\n"
                           "    return e.ChainProbe(steps, 0, schema, None, 0, out, None, **more)\n"
                           "def drain(chain, batch):\n"
                           "    out, more = chain.run(batch)\n"
                           "    while more:\n"
                           "        part, more = chain.run(b'')\n"
                           "        out += part\n"
                           "    return out\n"),
        0);
    ck_assert_int_eq(PyRun_SimpleString(code), 0);
}

START_TEST(generators_are_suspended) {
    run_python("def repeat(x):\n"
               "    for i in range(500): yield x, i\n"
               "c = chain([(2, 'F', repeat, None), (2, 'G', lambda t: [t, t], None),\n"
               "           (1, 'M', lambda t: t + ('x' * 20,), None)], buffer_bytes=1024)\n"
               "out = drain(c, e.encode_batch([1, 2], b'l'))\n"
               "assert e.decode_batch(out, b'p') == [(x, i, 'x' * 20) for x in (1, 2)\n"
               "    for i in range(500) for _ in 'ab']\n");
}
END_TEST

/* A chain that is dropped while a generator is suspended ends the generator. */
START_TEST(suspended_generators_end) {
    run_python("ended = []\n"
               "def endless(x):\n"
               "    try:\n"
               "        while True: yield 'x' * 100\n"
               "    finally: ended.append(x)\n"
               "c = chain([(2, 'F', endless, None)], buffer_bytes=1024)\n"
               "assert c.run(e.encode_batch([7], b'l'))[1] == 1\n"
               "c.close()\n"
               "assert ended == [7]\n");
}
END_TEST

START_TEST(big_records_grow_the_output) {
    run_python("c = chain([(1, 'M', lambda n: 'x' * n, None)], out=b's', buffer_bytes=1024)\n"
               "out = drain(c, e.encode_batch([1000000, 3, 5000000], b'l'))\n"
               "assert [len(s) for s in e.decode_batch(out, b's')] == [1000000, 3, 5000000]\n");
}
END_TEST

START_TEST(malformed_batches_are_errors) {
    run_python(
        "for mode, schema in ((0, b's'), (1, b's'), (0, b'R\\2\\0\\0ss'), (1, b'o')):\n"
        "    keyed = b's' if schema[:1] == b'R' else None\n"
        "    c = e.ChainProbe([(1, 'M', str, None)], mode, schema, keyed, 0, b's', None)\n"
        "    for batch in (b'\\0', b'\\1', b'\\0\\xff\\xff\\xff\\xff' * 2, b'\\0' + b'\\4' * 9):\n"
        "        try: c.run(batch)\n"
        "        except ValueError as error: assert 'malformed' in str(error)\n"
        "        else: raise AssertionError((mode, schema, batch))\n"
        "        c = e.ChainProbe([(1, 'M', str, None)], mode, schema, keyed, 0, b's', None)\n");
}
END_TEST

/* Functions that change what they returned while it is being walked. */
START_TEST(changing_lists) {
    run_python("kept = []\n"
               "def numbers(x):\n"
               "    kept[:] = range(10)\n"
               "    return kept\n"
               "def shrink(x):\n"
               "    if x == 3: del kept[5:]\n"
               "    return x\n"
               "c = chain([(2, 'F', numbers, None), (1, 'M', shrink, None)])\n"
               "out = drain(c, e.encode_batch([1], b'l'))\n"
               "assert e.decode_batch(out, b'p') == [0, 1, 2, 3, 4]\n");
}
END_TEST

START_TEST(word_count) {
    run_python(
        "pair = b'T\\2si'\n"
        "split = e.ChainProbe([(2, 'F', str.split, b's'), (1, 'M', lambda w: (w, 1), pair),\n"
        "    (4, 'K', lambda t: t[0], None)], 0, b's', None, 1, pair, b's')\n"
        "store = {}\n"
        "count = e.ChainProbe([(7, 'R', lambda a, b: (a[0], a[1] + b[1]), None)],\n"
        "    1, pair, b's', 0, pair, None, store, 2)\n"
        "words = drain(split, e.encode_batch(['a b a', 'c a', 'b'], b's'))\n"
        "assert e.decode_batch(drain(count, words), pair) == [('a', 1), ('b', 1), ('a', 2),\n"
        "    ('c', 1), ('a', 3), ('b', 2)]\n"
        "assert len(store) > 0\n");
}
END_TEST

/* A record of the second input has its flag set; both ends have types and modes of their own. */
START_TEST(two_inputs) {
    run_python(
        "def second(batch): return bytes([batch[0] | 4]) + batch[1:]\n"
        "one, two = e.encode_batch([7], b'l'), second(e.encode_batch(['x'], b's'))\n"
        "c = chain([(10, 'C', lambda n: n + 1, None, None, lambda s: s * 2)], in2=(0, b's', "
        "None))\n"
        "assert e.decode_batch(drain(c, one + two + one), b'p') == [8, 'xx', 8]\n"
        "split = e.ChainProbe([(4, 'K', lambda n: n % 2, None)], 0, b'l', None, 1, b'l', b'o')\n"
        "keyed = drain(split, e.encode_batch([4, 5], b'l'))\n"
        "def co(value, ctx): yield ctx.get_current_key(), value\n"
        "c = e.ChainProbe([(12, 'C', co, None, None, co)], 1, b'l', b'o', 0, b'p', None,\n"
        "    in2=(1, b'l', b'o'), buffer_bytes=1024)\n"
        "both = keyed[:len(keyed) // 2] + second(keyed[len(keyed) // 2:])\n"
        "assert e.decode_batch(drain(c, both), b'p') == [(0, 4), (1, 5)]\n");
}
END_TEST

START_TEST(a_record_from_nowhere_is_an_error) {
    run_python(
        "c = chain([(1, 'M', str, None)])\n"
        "try: c.run(b'\\4' + e.encode_batch([1], b'l')[1:])\n"
        "except ValueError as error: assert 'input that the chain does not have' in str(error)\n"
        "else: raise AssertionError('no error')\n"
        "for steps in ([(1, 'M', str, None), (10, 'C', str, None, None, str)],\n"
        "              [(10, 'C', str, None)]):\n"
        "    try: chain(steps, in2=(0, b'l', None))\n"
        "    except SystemError: pass\n"
        "    else: raise AssertionError(steps)\n");
}
END_TEST

/* A context that the function kept has no key, and no pointer to where one was. */
START_TEST(kept_contexts_know_no_key) {
    run_python(
        "split = e.ChainProbe([(4, 'K', lambda n: str(n) * 50, None)], 0, b'l', None, 1, b'l',\n"
        "    b'o')\n"
        "kept = []\n"
        "def co(value, ctx): kept.append((ctx, ctx.get_current_key()[:1]))\n"
        "c = e.ChainProbe([(12, 'C', co, None, None, co)], 1, b'l', b'o', 0, b'p', None,\n"
        "    in2=(1, b'l', b'o'))\n"
        "drain(c, drain(split, e.encode_batch([3, 4], b'l')))\n"
        "assert [key for _, key in kept] == ['3', '4']\n"
        "def lost():\n"
        "    try: kept[0][0].get_current_key()\n"
        "    except RuntimeError: return True\n"
        "assert lost()\n"
        "del c\n"
        "assert lost() and kept[0][0].timer_service().current_watermark() == -2**63\n");
}
END_TEST

/* Tagged results in the middle of a chain, and tags whose objects come and go. */
START_TEST(side_outputs) {
    run_python("from pyflink.datastream.output_tag import OutputTag\n"
               "def tagging(x, ctx):\n"
               "    yield OutputTag('a'), x\n"
               "    yield OutputTag('unread'), x\n"
               "    yield x\n"
               "c = chain([(6, 'P', tagging, b'l'), (1, 'M', lambda x: x, b'l'),\n"
               "    (6, 'Q', lambda x, ctx: [(OutputTag('a'), str(x)), x], None)], out=b'l')\n"
               "c.side_output(0, 'a', 0, b'l')\n"
               "c.side_output(2, 'a', 1, b's')\n"
               "long = lambda x: x.to_bytes(8, 'little')\n"
               "expected = b''.join(b'\\x08\\0\\0' + long(x) + b'\\x08\\1\\0' + bytes(4) +\n"
               "    b'\\6\\0\\0\\0\\1\\4\\0\\0\\0' + b'%d' % x + b'\\0' + long(x)\n"
               "    for x in range(3))\n"
               "assert drain(c, e.encode_batch([0, 1, 2], b'l')) == expected\n"
               "for bad in ((3, 'a', 0, b'l'), (-1, 'a', 0, b'l'), (0, 'a', 0, b'?')):\n"
               "    try: c.side_output(*bad)\n"
               "    except (SystemError, ValueError): pass\n"
               "    else: raise AssertionError(bad)\n");
}
END_TEST

START_TEST(partitions) {
    run_python("c = e.ChainProbe([(16, 'P', lambda x: x, None, None, lambda k, n: k % n)],\n"
               "    0, b'l', None, 1, b'l', b'i', partitions=2)\n"
               "out = drain(c, e.encode_batch([4, 5], b'l'))\n"
               "assert [out[9], out[9 + 22]] == [0, 1] and len(out) == 44\n"
               "for steps in ([(16, 'P', abs, None)], [(16, 'P', abs, None, None, max)] * 2):\n"
               "    try: e.ChainProbe(steps, 0, b'l', None, 1, b'l', b'i')\n"
               "    except SystemError: pass\n"
               "    else: raise AssertionError(steps)\n");
}
END_TEST

/* A reduce without keys is a reduce over one key of no bytes. */
START_TEST(reduce_of_the_whole_stream) {
    run_python(
        "store = {}\n"
        "for batch, expected in ([1, 2], [1, 3]), ([3], [6]):\n"
        "    c = chain([(7, 'R', lambda a, b: a + b, None)], out=b'l', store=store)\n"
        "    assert e.decode_batch(drain(c, e.encode_batch(batch, b'l')), b'l') == expected\n"
        "    c.apply(c.flush_state()[0])\n"
        "    assert list(store) == [(0, b'')]\n"
        "c = chain([(7, 'R', lambda a, b: a + b, None)], out=b'l', batch_mode=True)\n"
        "assert drain(c, e.encode_batch([1, 2, 3], b'l')) == b''\n"
        "assert e.decode_batch(c.end_input()[0], b'l') == [6]\n");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("chain");
    TCase *cases = tcase_create("chain");
    tcase_add_checked_fixture(cases, start_python, stop_python);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, generators_are_suspended);
    tcase_add_test(cases, suspended_generators_end);
    tcase_add_test(cases, big_records_grow_the_output);
    tcase_add_test(cases, malformed_batches_are_errors);
    tcase_add_test(cases, changing_lists);
    tcase_add_test(cases, word_count);
    tcase_add_test(cases, two_inputs);
    tcase_add_test(cases, a_record_from_nowhere_is_an_error);
    tcase_add_test(cases, kept_contexts_know_no_key);
    tcase_add_test(cases, side_outputs);
    tcase_add_test(cases, partitions);
    tcase_add_test(cases, reduce_of_the_whole_stream);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
