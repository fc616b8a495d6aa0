/* runtime_encode.c - makes bytes from Python objects and notices those that do not fit.
 *
 * Cost of one value: one switch, one exact type check that almost always holds, one bounds check
 * of the output and a copy. What did not fit is only noted; its text is made in
 * runtime_mismatch.c once the encoder has unwound, so nothing here formats. */
#include "runtime/runtime_codec.h"

#include <math.h>

int runtime_mismatch(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value,
                     const char *reason) {
    encoder->expected = type;
    Py_INCREF(value);
    Py_XSETREF(encoder->found, value);
    encoder->reason = reason;
    encoder->depth = 0;
    return -1;
}

int runtime_at(runtime_encoder_t *encoder, int what, Py_ssize_t index, const char *name) {
    if (encoder->found != NULL && encoder->depth <= RUNTIME_MAX_DEPTH) {
        runtime_step_in_t *step = &encoder->path[encoder->depth++];
        step->what = what;
        step->index = index;
        step->name = name;
    }
    return -1;
}

/* ---- one value ----------------------------------------------------------------------------- */

/* What is no int itself but can be one without a loss: numpy's ints, and floats, decimals and
 * fractions that are whole numbers. */
static int int_from_other(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value,
                          int64_t *result) {
    PyObject *whole = runtime_whole_number(value);
    if (whole == NULL) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError)) { /* an infinity */
            PyErr_Clear();
            return runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
        }
        if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_ValueError))
            return -1;
        PyErr_Clear();
        return runtime_mismatch(encoder, type, value, NULL);
    }
    int overflow;
    *result = PyLong_AsLongLongAndOverflow(whole, &overflow);
    Py_DECREF(whole);
    return overflow ? runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE) : 0;
}

static inline int get_int(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value,
                          int64_t *result) {
    if (__builtin_expect(!PyLong_Check(value), 0))
        return int_from_other(encoder, type, value, result);
    int overflow;
    *result = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (__builtin_expect(overflow, 0))
        return runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
    return 0;
}

static int get_int_within(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value,
                          int bits, int64_t *result) {
    if (get_int(encoder, type, value, result) < 0)
        return -1;
    int64_t limit = (int64_t)1 << (bits - 1);
    if (__builtin_expect(*result < -limit || *result >= limit, 0))
        return runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
    return 0;
}

static inline int get_double(runtime_encoder_t *encoder, const runtime_type_t *type,
                             PyObject *value, double *result) {
    if (__builtin_expect(PyFloat_CheckExact(value), 1)) {
        *result = PyFloat_AS_DOUBLE(value);
    } else {
        *result = PyFloat_AsDouble(value);
        if (*result == -1.0 && PyErr_Occurred()) {
            bool type_error = PyErr_ExceptionMatches(PyExc_TypeError);
            if (!type_error && !PyErr_ExceptionMatches(PyExc_OverflowError))
                return -1;
            PyErr_Clear();
            return runtime_mismatch(encoder, type, value, type_error ? NULL : RUNTIME_OUT_OF_RANGE);
        }
    }
    if (encoder->canonical) {
        if (*result == 0.0)
            *result = 0.0; /* not -0.0, which is equal */
        else if (*result != *result)
            *result = (double)NAN;
    }
    return 0;
}

static int put_char(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    if (!PyUnicode_Check(value))
        return runtime_mismatch(encoder, type, value, NULL);
    if (PyUnicode_GET_LENGTH(value) != 1 || PyUnicode_READ_CHAR(value, 0) > 0xffff)
        return runtime_mismatch(encoder, type, value,
                                "is not one UTF-16 character, as needed for ");
    runtime_put_u16(encoder->out, (uint16_t)PyUnicode_READ_CHAR(value, 0));
    return 0;
}

static int put_utf16(runtime_buffer_t *out, PyObject *value, Py_ssize_t length) {
    const Py_UCS4 *chars = PyUnicode_4BYTE_DATA(value);
    size_t start = out->length;
    if (runtime_reserve(out, 4 + 4 * (size_t)length) < 0)
        return -1;
    runtime_put_u32(out, 0);
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = chars[i];
        if (c > 0xffff) {
            runtime_put_u16(out, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        runtime_put_u16(out, (uint16_t)c);
    }
    runtime_patch_u32(out, start, (out->length - start - 4) << 2 | 2);
    return 0;
}

int runtime_encode_string(runtime_buffer_t *out, PyObject *value) {
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(value) < 0)
        return -1;
#endif
    Py_ssize_t length = PyUnicode_GET_LENGTH(value);
    if (length > (1 << 28)) {
        PyErr_SetString(PyExc_OverflowError, "a string of more than 268435456 characters");
        return -1;
    }
    unsigned width = (unsigned)PyUnicode_KIND(value); /* 1, 2 or 4 bytes for each character */
    if (width == 4)
        return put_utf16(out, value, length);
    size_t bytes = (size_t)length * width;
    if (runtime_reserve(out, 4 + bytes) < 0)
        return -1;
    unsigned kind = PyUnicode_IS_ASCII(value) ? 0 : width;
    runtime_put_u32(out, (uint32_t)bytes << 2 | kind);
    memcpy(out->data + out->length, PyUnicode_DATA(value), bytes);
    out->length += bytes;
    return 0;
}

/* ---- values with parts ----------------------------------------------------------------------- */

/* Whether value is Java's null. A pickle can say None itself, and Flink's serializers of bytes take
 * no null. */
static inline bool is_null(const runtime_type_t *type, PyObject *value) {
    return value == Py_None && type->kind != RUNTIME_PICKLED && type->kind != RUNTIME_ANY;
}

static int put_optional(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    bool null = is_null(type, value);
    if (runtime_reserve(encoder->out, 1) < 0)
        return -1;
    runtime_put_u8(encoder->out, !null);
    return null ? 0 : runtime_encode(encoder, type, value);
}

PyObject *runtime_as_sequence(PyObject *value) {
    if (PyList_Check(value) || PyTuple_Check(value))
        return Py_NewRef(value);
    if (PyUnicode_Check(value) || PyDict_Check(value) ||
        (!PySequence_Check(value) && !PyAnySet_Check(value)))
        return NULL;
    return PySequence_List(value);
}

static int put_elements(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value,
                        int (*put)(runtime_encoder_t *, const runtime_type_t *, PyObject *)) {
    PyObject *items = runtime_as_sequence(value);
    if (items == NULL)
        return PyErr_Occurred() ? -1 : runtime_mismatch(encoder, type, value, NULL);
    size_t start = encoder->out->length;
    int result = runtime_reserve(encoder->out, 4);
    if (result == 0)
        runtime_put_u32(encoder->out, 0);
    /* The list may change while its elements run Python code (pickling), so look at it anew. */
    Py_ssize_t i = 0;
    for (; result == 0 && i < PySequence_Fast_GET_SIZE(items); i++) {
        PyObject *item = Py_NewRef(PySequence_Fast_GET_ITEM(items, i));
        if (put(encoder, type->fields[0], item) < 0)
            result = runtime_at(encoder, RUNTIME_AT_ELEMENT, i, NULL);
        Py_DECREF(item);
    }
    if (result == 0)
        runtime_patch_u32(encoder->out, start, (size_t)i);
    Py_DECREF(items);
    return result;
}

static int put_map(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    if (!PyDict_Check(value))
        return runtime_mismatch(encoder, type, value, NULL);
    size_t start = encoder->out->length, count = 0;
    if (runtime_reserve(encoder->out, 4) < 0)
        return -1;
    runtime_put_u32(encoder->out, 0);
    Py_ssize_t position = 0, expected = PyDict_GET_SIZE(value);
    PyObject *key, *item;
    int result = 0;
    while (result == 0 && PyDict_Next(value, &position, &key, &item)) {
        Py_INCREF(key);
        Py_INCREF(item);
        if (put_optional(encoder, type->fields[0], key) < 0)
            result = runtime_at(encoder, RUNTIME_AT_KEY, (Py_ssize_t)count, NULL);
        else if (put_optional(encoder, type->fields[1], item) < 0)
            result = runtime_at(encoder, RUNTIME_AT_VALUE, (Py_ssize_t)count, NULL);
        Py_DECREF(key);
        Py_DECREF(item);
        count++;
        if (result == 0 && PyDict_GET_SIZE(value) != expected) {
            PyErr_SetString(PyExc_RuntimeError, "a dict changed while it was encoded");
            result = -1;
        }
    }
    runtime_patch_u32(encoder->out, start, count);
    return result;
}

/* Appends an empty null bitmap for count fields; *where is its place. */
static int put_bitmap(runtime_buffer_t *out, unsigned count, size_t *where) {
    size_t bytes = (count + 7) / 8;
    if (runtime_reserve(out, bytes) < 0)
        return -1;
    *where = out->length;
    memset(out->data + out->length, 0, bytes);
    out->length += bytes;
    return 0;
}

static const char *field_name(const runtime_type_t *type, unsigned i) {
    return type->names == NULL ? NULL : PyUnicode_AsUTF8(PyList_GET_ITEM(type->names, i));
}

static inline int put_field(runtime_encoder_t *encoder, const runtime_type_t *type, unsigned i,
                            size_t bitmap, PyObject *item) {
    if (is_null(type->fields[i], item)) {
        encoder->out->data[bitmap + (i >> 3)] |= (uint8_t)(1u << (i & 7));
        return 0;
    }
    if (__builtin_expect(runtime_encode(encoder, type->fields[i], item) < 0, 0))
        return runtime_at(encoder, RUNTIME_AT_FIELD, i,
                          encoder->found ? field_name(type, i) : NULL);
    return 0;
}

static int put_tuple(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    size_t bitmap;
    if (!PyTuple_Check(value))
        return runtime_mismatch(encoder, type, value, NULL);
    if (PyTuple_GET_SIZE(value) != type->count)
        return runtime_mismatch(encoder, type, value, "does not have the number of fields of ");
    if (put_bitmap(encoder->out, type->count, &bitmap) < 0)
        return -1;
    for (unsigned i = 0; i < type->count; i++)
        if (put_field(encoder, type, i, bitmap, PyTuple_GET_ITEM(value, i)) < 0)
            return -1;
    return 0;
}

/* The value of the field called name in a row with names; borrowed, NULL when it has none. */
static PyObject *row_item(PyObject *fields, PyObject *values, PyObject *name) {
    Py_ssize_t count = PyList_GET_SIZE(fields);
    for (Py_ssize_t i = 0; i < count && i < PyList_GET_SIZE(values); i++) {
        PyObject *candidate = PyList_GET_ITEM(fields, i);
        if (candidate == name ||
            (PyUnicode_Check(candidate) && PyUnicode_Compare(candidate, name) == 0))
            return PyList_GET_ITEM(values, i);
    }
    return NULL;
}

static int put_row_fields(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *row,
                          PyObject *values, PyObject *fields) {
    size_t bitmap;
    if (fields == NULL && PySequence_Fast_GET_SIZE(values) != type->count)
        return runtime_mismatch(encoder, type, row, "does not have the number of fields of ");
    if (put_bitmap(encoder->out, type->count, &bitmap) < 0)
        return -1;
    for (unsigned i = 0; i < type->count; i++) {
        PyObject *item = NULL;
        if (fields == NULL && i < PySequence_Fast_GET_SIZE(values)) {
            item = PySequence_Fast_GET_ITEM(values, i);
        } else if (fields != NULL) {
            item = row_item(fields, values, PyList_GET_ITEM(type->names, i));
        }
        if (item == NULL)
            return runtime_mismatch(encoder, type, row, "does not have the field names of ");
        /* Rows can be changed by Python code that runs while a field is encoded. */
        Py_INCREF(item);
        int result = put_field(encoder, type, i, bitmap, item);
        Py_DECREF(item);
        if (result < 0)
            return -1;
    }
    return 0;
}

/* from_collection takes dicts for rows; what they do not have is null. */
static int put_dict_as_row(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *dict) {
    size_t bitmap;
    runtime_put_u8(encoder->out, 0);
    if (put_bitmap(encoder->out, type->count, &bitmap) < 0)
        return -1;
    for (unsigned i = 0; i < type->count; i++) {
        PyObject *item = PyDict_GetItemWithError(dict, PyList_GET_ITEM(type->names, i));
        if (item == NULL && PyErr_Occurred())
            return -1;
        item = Py_NewRef(item == NULL ? Py_None : item);
        int result = put_field(encoder, type, i, bitmap, item);
        Py_DECREF(item);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int put_row(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    const runtime_types_t *types = runtime_types();
    if (types == NULL || runtime_reserve(encoder->out, 1) < 0)
        return -1;
    if (Py_TYPE(value) != types->row && !PyObject_TypeCheck(value, types->row)) {
        if (PyDict_Check(value) && type->names != NULL)
            return put_dict_as_row(encoder, type, value);
        if (!PyTuple_Check(value) && !PyList_Check(value))
            return runtime_mismatch(encoder, type, value, NULL);
        runtime_put_u8(encoder->out, 0);
        return put_row_fields(encoder, type, value, value, NULL);
    }
    int kind = runtime_row_kind(types, value);
    if (kind < 0)
        return -1;
    runtime_put_u8(encoder->out, (uint8_t)kind);
    PyObject *values = RUNTIME_SLOT(value, types->row_values);
    PyObject *fields = RUNTIME_SLOT(value, types->row_fields);
    if (values == NULL || (!PyList_Check(values) && !PyTuple_Check(values)))
        return runtime_mismatch(encoder, type, value, NULL);
    /* Names in another order than the type's decide where a value goes, as the peer does it. */
    if (fields == NULL || fields == type->names || type->names == NULL || !PyList_Check(fields) ||
        !PyList_Check(values))
        return put_row_fields(encoder, type, value, values, NULL);
    Py_INCREF(fields);
    Py_INCREF(values);
    int result = put_row_fields(encoder, type, value, values, fields);
    Py_DECREF(fields);
    Py_DECREF(values);
    return result;
}

int runtime_encode(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    int64_t whole;
    double real;
    if (runtime_reserve(encoder->out, 12) < 0)
        return -1;
    switch (type->kind) {
    case RUNTIME_LONG:
        if (get_int(encoder, type, value, &whole) < 0)
            return -1;
        runtime_put_u64(encoder->out, (uint64_t)whole);
        return 0;
    case RUNTIME_INT:
        if (get_int_within(encoder, type, value, 32, &whole) < 0)
            return -1;
        runtime_put_u32(encoder->out, (uint32_t)whole);
        return 0;
    case RUNTIME_STRING:
        if (__builtin_expect(!PyUnicode_Check(value), 0))
            return runtime_mismatch(encoder, type, value, NULL);
        return runtime_encode_string(encoder->out, value);
    case RUNTIME_TUPLE:
        return put_tuple(encoder, type, value);
    case RUNTIME_DOUBLE:
        if (get_double(encoder, type, value, &real) < 0)
            return -1;
        runtime_put_f64(encoder->out, real);
        return 0;
    case RUNTIME_FLOAT:
        if (get_double(encoder, type, value, &real) < 0)
            return -1;
        if (isfinite(real) && !isfinite((float)real))
            return runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
        runtime_put_f32(encoder->out, (float)real);
        return 0;
    case RUNTIME_BOOLEAN: /* numbers are true when they are not 0; other objects do not fit */
        if (value == Py_True || value == Py_False)
            whole = value == Py_True;
        else if (get_int(encoder, type, value, &whole) < 0)
            return -1;
        runtime_put_u8(encoder->out, whole != 0);
        return 0;
    case RUNTIME_BYTE:
        if (get_int_within(encoder, type, value, 8, &whole) < 0)
            return -1;
        runtime_put_u8(encoder->out, (uint8_t)whole);
        return 0;
    case RUNTIME_SHORT:
        if (get_int_within(encoder, type, value, 16, &whole) < 0)
            return -1;
        runtime_put_u16(encoder->out, (uint16_t)whole);
        return 0;
    case RUNTIME_CHAR:
        return put_char(encoder, type, value);
    case RUNTIME_ROW:
        return put_row(encoder, type, value);
    case RUNTIME_ANY:
        return encoder->check_only ? 0 : runtime_encode_any(encoder, value);
    case RUNTIME_PICKLED:
        return encoder->check_only ? 0 : runtime_encode_pickled(encoder->out, value);
    case RUNTIME_BYTES:
        return runtime_encode_bytes(encoder, type, value);
    case RUNTIME_PRIMITIVE_ARRAY:
        return runtime_encode_primitive_array(encoder, type, value);
    case RUNTIME_ARRAY:
    case RUNTIME_LIST:
        return put_elements(encoder, type, value, put_optional);
    case RUNTIME_MAP:
        return put_map(encoder, type, value);
    case RUNTIME_BIG_INT:
        return runtime_encode_big_int(encoder, type, value);
    case RUNTIME_BIG_DEC:
        return runtime_encode_big_dec(encoder, type, value);
    case RUNTIME_EXTERNAL:
        return runtime_mismatch(encoder, type, value, NULL);
    default:
        return runtime_encode_time(encoder, type, value);
    }
}
