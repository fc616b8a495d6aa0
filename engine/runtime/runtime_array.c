/* runtime_array.c - arrays of primitive values between Python and bytes.
 *
 * Cost: what has a buffer of the same elements (array.array, numpy) is one copy. A list or tuple is
 * one loop with one class check and one store for each element, and back it is one loop that makes
 * the objects; the switch over the element's type is outside of the loops. An element of another
 * class than the usual one takes the way of a single value, which also reports what does not fit.
 */
#include "runtime/runtime_codec.h"

#include <limits.h>
#include <math.h>

/* ---- decoding --------------------------------------------------------------------------- */

#define DECODE_LOOP(ctype, make)                                                                   \
    for (; i < count; i++, at += sizeof(ctype)) {                                                  \
        ctype element;                                                                             \
        memcpy(&element, at, sizeof element);                                                      \
        PyObject *item = make(element);                                                            \
        if (item == NULL)                                                                          \
            break;                                                                                 \
        PyList_SET_ITEM(list, i, item);                                                            \
    }                                                                                              \
    break

static inline PyObject *from_printed_float(float value) {
    return PyFloat_FromDouble(runtime_float_as_printed(value));
}

static inline PyObject *from_char(uint16_t unit) {
    return PyUnicode_FromOrdinal(unit);
}

PyObject *runtime_decode_primitive_array(runtime_input_t *in, const runtime_type_t *type) {
    const runtime_type_t *of = type->fields[0];
    uint32_t length;
    if (runtime_get_u32(in, &length) < 0)
        return NULL;
    if ((size_t)(in->end - in->next) / of->width < length)
        return runtime_malformed("an array is longer than the input");
    const uint8_t *at = in->next;
    Py_ssize_t count = (Py_ssize_t)length, i = 0;
    PyObject *list = PyList_New(count);
    if (list == NULL)
        return NULL;
    switch (of->kind) {
    case RUNTIME_DOUBLE:
        DECODE_LOOP(double, PyFloat_FromDouble);
    case RUNTIME_FLOAT:
        if (of->as_printed) {
            DECODE_LOOP(float, from_printed_float);
        }
        DECODE_LOOP(float, PyFloat_FromDouble);
    case RUNTIME_LONG:
        DECODE_LOOP(int64_t, PyLong_FromLongLong);
    case RUNTIME_INT:
        DECODE_LOOP(int32_t, PyLong_FromLong);
    case RUNTIME_SHORT:
        DECODE_LOOP(int16_t, PyLong_FromLong);
    case RUNTIME_BYTE:
        DECODE_LOOP(int8_t, PyLong_FromLong);
    case RUNTIME_BOOLEAN:
        DECODE_LOOP(uint8_t, PyBool_FromLong);
    case RUNTIME_CHAR:
        DECODE_LOOP(uint16_t, from_char);
    default:
        PyErr_SetString(PyExc_SystemError, "an array of what is not primitive");
    }
    if (PyErr_Occurred()) {
        Py_DECREF(list);
        return NULL;
    }
    in->next = at;
    return list;
}

/* ---- encoding --------------------------------------------------------------------------- */

/* Whether the elements of a buffer look in memory as those of the array do on the wire. */
static bool same_layout(const Py_buffer *view, const runtime_type_t *of) {
    const char *format = view->format == NULL ? "B" : view->format;
    if (format[0] == '@' || format[0] == '=' || format[0] == '<') /* all are little-endian here */
        format++;
    if (view->itemsize != of->width || format[0] == '\0' || format[1] != '\0')
        return false;
    switch (of->kind) {
    case RUNTIME_DOUBLE:
        return format[0] == 'd';
    case RUNTIME_FLOAT:
        return format[0] == 'f';
    case RUNTIME_BOOLEAN:
        return format[0] == '?';
    case RUNTIME_BYTE:
    case RUNTIME_SHORT:
    case RUNTIME_INT:
    case RUNTIME_LONG:
        return strchr("bhilq", format[0]) != NULL;
    default:
        return false;
    }
}

/* 1: value's buffer was copied; 0: it has none of the right kind; -1: error. */
static int put_buffer(runtime_encoder_t *encoder, const runtime_type_t *of, PyObject *value) {
    Py_buffer view;
    /* Keys have one form for the two zeros, which a copy would not give. */
    if (encoder->canonical || !PyObject_CheckBuffer(value))
        return 0;
    if (PyObject_GetBuffer(value, &view, PyBUF_ND | PyBUF_FORMAT) < 0) {
        PyErr_Clear(); /* not contiguous: its elements can still be asked for */
        return 0;
    }
    int result = 0;
    if (view.ndim == 1 && same_layout(&view, of)) {
        size_t count = (size_t)(view.len / view.itemsize);
        result = -1;
        if (count > UINT32_MAX) {
            PyErr_SetString(PyExc_OverflowError, "an array has more than 4294967295 elements");
        } else if (runtime_reserve(encoder->out, 4 + (size_t)view.len) == 0) {
            runtime_put_u32(encoder->out, (uint32_t)count);
            memcpy(encoder->out->data + encoder->out->length, view.buf, (size_t)view.len);
            encoder->out->length += (size_t)view.len;
            result = 1;
        }
    }
    PyBuffer_Release(&view);
    return result;
}

/* Writes elements from i on while they are floats; the index of the first that is not. No Python
 * code runs here, so the items stay as they are. */
static Py_ssize_t put_floats(runtime_encoder_t *encoder, const runtime_type_t *of, PyObject **items,
                             Py_ssize_t i, Py_ssize_t count) {
    runtime_buffer_t *out = encoder->out;
    if (encoder->canonical)
        return i;
    if (of->kind == RUNTIME_DOUBLE) {
        for (; i < count && PyFloat_CheckExact(items[i]); i++)
            runtime_put_f64(out, PyFloat_AS_DOUBLE(items[i]));
    } else {
        for (; i < count && PyFloat_CheckExact(items[i]); i++) {
            double real = PyFloat_AS_DOUBLE(items[i]);
            if (isfinite(real) && !isfinite((float)real))
                break;
            runtime_put_f32(out, (float)real);
        }
    }
    return i;
}

/* The same for ints. */
static Py_ssize_t put_ints(runtime_encoder_t *encoder, const runtime_type_t *of, PyObject **items,
                           Py_ssize_t i, Py_ssize_t count) {
    runtime_buffer_t *out = encoder->out;
    int64_t limit = of->width == 8 ? INT64_MAX : ((int64_t)1 << (8 * of->width - 1)) - 1;
    for (; i < count && PyLong_CheckExact(items[i]); i++) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(items[i], &overflow);
        if (overflow || number > limit || number < -limit - 1)
            break;
        /* Little-endian: the low bytes are the narrower number. */
        memcpy(out->data + out->length, &number, of->width);
        out->length += of->width;
    }
    return i;
}

static Py_ssize_t put_usual(runtime_encoder_t *encoder, const runtime_type_t *of, PyObject **items,
                            Py_ssize_t i, Py_ssize_t count) {
    switch (of->kind) {
    case RUNTIME_DOUBLE:
    case RUNTIME_FLOAT:
        return put_floats(encoder, of, items, i, count);
    case RUNTIME_BOOLEAN:
        for (; i < count && PyBool_Check(items[i]); i++)
            runtime_put_u8(encoder->out, items[i] == Py_True);
        return i;
    case RUNTIME_CHAR:
        return i;
    default:
        return put_ints(encoder, of, items, i, count);
    }
}

int runtime_encode_primitive_array(runtime_encoder_t *encoder, const runtime_type_t *type,
                                   PyObject *value) {
    const runtime_type_t *of = type->fields[0];
    int copied = put_buffer(encoder, of, value);
    if (copied != 0)
        return copied < 0 ? -1 : 0;
    PyObject *items = runtime_as_sequence(value);
    if (items == NULL)
        return PyErr_Occurred() ? -1 : runtime_mismatch(encoder, type, value, NULL);
    runtime_buffer_t *out = encoder->out;
    size_t head = out->length;
    int result = -1;
    Py_ssize_t i = 0;
    if (runtime_reserve(out, 4) < 0)
        goto done;
    runtime_put_u32(out, 0);
    for (;;) {
        /* A list may change while one of its elements runs Python code, so look at it anew. */
        Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
        if (i >= count)
            break;
        if (runtime_reserve(out, (size_t)(count - i) * of->width) < 0)
            goto done;
        i = put_usual(encoder, of, PySequence_Fast_ITEMS(items), i, count);
        if (i >= count)
            continue;
        PyObject *item = Py_NewRef(PySequence_Fast_GET_ITEM(items, i));
        int put = item == Py_None ? runtime_mismatch(encoder, of, item, NULL)
                                  : runtime_encode(encoder, of, item);
        Py_DECREF(item);
        if (put < 0) {
            runtime_at(encoder, RUNTIME_AT_ELEMENT, i, NULL);
            goto done;
        }
        i++;
    }
    runtime_patch_u32(out, head, (size_t)i);
    result = 0;
done:
    Py_DECREF(items);
    return result;
}

/* ---- bytes --------------------------------------------------------------------------------- */

/* A list or tuple of small ints, signed or not. */
static int put_byte_items(runtime_encoder_t *encoder, PyObject *items) {
    static const runtime_type_t of_byte = {.kind = RUNTIME_BYTE, .width = 1};
    static const runtime_type_t of_short = {.kind = RUNTIME_SHORT, .width = 2};
    runtime_buffer_t *out = encoder->out;
    size_t head = out->length;
    if (runtime_reserve(out, 4) < 0)
        return -1;
    runtime_put_u32(out, 0);
    Py_ssize_t i = 0;
    for (; i < PySequence_Fast_GET_SIZE(items); i++) {
        PyObject *item = Py_NewRef(PySequence_Fast_GET_ITEM(items, i));
        /* Written as two bytes of which the lower one stays: takes 128 to 255 as bytes do. */
        size_t start = out->length;
        int16_t number = 0;
        int put = item == Py_None ? runtime_mismatch(encoder, &of_byte, item, NULL)
                                  : runtime_encode(encoder, &of_short, item);
        if (put == 0) {
            memcpy(&number, out->data + start, sizeof number);
            out->length = start + 1;
        }
        if (put == 0 && (number < SCHAR_MIN || number > UCHAR_MAX))
            put = runtime_mismatch(encoder, &of_byte, item, RUNTIME_OUT_OF_RANGE);
        Py_DECREF(item);
        if (put < 0) {
            encoder->expected = &of_byte;
            return runtime_at(encoder, RUNTIME_AT_ELEMENT, i, NULL);
        }
    }
    runtime_patch_u32(out, head, (size_t)i);
    return 0;
}

int runtime_encode_bytes(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    Py_buffer view;
    if (PyObject_CheckBuffer(value) && PyObject_GetBuffer(value, &view, PyBUF_SIMPLE) == 0) {
        int result = view.itemsize == 1 ? runtime_reserve(encoder->out, 4 + (size_t)view.len)
                                        : runtime_mismatch(encoder, type, value, NULL);
        if (result == 0) {
            runtime_put_u32(encoder->out, (uint32_t)view.len);
            memcpy(encoder->out->data + encoder->out->length, view.buf, (size_t)view.len);
            encoder->out->length += (size_t)view.len;
        }
        PyBuffer_Release(&view);
        return result;
    }
    PyErr_Clear(); /* a memory view with steps between its bytes is a sequence as well */
    PyObject *items = runtime_as_sequence(value);
    if (items == NULL)
        return PyErr_Occurred() ? -1 : runtime_mismatch(encoder, type, value, NULL);
    int result = put_byte_items(encoder, items);
    Py_DECREF(items);
    return result;
}
