/* check_bridge.c - the parts of the bridge that need neither Python nor a JVM: text. */
#include "bridge/bridge_units.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(one_byte_text) {
    const uint8_t in[] = {'a', 0, 0x7F, 0x80, 0xFF};
    uint16_t out[5];
    ck_assert_uint_eq(bridge_utf16_length(1, in, 5), 5);
    bridge_utf16_write(1, in, 5, out);
    for (int i = 0; i < 5; i++)
        ck_assert_uint_eq(out[i], in[i]);
    ck_assert_uint_eq(bridge_utf16_or(out, 3), 0x7F);
    ck_assert_uint_eq(bridge_utf16_or(out, 5), 0xFF);
}
END_TEST

START_TEST(two_byte_text_keeps_lone_surrogates) {
    const uint16_t in[] = {0xD800, 'x', 0xDFFF, 0xFFFF, 0};
    uint16_t out[5];
    ck_assert_uint_eq(bridge_utf16_length(2, in, 5), 5);
    bridge_utf16_write(2, in, 5, out);
    ck_assert_mem_eq(in, out, sizeof in);
    ck_assert(!bridge_utf16_has_pair(out, 5));
}
END_TEST

START_TEST(four_byte_text_makes_pairs) {
    const uint32_t in[] = {'a', 0x10000, 0x1F600, 0x10FFFF, 0xFFFF, 0xD800};
    const uint16_t expected[] = {'a',    0xD800, 0xDC00, 0xD83D, 0xDE00,
                                 0xDBFF, 0xDFFF, 0xFFFF, 0xD800};
    uint16_t out[9];
    ck_assert_uint_eq(bridge_utf16_length(4, in, 6), 9);
    bridge_utf16_write(4, in, 6, out);
    ck_assert_mem_eq(out, expected, sizeof expected);
    ck_assert(bridge_utf16_has_pair(out, 9));
}
END_TEST

START_TEST(pairs) {
    const uint16_t low_first[] = {0xDC00, 0xD800}, pair[] = {'a', 0xD83D, 0xDE00};
    ck_assert(!bridge_utf16_has_pair(NULL, 0));
    ck_assert(!bridge_utf16_has_pair(low_first, 2));
    ck_assert(!bridge_utf16_has_pair(pair, 2));
    ck_assert(bridge_utf16_has_pair(pair, 3));
    ck_assert_uint_eq(bridge_utf16_or(NULL, 0), 0);
}
END_TEST

static Suite *suite(void) {
    Suite *all = suite_create("bridge");
    TCase *text = tcase_create("text");
    tcase_add_test(text, one_byte_text);
    tcase_add_test(text, two_byte_text_keeps_lone_surrogates);
    tcase_add_test(text, four_byte_text_makes_pairs);
    tcase_add_test(text, pairs);
    suite_add_tcase(all, text);
    return all;
}

int main(void) {
    return run_suite(suite());
}
