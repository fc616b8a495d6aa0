/* check_kernel.c - the kernel's parts that need neither sockets nor Python. */
#include "kernel/kernel_seen.h"
#include "kernel/kernel_wire.h"
#include "kernel/options.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kernel_bytes_t bytes(const char *text) {
    return (kernel_bytes_t){text, strlen(text)};
}

static void check_json(const char *data, size_t size, const char *expected) {
    kernel_text_t text = {0};
    kernel_text_json(&text, data, size);
    ck_assert_str_eq(text.data, expected);
    kernel_text_clear(&text);
}

START_TEST(json_strings) {
    check_json("", 0, "\"\"");
    check_json("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
    check_json("\b\t\n\f\r\v\0\x1f\x7f", 9, "\"\\b\\t\\n\\f\\r\\u000b\\u0000\\u001f\x7f\"");
    check_json("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb1", 9,
               "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xb1\"");
    check_json("x\xff\xc3", 3, "\"x\xef\xbf\xbd\xef\xbf\xbd\"");
    /* an overlong slash, a surrogate, beyond the last code point */
    check_json("\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    check_json("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    check_json("\xf4\x90\x80\x80", 4, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}
END_TEST

START_TEST(dates) {
    char date[KERNEL_DATE_SIZE];
    int year, month, day, hour, minute, second, micros, end = 0;
    kernel_date(date);
    ck_assert_int_eq(sscanf(date, "%4d-%2d-%2dT%2d:%2d:%2d.%6dZ%n", &year, &month, &day, &hour,
                            &minute, &second, &micros, &end),
                     7);
    ck_assert_int_eq(end, 27);
}
END_TEST

/* The second case of RFC 4231, its data split over the parts. */
START_TEST(signature_of_the_rfc) {
    kernel_signer_t *signer = kernel_signer_new("hmac-sha256", "Jefe");
    kernel_bytes_t parts[] = {bytes("what do ya"), bytes(" want "), bytes(""),
                              bytes("for nothing?")};
    char signature[KERNEL_SIGNATURE_SIZE];
    ck_assert(kernel_sign(signer, parts, signature));
    ck_assert_str_eq(signature, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    ck_assert_int_eq(kernel_verify(signer, parts, bytes(signature)), KERNEL_GENUINE);
    ck_assert_int_eq(kernel_verify(signer, parts, bytes(signature)), KERNEL_REPLAYED);
    ck_assert_int_eq(kernel_verify(signer, parts, bytes("")), KERNEL_FORGED);
    signature[63] ^= 1;
    ck_assert_int_eq(kernel_verify(signer, parts, bytes(signature)), KERNEL_FORGED);
    kernel_signer_free(signer);
}
END_TEST

START_TEST(schemes) {
    ck_assert_ptr_null(kernel_signer_new("hmac-none", "key"));
    ck_assert_ptr_null(kernel_signer_new("sha256", "key"));
    kernel_signer_t *open = kernel_signer_new("hmac-sha256", "");
    kernel_bytes_t parts[] = {bytes("a"), bytes("b"), bytes("c"), bytes("d")};
    ck_assert_int_eq(kernel_verify(open, parts, bytes("")), KERNEL_GENUINE);
    ck_assert_int_eq(kernel_verify(open, parts, bytes("")), KERNEL_GENUINE);
    kernel_signer_free(open);
}
END_TEST

/* Spread as signatures are. */
static void digits_of(char digits[65], unsigned round, unsigned number) {
    unsigned long long spread = (number + 1) * 0x9e3779b97f4a7c15ULL;
    snprintf(digits, 65, "%016x%016llx%032x", round, spread, 0);
}

START_TEST(seen_forgets_the_oldest) {
    kernel_seen_t *seen = kernel_seen_new();
    char digits[65];
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < KERNEL_SEEN_LIMIT; i++) {
            digits_of(digits, round, i);
            ck_assert(kernel_seen_add(seen, digits, 64));
            ck_assert(!kernel_seen_add(seen, digits, 64));
        }
    digits_of(digits, 2, 0);
    ck_assert_msg(!kernel_seen_add(seen, digits, 64), "the last 65,536 are known");
    kernel_seen_free(seen);
}
END_TEST

START_TEST(wire_parts) {
    kernel_signer_t *signer = kernel_signer_new("hmac-sha256", "");
    kernel_bytes_t frames[] = {bytes("me"),        bytes("<IDS|MSG>"),
                               bytes("ignored"),   bytes("{\"msg_id\":\"1\",\"msg_type\":\"t\"}"),
                               bytes("{}"),        bytes("{ }"),
                               bytes("{\"a\":1}"), bytes("\1\2")};
    kernel_wire_t wire;
    ck_assert_int_eq(kernel_wire_read(signer, frames, 8, &wire), KERNEL_WIRE_GOOD);
    ck_assert_uint_eq(wire.identities, 1);
    ck_assert_uint_eq(wire.buffers, 7);
    ck_assert_str_eq(wire.type, "t");
    ck_assert_str_eq(wire.id, "1");
    ck_assert_str_eq(wire.session, "");
    ck_assert_uint_eq(wire.content.size, 7);
    kernel_wire_clear(&wire);
    for (size_t count = 0; count < 7; count++)
        ck_assert_int_eq(kernel_wire_read(signer, frames, count, &wire), KERNEL_WIRE_SHORT);
    frames[3] = bytes("{\"msg_id\":1,\"msg_type\":\"t\"}");
    ck_assert_int_eq(kernel_wire_read(signer, frames, 8, &wire), KERNEL_WIRE_MALFORMED);
    kernel_signer_free(signer);
}
END_TEST

START_TEST(wire_headers) {
    char first[KERNEL_ID_SIZE], second[KERNEL_ID_SIZE];
    char *text = kernel_wire_header_new("a\"b", first);
    json_t *header = json_loads(text, 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(header, "msg_type")), "a\"b");
    ck_assert_str_eq(json_string_value(json_object_get(header, "msg_id")), first);
    ck_assert_str_eq(json_string_value(json_object_get(header, "version")), KERNEL_PROTOCOL);
    ck_assert_ptr_nonnull(json_string_value(json_object_get(header, "username")));
    ck_assert_uint_eq(json_string_length(json_object_get(header, "session")), 32);
    json_decref(header);
    free(text);
    free(kernel_wire_header_new("t", second));
    ck_assert_str_ne(first, second);
}
END_TEST

#define PARSE(options, ...)                                                                        \
    char *words[] = {"pyflink-kernel", __VA_ARGS__};                                               \
    kernel_options_parse((int)(sizeof words / sizeof *words), words, options)

START_TEST(options_of_a_run) {
    kernel_options_t options;
    PARSE(&options, "-f", "c.json", "-D", "a=b", "--java-trace");
    ck_assert_int_eq(options.mode, KERNEL_RUN);
    ck_assert_str_eq(options.connection_file, "c.json");
    ck_assert_uint_eq(options.engine.flink_options.count, 1);
    ck_assert(options.engine.java_trace);
    kernel_options_clear(&options);
}
END_TEST

START_TEST(options_of_install) {
    kernel_options_t options;
    PARSE(&options, "install", "--prefix=/p", "--name", "k", "--env", "A=b=c", "--env=D=", "-D",
          "x=y");
    ck_assert_int_eq(options.mode, KERNEL_INSTALL);
    ck_assert_int_eq(options.place, KERNEL_PREFIX);
    ck_assert_str_eq(options.prefix, "/p");
    ck_assert_str_eq(options.name, "k");
    ck_assert_uint_eq(options.environment.count, 2);
    ck_assert_str_eq(options.environment.items[0], "A=b=c");
    ck_assert_uint_eq(options.arguments.count, 3);
    kernel_options_clear(&options);
}
END_TEST

static void check_wrong(int count, char **words, const char *error) {
    kernel_options_t options;
    kernel_options_parse(count, words, &options);
    ck_assert_int_eq(options.mode, KERNEL_USAGE);
    ck_assert_str_eq(options.error, error);
    kernel_options_clear(&options);
}

#define WRONG(error, ...)                                                                          \
    do {                                                                                           \
        char *words[] = {"pyflink-kernel", __VA_ARGS__};                                           \
        check_wrong((int)(sizeof words / sizeof *words), words, error);                            \
    } while (0)

START_TEST(wrong_options) {
    WRONG("option '-f' needs a value", "-f");
    WRONG("unknown option '--user'", "--user");
    WRONG("a kernel runs cells, no program", "-c", "1");
    WRONG("option '--env' needs a value", "install", "--env");
    WRONG("--env =x: this is not NAME=VALUE", "install", "--env", "=x");
    WRONG("--name a/b: a name has letters, digits, '.', '_' and '-' only", "install", "--name",
          "a/b");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("kernel");
    TCase *test_case = tcase_create("kernel");
    tcase_add_test(test_case, json_strings);
    tcase_add_test(test_case, dates);
    tcase_add_test(test_case, signature_of_the_rfc);
    tcase_add_test(test_case, schemes);
    tcase_add_test(test_case, seen_forgets_the_oldest);
    tcase_add_test(test_case, wire_parts);
    tcase_add_test(test_case, wire_headers);
    tcase_add_test(test_case, options_of_a_run);
    tcase_add_test(test_case, options_of_install);
    tcase_add_test(test_case, wrong_options);
    suite_add_tcase(suite, test_case);
    return run_suite(suite);
}
