/* runtime_call.h - calls a user function with one or two arguments, without a tuple of them. Needs
 * the GIL; arguments are borrowed, the result is a new reference, or NULL with an error. */
#ifndef PYFLINK_SHELL_RUNTIME_CALL_H
#define PYFLINK_SHELL_RUNTIME_CALL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* What PyObject_Vectorcall does, without its look at the thread state and at the result. */
static inline PyObject *runtime_call(PyObject *function, PyObject **args, size_t count) {
    vectorcallfunc direct = PyVectorcall_Function(function);
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
