/* runtime_probe.c - drives a chain from Python, without a JVM, for tests and profiling. */
#include "runtime/runtime_cancel.h"
#include "runtime/runtime_chain.h"
#include "runtime/runtime_store.h"

#include <time.h>

typedef struct {
    PyObject_HEAD runtime_chain_t *chain;
    runtime_cancel_t cancel;
    PyObject *store; /* dict that stands for the state backend, or None */
} probe_t;

static int parse_optional(PyObject *schema, runtime_type_t **type) {
    if (schema == Py_None)
        return 0;
    Py_buffer view;
    if (PyObject_GetBuffer(schema, &view, PyBUF_SIMPLE) < 0)
        return -1;
    *type = runtime_type_parse(view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return *type == NULL ? -1 : 0;
}

static int fill_step(runtime_chain_t *chain, int i, PyObject *from) {
    runtime_chain_step_t *step = &chain->steps[i];
    const char *name;
    PyObject *function, *schema, *close = Py_None, *second = NULL, *on_timer = NULL;
    int kind;
    if (!PyArg_ParseTuple(from, "isOO|OOO", &kind, &name, &function, &schema, &close, &second,
                          &on_timer))
        return -1;
    step->kind = (runtime_step_kind_t)kind;
    if ((step->name = PyMem_Malloc(strlen(name) + 1)) == NULL)
        return -1;
    strcpy(step->name, name);
    step->function = function == Py_None ? NULL : Py_NewRef(function);
    step->close = close == Py_None ? NULL : Py_NewRef(close);
    step->second = second == NULL || second == Py_None ? NULL : Py_NewRef(second);
    step->on_timer = on_timer;
    Py_XINCREF(on_timer);
    return parse_optional(schema, &step->type);
}

static int fill_end(runtime_end_t *end, PyObject *from) {
    PyObject *schema, *key_schema;
    int mode;
    if (!PyArg_ParseTuple(from, "iOO", &mode, &schema, &key_schema))
        return -1;
    end->mode = (runtime_mode_t)mode;
    return parse_optional(schema, &end->type) < 0 || parse_optional(key_schema, &end->key) < 0 ? -1
                                                                                               : 0;
}

static PyObject *probe_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"steps",         "in_mode",    "in_schema",      "in_key_schema",
                            "out_mode",      "out_schema", "out_key_schema", "store",
                            "state_entries", "batch_mode", "buffer_bytes",   "in2",
                            "partitions",    NULL};
    PyObject *steps, *in, *in_key, *out, *out_key, *store = Py_None, *second = NULL;
    int in_mode, out_mode, batch_mode = 0, buffer_bytes = 65536, entries = 0, partitions = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!iOOiOO|OipiO!i", names, &PyList_Type, &steps,
                                     &in_mode, &in, &in_key, &out_mode, &out, &out_key, &store,
                                     &entries, &batch_mode, &buffer_bytes, &PyTuple_Type, &second,
                                     &partitions))
        return NULL;
    probe_t *self = (probe_t *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->store = Py_NewRef(store);
    runtime_chain_t *chain = self->chain =
        runtime_chain_new((int)PyList_GET_SIZE(steps), (size_t)buffer_bytes);
    if (chain == NULL)
        goto failed;
    chain->in[0].mode = (runtime_mode_t)in_mode;
    chain->out.mode = (runtime_mode_t)out_mode;
    chain->batch_mode = batch_mode;
    if (parse_optional(in, &chain->in[0].type) < 0 ||
        parse_optional(in_key, &chain->in[0].key) < 0 ||
        parse_optional(out, &chain->out.type) < 0 || parse_optional(out_key, &chain->out.key) < 0)
        goto failed;
    if (second != NULL && fill_end(&chain->in[1], second) < 0)
        goto failed;
    for (int i = 0; i < chain->step_count; i++)
        if (fill_step(chain, i, PyList_GET_ITEM(steps, i)) < 0)
            goto failed;
    runtime_backend_t backend = {store, runtime_store_ask, runtime_store_apply};
    if (runtime_chain_partitions(chain, partitions) < 0 || runtime_chain_ready(chain) < 0 ||
        runtime_chain_use_keys(chain, store == Py_None ? NULL : &backend, (size_t)entries) < 0 ||
        runtime_chain_make_contexts(chain) < 0)
        goto failed;
    return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

/* The same as NativeChain.sideOutput. */
static PyObject *probe_side_output(PyObject *object, PyObject *args) {
    PyObject *id, *schema;
    int step, mode;
    runtime_type_t *type = NULL;
    if (!PyArg_ParseTuple(args, "iUiO", &step, &id, &mode, &schema) ||
        parse_optional(schema, &type) < 0 ||
        runtime_chain_add_side(((probe_t *)object)->chain, step, id, (runtime_mode_t)mode, type) <
            0)
        return NULL;
    Py_RETURN_NONE;
}

static void probe_dealloc(PyObject *object) {
    probe_t *self = (probe_t *)object;
    runtime_chain_free(self->chain);
    Py_XDECREF(self->store);
    Py_TYPE(object)->tp_free(object);
}

/* (bytes, more) of an outcome. */
static PyObject *result_of(probe_t *self, runtime_outcome_t outcome) {
    if (outcome == RUNTIME_ERROR)
        return NULL;
    runtime_buffer_t *out = &self->chain->output;
    return Py_BuildValue("y#i", out->data, (Py_ssize_t)out->length, outcome == RUNTIME_MORE);
}

static PyObject *probe_run(PyObject *object, PyObject *args) {
    probe_t *self = (probe_t *)object;
    Py_buffer view;
    if (!PyArg_ParseTuple(args, "y*", &view))
        return NULL;
    runtime_outcome_t outcome = RUNTIME_ERROR;
    if (runtime_cancel_begin(&self->cancel) == 0) {
        if (runtime_chain_grow_input(self->chain, (size_t)view.len) == 0) {
            if (view.len > 0)
                memcpy(self->chain->input, view.buf, (size_t)view.len);
            outcome = runtime_chain_run(self->chain, (size_t)view.len);
        }
        runtime_cancel_end(&self->cancel);
    }
    PyBuffer_Release(&view);
    return result_of(self, outcome);
}

/* Runs one batch over and over; nanoseconds for one run. */
static PyObject *probe_time(PyObject *object, PyObject *args) {
    probe_t *self = (probe_t *)object;
    Py_buffer view;
    int times;
    if (!PyArg_ParseTuple(args, "y*i", &view, &times))
        return NULL;
    struct timespec start, end;
    runtime_outcome_t outcome = RUNTIME_DONE;
    if (runtime_chain_grow_input(self->chain, (size_t)view.len) < 0)
        outcome = RUNTIME_ERROR;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < times && outcome != RUNTIME_ERROR; i++) {
        memcpy(self->chain->input, view.buf, (size_t)view.len);
        outcome = runtime_chain_run(self->chain, (size_t)view.len);
        while (outcome == RUNTIME_MORE)
            outcome = runtime_chain_run(self->chain, 0);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    PyBuffer_Release(&view);
    if (outcome == RUNTIME_ERROR)
        return NULL;
    return PyFloat_FromDouble(
        ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
        times);
}

static PyObject *probe_end_input(PyObject *object, PyObject *unused) {
    return result_of((probe_t *)object, runtime_chain_end_input(((probe_t *)object)->chain));
}

static PyObject *probe_flush_state(PyObject *object, PyObject *unused) {
    return result_of((probe_t *)object, runtime_chain_flush_state(((probe_t *)object)->chain));
}

static PyObject *probe_watermark(PyObject *object, PyObject *argument) {
    runtime_chain_t *chain = ((probe_t *)object)->chain;
    long long watermark = PyLong_AsLongLong(argument);
    if (PyErr_Occurred())
        return NULL;
    if (chain->timers != NULL)
        chain->timers->watermark = watermark;
    if (chain->times != NULL)
        chain->times->watermark = watermark;
    Py_RETURN_NONE;
}

/* Applies what flush_state gave to the store. */
static PyObject *probe_apply(PyObject *object, PyObject *args) {
    Py_buffer view;
    if (!PyArg_ParseTuple(args, "y*", &view))
        return NULL;
    int result = runtime_store_apply(((probe_t *)object)->store, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *probe_cancel(PyObject *object, PyObject *unused) {
    runtime_cancel_now(&((probe_t *)object)->cancel, NULL);
    Py_RETURN_NONE;
}

static PyObject *probe_close(PyObject *object, PyObject *unused) {
    if (runtime_chain_close(((probe_t *)object)->chain) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* (step, record, what, input) of the last error. */
static PyObject *probe_failed(PyObject *object, PyObject *unused) {
    runtime_chain_t *chain = ((probe_t *)object)->chain;
    return Py_BuildValue("iOzi", chain->failed.step,
                         chain->failed.record == NULL ? Py_None : chain->failed.record,
                         chain->failed.what, chain->failed.input);
}

/* The KeyedContext, for new_state, or None. */
static PyObject *probe_keyed(PyObject *object, PyObject *unused) {
    runtime_keyed_t *keyed = ((probe_t *)object)->chain->keyed;
    return Py_NewRef(keyed == NULL ? Py_None : (PyObject *)keyed);
}

static PyMethodDef methods[] = {
    {"keyed", probe_keyed, METH_NOARGS, PyDoc_STR("keyed() -> KeyedContext or None")},
    {"run", probe_run, METH_VARARGS, PyDoc_STR("run(batch) -> (bytes, more); b'' goes on.")},
    {"time", probe_time, METH_VARARGS, PyDoc_STR("time(batch, times) -> nanoseconds per run")},
    {"end_input", probe_end_input, METH_NOARGS, PyDoc_STR("end_input() -> (bytes, more)")},
    {"flush_state", probe_flush_state, METH_NOARGS, PyDoc_STR("flush_state() -> (bytes, more)")},
    {"watermark", probe_watermark, METH_O, PyDoc_STR("watermark(n): of the next batches")},
    {"side_output", probe_side_output, METH_VARARGS,
     PyDoc_STR("side_output(step, id, mode, schema): somebody reads it")},
    {"apply", probe_apply, METH_VARARGS, PyDoc_STR("apply(changes): what flush_state gave")},
    {"cancel", probe_cancel, METH_NOARGS, PyDoc_STR("cancel(): from another thread")},
    {"close", probe_close, METH_NOARGS, PyDoc_STR("close(): calls the steps' close functions")},
    {"failed", probe_failed, METH_NOARGS, PyDoc_STR("failed() -> (step, record, what, input)")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject probe_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.ChainProbe",
    .tp_basicsize = sizeof(probe_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR(
        "A native chain without a JVM, for tests and profiling. steps: list of (kind, name,\n"
        "function, schema or None[, close[, second]]); store: a dict that stands for the state\n"
        "backend; in2: (mode, schema, key schema) of the second input."),
    .tp_new = probe_new,
    .tp_dealloc = probe_dealloc,
    .tp_methods = methods,
};

int runtime_probe_init_module(PyObject *module) {
    if (PyType_Ready(&probe_type) < 0)
        return -1;
    Py_INCREF(&probe_type);
    if (PyModule_AddObject(module, "ChainProbe", (PyObject *)&probe_type) < 0) {
        Py_DECREF(&probe_type);
        return -1;
    }
    return 0;
}
