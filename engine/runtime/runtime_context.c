/* runtime_context.c - the ctx argument of process_element and on_timer. */
#include "runtime/runtime_timers.h"

static PyObject *timestamp(PyObject *self, PyObject *unused) {
    runtime_context_t *context = (runtime_context_t *)self;
    /* The peer gives Java's smallest long to records without a timestamp. */
    return PyLong_FromLongLong(context->has_timestamp ? context->timestamp : INT64_MIN);
}

static PyObject *timer_service(PyObject *self, PyObject *unused) {
    runtime_context_t *context = (runtime_context_t *)self;
    if (context->timers == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "there is no timer service outside of a job");
        return NULL;
    }
    return Py_NewRef((PyObject *)context->timers);
}

static PyObject *get_current_key(PyObject *self, PyObject *unused) {
    return runtime_keyed_key(((runtime_context_t *)self)->timers->keyed);
}

static PyObject *domain_name(const runtime_context_t *context) {
    static PyObject *domains;
    if (domains == NULL) {
        PyObject *module = PyImport_ImportModule("pyflink.datastream.time_domain");
        domains = module == NULL ? NULL : PyObject_GetAttrString(module, "TimeDomain");
        Py_XDECREF(module);
    }
    return domains == NULL ? NULL
                           : PyObject_GetAttrString(domains, context->domain == RUNTIME_EVENT_TIME
                                                                 ? "EVENT_TIME"
                                                                 : "PROCESSING_TIME");
}

static PyObject *time_domain(PyObject *self, PyObject *unused) {
    return domain_name((runtime_context_t *)self);
}

/* Stands for the record in errors of on_timer. */
static PyObject *timer_repr(PyObject *self) {
    runtime_context_t *context = (runtime_context_t *)self;
    PyObject *key = runtime_keyed_key(context->timers->keyed);
    if (key == NULL)
        PyErr_Clear();
    PyObject *text = PyUnicode_FromFormat(
        "timer for %s %lld of key %R",
        context->domain == RUNTIME_EVENT_TIME ? "event time" : "processing time",
        (long long)context->timestamp, key == NULL ? Py_None : key);
    Py_XDECREF(key);
    return text;
}

static void dealloc(PyObject *self) {
    Py_XDECREF(((runtime_context_t *)self)->timers);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"timestamp", timestamp, METH_NOARGS,
     PyDoc_STR("timestamp() -> int\n\nThe timestamp of the value in milliseconds, or -2**63 when "
               "it has none.")},
    {"timer_service", timer_service, METH_NOARGS,
     PyDoc_STR("timer_service() -> TimerService\n\nThe current times, and timers of keyed "
               "streams.")},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef keyed_methods[] = {
    {"get_current_key", get_current_key, METH_NOARGS,
     PyDoc_STR("get_current_key() -> object\n\nThe key of the value or of the timer.")},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef timer_methods[] = {
    {"time_domain", time_domain, METH_NOARGS,
     PyDoc_STR("time_domain() -> TimeDomain\n\nThe time that the timer was for.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.ProcessContext",
    .tp_basicsize = sizeof(runtime_context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = PyDoc_STR("What a process function can ask about the value it is given."),
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

static PyTypeObject keyed_context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.KeyedProcessContext",
    .tp_basicsize = sizeof(runtime_context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = PyDoc_STR("What a keyed process function can ask about the value it is given."),
    .tp_base = &context_type,
    .tp_methods = keyed_methods,
};

static PyTypeObject timer_context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.OnTimerContext",
    .tp_basicsize = sizeof(runtime_context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("What a keyed process function can ask about the timer that fires."),
    .tp_repr = timer_repr,
    .tp_base = &keyed_context_type,
    .tp_methods = timer_methods,
};

static PyTypeObject *const types[] = {
    [RUNTIME_PROCESS_CONTEXT] = &context_type,
    [RUNTIME_KEYED_CONTEXT] = &keyed_context_type,
    [RUNTIME_ON_TIMER_CONTEXT] = &timer_context_type,
};

PyTypeObject *runtime_context_type(runtime_context_kind_t kind) {
    return PyType_Ready(types[kind]) < 0 ? NULL : types[kind];
}

PyObject *runtime_context_new(runtime_context_kind_t kind, runtime_timers_t *timers) {
    runtime_context_t *context = (runtime_context_t *)types[kind]->tp_alloc(types[kind], 0);
    if (context != NULL) {
        context->timers = timers;
        Py_XINCREF(timers);
    }
    return (PyObject *)context;
}

void runtime_context_set(PyObject *context, bool has_timestamp, int64_t value) {
    ((runtime_context_t *)context)->has_timestamp = has_timestamp;
    ((runtime_context_t *)context)->timestamp = value;
}

void runtime_context_set_domain(PyObject *context, runtime_domain_t domain) {
    ((runtime_context_t *)context)->domain = domain;
}

int runtime_context_init_module(PyObject *module) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (PyType_Ready(types[i]) < 0)
            return -1;
        Py_INCREF(types[i]);
        if (PyModule_AddObject(module, strrchr(types[i]->tp_name, '.') + 1, (PyObject *)types[i]) <
            0) {
            Py_DECREF(types[i]);
            return -1;
        }
    }
    return 0;
}
