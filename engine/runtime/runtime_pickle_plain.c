/* runtime_pickle_plain.c - writes the pickle of plain data without the pickle module.
 *
 * None, bools, ints of at most 64 bits, floats, str, bytes, and tuples, lists and dicts of these
 * are what most untyped records are made of. Calling pickle.dumps costs a pickler with its memo
 * table, a bytes object and a copy of it, about 500 ns for a small dict; this writes the opcodes
 * of protocol 4 (PEP 3154, pickletools) straight into the output: one class comparison and one
 * copy for each part, no allocation.
 *
 * It has no memo, so it must not meet an object twice where that could be noticed: a mutable part
 * that anybody else holds too is left to pickle, as everything else is that is not plain. */
#include "runtime/runtime_codec.h"

/* Deeper values are left to pickle, which has a limit of its own. */
#define PLAIN_DEPTH 64

#define NOT_PLAIN 1

enum {
    OP_BINBYTES = 'B',
    OP_SHORT_BINBYTES = 'C',
    OP_BINFLOAT = 'G',
    OP_BININT = 'J',
    OP_BININT1 = 'K',
    OP_BININT2 = 'M',
    OP_NONE = 'N',
    OP_BINUNICODE = 'X',
    OP_MARK = '(',
    OP_EMPTY_TUPLE = ')',
    OP_STOP = '.',
    OP_EMPTY_LIST = ']',
    OP_APPENDS = 'e',
    OP_TUPLE = 't',
    OP_SETITEMS = 'u',
    OP_EMPTY_DICT = '}',
    OP_PROTO = 0x80,
    OP_TUPLE1 = 0x85,
    OP_NEWTRUE = 0x88,
    OP_NEWFALSE = 0x89,
    OP_LONG1 = 0x8a,
    OP_SHORT_BINUNICODE = 0x8c,
};

static int put(runtime_buffer_t *out, PyObject *value, int depth);

static int put_op(runtime_buffer_t *out, int op) {
    if (runtime_reserve(out, 1) < 0)
        return -1;
    runtime_put_u8(out, (uint8_t)op);
    return 0;
}

static int put_int(runtime_buffer_t *out, PyObject *value) {
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow)
        return NOT_PLAIN;
    if (runtime_reserve(out, 10) < 0)
        return -1;
    if (number >= 0 && number <= UINT8_MAX) {
        runtime_put_u8(out, OP_BININT1);
        runtime_put_u8(out, (uint8_t)number);
    } else if (number >= 0 && number <= UINT16_MAX) {
        runtime_put_u8(out, OP_BININT2);
        runtime_put_u16(out, (uint16_t)number);
    } else if (number == (int32_t)number) {
        runtime_put_u8(out, OP_BININT);
        runtime_put_u32(out, (uint32_t)number);
    } else {
        runtime_put_u8(out, OP_LONG1);
        runtime_put_u8(out, 8);
        runtime_put_u64(out, (uint64_t)number);
    }
    return 0;
}

static int put_float(runtime_buffer_t *out, PyObject *value) {
    double real = PyFloat_AS_DOUBLE(value);
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    if (runtime_reserve(out, 9) < 0)
        return -1;
    runtime_put_u8(out, OP_BINFLOAT);
    runtime_put_u64(out, __builtin_bswap64(bits));
    return 0;
}

/* Bytes behind the opcode for a length of one byte or of four. */
static int put_string(runtime_buffer_t *out, int short_op, int long_op, const char *bytes,
                      Py_ssize_t length) {
    if (length > INT32_MAX)
        return NOT_PLAIN;
    if (runtime_reserve(out, 5 + (size_t)length) < 0)
        return -1;
    if (length <= UINT8_MAX) {
        runtime_put_u8(out, (uint8_t)short_op);
        runtime_put_u8(out, (uint8_t)length);
    } else {
        runtime_put_u8(out, (uint8_t)long_op);
        runtime_put_u32(out, (uint32_t)length);
    }
    memcpy(out->data + out->length, bytes, (size_t)length);
    out->length += (size_t)length;
    return 0;
}

static int put_str(runtime_buffer_t *out, PyObject *value) {
    Py_ssize_t length;
    /* Other strings would keep their UTF-8 form as long as they live, or have none (surrogates). */
    if (!PyUnicode_IS_ASCII(value))
        return NOT_PLAIN;
    const char *bytes = PyUnicode_AsUTF8AndSize(value, &length);
    return bytes == NULL ? -1 : put_string(out, OP_SHORT_BINUNICODE, OP_BINUNICODE, bytes, length);
}

static int put_items(runtime_buffer_t *out, PyObject **items, Py_ssize_t count, int depth) {
    int result = 0;
    for (Py_ssize_t i = 0; result == 0 && i < count; i++)
        result = put(out, items[i], depth + 1);
    return result;
}

static int put_tuple(runtime_buffer_t *out, PyObject *value, int depth) {
    Py_ssize_t count = PyTuple_GET_SIZE(value);
    if (count == 0)
        return put_op(out, OP_EMPTY_TUPLE);
    if (count > 3 && put_op(out, OP_MARK) < 0)
        return -1;
    int result = put_items(out, &PyTuple_GET_ITEM(value, 0), count, depth);
    if (result != 0)
        return result;
    return put_op(out, count > 3 ? OP_TUPLE : OP_TUPLE1 + (int)count - 1);
}

static int put_list(runtime_buffer_t *out, PyObject *value, int depth) {
    if (put_op(out, OP_EMPTY_LIST) < 0)
        return -1;
    if (PyList_GET_SIZE(value) == 0)
        return 0;
    if (put_op(out, OP_MARK) < 0)
        return -1;
    int result = put_items(out, &PyList_GET_ITEM(value, 0), PyList_GET_SIZE(value), depth);
    return result == 0 ? put_op(out, OP_APPENDS) : result;
}

/* No Python code runs in here, so the dict stays as it is. */
static int put_dict(runtime_buffer_t *out, PyObject *value, int depth) {
    Py_ssize_t position = 0;
    PyObject *key, *item;
    if (put_op(out, OP_EMPTY_DICT) < 0)
        return -1;
    if (PyDict_GET_SIZE(value) == 0)
        return 0;
    int result = put_op(out, OP_MARK);
    while (result == 0 && PyDict_Next(value, &position, &key, &item)) {
        result = put(out, key, depth + 1);
        if (result == 0)
            result = put(out, item, depth + 1);
    }
    return result == 0 ? put_op(out, OP_SETITEMS) : result;
}

static int put(runtime_buffer_t *out, PyObject *value, int depth) {
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyUnicode_Type)
        return put_str(out, value);
    if (type == &PyLong_Type)
        return put_int(out, value);
    if (type == &PyFloat_Type)
        return put_float(out, value);
    if (value == Py_None)
        return put_op(out, OP_NONE);
    if (type == &PyBool_Type)
        return put_op(out, value == Py_True ? OP_NEWTRUE : OP_NEWFALSE);
    if (type == &PyBytes_Type)
        return put_string(out, OP_SHORT_BINBYTES, OP_BINBYTES, PyBytes_AS_STRING(value),
                          PyBytes_GET_SIZE(value));
    if (depth >= PLAIN_DEPTH)
        return NOT_PLAIN;
    if (type == &PyTuple_Type)
        return put_tuple(out, value, depth);
    if (depth > 0 && Py_REFCNT(value) != 1)
        return NOT_PLAIN;
    if (type == &PyDict_Type)
        return put_dict(out, value, depth);
    return type == &PyList_Type ? put_list(out, value, depth) : NOT_PLAIN;
}

int runtime_encode_plain_pickle(runtime_buffer_t *out, PyObject *value) {
    size_t start = out->length;
    if (runtime_reserve(out, 6) < 0)
        return -1;
    runtime_put_u32(out, 0);
    runtime_put_u8(out, OP_PROTO);
    runtime_put_u8(out, 4);
    int result = put(out, value, 0);
    if (result == 0)
        result = put_op(out, OP_STOP);
    if (result != 0) {
        out->length = start;
        return result < 0 ? -1 : 0;
    }
    runtime_patch_u32(out, start, out->length - start - 4);
    return 1;
}
