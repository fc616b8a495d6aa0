/* check_codec.c - tests of schemas and of values between Python and bytes. */
#include "codec_support.h"
#include "run_suite.h"

#include <stdlib.h>

#define SCHEMA(text) schema_of(text, sizeof text - 1)

/* Encodes and decodes; the bytes must be used up by decoding and by skipping alike. */
static void round_trip(const char *schema, size_t length, const char *expression) {
    runtime_type_t *type = schema_of(schema, length);
    PyObject *value = value_of(expression);
    runtime_buffer_t out = {0};
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, &out);
    if (runtime_encode(&encoder, type, value) < 0) {
        runtime_encode_raise(&encoder, type, "test");
        PyErr_Print();
        ck_abort_msg("%s does not encode", expression);
    }
    runtime_input_t in = {out.data, out.data + out.length}, skipped = in;
    PyObject *back = runtime_decode(&in, type);
    if (back == NULL)
        PyErr_Print();
    ck_assert_ptr_nonnull(back);
    ck_assert_ptr_eq(in.next, in.end);
    ck_assert_msg(Py_TYPE(back) == Py_TYPE(value), "%s", expression);
    ck_assert_msg(PyObject_RichCompareBool(back, value, Py_EQ) == 1, "%s", expression);
    ck_assert_int_eq(runtime_skip(&skipped, type), 0);
    ck_assert_ptr_eq(skipped.next, skipped.end);
    /* Every shorter input is noticed. */
    for (size_t cut = 0; cut < out.length; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1); /* its own block, so that ASan sees overruns */
        memcpy(copy, out.data, cut);
        runtime_input_t few = {copy, copy + cut};
        PyObject *none = runtime_decode(&few, type);
        ck_assert_msg(none == NULL, "%s cut at %zu", expression, cut);
        PyErr_Clear();
        runtime_input_t few_skipped = {copy, copy + cut};
        ck_assert_int_eq(runtime_skip(&few_skipped, type), -1);
        PyErr_Clear();
        free(copy);
    }
    Py_DECREF(back);
    Py_DECREF(value);
    runtime_buffer_free(&out);
    runtime_type_free(type);
}

#define ROUND_TRIP(schema, expression) round_trip(schema, sizeof schema - 1, expression)

START_TEST(simple_values) {
    ROUND_TRIP("z", "True");
    ROUND_TRIP("b", "-128");
    ROUND_TRIP("h", "-32768");
    ROUND_TRIP("c", "'\\ud800'");
    ROUND_TRIP("i", "-2**31");
    ROUND_TRIP("l", "2**63 - 1");
    ROUND_TRIP("f", "0.5");
    ROUND_TRIP("d", "1e300");
    ROUND_TRIP("s", "''");
    ROUND_TRIP("s", "'abc'");
    ROUND_TRIP("s", "'na\\xefve'");
    ROUND_TRIP("s", "'\\u65e5\\u672c\\ud800'");
    ROUND_TRIP("s", "'x\\U0001f600'");
    ROUND_TRIP("N", "-2**200");
    ROUND_TRIP("N", "0");
    ROUND_TRIP("D", "decimal.Decimal('-12.300')");
    ROUND_TRIP("D", "decimal.Decimal('1E+9')");
    ROUND_TRIP("B", "b'\\0\\xff'");
}
END_TEST

START_TEST(dates_and_times) {
    ROUND_TRIP("E", "datetime.date(1, 1, 1)");
    ROUND_TRIP("e", "datetime.date(9999, 12, 31)");
    ROUND_TRIP("e", "datetime.date(2000, 2, 29)");
    ROUND_TRIP("M", "datetime.time(23, 59, 59, 999999)");
    ROUND_TRIP("m", "datetime.time(0)");
    ROUND_TRIP("W", "datetime.datetime(1969, 12, 31, 23, 59, 59, 1)");
    ROUND_TRIP("w", "datetime.datetime(1, 1, 1)");
    ROUND_TRIP("t", "Instant(-1, 999999999)");
}
END_TEST

START_TEST(values_with_parts) {
    ROUND_TRIP("[z", "[True, False]");
    ROUND_TRIP("[d", "[1.5]");
    ROUND_TRIP("[c", "['a', '\\u65e5']");
    ROUND_TRIP("As", "['a', None]");
    ROUND_TRIP("LLi", "[[1], None, []]");
    ROUND_TRIP("Ksl", "{'a': 1, None: None}");
    ROUND_TRIP("T\0", "()");
    ROUND_TRIP("T\3isl", "(1, None, 3)");
    ROUND_TRIP("R\2\0\1\1\0ai\1\0bs", "Row(a=1, b='x')");
    ROUND_TRIP("R\2\0\1\1\0ai\1\0bs", "Row.of_kind(RowKind.DELETE, a=None, b='x')");
    ROUND_TRIP("R\2\0\0is", "Row(1, 'x')");
    ROUND_TRIP("p", "{'set': {1, 2}}");
}
END_TEST

START_TEST(any_values) {
    ROUND_TRIP("o", "None");
    ROUND_TRIP("o", "[None, True, False, 0, -128, 127, 128, -32769, 2**31, -2**63, 2**63, -2**99]");
    ROUND_TRIP("o", "{'a': [1.5, b'x', ('t', ())], 2: {}, None: 'na\\xefve\\U0001f600'}");
    ROUND_TRIP("o", "Row(1, Row(a=2))");
    ROUND_TRIP("o", "Row.of_kind(RowKind.UPDATE_AFTER, a=1)");
    ROUND_TRIP("o", "{1, 2}");
    ROUND_TRIP("o", "decimal.Decimal('1.50')");
}
END_TEST

/* What a list and a pickle do with one object that is there twice. */
START_TEST(shared_parts_stay_shared) {
    runtime_type_t *type = SCHEMA("o");
    PyObject *value = value_of("(lambda a: [a, a])([1])");
    runtime_buffer_t out = {0};
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, &out);
    ck_assert_int_eq(runtime_encode(&encoder, type, value), 0);
    runtime_input_t in = {out.data, out.data + out.length};
    PyObject *back = runtime_decode(&in, type);
    ck_assert_ptr_eq(PyList_GET_ITEM(back, 0), PyList_GET_ITEM(back, 1));
    Py_DECREF(back);
    Py_DECREF(value);
    /* A list inside itself does not end the process. */
    value = value_of("(lambda a: a.append(a) or a)([1])");
    out.length = 0;
    ck_assert_int_eq(runtime_encode(&encoder, type, value), 0);
    in = (runtime_input_t){out.data, out.data + out.length};
    back = runtime_decode(&in, type);
    ck_assert_ptr_eq(PyList_GET_ITEM(back, 1), back);
    PyList_SetSlice(back, 0, 2, NULL);
    PyList_SetSlice(value, 0, 2, NULL);
    Py_DECREF(back);
    Py_DECREF(value);
    runtime_buffer_free(&out);
    runtime_type_free(type);
}
END_TEST

/* Equal keys have equal bytes. */
START_TEST(keys_are_canonical) {
    static const char *const pairs[][2] = {
        {"0.0", "-0.0"},
        {"('a', 0.0)", "('a', -0.0)"},
        {"'ab'", "'-'.join(['', '']).replace('-', 'ab')"},
        {"10**30", "10**29 * 10"},
        {"(lambda s: (decimal.Decimal(1), s, s))('xyz')",
         "(decimal.Decimal(1), 'xyz', ''.join(['x', 'yz']))"},
        {"(lambda s: decimal.Context and datetime.timezone(datetime.timedelta(1) / 24, s))('x')",
         "datetime.timezone(datetime.timedelta(hours=1), 'x')"},
        {"float('nan')", "-float('nan')"}};
    runtime_type_t *type = SCHEMA("o");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        runtime_buffer_t out[2] = {{0}, {0}};
        for (int side = 0; side < 2; side++) {
            PyObject *value = value_of(pairs[i][side]);
            runtime_encoder_t encoder;
            runtime_encoder_init(&encoder, &out[side]);
            encoder.canonical = true;
            ck_assert_int_eq(runtime_encode(&encoder, type, value), 0);
            Py_DECREF(value);
        }
        ck_assert_mem_eq(out[0].data, out[1].data, out[0].length);
        ck_assert_uint_eq(out[0].length, out[1].length);
        runtime_buffer_free(&out[0]);
        runtime_buffer_free(&out[1]);
    }
    runtime_type_free(type);
}
END_TEST

static void refuses(const char *schema, size_t length, const char *expression, const char *text) {
    runtime_type_t *type = schema_of(schema, length);
    PyObject *value = value_of(expression);
    Py_ssize_t references = Py_REFCNT(value);
    runtime_buffer_t out = {0};
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, &out);
    ck_assert_msg(runtime_encode(&encoder, type, value) < 0, "%s", expression);
    runtime_encode_raise(&encoder, type, "operator 'Map'");
    ck_assert_str_eq(error_text(), text);
    ck_assert_int_eq(Py_REFCNT(value), references);
    Py_DECREF(value);
    runtime_buffer_free(&out);
    runtime_type_free(type);
}

#define REFUSES(schema, expression, text) refuses(schema, sizeof schema - 1, expression, text)

START_TEST(values_that_do_not_fit) {
    REFUSES("i", "'a'", "TypeError: operator 'Map': the declared type is INT, found str 'a'");
    REFUSES("i", "2**31", "OverflowError: operator 'Map': int 2147483648 is out of range for INT");
    REFUSES("l", "2**63",
            "OverflowError: operator 'Map': int 9223372036854775808 is out of range for LONG");
    REFUSES("b", "-129", "OverflowError: operator 'Map': int -129 is out of range for BYTE");
    REFUSES("l", "1.5", "TypeError: operator 'Map': the declared type is LONG, found float 1.5");
    REFUSES("f", "1e39", "OverflowError: operator 'Map': float 1e+39 is out of range for FLOAT");
    REFUSES("T\2is", "(1, 2)",
            "TypeError: operator 'Map': field f1 of the declared type TUPLE<INT, STRING> expects "
            "STRING, found int 2");
    REFUSES("LT\1i", "[(1,), ('x',)]",
            "TypeError: operator 'Map': element 1, field f0 of the declared type "
            "LIST<TUPLE<INT>> expects INT, found str 'x'");
    REFUSES("R\1\0\1\3\0agei", "Row(age='x')",
            "TypeError: operator 'Map': field age of the declared type ROW<age: INT> expects INT, "
            "found str 'x'");
    REFUSES("Ksb", "{'a': 1, 'b': 300}",
            "OverflowError: operator 'Map': the value of key number 1 of the declared type "
            "MAP<STRING, BYTE>: int 300 is out of range for BYTE");
    REFUSES(
        "T\1i", "(1, 2)",
        "TypeError: operator 'Map': tuple (1, 2) does not have the number of fields of TUPLE<INT>");
    REFUSES("[i", "[None]",
            "TypeError: operator 'Map': element 0 of the declared type PRIMITIVE_ARRAY<INT> "
            "expects INT, found None");
    REFUSES("j", "1",
            "TypeError: operator 'Map': the declared type is a Java type that Python cannot read, "
            "found int 1");
}
END_TEST

START_TEST(wrong_schemas) {
    static const char *const wrong[] = {
        "", "x", "L", "K", "Ks", "[s", "[", "T", "T\2i", "R\1", "R\1\0\2i", "R\1\0\1\5\0ab", "ii"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_ptr_null(runtime_type_parse((const uint8_t *)wrong[i], strlen(wrong[i])));
        ck_assert(PyErr_ExceptionMatches(PyExc_ValueError));
        PyErr_Clear();
    }
    char deep[1000];
    memset(deep, 'L', sizeof deep);
    ck_assert_ptr_null(runtime_type_parse((uint8_t *)deep, sizeof deep));
    ck_assert_str_eq(error_text(), "ValueError: the schema nests types more than 64 deep");
}
END_TEST

/* ---- random input ------------------------------------------------------------------------ */

static size_t random_schema(uint8_t *out, int depth) {
    static const char simple[] = "zbhcilfdsNDEeMmWwtBpoj";
    static const char parts[] = "zbhcilfd";
    uint32_t what = random_below(depth > 3 ? 20 : 32);
    size_t length = 0;
    if (what < 22) {
        out[length++] = (uint8_t)simple[what];
    } else if (what < 24) {
        out[length++] = '[';
        out[length++] = (uint8_t)parts[random_below(8)];
    } else if (what < 28) {
        out[length++] = "ALAL"[what - 24];
        length += random_schema(out + length, depth + 1);
    } else if (what == 28) {
        out[length++] = 'K';
        length += random_schema(out + length, depth + 1);
        length += random_schema(out + length, depth + 1);
    } else {
        uint32_t count = random_below(4);
        out[length++] = what == 29 ? 'R' : 'T';
        out[length++] = (uint8_t)count;
        if (what == 29) {
            out[length++] = 0;
            out[length++] = 0;
        }
        for (uint32_t i = 0; i < count; i++)
            length += random_schema(out + length, depth + 1);
    }
    return length;
}

/* Random bytes give a value or an error, never a crash; pickles would run what the bytes say, so
 * schemas that may hold them are only skipped over. */
START_TEST(random_bytes) {
    uint8_t schema[4096], bytes[200];
    for (int round = 0; round < 20000; round++) {
        size_t length = random_schema(schema, 0);
        bool may_pickle =
            memchr(schema, 'p', length) != NULL || memchr(schema, 'o', length) != NULL;
        runtime_type_t *type = schema_of((char *)schema, length);
        size_t size = random_below(sizeof bytes);
        bool small = random_below(2);
        uint8_t *input = malloc(size ? size : 1);
        for (size_t i = 0; i < size; i++)
            input[i] = (uint8_t)(small ? random_below(8) * random_below(2) : random_below(256));
        runtime_input_t in = {input, input + size};
        if (runtime_skip(&in, type) < 0)
            PyErr_Clear();
        ck_assert(in.next <= in.end);
        in = (runtime_input_t){input, input + size};
        PyObject *value = may_pickle ? NULL : runtime_decode(&in, type);
        ck_assert(value == NULL || !PyErr_Occurred());
        Py_XDECREF(value);
        PyErr_Clear();
        ck_assert(in.next <= in.end);
        free(input);
        runtime_type_free(type);
    }
}
END_TEST

/* The same for the self-describing form, with the tags that exist but those of pickles. */
START_TEST(random_any_bytes) {
    static const char tags[] = "NTF1248IfsbtldR";
    runtime_type_t *type = SCHEMA("o");
    for (int round = 0; round < 20000; round++) {
        size_t size = random_below(120);
        uint8_t *input = malloc(size ? size : 1);
        for (size_t i = 0; i < size; i++) {
            input[i] = (uint8_t)(random_below(3) ? (uint8_t)tags[random_below(sizeof tags - 1)]
                                                 : random_below(5));
            if (input[i] == 'P')
                input[i] = 'N';
        }
        runtime_input_t in = {input, input + size};
        PyObject *value = runtime_decode(&in, type);
        ck_assert(value == NULL || !PyErr_Occurred());
        Py_XDECREF(value);
        PyErr_Clear();
        in = (runtime_input_t){input, input + size};
        runtime_skip(&in, type);
        PyErr_Clear();
        free(input);
    }
    runtime_type_free(type);
}
END_TEST

/* Types nest as deep as allowed, values of ANY deeper: no stack overflow either way. */
START_TEST(deep_values) {
    uint8_t bytes[5 * 1000];
    for (size_t i = 0; i < sizeof bytes; i += 5)
        memcpy(bytes + i, "t\1\0\0\0", 5);
    runtime_type_t *type = SCHEMA("o");
    runtime_input_t in = {bytes, bytes + sizeof bytes};
    ck_assert_ptr_null(runtime_decode(&in, type));
    ck_assert_str_eq(error_text(),
                     "ValueError: malformed record bytes: values are nested too deep");
    runtime_type_free(type);
    ROUND_TRIP("o", "(lambda f: f(f, 63))(lambda f, n: (f(f, n - 1),) if n else 1)");
    ROUND_TRIP("o", "(lambda f: f(f, 80))(lambda f, n: (f(f, n - 1),) if n else 1)");
    ROUND_TRIP("LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLi", "(lambda f: f(f, 29))(lambda f, n: [f(f, n - 1)] "
                                                  "if n else [1])");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("codec");
    TCase *cases = tcase_create("codec");
    tcase_add_checked_fixture(cases, start_python, stop_python);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, simple_values);
    tcase_add_test(cases, dates_and_times);
    tcase_add_test(cases, values_with_parts);
    tcase_add_test(cases, any_values);
    tcase_add_test(cases, shared_parts_stay_shared);
    tcase_add_test(cases, keys_are_canonical);
    tcase_add_test(cases, values_that_do_not_fit);
    tcase_add_test(cases, wrong_schemas);
    tcase_add_test(cases, random_bytes);
    tcase_add_test(cases, random_any_bytes);
    tcase_add_test(cases, deep_values);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
