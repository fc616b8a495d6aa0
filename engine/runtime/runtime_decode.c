/* runtime_decode.c - makes Python objects from bytes.
 *
 * Cost of one record, beyond what CPython takes to make the objects: one switch and one bounds
 * check for each value; a Row is allocated and its three slots are filled, __init__ is not
 * called. Nothing is looked up by name. */
#include "runtime/runtime_codec.h"

void *runtime_malformed(const char *what) {
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "malformed record bytes: %s", what);
    return NULL;
}

PyObject *runtime_decode_string(runtime_input_t *in) {
    uint32_t head;
    if (runtime_get_u32(in, &head) < 0)
        return NULL;
    size_t length = head >> 2;
    if ((size_t)(in->end - in->next) < length)
        return runtime_malformed("a string is longer than the input");
    const uint8_t *bytes = in->next;
    in->next += length;
    switch (head & 3) {
    case 0:
    case 1:
        /* This looks for the largest character itself, so wrong kinds do no harm. */
        return PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, bytes, (Py_ssize_t)length);
    case 2: {
        int order = -1;
        if (length % 2 != 0)
            return runtime_malformed("a UTF-16 string has an odd length");
        return PyUnicode_DecodeUTF16((const char *)bytes, (Py_ssize_t)length, "surrogatepass",
                                     &order);
    }
    default:
        return runtime_malformed("a string is of an unknown kind");
    }
}

static PyObject *decode_bytes(runtime_input_t *in) {
    size_t length;
    if (runtime_get_length(in, &length) < 0)
        return NULL;
    PyObject *value = PyBytes_FromStringAndSize((const char *)in->next, (Py_ssize_t)length);
    in->next += length;
    return value;
}

static PyObject *decode_pickled(runtime_input_t *in) {
    const runtime_types_t *types = runtime_types();
    if (types == NULL)
        return NULL;
    PyObject *bytes = decode_bytes(in);
    if (bytes == NULL)
        return NULL;
    PyObject *value = PyObject_CallOneArg(types->loads, bytes);
    Py_DECREF(bytes);
    return value;
}

/* A value behind its "present" byte; None when it is absent. */
static PyObject *decode_optional(runtime_input_t *in, const runtime_type_t *type) {
    uint8_t present;
    if (runtime_get_u8(in, &present) < 0)
        return NULL;
    if (present > 1)
        return runtime_malformed("a presence byte is neither 0 nor 1");
    if (present)
        return runtime_decode(in, type);
    Py_RETURN_NONE;
}

static PyObject *decode_list(runtime_input_t *in, const runtime_type_t *type) {
    uint32_t count;
    if (runtime_get_u32(in, &count) < 0)
        return NULL;
    if ((size_t)(in->end - in->next) < count)
        return runtime_malformed("a list is longer than the input");
    PyObject *list = PyList_New(count);
    for (uint32_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = decode_optional(in, type->fields[0]);
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, item);
    }
    return list;
}

static PyObject *decode_map(runtime_input_t *in, const runtime_type_t *type) {
    uint32_t count;
    if (runtime_get_u32(in, &count) < 0)
        return NULL;
    if ((size_t)(in->end - in->next) / 2 < count)
        return runtime_malformed("a map is longer than the input");
    PyObject *dict = PyDict_New();
    for (uint32_t i = 0; dict != NULL && i < count; i++) {
        PyObject *key = decode_optional(in, type->fields[0]);
        PyObject *value = key == NULL ? NULL : decode_optional(in, type->fields[1]);
        if (value == NULL || PyDict_SetItem(dict, key, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return dict;
}

/* The null bitmap of count fields; moves behind it. */
static const uint8_t *take_bitmap(runtime_input_t *in, unsigned count) {
    size_t length = (count + 7) / 8;
    if ((size_t)(in->end - in->next) < length)
        return runtime_malformed("it ends inside a null bitmap");
    const uint8_t *bitmap = in->next;
    in->next += length;
    return bitmap;
}

static inline bool is_null(const uint8_t *bitmap, unsigned i) {
    return bitmap[i >> 3] >> (i & 7) & 1;
}

static PyObject *decode_tuple(runtime_input_t *in, const runtime_type_t *type) {
    unsigned count = type->count;
    const uint8_t *nulls = take_bitmap(in, count);
    PyObject *tuple = nulls == NULL ? NULL : PyTuple_New(count);
    if (tuple == NULL)
        return NULL;
    for (unsigned i = 0; i < count; i++) {
        PyObject *item;
        if (is_null(nulls, i))
            item = Py_NewRef(Py_None);
        else if ((item = runtime_decode(in, type->fields[i])) == NULL) {
            Py_DECREF(tuple);
            return NULL;
        }
        PyTuple_SET_ITEM(tuple, i, item);
    }
    return tuple;
}

static PyObject *decode_row(runtime_input_t *in, const runtime_type_t *type) {
    const runtime_types_t *types = runtime_types();
    uint8_t kind;
    if (types == NULL || runtime_get_u8(in, &kind) < 0)
        return NULL;
    if (kind > 3)
        return runtime_malformed("a row is of an unknown kind");
    unsigned count = type->count;
    const uint8_t *nulls = take_bitmap(in, count);
    PyObject *values = nulls == NULL ? NULL : PyList_New(count);
    if (values == NULL)
        return NULL;
    for (unsigned i = 0; i < count; i++) {
        PyObject *item;
        if (is_null(nulls, i))
            item = Py_NewRef(Py_None);
        else if ((item = runtime_decode(in, type->fields[i])) == NULL) {
            Py_DECREF(values);
            return NULL;
        }
        PyList_SET_ITEM(values, i, item);
    }
    return runtime_row_new(types, values, type->names, kind);
}

PyObject *runtime_decode(runtime_input_t *in, const runtime_type_t *type) {
    /* Fixed widths: one check here, none below. */
    const uint8_t *at = in->next;
    if ((size_t)(in->end - at) < type->width)
        return runtime_malformed("it ends inside a value");
    switch (type->kind) {
    case RUNTIME_LONG: {
        int64_t value;
        memcpy(&value, at, sizeof value);
        in->next = at + sizeof value;
        return PyLong_FromLongLong(value);
    }
    case RUNTIME_INT: {
        int32_t value;
        memcpy(&value, at, sizeof value);
        in->next = at + sizeof value;
        return PyLong_FromLong(value);
    }
    case RUNTIME_DOUBLE: {
        double value;
        memcpy(&value, at, sizeof value);
        in->next = at + sizeof value;
        return PyFloat_FromDouble(value);
    }
    case RUNTIME_FLOAT: {
        float value;
        memcpy(&value, at, sizeof value);
        in->next = at + sizeof value;
        return PyFloat_FromDouble(type->as_printed ? runtime_float_as_printed(value) : value);
    }
    case RUNTIME_BOOLEAN:
        in->next = at + 1;
        return PyBool_FromLong(*at != 0);
    case RUNTIME_BYTE:
        in->next = at + 1;
        return PyLong_FromLong((int8_t)*at);
    case RUNTIME_SHORT:
        in->next = at + 2;
        return PyLong_FromLong((int16_t)(at[0] | at[1] << 8));
    case RUNTIME_CHAR:
        in->next = at + 2;
        return PyUnicode_FromOrdinal(at[0] | at[1] << 8);
    case RUNTIME_STRING:
        return runtime_decode_string(in);
    case RUNTIME_TUPLE:
        return decode_tuple(in, type);
    case RUNTIME_ROW:
        return decode_row(in, type);
    case RUNTIME_ANY:
        return runtime_decode_any(in);
    case RUNTIME_PICKLED:
        return decode_pickled(in);
    case RUNTIME_BYTES:
        return decode_bytes(in);
    case RUNTIME_PRIMITIVE_ARRAY:
        return runtime_decode_primitive_array(in, type);
    case RUNTIME_ARRAY:
    case RUNTIME_LIST:
        return decode_list(in, type);
    case RUNTIME_MAP:
        return decode_map(in, type);
    case RUNTIME_BIG_INT:
        return runtime_decode_big_int(in);
    case RUNTIME_BIG_DEC:
        return runtime_decode_big_dec(in);
    case RUNTIME_EXTERNAL:
        PyErr_SetString(PyExc_TypeError,
                        "the value is of a Java type that Python cannot read; convert it in Java "
                        "or declare another type");
        return NULL;
    default:
        return runtime_decode_time(in, type->kind);
    }
}

/* ---- skipping --------------------------------------------------------------------------- */

static int skip_bytes(runtime_input_t *in) {
    size_t length;
    if (runtime_get_length(in, &length) < 0)
        return -1;
    in->next += length;
    return 0;
}

static int skip_optional(runtime_input_t *in, const runtime_type_t *type) {
    uint8_t present;
    if (runtime_get_u8(in, &present) < 0)
        return -1;
    return present ? runtime_skip(in, type) : 0;
}

static int skip_fields(runtime_input_t *in, const runtime_type_t *type) {
    const uint8_t *nulls = take_bitmap(in, type->count);
    if (nulls == NULL)
        return -1;
    for (unsigned i = 0; i < type->count; i++)
        if (!is_null(nulls, i) && runtime_skip(in, type->fields[i]) < 0)
            return -1;
    return 0;
}

static int skip_all(runtime_input_t *in, const runtime_type_t *type, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        for (unsigned part = 0; part < type->count; part++)
            if (skip_optional(in, type->fields[part]) < 0)
                return -1;
    return 0;
}

int runtime_skip(runtime_input_t *in, const runtime_type_t *type) {
    uint32_t n;
    uint8_t kind;
    size_t left = (size_t)(in->end - in->next);
    if (type->width != 0) {
        if (left < type->width) {
            runtime_malformed("it ends inside a value");
            return -1;
        }
        in->next += type->width;
        return 0;
    }
    switch (type->kind) {
    case RUNTIME_STRING:
        if (runtime_get_u32(in, &n) < 0)
            return -1;
        if ((size_t)(in->end - in->next) < n >> 2) {
            runtime_malformed("a string is longer than the input");
            return -1;
        }
        in->next += n >> 2;
        return 0;
    case RUNTIME_BIG_DEC:
        if (left < 4) {
            runtime_malformed("it ends inside a value");
            return -1;
        }
        in->next += 4;
        return skip_bytes(in);
    case RUNTIME_BIG_INT:
    case RUNTIME_PICKLED:
    case RUNTIME_BYTES:
        return skip_bytes(in);
    case RUNTIME_PRIMITIVE_ARRAY:
        if (runtime_get_u32(in, &n) < 0)
            return -1;
        if ((size_t)(in->end - in->next) / type->fields[0]->width < n) {
            runtime_malformed("an array is longer than the input");
            return -1;
        }
        in->next += (size_t)n * type->fields[0]->width;
        return 0;
    case RUNTIME_ARRAY:
    case RUNTIME_LIST:
    case RUNTIME_MAP:
        return runtime_get_u32(in, &n) < 0 ? -1 : skip_all(in, type, n);
    case RUNTIME_ROW:
        return runtime_get_u8(in, &kind) < 0 ? -1 : skip_fields(in, type);
    case RUNTIME_TUPLE:
        return skip_fields(in, type);
    case RUNTIME_ANY:
        return runtime_skip_any(in);
    default:
        PyErr_SetString(PyExc_TypeError, "the value is of a Java type that Python cannot read");
        return -1;
    }
}
