/* runtime_clock.c - the current times of a chain, for its functions: what ctx.timer_service()
 * gives.
 *
 * Python has no timers of its own on streams without keys; the methods for them say so. */
#include "runtime/runtime_clock.h"

#include <time.h>

typedef struct {
    PyObject_HEAD int64_t watermark;
    bool keyed;
} service_t;

static PyObject *current_processing_time(PyObject *self, PyObject *unused) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return PyLong_FromLongLong((long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static PyObject *current_watermark(PyObject *self, PyObject *unused) {
    return PyLong_FromLongLong(((service_t *)self)->watermark);
}

static PyObject *no_timers(PyObject *self, PyObject *timestamp) {
    if (((service_t *)self)->keyed)
        PyErr_SetString(PyExc_NotImplementedError,
                        "timers of connected streams are not available in this version");
    else
        PyErr_SetString(PyExc_Exception, "timers need a keyed stream: call key_by() on it first");
    return NULL;
}

static PyMethodDef methods[] = {
    {"current_processing_time", current_processing_time, METH_NOARGS,
     PyDoc_STR("current_processing_time() -> int\n\nThe machine's clock, in milliseconds since "
               "1970.")},
    {"current_watermark", current_watermark, METH_NOARGS,
     PyDoc_STR("current_watermark() -> int\n\nThe event time, in milliseconds since 1970; -2**63 "
               "before the first watermark.")},
    {"register_processing_time_timer", no_timers, METH_O,
     PyDoc_STR("register_processing_time_timer(timestamp)\n\nOnly on keyed streams.")},
    {"register_event_time_timer", no_timers, METH_O,
     PyDoc_STR("register_event_time_timer(timestamp)\n\nOnly on keyed streams.")},
    {"delete_processing_time_timer", no_timers, METH_O,
     PyDoc_STR("delete_processing_time_timer(timestamp)\n\nOnly on keyed streams.")},
    {"delete_event_time_timer", no_timers, METH_O,
     PyDoc_STR("delete_event_time_timer(timestamp)\n\nOnly on keyed streams.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject clock_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.TimerService",
    .tp_basicsize = sizeof(service_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("The current times of an operator."),
    .tp_methods = methods,
};

PyObject *runtime_clock_new(bool keyed) {
    PyObject *clock = clock_type.tp_alloc(&clock_type, 0);
    if (clock != NULL) {
        ((service_t *)clock)->watermark = INT64_MIN;
        ((service_t *)clock)->keyed = keyed;
    }
    return clock;
}

void runtime_clock_set(PyObject *clock, int64_t watermark) {
    ((service_t *)clock)->watermark = watermark;
}

int runtime_clock_init_module(PyObject *module) {
    if (PyType_Ready(&clock_type) < 0)
        return -1;
    Py_INCREF(&clock_type);
    if (PyModule_AddObject(module, "TimerService", (PyObject *)&clock_type) < 0) {
        Py_DECREF(&clock_type);
        return -1;
    }
    return 0;
}
