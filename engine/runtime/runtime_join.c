/* runtime_join.c - the function of an interval join, the pairs it gets, and its ctx argument.
 *
 * Cost of a pair besides the call: decoding both records and a tuple that holds them for errors. */
#include "runtime/runtime_join.h"

typedef struct {
    PyObject_HEAD int64_t left, right;
    runtime_keyed_t *keyed; /* strong */
} context_t;

PyObject *runtime_join_call(const runtime_chain_step_t *step, PyObject *pair) {
    PyObject *args[4] = {NULL, PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1), step->context};
    return PyObject_Vectorcall(step->function, args + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

PyObject *runtime_join_read(runtime_chain_t *chain, runtime_input_t *in, runtime_travel_t *travel,
                            runtime_record_key_t *key) {
    context_t *context = (context_t *)chain->steps[0].context;
    in->next++;
    PyObject *left = runtime_read_record(chain, in, travel, key);
    if (left == NULL)
        return NULL;
    context->left = travel->timestamp;
    PyObject *right = runtime_read_record(chain, in, travel, key);
    if (right == NULL) {
        Py_DECREF(left);
        return NULL;
    }
    context->right = travel->timestamp;
    if (travel->timestamp < context->left)
        travel->timestamp = context->left;
    PyObject *pair = PyTuple_Pack(2, left, right);
    Py_DECREF(left);
    Py_DECREF(right);
    return pair;
}

int runtime_join_late(runtime_chain_t *chain, runtime_travel_t *travel) {
    PyObject *tag = PyTuple_GET_ITEM(chain->steps[0].second, chain->origin);
    PyObject *tagged = PyTuple_Pack(2, tag, travel->value);
    int result = tagged == NULL ? runtime_chain_fail(chain, 0, travel->value, "input")
                                : runtime_emit_side(chain, travel, tagged, travel->value);
    Py_XDECREF(tagged);
    Py_DECREF(travel->value);
    return result;
}

/* ---- the ctx argument ------------------------------------------------------------------------ */

static PyObject *left_timestamp(PyObject *self, PyObject *unused) {
    return PyLong_FromLongLong(((context_t *)self)->left);
}

static PyObject *right_timestamp(PyObject *self, PyObject *unused) {
    return PyLong_FromLongLong(((context_t *)self)->right);
}

static PyObject *timestamp(PyObject *self, PyObject *unused) {
    const context_t *context = (context_t *)self;
    return PyLong_FromLongLong(context->left > context->right ? context->left : context->right);
}

static PyObject *current_key(PyObject *self, PyObject *unused) {
    return runtime_keyed_key(((context_t *)self)->keyed);
}

static void dealloc(PyObject *self) {
    Py_XDECREF(((context_t *)self)->keyed);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"get_left_timestamp", left_timestamp, METH_NOARGS,
     PyDoc_STR("get_left_timestamp() -> int\n\nThe time of the first record in milliseconds.")},
    {"get_right_timestamp", right_timestamp, METH_NOARGS,
     PyDoc_STR("get_right_timestamp() -> int\n\nThe time of the second record in milliseconds.")},
    {"get_timestamp", timestamp, METH_NOARGS,
     PyDoc_STR("get_timestamp() -> int\n\nThe later of both times: that of the results.")},
    {"get_current_key", current_key, METH_NOARGS,
     PyDoc_STR("get_current_key() -> object\n\nThe key of both records.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject context_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.IntervalJoinContext",
    .tp_basicsize = sizeof(context_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("What a ProcessJoinFunction can ask about the pair that it is given."),
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

PyObject *runtime_join_context(runtime_chain_t *chain) {
    PyObject *tags = chain->steps[0].second;
    if (chain->keyed == NULL || !PyTuple_Check(tags) || PyTuple_GET_SIZE(tags) != 2) {
        PyErr_SetString(PyExc_SystemError, "a join without keys or tags");
        return NULL;
    }
    if (PyType_Ready(&context_type) < 0)
        return NULL;
    context_t *context = (context_t *)context_type.tp_alloc(&context_type, 0);
    if (context != NULL)
        context->keyed = (runtime_keyed_t *)Py_NewRef((PyObject *)chain->keyed);
    return (PyObject *)context;
}

int runtime_join_init_module(PyObject *module) {
    if (PyType_Ready(&context_type) < 0)
        return -1;
    Py_INCREF(&context_type);
    if (PyModule_AddObject(module, "IntervalJoinContext", (PyObject *)&context_type) < 0) {
        Py_DECREF(&context_type);
        return -1;
    }
    return 0;
}
