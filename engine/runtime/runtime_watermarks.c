/* runtime_watermarks.c - the last step of a chain whose watermarks a Python generator makes.
 *
 * Cost of one record besides the call of on_event: an int for its timestamp; of a watermark: nine
 * bytes in the output. */
#include "runtime/runtime_watermarks.h"

typedef struct {
    PyObject_HEAD runtime_buffer_t *output; /* the chain's while the generator runs, else NULL */
    const char *name;                       /* the operator's, borrowed; as output */
} watermark_output_t;

static PyObject *put(watermark_output_t *self, unsigned what, int64_t timestamp) {
    if (self->output == NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a WatermarkOutput can be used inside on_event and on_periodic_emit only");
        return NULL;
    }
    if (runtime_reserve(self->output, 9) < 0)
        return NULL;
    runtime_put_u8(self->output, (uint8_t)(RUNTIME_CONTROL | RUNTIME_WATERMARKS | what));
    runtime_put_u64(self->output, (uint64_t)timestamp);
    Py_RETURN_NONE;
}

/* The milliseconds of a Watermark, or of an int. -1 with an error. */
static int timestamp_of(const watermark_output_t *self, PyObject *watermark, int64_t *timestamp) {
    PyObject *number = PyLong_Check(watermark) ? Py_NewRef(watermark)
                                               : PyObject_GetAttrString(watermark, "timestamp");
    int overflow = 0;
    bool is_int = number != NULL && PyLong_Check(number);
    if (is_int)
        *timestamp = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_XDECREF(number);
    if (is_int && !overflow)
        return 0;
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError,
                 "operator '%s': emit_watermark() takes a Watermark or its milliseconds as an int, "
                 "found %s %R",
                 self->name == NULL ? "" : self->name, Py_TYPE(watermark)->tp_name, watermark);
    return -1;
}

static PyObject *emit_watermark(PyObject *self, PyObject *watermark) {
    int64_t timestamp;
    if (timestamp_of((watermark_output_t *)self, watermark, &timestamp) < 0)
        return NULL;
    return put((watermark_output_t *)self, RUNTIME_EMIT_WATERMARK, timestamp);
}

static PyObject *mark_idle(PyObject *self, PyObject *unused) {
    return put((watermark_output_t *)self, RUNTIME_MARK_IDLE, 0);
}

static PyObject *mark_active(PyObject *self, PyObject *unused) {
    return put((watermark_output_t *)self, RUNTIME_MARK_ACTIVE, 0);
}

static PyMethodDef methods[] = {
    {"emit_watermark", emit_watermark, METH_O,
     PyDoc_STR("emit_watermark(watermark) -> None\n\n"
               "Send a Watermark on, or an int of milliseconds. One that is not above the last\n"
               "has no effect.")},
    {"mark_idle", mark_idle, METH_NOARGS,
     PyDoc_STR("mark_idle() -> None\n\nLet nobody wait for watermarks of this stream.")},
    {"mark_active", mark_active, METH_NOARGS,
     PyDoc_STR("mark_active() -> None\n\nTake mark_idle() back. A watermark does so, too.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject watermark_output_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.WatermarkOutput",
    .tp_basicsize = sizeof(watermark_output_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("Takes the watermarks of a generator."),
    .tp_methods = methods,
};

PyObject *runtime_watermark_output_new(void) {
    if (PyType_Ready(&watermark_output_type) < 0)
        return NULL;
    return watermark_output_type.tp_alloc(&watermark_output_type, 0);
}

/* Calls the generator with its output as the last of count arguments. args has room for it, and for
 * one pointer in front of it. 0, or -1 with an error. */
static int call(runtime_chain_t *chain, const runtime_chain_step_t *step, PyObject *function,
                PyObject **args, size_t count) {
    watermark_output_t *output = (watermark_output_t *)step->context;
    output->output = &chain->output;
    output->name = step->name;
    args[count - 1] = step->context;
    PyObject *result =
        PyObject_Vectorcall(function, args, count | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    output->output = NULL;
    output->name = NULL;
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

int runtime_watermarks_event(runtime_chain_t *chain, const runtime_travel_t *travel) {
    runtime_travel_t timed = *travel;
    if (!timed.has_timestamp) {
        /* Java gives its smallest long to records without a timestamp. */
        timed.timestamp = INT64_MIN;
        timed.has_timestamp = true;
    }
    if (runtime_emit(chain, &timed) < 0)
        return -1;
    if (chain->batch_mode)
        return 0; /* Nobody waits for watermarks there. */
    const runtime_chain_step_t *step = &chain->steps[travel->step];
    PyObject *timestamp = PyLong_FromLongLong(timed.timestamp);
    if (timestamp == NULL)
        return runtime_chain_fail(chain, travel->step, travel->value, "call");
    PyObject *args[4] = {NULL, travel->value, timestamp};
    int result = call(chain, step, step->function, args + 1, 3);
    Py_DECREF(timestamp);
    return result == 0 ? 0 : runtime_chain_fail(chain, travel->step, travel->value, "call");
}

int runtime_watermarks_periodic(runtime_chain_t *chain) {
    int last = chain->step_count - 1;
    const runtime_chain_step_t *step = &chain->steps[last];
    if (step->kind != RUNTIME_WATERMARKS_STEP) {
        runtime_malformed("watermarks are asked of a chain that makes none");
        return runtime_chain_fail(chain, -1, NULL, "input");
    }
    PyObject *args[2] = {NULL};
    if (call(chain, step, step->second, args + 1, 1) < 0)
        return runtime_chain_fail(chain, last, NULL, "on_periodic_emit");
    return 0;
}
