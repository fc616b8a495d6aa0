/* runtime_context.c - the ctx argument of process_element.
 *
 * The key is decoded when it is asked for: a record whose function does not ask costs two
 * pointers. */
#include "runtime/runtime_chain.h"
#include "runtime/runtime_clock.h"

typedef struct {
    PyObject_HEAD int64_t timestamp;
    bool has_timestamp;
    PyObject *clock;
} context_t;

typedef struct {
    context_t base;
    const runtime_type_t *key_type;
    const uint8_t *key; /* in the chain's input; NULL: no record is on its way */
    size_t length;
} keyed_context_t;

static PyObject *timestamp(PyObject *self, PyObject *unused) {
    context_t *context = (context_t *)self;
    /* The peer gives Java's smallest long to records without a timestamp. */
    return PyLong_FromLongLong(context->has_timestamp ? context->timestamp : INT64_MIN);
}

static PyObject *timer_service(PyObject *self, PyObject *unused) {
    return Py_NewRef(((context_t *)self)->clock);
}

static void dealloc(PyObject *self) {
    Py_XDECREF(((context_t *)self)->clock);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"timestamp", timestamp, METH_NOARGS,
     PyDoc_STR("timestamp() -> int\n\nThe timestamp of the value in milliseconds, or -2**63 when "
               "it has none.")},
    {"timer_service", timer_service, METH_NOARGS,
     PyDoc_STR("timer_service() -> TimerService\n\nThe current times.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.ProcessContext",
    .tp_basicsize = sizeof(context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = PyDoc_STR("What a process function can ask about the value it is given."),
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static PyObject *get_current_key(PyObject *self, PyObject *unused) {
    keyed_context_t *context = (keyed_context_t *)self;
    if (context->key == NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "get_current_key() is only possible while a record is processed");
        return NULL;
    }
    if (context->length == 0)
        Py_RETURN_NONE;
    runtime_input_t in = {context->key, context->key + context->length};
    return runtime_decode(&in, context->key_type);
}

static PyMethodDef keyed_methods[] = {
    {"get_current_key", get_current_key, METH_NOARGS,
     PyDoc_STR("get_current_key()\n\nThe key of the value.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject keyed_context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.KeyedProcessContext",
    .tp_basicsize = sizeof(keyed_context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_base = &context_type,
    .tp_doc = PyDoc_STR("What a process function of a keyed stream can ask about its value."),
    .tp_methods = keyed_methods,
};

PyObject *runtime_context_new(PyObject *clock, const runtime_type_t *key_type) {
    PyTypeObject *type = key_type == NULL ? &context_type : &keyed_context_type;
    PyObject *context = type->tp_alloc(type, 0);
    if (context == NULL)
        return NULL;
    ((context_t *)context)->clock = Py_NewRef(clock);
    if (key_type != NULL)
        ((keyed_context_t *)context)->key_type = key_type;
    return context;
}

void runtime_context_set(PyObject *context, bool has_timestamp, int64_t value) {
    ((context_t *)context)->has_timestamp = has_timestamp;
    ((context_t *)context)->timestamp = value;
}

void runtime_context_set_key(PyObject *context, const uint8_t *key, size_t length) {
    ((keyed_context_t *)context)->key = key;
    ((keyed_context_t *)context)->length = length;
}

static int add_type(PyObject *module, const char *name, PyTypeObject *type) {
    if (PyType_Ready(type) < 0)
        return -1;
    Py_INCREF(type);
    if (PyModule_AddObject(module, name, (PyObject *)type) < 0) {
        Py_DECREF(type);
        return -1;
    }
    return 0;
}

int runtime_context_init_module(PyObject *module) {
    return add_type(module, "ProcessContext", &context_type) < 0
               ? -1
               : add_type(module, "KeyedProcessContext", &keyed_context_type);
}
