/* runtime_numbers.c - integers beyond 64 bits and decimals between Python and bytes. */
#include "runtime/runtime_codec.h"

#include <math.h>

double runtime_float_as_printed(float value) {
    char text[32];
    /* Nine digits tell all floats apart. */
    for (int digits = 6; digits <= 9 && isfinite(value); digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, (double)value);
        double shown = PyOS_string_to_double(text, NULL, NULL);
        if ((float)shown == value)
            return shown;
    }
    return value;
}

PyObject *runtime_decode_big_int(runtime_input_t *in) {
    size_t length;
    if (runtime_get_length(in, &length) < 0)
        return NULL;
    const uint8_t *bytes = in->next;
    in->next += length;
    if (length <= 8) {
        uint64_t value = length > 0 && bytes[0] >= 0x80 ? UINT64_MAX : 0;
        for (size_t i = 0; i < length; i++)
            value = value << 8 | bytes[i];
        return PyLong_FromLongLong((int64_t)value);
    }
    PyObject *value = NULL;
    PyObject *from_bytes = PyObject_GetAttrString((PyObject *)&PyLong_Type, "from_bytes");
    PyObject *args = Py_BuildValue("(y#s)", bytes, (Py_ssize_t)length, "big");
    PyObject *keywords = Py_BuildValue("{s:O}", "signed", Py_True);
    if (from_bytes != NULL && args != NULL && keywords != NULL)
        value = PyObject_Call(from_bytes, args, keywords);
    Py_XDECREF(from_bytes);
    Py_XDECREF(args);
    Py_XDECREF(keywords);
    return value;
}

/* The two's complement bytes of an int, big-endian, as few as possible; new bytes object. */
static PyObject *big_int_bytes(PyObject *value) {
    PyObject *bits = PyObject_CallMethod(value, "bit_length", NULL);
    if (bits == NULL)
        return NULL;
    Py_ssize_t length = PyLong_AsSsize_t(bits);
    Py_DECREF(bits);
    if (length < 0)
        return NULL;
    PyObject *bytes = NULL;
    PyObject *to_bytes = PyObject_GetAttrString(value, "to_bytes");
    PyObject *args = Py_BuildValue("(ns)", length / 8 + 1, "big");
    PyObject *keywords = Py_BuildValue("{s:O}", "signed", Py_True);
    if (to_bytes != NULL && args != NULL && keywords != NULL)
        bytes = PyObject_Call(to_bytes, args, keywords);
    Py_XDECREF(to_bytes);
    Py_XDECREF(args);
    Py_XDECREF(keywords);
    return bytes;
}

static int put_big_int(runtime_buffer_t *out, PyObject *value) {
    PyObject *bytes = big_int_bytes(value);
    if (bytes == NULL)
        return -1;
    size_t length = (size_t)PyBytes_GET_SIZE(bytes);
    int result = runtime_reserve(out, 4 + length);
    if (result == 0) {
        runtime_put_u32(out, (uint32_t)length);
        memcpy(out->data + out->length, PyBytes_AS_STRING(bytes), length);
        out->length += length;
    }
    Py_DECREF(bytes);
    return result;
}

PyObject *runtime_whole_number(PyObject *value) {
    const PyNumberMethods *number = Py_TYPE(value)->tp_as_number;
    if (number == NULL || (number->nb_int == NULL && number->nb_index == NULL)) {
        PyErr_SetString(PyExc_TypeError, "not a number");
        return NULL;
    }
    PyObject *whole = PyIndex_Check(value) ? PyNumber_Index(value) : NULL;
    if (whole != NULL)
        return whole;
    PyErr_Clear(); /* numpy's bool has an __index__ that refuses */
    whole = PyNumber_Long(value);
    if (whole == NULL)
        return NULL;
    int same = PyObject_RichCompareBool(whole, value, Py_EQ);
    if (same == 0)
        PyErr_SetString(PyExc_ValueError, "not a whole number");
    if (same != 1)
        Py_CLEAR(whole);
    return whole;
}

/* Whether the error that is set says that a value is no number of the kind asked for; clears it. */
static bool is_no_number(void) {
    bool no_number = PyErr_ExceptionMatches(PyExc_TypeError) ||
                     PyErr_ExceptionMatches(PyExc_ValueError) ||
                     PyErr_ExceptionMatches(PyExc_OverflowError);
    if (no_number)
        PyErr_Clear();
    return no_number;
}

int runtime_encode_big_int(runtime_encoder_t *encoder, const runtime_type_t *type,
                           PyObject *value) {
    if (PyLong_Check(value))
        return put_big_int(encoder->out, value);
    PyObject *whole = runtime_whole_number(value);
    if (whole == NULL)
        return is_no_number() ? runtime_mismatch(encoder, type, value, NULL) : -1;
    int result = put_big_int(encoder->out, whole);
    Py_DECREF(whole);
    return result;
}

PyObject *runtime_decode_big_dec(runtime_input_t *in) {
    const runtime_types_t *types = runtime_types();
    int32_t scale;
    if (types == NULL || runtime_get_i32(in, &scale) < 0)
        return NULL;
    PyObject *unscaled = runtime_decode_big_int(in);
    if (unscaled == NULL)
        return NULL;
    /* From text, because arithmetic would round to the context's precision. */
    PyObject *text = PyUnicode_FromFormat("%SE%lld", unscaled, -(long long)scale);
    Py_DECREF(unscaled);
    if (text == NULL)
        return NULL;
    PyObject *value = PyObject_CallOneArg(types->decimal, text);
    Py_DECREF(text);
    return value;
}

/* The digits of Decimal.as_tuple() as an int; new reference. */
static PyObject *digits_to_int(PyObject *digits, bool negative) {
    Py_ssize_t count = PyTuple_GET_SIZE(digits);
    char *text = PyMem_Malloc((size_t)count + 3);
    if (text == NULL)
        return PyErr_NoMemory();
    char *at = text;
    if (negative)
        *at++ = '-';
    if (count == 0)
        *at++ = '0';
    for (Py_ssize_t i = 0; i < count; i++) {
        long digit = PyLong_AsLong(PyTuple_GET_ITEM(digits, i));
        *at++ = (char)('0' + (digit >= 0 && digit <= 9 ? digit : 0));
    }
    *at = '\0';
    PyObject *value = PyErr_Occurred() ? NULL : PyLong_FromString(text, NULL, 10);
    PyMem_Free(text);
    return value;
}

static int encode_plain_decimal(runtime_encoder_t *encoder, const runtime_type_t *type,
                                PyObject *value) {
    PyObject *parts = PyObject_CallMethod(value, "as_tuple", NULL);
    if (parts == NULL)
        return -1;
    int result = -1;
    PyObject *unscaled = NULL;
    PyObject *digits = PySequence_GetItem(parts, 1);
    PyObject *sign = PySequence_GetItem(parts, 0);
    PyObject *exponent = PySequence_GetItem(parts, 2);
    if (digits == NULL || sign == NULL || exponent == NULL || !PyTuple_Check(digits))
        goto done;
    if (!PyLong_Check(exponent)) { /* NaN and the infinities have a letter there */
        result = runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
        goto done;
    }
    int overflow;
    long long scale = -PyLong_AsLongLongAndOverflow(exponent, &overflow);
    if (overflow || scale < INT32_MIN || scale > INT32_MAX) {
        result = runtime_mismatch(encoder, type, value, RUNTIME_OUT_OF_RANGE);
        goto done;
    }
    unscaled = digits_to_int(digits, PyObject_IsTrue(sign) == 1);
    if (unscaled == NULL || runtime_reserve(encoder->out, 4) < 0)
        goto done;
    runtime_put_u32(encoder->out, (uint32_t)(int32_t)scale);
    result = put_big_int(encoder->out, unscaled);
done:
    Py_DECREF(parts);
    Py_XDECREF(digits);
    Py_XDECREF(sign);
    Py_XDECREF(exponent);
    Py_XDECREF(unscaled);
    return result;
}

/* Decimals that are equal look alike: no zeros behind the point, and none left to a small exponent.
 * New reference. */
PyObject *runtime_canonical_decimal(PyObject *value) {
    PyObject *module = PyImport_ImportModule("pyflink._engine.numbers");
    PyObject *result =
        module == NULL ? NULL : PyObject_CallMethod(module, "canonical_decimal", "(O)", value);
    Py_XDECREF(module);
    return result;
}

static int encode_decimal(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value) {
    if (encoder->canonical) {
        PyObject *canonical = runtime_canonical_decimal(value);
        if (canonical == NULL)
            return -1;
        int result = encode_plain_decimal(encoder, type, canonical);
        Py_DECREF(canonical);
        return result;
    }
    return encode_plain_decimal(encoder, type, value);
}

/* A float is the decimal that it prints as, which is how the peer takes it: 0.1 is 0.1. */
static int encode_float(runtime_encoder_t *encoder, const runtime_types_t *types,
                        const runtime_type_t *type, PyObject *value) {
    PyObject *text = PyFloat_Type.tp_repr(value);
    PyObject *decimal = text == NULL ? NULL : PyObject_CallOneArg(types->decimal, text);
    int result = decimal == NULL ? -1 : encode_decimal(encoder, type, decimal);
    Py_XDECREF(text);
    Py_XDECREF(decimal);
    return result;
}

/* Numbers of other libraries, such as numpy's: the decimal that they print as. */
static int encode_other_number(runtime_encoder_t *encoder, const runtime_types_t *types,
                               const runtime_type_t *type, PyObject *value) {
    const PyNumberMethods *number = Py_TYPE(value)->tp_as_number;
    if (number == NULL || (number->nb_float == NULL && number->nb_index == NULL))
        return runtime_mismatch(encoder, type, value, NULL);
    PyObject *text = PyObject_Str(value);
    PyObject *decimal = text == NULL ? NULL : PyObject_CallOneArg(types->decimal, text);
    Py_XDECREF(text);
    if (decimal == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_ArithmeticError)) /* decimal.InvalidOperation is one */
            return -1;
        PyErr_Clear();
        return runtime_mismatch(encoder, type, value, NULL);
    }
    int result = encode_decimal(encoder, type, decimal);
    Py_DECREF(decimal);
    return result;
}

int runtime_encode_big_dec(runtime_encoder_t *encoder, const runtime_type_t *type,
                           PyObject *value) {
    const runtime_types_t *types = runtime_types();
    if (types == NULL)
        return -1;
    int is_decimal = PyObject_IsInstance(value, types->decimal);
    if (is_decimal < 0)
        return -1;
    if (is_decimal)
        return encode_decimal(encoder, type, value);
    if (PyFloat_Check(value))
        return encode_float(encoder, types, type, value);
    if (!PyLong_Check(value))
        return encode_other_number(encoder, types, type, value);
    if (PyBool_Check(value))
        return runtime_mismatch(encoder, type, value, NULL);
    if (runtime_reserve(encoder->out, 4) < 0)
        return -1;
    runtime_put_u32(encoder->out, 0);
    return put_big_int(encoder->out, value);
}
