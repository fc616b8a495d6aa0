/* runtime_call.h - calls a user function with one or two arguments, without a tuple of them. Needs
 * the GIL; arguments are borrowed, the result is a new reference, or NULL with an error. */
#ifndef PYFLINK_SHELL_RUNTIME_CALL_H
#define PYFLINK_SHELL_RUNTIME_CALL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* What PyVectorcall_Function does, which is a call of its own: NULL when the object has none. */
static inline vectorcallfunc runtime_vectorcall_of(PyObject *function) {
    PyTypeObject *type = Py_TYPE(function);
    vectorcallfunc direct;
    if (__builtin_expect(!(type->tp_flags & Py_TPFLAGS_HAVE_VECTORCALL), 0))
        return NULL;
    memcpy(&direct, (char *)function + type->tp_vectorcall_offset, sizeof direct);
    return direct;
}

/* What PyObject_Vectorcall does, without its look at the thread state and at the result. */
static inline PyObject *runtime_call(PyObject *function, PyObject **args, size_t count) {
    vectorcallfunc direct = runtime_vectorcall_of(function);
    count |= PY_VECTORCALL_ARGUMENTS_OFFSET;
    if (__builtin_expect(direct != NULL, 1))
        return direct(function, args, count, NULL);
    return PyObject_Vectorcall(function, args, count, NULL);
}

static inline PyObject *runtime_call_one(PyObject *function, PyObject *argument) {
    PyObject *args[2] = {NULL, argument};
    return runtime_call(function, args + 1, 1);
}

static inline PyObject *runtime_call_two(PyObject *function, PyObject *first, PyObject *second) {
    PyObject *args[3] = {NULL, first, second};
    return runtime_call(function, args + 1, 2);
}

#endif
