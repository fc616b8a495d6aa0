/* runtime_watch.c - what a test harness sees of the chains that its thread opens.
 *
 * A job costs nothing: a chain looks here once, when it is made. */
#include "runtime/runtime_watch.h"

/* The list and the thread whose chains use it; NULL: nobody watches. */
static PyObject *watching;
static unsigned long watcher;

PyObject *runtime_watch_list(void) {
    if (watching == NULL || watcher != PyThread_get_thread_ident())
        return NULL;
    return Py_NewRef(watching);
}

int runtime_watch_untaken(runtime_chain_t *chain, int step, PyObject *tagged, bool has_timestamp,
                          int64_t timestamp) {
    PyObject *time = has_timestamp ? PyLong_FromLongLong(timestamp) : Py_NewRef(Py_None);
    PyObject *name = time == NULL ? NULL : PyUnicode_FromString(chain->steps[step].name);
    PyObject *entry = name == NULL ? NULL : PyTuple_Pack(3, name, tagged, time);
    int result = entry == NULL ? -1 : PyList_Append(chain->untaken, entry);
    Py_XDECREF(time);
    Py_XDECREF(name);
    Py_XDECREF(entry);
    return result;
}

static PyObject *watch_side_outputs(PyObject *module, PyObject *list) {
    if (list != Py_None && !PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "watch_side_outputs needs a list or None");
        return NULL;
    }
    watcher = PyThread_get_thread_ident();
    Py_XSETREF(watching, list == Py_None ? NULL : Py_NewRef(list));
    Py_RETURN_NONE;
}

static PyObject *use_key(PyObject *module, PyObject *args) {
    PyObject *object, *key, *windows = NULL;
    PyTypeObject *type = runtime_keyed_type();
    if (type == NULL ||
        !PyArg_ParseTuple(args, "O!O|O!:use_key", type, &object, &key, type, &windows))
        return NULL;
    if (windows != NULL)
        runtime_keyed_enter((runtime_keyed_t *)windows);
    runtime_keyed_t *keyed = (runtime_keyed_t *)object;
    const runtime_type_t *key_type = keyed->key_type;
    static const uint8_t no_bytes[1];
    if (keyed->broadcast) {
        runtime_keyed_enter(keyed);
        runtime_keyed_set(keyed, no_bytes, 0);
        Py_RETURN_NONE;
    }
    if (key_type == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the operator is closed");
        return NULL;
    }
    runtime_keyed_set(keyed, NULL, 0);
    runtime_buffer_t *bytes = &keyed->chosen;
    bytes->length = 0;
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, bytes);
    encoder.canonical = keyed->canonical;
    if (runtime_reserve(bytes, 24) < 0)
        return NULL;
    bool none = key == Py_None && key_type->kind != RUNTIME_ANY;
    if (none ? runtime_mismatch(&encoder, key_type, key, NULL) < 0
             : runtime_encode(&encoder, key_type, key) < 0) {
        runtime_encode_raise(&encoder, key_type, "key");
        return NULL;
    }
    runtime_keyed_enter(keyed);
    runtime_keyed_set(keyed, bytes->data, bytes->length);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"watch_side_outputs", watch_side_outputs, METH_O,
     PyDoc_STR(
         "watch_side_outputs(list or None)\n\n"
         "Operators that this thread opens from now on append (operator name, tagged result,\n"
         "timestamp or None) for what they tag and nobody reads.")},
    {"use_key", use_key, METH_VARARGS,
     PyDoc_STR("use_key(keyed, key, windows=None)\n\n"
               "Makes a key the current one of a KeyedContext, until the next record. TypeError\n"
               "when it does not fit the type of the keys. That of broadcast state has one key,\n"
               "whatever is given. windows: a KeyedContext of windows that is used next.")},
    {NULL, NULL, 0, NULL},
};

int runtime_watch_init_module(PyObject *module) {
    return PyModule_AddFunctions(module, functions);
}
