/* bridge_number.c - int of any size <-> BigInteger, Decimal <-> BigDecimal.
 *
 * What it costs: about 0.5 us; through int.to_bytes and the text of a decimal, because Python has
 * no stable C interface for either. Neither is on the way of a record: the codec has its own. */
#include "bridge/bridge_number.h"

#include "bridge/bridge_array.h"
#include "bridge/bridge_cache.h"
#include "bridge/bridge_convert.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_string.h"

PyTypeObject *bridge_decimal_type(void) {
    static PyObject *type;
    if (!type) {
        PyObject *module = PyImport_ImportModule("decimal");
        type = module ? PyObject_GetAttrString(module, "Decimal") : NULL;
        Py_XDECREF(module);
    }
    return (PyTypeObject *)type;
}

jobject bridge_number_to_big_integer(JNIEnv *env, PyObject *value) {
    PyObject *number = PyNumber_Index(value), *bits = NULL, *bytes = NULL;
    jobject result = NULL;
    if (!number || !(bits = PyObject_CallMethod(number, "bit_length", NULL)))
        goto done;
    Py_ssize_t size = PyLong_AsSsize_t(bits) / 8 + 1;
    PyObject *method = PyObject_GetAttrString(number, "to_bytes");
    PyObject *args = Py_BuildValue("(ns)", size, "big"),
             *kwargs = Py_BuildValue("{s:O}", "signed", Py_True);
    if (method && args && kwargs)
        bytes = PyObject_Call(method, args, kwargs);
    Py_XDECREF(method);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    if (!bytes)
        goto done;
    jobject array = bridge_array_from_bytes(env, bytes);
    if (!array)
        goto done;
    result =
        bridge_jni_new(env, bridge_cache.big_integer_class, bridge_cache.big_integer_new, array);
    (*env)->DeleteLocalRef(env, array);
done:
    Py_XDECREF(number);
    Py_XDECREF(bits);
    Py_XDECREF(bytes);
    return result;
}

PyObject *bridge_number_from_big_integer(JNIEnv *env, jobject number) {
    jobject array = bridge_jni_call(env, number, bridge_cache.big_integer_bytes);
    if (!array)
        return NULL;
    PyObject *bytes = bridge_array_to_bytes(env, array);
    (*env)->DeleteLocalRef(env, array);
    if (!bytes)
        return NULL;
    PyObject *method = PyObject_GetAttrString((PyObject *)&PyLong_Type, "from_bytes");
    PyObject *args = Py_BuildValue("(Os)", bytes, "big");
    PyObject *kwargs = Py_BuildValue("{s:O}", "signed", Py_True);
    PyObject *result = method && args && kwargs ? PyObject_Call(method, args, kwargs) : NULL;
    Py_XDECREF(method);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    Py_DECREF(bytes);
    return result;
}

jobject bridge_number_to_big_decimal(JNIEnv *env, PyObject *value) {
    PyObject *text = PyFloat_Check(value) ? PyObject_Repr(value) : PyObject_Str(value);
    if (!text)
        return NULL;
    jstring java = bridge_string_to_java(env, text);
    Py_DECREF(text);
    if (!java)
        return NULL;
    jobject result =
        (*env)->NewObject(env, bridge_cache.big_decimal_class, bridge_cache.big_decimal_new, java);
    bool failed = (*env)->ExceptionCheck(env);
    (*env)->ExceptionClear(env);
    (*env)->DeleteLocalRef(env, java);
    if (failed) {
        result = NULL;
        PyErr_Format(PyExc_ValueError, "%R is not a number that a Java BigDecimal can hold", value);
    }
    return result;
}

PyObject *bridge_number_from_big_decimal(JNIEnv *env, jobject number) {
    PyTypeObject *type = bridge_decimal_type();
    if (!type)
        return NULL;
    jstring java = bridge_jni_call(env, number, bridge_cache.big_decimal_text);
    if (!java)
        return NULL;
    PyObject *text = bridge_string_to_python(env, java);
    (*env)->DeleteLocalRef(env, java);
    PyObject *result = text ? PyObject_CallFunctionObjArgs((PyObject *)type, text, NULL) : NULL;
    Py_XDECREF(text);
    return result;
}
