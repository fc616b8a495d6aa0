/* bridge_module.c - the bridge's functions in the extension module, and its start. */
#include "bridge/bridge_array.h"
#include "bridge/bridge_cache.h"
#include "bridge/bridge_class.h"
#include "bridge/bridge_convert.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_error.h"
#include "bridge/bridge_field.h"
#include "bridge/bridge_method.h"
#include "bridge/bridge_type.h"

int bridge_on_jvm(JNIEnv *env) {
    return bridge_cache_fill(env) < 0 || bridge_proxy_on_jvm(env) < 0 ? -1 : 0;
}

/* The type of a Java class, or None when there is no such class. */
static PyObject *java_class(PyObject *module, PyObject *name) {
    (void)module;
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "the name of a Java class must be a str");
        return NULL;
    }
    JNIEnv *env = bridge_env();
    PyObject *type = env ? (PyObject *)bridge_type_by_name(env, name) : NULL;
    if (!type) {
        if (PyErr_Occurred())
            return NULL;
        type = Py_None;
    }
    Py_INCREF(type);
    return type;
}

/* The type that stands for what a java.lang.Class object describes. */
static PyObject *java_type(PyObject *module, PyObject *object) {
    (void)module;
    JNIEnv *env = bridge_env();
    if (!env)
        return NULL;
    if (!BRIDGE_IS_OBJECT(object) ||
        !(*env)->IsInstanceOf(env, BRIDGE_REF(object), bridge_cache.klass_class)) {
        PyErr_SetString(PyExc_TypeError, "a java.lang.Class object was expected");
        return NULL;
    }
    PyObject *type = (PyObject *)bridge_type_of_class(env, BRIDGE_REF(object));
    Py_XINCREF(type);
    return type;
}

/* A value as Java keeps it in a collection, back as Python sees that. */
static PyObject *java_value(PyObject *module, PyObject *value) {
    (void)module;
    JNIEnv *env = bridge_env();
    if (!env)
        return NULL;
    jobject object = bridge_to_java(env, value);
    if (!object && PyErr_Occurred())
        return NULL;
    PyObject *result = bridge_to_python(env, object);
    (*env)->DeleteLocalRef(env, object);
    return result;
}

static PyMethodDef functions[] = {
    {"java_class", java_class, METH_O, "Type of the named Java class, or None."},
    {"java_type", java_type, METH_O, "Type of what a java.lang.Class object describes."},
    {"java_value", java_value, METH_O, "A value passed to Java and back."},
    {"java_mixin", bridge_class_set_mixin, METH_VARARGS,
     "Gives instances of the named Java class the behaviour of a Python class."},
    {"java_method", bridge_method_by_name, METH_VARARGS,
     "The method of that class and name; the class is looked up at the first call."},
    {"java_field", bridge_field_access, METH_VARARGS, "Reads or sets a public field."},
    {"java_new_array", bridge_array_new, METH_VARARGS, "A new array: element class, sizes."},
    {"java_array_length", bridge_array_length, METH_O, "Number of elements."},
    {"java_array_get", (PyCFunction)(void (*)(void))bridge_array_get, METH_FASTCALL,
     "Element at an index."},
    {"java_array_set", (PyCFunction)(void (*)(void))bridge_array_set, METH_FASTCALL,
     "Sets the element at an index."},
    {"java_array_list", (PyCFunction)(void (*)(void))bridge_array_list, METH_FASTCALL,
     "Elements from start to stop as a list."},
    {"java_stack_trace", bridge_error_stack_trace, METH_O, "Stack trace of a Java exception."},
    {"java_python_exception", bridge_error_original, METH_O,
     "The original Python exception behind a PythonException, or None."},
    {NULL, NULL, 0, NULL},
};

int bridge_init_module(PyObject *module) {
    if (bridge_env_init() < 0 || bridge_type_init(module) < 0 || bridge_method_init(module) < 0 ||
        bridge_field_init(module) < 0)
        return -1;
    return PyModule_AddFunctions(module, functions);
}
