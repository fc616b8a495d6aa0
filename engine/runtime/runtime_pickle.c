/* runtime_pickle.c - objects that have no form of their own, as pickles. */
#include "runtime/runtime_codec.h"

/* u32 length and the bytes; consumes bytes, which may be NULL with an error. */
static int put_pickle(runtime_buffer_t *out, PyObject *bytes) {
    if (bytes == NULL)
        return -1;
    if (!PyBytes_Check(bytes)) {
        Py_DECREF(bytes);
        PyErr_SetString(PyExc_TypeError, "pickling gave no bytes");
        return -1;
    }
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

/* pickle refuses functions and classes that are no attribute of a module; cloudpickle takes them.
 * Called with pickle's error set; new bytes object. */
static PyObject *pickle_by_value(PyObject *value) {
    PyObject *type, *error, *traceback;
    if (!PyErr_ExceptionMatches(PyExc_Exception))
        return NULL;
    PyErr_Fetch(&type, &error, &traceback);
    PyObject *module = PyImport_ImportModule("pyflink._engine.unpickling");
    /* "O" alone would take a tuple for all arguments. */
    PyObject *bytes =
        module == NULL ? NULL : PyObject_CallMethod(module, "dumps_by_value", "(O)", value);
    Py_XDECREF(module);
    if (bytes == NULL) { /* the first error says more */
        PyErr_Clear();
        PyErr_Restore(type, error, traceback);
        return NULL;
    }
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
    return bytes;
}

int runtime_encode_pickled(runtime_buffer_t *out, PyObject *value) {
    int plain = runtime_encode_plain_pickle(out, value);
    if (plain != 0)
        return plain < 0 ? -1 : 0;
    const runtime_types_t *types = runtime_types();
    if (types == NULL)
        return -1;
    PyObject *args[] = {NULL, value, types->protocol};
    PyObject *bytes =
        PyObject_Vectorcall(types->dumps, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    return put_pickle(out, bytes == NULL ? pickle_by_value(value) : bytes);
}

/* The ordinary pickle of an object depends on which of its parts are the same object. A pickler in
 * "fast" mode does not remember what it wrote, so equal objects have equal bytes. It cannot write
 * what contains itself, which is no key anyway. */
int runtime_encode_pickled_key(runtime_buffer_t *out, PyObject *value) {
    const runtime_types_t *types = runtime_types();
    if (types == NULL)
        return -1;
    PyObject *bytes = NULL, *done = NULL;
    PyObject *file = PyObject_CallNoArgs(types->bytes_io);
    PyObject *pickler =
        file == NULL ? NULL
                     : PyObject_CallFunctionObjArgs(types->pickler, file, types->protocol, NULL);
    if (pickler != NULL && PyObject_SetAttrString(pickler, "fast", Py_True) == 0)
        done = PyObject_CallMethod(pickler, "dump", "(O)", value);
    if (done != NULL)
        bytes = PyObject_CallMethod(file, "getvalue", NULL);
    Py_XDECREF(file);
    Py_XDECREF(pickler);
    Py_XDECREF(done);
    return put_pickle(out, bytes == NULL ? pickle_by_value(value) : bytes);
}
