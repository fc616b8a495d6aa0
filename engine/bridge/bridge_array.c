/* bridge_array.c - Java arrays: bytes, conversion from Python sequences, element access.
 *
 * What it costs: bytes are one copy; an element is one JNI call, about 30 ns. */
#include "bridge/bridge_array.h"

#include "bridge/bridge_cache.h"
#include "bridge/bridge_convert.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_string.h"

#include <limits.h>

PyObject *bridge_array_to_bytes(JNIEnv *env, jbyteArray array) {
    jsize length = (*env)->GetArrayLength(env, array);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, length);
    if (bytes)
        (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *)PyBytes_AS_STRING(bytes));
    return bytes;
}

jbyteArray bridge_array_from_bytes(JNIEnv *env, PyObject *buffer) {
    Py_buffer view;
    if (PyObject_GetBuffer(buffer, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    jbyteArray array = NULL;
    if (view.len > INT_MAX - 16) {
        PyErr_SetString(PyExc_OverflowError, "more than 2**31 bytes do not fit in a Java byte[]");
    } else if (!(array = (*env)->NewByteArray(env, (jsize)view.len))) {
        bridge_raise_from_java(env);
    } else {
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)view.len, view.buf);
    }
    PyBuffer_Release(&view);
    return array;
}

jobject bridge_array_to_buffer(JNIEnv *env, PyObject *buffer) {
    jbyteArray array = bridge_array_from_bytes(env, buffer);
    if (!array)
        return NULL;
    jobject result = bridge_jni_static(env, bridge_cache.byte_buffer_class,
                                       bridge_cache.byte_buffer_wrap, array);
    (*env)->DeleteLocalRef(env, array);
    return result;
}

/* One primitive element. */
static void primitive_get(JNIEnv *env, char code, jarray array, jsize i, jvalue *out) {
    switch (code) {
    case 'Z':
        (*env)->GetBooleanArrayRegion(env, array, i, 1, &out->z);
        break;
    case 'B':
        (*env)->GetByteArrayRegion(env, array, i, 1, &out->b);
        break;
    case 'S':
        (*env)->GetShortArrayRegion(env, array, i, 1, &out->s);
        break;
    case 'C':
        (*env)->GetCharArrayRegion(env, array, i, 1, &out->c);
        break;
    case 'I':
        (*env)->GetIntArrayRegion(env, array, i, 1, &out->i);
        break;
    case 'J':
        (*env)->GetLongArrayRegion(env, array, i, 1, &out->j);
        break;
    case 'F':
        (*env)->GetFloatArrayRegion(env, array, i, 1, &out->f);
        break;
    default:
        (*env)->GetDoubleArrayRegion(env, array, i, 1, &out->d);
        break;
    }
}

static void primitive_set(JNIEnv *env, char code, jarray array, jsize i, const jvalue *in) {
    switch (code) {
    case 'Z':
        (*env)->SetBooleanArrayRegion(env, array, i, 1, &in->z);
        break;
    case 'B':
        (*env)->SetByteArrayRegion(env, array, i, 1, &in->b);
        break;
    case 'S':
        (*env)->SetShortArrayRegion(env, array, i, 1, &in->s);
        break;
    case 'C':
        (*env)->SetCharArrayRegion(env, array, i, 1, &in->c);
        break;
    case 'I':
        (*env)->SetIntArrayRegion(env, array, i, 1, &in->i);
        break;
    case 'J':
        (*env)->SetLongArrayRegion(env, array, i, 1, &in->j);
        break;
    case 'F':
        (*env)->SetFloatArrayRegion(env, array, i, 1, &in->f);
        break;
    default:
        (*env)->SetDoubleArrayRegion(env, array, i, 1, &in->d);
        break;
    }
}

/* Class and conversion letter of the elements. */
static bridge_type_t *element_type(JNIEnv *env, bridge_type_t *array, char *code) {
    if (!array->component) {
        jclass klass = bridge_jni_call(env, array->ref, bridge_cache.class_component);
        array->component = klass ? bridge_type_of_class(env, klass) : NULL;
        if (array->component)
            array->component_code = bridge_convert_code(env, klass);
        (*env)->DeleteLocalRef(env, klass);
        if (!array->component)
            return NULL;
    }
    *code = array->component_code;
    return array->component;
}

static int set_element(JNIEnv *env, bridge_type_t *type, jarray array, jsize i, PyObject *value) {
    char code;
    bridge_type_t *component = element_type(env, type, &code);
    if (!component)
        return -1;
    jvalue element;
    int made = bridge_convert_param(env, code, component->ref, value, &element);
    if (made < 0)
        return -1;
    if (code < 'a') {
        primitive_set(env, code, array, i, &element);
        return 0;
    }
    if (element.l && !(*env)->IsInstanceOf(env, element.l, component->ref)) {
        PyErr_Format(PyExc_TypeError, "%R cannot be an element of a Java array of %U", value,
                     component->name);
        if (made)
            (*env)->DeleteLocalRef(env, element.l);
        return -1;
    }
    (*env)->SetObjectArrayElement(env, array, i, element.l);
    int result = (*env)->ExceptionCheck(env) ? bridge_raise_from_java(env) : 0;
    if (made)
        (*env)->DeleteLocalRef(env, element.l);
    return result;
}

static jarray new_array(JNIEnv *env, bridge_type_t *component, const jint *sizes, jsize count) {
    jintArray java = (*env)->NewIntArray(env, count);
    if (!java) {
        bridge_raise_from_java(env);
        return NULL;
    }
    (*env)->SetIntArrayRegion(env, java, 0, count, sizes);
    jobject array = bridge_jni_static(env, bridge_cache.resolver_class, bridge_cache.new_array,
                                      component->ref, java);
    (*env)->DeleteLocalRef(env, java);
    return array;
}

/* New array of `length` elements of the array class's component. */
static jarray make(JNIEnv *env, bridge_type_t *type, jsize length) {
    char code;
    bridge_type_t *component = element_type(env, type, &code);
    if (!component)
        return NULL;
    return new_array(env, component, &length, 1);
}

jobject bridge_array_from_python(JNIEnv *env, jclass array_class, PyObject *value) {
    if ((PyBytes_Check(value) || PyByteArray_Check(value) || PyMemoryView_Check(value)) &&
        (*env)->IsSameObject(env, array_class, bridge_cache.byte_array_class))
        return bridge_array_from_bytes(env, value);
    bridge_type_t *type = bridge_type_of_class(env, array_class);
    if (!type)
        return NULL;
    PyObject *fast = PySequence_Fast(value, "a sequence was expected for a Java array");
    if (!fast)
        return NULL;
    jarray array = NULL;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(fast);
    if (count > INT_MAX - 16)
        PyErr_SetString(PyExc_OverflowError, "more than 2**31 elements do not fit in a Java array");
    else
        array = make(env, type, (jsize)count);
    for (Py_ssize_t i = 0; array && i < count && i < PySequence_Fast_GET_SIZE(fast); i++)
        if (set_element(env, type, array, (jsize)i, PySequence_Fast_GET_ITEM(fast, i)) < 0) {
            (*env)->DeleteLocalRef(env, array);
            array = NULL;
        }
    Py_DECREF(fast);
    return array;
}

PyObject *bridge_array_new(PyObject *module, PyObject *args) {
    (void)module;
    PyObject *type, *sizes;
    if (!PyArg_ParseTuple(args, "O!O!:java_new_array", &bridge_class_type, &type, &PyTuple_Type,
                          &sizes))
        return NULL;
    jint dims[255];
    Py_ssize_t count = PyTuple_GET_SIZE(sizes);
    if (count < 1 || count > 255) {
        PyErr_SetString(PyExc_ValueError, "an array has 1 to 255 dimensions");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        long size = PyLong_AsLong(PyTuple_GET_ITEM(sizes, i));
        if (size == -1 && PyErr_Occurred())
            return NULL;
        if (size < 0 || size > INT_MAX) {
            PyErr_Format(PyExc_ValueError, "an array cannot have %ld elements", size);
            return NULL;
        }
        dims[i] = (jint)size;
    }
    JNIEnv *env = bridge_env();
    jarray array = env ? new_array(env, (bridge_type_t *)type, dims, (jsize)count) : NULL;
    if (!array)
        return NULL;
    bridge_type_t *made = bridge_type_of_object(env, array);
    PyObject *result = made ? bridge_object_wrap(env, made, array) : NULL;
    (*env)->DeleteLocalRef(env, array);
    return result;
}

/* The array's type, or NULL with an error. */
static bridge_type_t *array_type(PyObject *array) {
    if (BRIDGE_IS_OBJECT(array) && BRIDGE_IS_CLASS(Py_TYPE(array)) &&
        ((bridge_type_t *)Py_TYPE(array))->element)
        return (bridge_type_t *)Py_TYPE(array);
    PyErr_Format(PyExc_TypeError, "a Java array was expected, not %.100s", Py_TYPE(array)->tp_name);
    return NULL;
}

PyObject *bridge_array_length(PyObject *module, PyObject *array) {
    (void)module;
    JNIEnv *env = array_type(array) ? bridge_env() : NULL;
    return env ? PyLong_FromLong((*env)->GetArrayLength(env, BRIDGE_REF(array))) : NULL;
}

static PyObject *get(JNIEnv *env, bridge_type_t *type, jarray array, jsize i,
                     bridge_type_t **last) {
    if (type->element != 'L') {
        jvalue value;
        primitive_get(env, type->element, array, i, &value);
        return bridge_convert_primitive(type->element, value);
    }
    jobject element = (*env)->GetObjectArrayElement(env, array, i);
    PyObject *result = bridge_convert_object(env, element, last);
    (*env)->DeleteLocalRef(env, element);
    return result;
}

/* args: array and an index; an index below 0 counts from the end. */
static JNIEnv *index_of(PyObject *const *args, Py_ssize_t count, Py_ssize_t wanted, jsize *index) {
    if (count != wanted) {
        PyErr_SetString(PyExc_TypeError, "wrong number of arguments");
        return NULL;
    }
    JNIEnv *env = array_type(args[0]) ? bridge_env() : NULL;
    if (!env)
        return NULL;
    Py_ssize_t i = PyNumber_AsSsize_t(args[1], PyExc_IndexError);
    if (i == -1 && PyErr_Occurred())
        return NULL;
    jsize length = (*env)->GetArrayLength(env, BRIDGE_REF(args[0]));
    if (i < 0)
        i += length;
    if (i < 0 || i >= length) {
        PyErr_Format(PyExc_IndexError, "array index out of range (length %d)", (int)length);
        return NULL;
    }
    *index = (jsize)i;
    return env;
}

PyObject *bridge_array_get(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    (void)module;
    jsize i;
    JNIEnv *env = index_of(args, count, 2, &i);
    if (!env)
        return NULL;
    bridge_type_t *last = NULL;
    return get(env, (bridge_type_t *)Py_TYPE(args[0]), BRIDGE_REF(args[0]), i, &last);
}

PyObject *bridge_array_set(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    (void)module;
    jsize i;
    JNIEnv *env = index_of(args, count, 3, &i);
    if (!env)
        return NULL;
    if (set_element(env, (bridge_type_t *)Py_TYPE(args[0]), BRIDGE_REF(args[0]), i, args[2]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* Elements [start, stop) as a list. */
PyObject *bridge_array_list(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    (void)module;
    if (count != 3 || !array_type(args[0])) {
        if (count != 3)
            PyErr_SetString(PyExc_TypeError, "array, start and stop were expected");
        return NULL;
    }
    JNIEnv *env = bridge_env();
    Py_ssize_t start = PyLong_AsSsize_t(args[1]), stop = PyLong_AsSsize_t(args[2]);
    if (!env || PyErr_Occurred())
        return NULL;
    jsize length = (*env)->GetArrayLength(env, BRIDGE_REF(args[0]));
    start = start < 0 ? 0 : start;
    stop = stop > length ? length : stop;
    PyObject *list = PyList_New(stop > start ? stop - start : 0);
    bridge_type_t *type = (bridge_type_t *)Py_TYPE(args[0]), *last = NULL;
    for (Py_ssize_t i = start; list && i < stop; i++) {
        PyObject *item = get(env, type, BRIDGE_REF(args[0]), (jsize)i, &last);
        if (!item)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i - start, item);
    }
    return list;
}
