/* runtime_context.c - the ctx argument of process_element. */
#include "runtime/runtime_chain.h"

typedef struct {
    PyObject_HEAD int64_t timestamp;
    bool has_timestamp;
} context_t;

static PyObject *timestamp(PyObject *self, PyObject *unused) {
    context_t *context = (context_t *)self;
    /* The peer gives Java's smallest long to records without a timestamp. */
    return PyLong_FromLongLong(context->has_timestamp ? context->timestamp : INT64_MIN);
}

static PyObject *timer_service(PyObject *self, PyObject *unused) {
    PyErr_SetString(PyExc_NotImplementedError,
                    "ctx.timer_service() is not available in this version");
    return NULL;
}

static PyMethodDef methods[] = {
    {"timestamp", timestamp, METH_NOARGS,
     PyDoc_STR("timestamp() -> int\n\nThe timestamp of the value in milliseconds, or -2**63 when "
               "it has none.")},
    {"timer_service", timer_service, METH_NOARGS,
     PyDoc_STR("timer_service()\n\nNot available yet: raises NotImplementedError.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.ProcessContext",
    .tp_basicsize = sizeof(context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("What a process function can ask about the value it is given."),
    .tp_methods = methods,
};

PyObject *runtime_context_new(void) {
    return context_type.tp_alloc(&context_type, 0);
}

void runtime_context_set(PyObject *context, bool has_timestamp, int64_t value) {
    ((context_t *)context)->has_timestamp = has_timestamp;
    ((context_t *)context)->timestamp = value;
}

int runtime_context_init_module(PyObject *module) {
    if (PyType_Ready(&context_type) < 0)
        return -1;
    Py_INCREF(&context_type);
    if (PyModule_AddObject(module, "ProcessContext", (PyObject *)&context_type) < 0) {
        Py_DECREF(&context_type);
        return -1;
    }
    return 0;
}
