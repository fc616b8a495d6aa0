/* runtime_broadcast.c - the ctx arguments of broadcast process functions.
 *
 * Cost of get_broadcast_state() with the descriptor of the last call, besides the call: a
 * comparison of pointers; with another one a Python call and a look-up by name. */
#include "runtime/runtime_broadcast.h"

typedef struct {
    runtime_context_t base;
    runtime_keyed_t *broadcast;   /* strong */
    PyObject *states;             /* BroadcastStates of pyflink._engine.states; strong */
    PyObject *descriptor, *state; /* of the last call; strong, or NULL */
    bool writes;
} context_t;

static PyObject *current_processing_time(PyObject *self, PyObject *unused) {
    return PyObject_CallMethod((PyObject *)((context_t *)self)->base.timers,
                               "current_processing_time", NULL);
}

static PyObject *current_watermark(PyObject *self, PyObject *unused) {
    return PyLong_FromLongLong(((context_t *)self)->base.timers->watermark);
}

static PyObject *get_broadcast_state(PyObject *self, PyObject *descriptor) {
    context_t *context = (context_t *)self;
    if (descriptor != context->descriptor) {
        PyObject *state = PyObject_CallMethod(
            context->states, context->writes ? "writable" : "read_only", "O", descriptor);
        if (state == NULL)
            return NULL;
        Py_XSETREF(context->state, state);
        Py_XSETREF(context->descriptor, Py_NewRef(descriptor));
    }
    return Py_NewRef(context->state);
}

/* ---- all keys -------------------------------------------------------------------------------- */

/* Calls function(key, state) for each of the keys, which are in the form of RUNTIME_KEYS. */
static int call_for_keys(runtime_timers_t *timers, const runtime_buffer_t *keys, PyObject *function,
                         PyObject *state) {
    runtime_input_t in = {keys->data, keys->data + keys->length};
    while (in.next < in.end) {
        size_t length;
        if (runtime_get_length(&in, &length) < 0 ||
            runtime_timers_set_key(timers, in.next, length) < 0)
            return -1;
        in.next += length;
        PyObject *key = runtime_keyed_key(timers->keyed);
        PyObject *result =
            key == NULL ? NULL : PyObject_CallFunctionObjArgs(function, key, state, NULL);
        Py_XDECREF(key);
        if (result == NULL)
            return -1;
        Py_DECREF(result);
    }
    return 0;
}

static int for_all_keys(runtime_timers_t *timers, PyObject *function, PyObject *state) {
    static const uint8_t nothing[1];
    runtime_keyed_t *keyed = timers->keyed;
    int number = keyed->states[((runtime_state_object_t *)state)->state].number, result = -1;
    runtime_buffer_t keys = {0};
    bool begun = false, found = true;
    /* Keys that the backend does not know yet have state, too. */
    if (runtime_keyed_write_all(keyed) < 0)
        return -1;
    do {
        keys.length = 0;
        if (keyed->backend.ask(keyed->backend.self, RUNTIME_KEYS, number, nothing, 0,
                               begun ? nothing : NULL, 0, &keys, &found) < 0)
            goto done;
        begun = true;
        if (call_for_keys(timers, &keys, function, state) < 0)
            goto done;
    } while (keys.length > 0);
    result = 0;
done:
    runtime_keyed_set(keyed, NULL, 0);
    runtime_buffer_free(&keys);
    return result;
}

static PyObject *apply_to_keyed_state(PyObject *self, PyObject *args) {
    context_t *context = (context_t *)self;
    runtime_keyed_t *keyed = context->base.timers->keyed;
    PyObject *descriptor, *function;
    if (!PyArg_ParseTuple(args, "OO:apply_to_keyed_state", &descriptor, &function))
        return NULL;
    if (!PyCallable_Check(function)) {
        PyErr_Format(PyExc_TypeError,
                     "apply_to_keyed_state() needs a callable of a key and its state, not %s %R",
                     Py_TYPE(function)->tp_name, function);
        return NULL;
    }
    if (context->broadcast->key == NULL || keyed->key != NULL || keyed->backend.ask == NULL ||
        keyed->thread != PyThread_get_thread_ident()) {
        PyErr_SetString(PyExc_RuntimeError, "apply_to_keyed_state() can only be called while "
                                            "process_broadcast_element() processes a record");
        return NULL;
    }
    PyObject *state = PyObject_CallMethod(context->states, "keyed", "O", descriptor);
    if (state == NULL)
        return NULL;
    int result = for_all_keys(context->base.timers, function, state);
    Py_DECREF(state);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- the types ------------------------------------------------------------------------------- */

static void dealloc(PyObject *self) {
    context_t *context = (context_t *)self;
    Py_XDECREF(context->broadcast);
    Py_XDECREF(context->states);
    Py_XDECREF(context->descriptor);
    Py_XDECREF(context->state);
    Py_XDECREF(context->base.timers);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef methods[] = {
    {"current_processing_time", current_processing_time, METH_NOARGS,
     PyDoc_STR("current_processing_time() -> int\n\nThe clock in milliseconds since 1970.")},
    {"current_watermark", current_watermark, METH_NOARGS,
     PyDoc_STR("current_watermark() -> int\n\nThe event time in milliseconds since 1970; -2**63\n"
               "before the first watermark.")},
    {"get_broadcast_state", get_broadcast_state, METH_O,
     PyDoc_STR("get_broadcast_state(state_descriptor) -> BroadcastState\n\n"
               "The broadcast state of that descriptor; only for reading where the value is not\n"
               "of the broadcast stream.")},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef apply_methods[] = {
    {"apply_to_keyed_state", apply_to_keyed_state, METH_VARARGS,
     PyDoc_STR("apply_to_keyed_state(state_descriptor, function) -> None\n\n"
               "Call function(key, state) for all keys of this instance that have such a state.")},
    {NULL, NULL, 0, NULL},
};

#define CONTEXT_TYPE(variable, type_name, type_doc)                                                \
    static PyTypeObject variable = {                                                               \
        PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine." type_name,                     \
        .tp_basicsize = sizeof(context_t),                                                         \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,                                      \
        .tp_doc = PyDoc_STR(type_doc),                                                             \
        .tp_dealloc = dealloc,                                                                     \
        .tp_methods = methods,                                                                     \
    }

CONTEXT_TYPE(plain_type, "BroadcastContext", "What a broadcast process function can ask.");
CONTEXT_TYPE(keyed_type, "KeyedBroadcastReadOnlyContext",
             "What a broadcast process function can ask about a value of a keyed stream.");
CONTEXT_TYPE(timer_type, "KeyedBroadcastOnTimerContext",
             "What a broadcast process function can ask about the timer that fires.");
static PyTypeObject apply_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.KeyedBroadcastContext",
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("What a broadcast process function on a keyed stream can ask about a value "
                        "of the broadcast stream."),
    .tp_base = &plain_type,
    .tp_methods = apply_methods,
};

static int ready(void) {
    plain_type.tp_base = runtime_context_type(RUNTIME_PROCESS_CONTEXT);
    keyed_type.tp_base = runtime_context_type(RUNTIME_KEYED_CONTEXT);
    timer_type.tp_base = runtime_context_type(RUNTIME_ON_TIMER_CONTEXT);
    if (plain_type.tp_base == NULL || keyed_type.tp_base == NULL || timer_type.tp_base == NULL)
        return -1;
    return PyType_Ready(&plain_type) < 0 || PyType_Ready(&keyed_type) < 0 ||
                   PyType_Ready(&timer_type) < 0 || PyType_Ready(&apply_type) < 0
               ? -1
               : 0;
}

static PyObject *new_context(runtime_chain_t *chain, PyTypeObject *type, bool writes) {
    context_t *context = (context_t *)type->tp_alloc(type, 0);
    if (context == NULL)
        return NULL;
    runtime_timers_t *timers = chain->timers != NULL ? chain->timers : chain->times;
    context->base.timers = (runtime_timers_t *)Py_NewRef((PyObject *)timers);
    context->broadcast = (runtime_keyed_t *)Py_NewRef((PyObject *)chain->broadcast);
    context->states = Py_NewRef(chain->broadcast_states);
    context->writes = writes;
    return (PyObject *)context;
}

int runtime_broadcast_contexts(runtime_chain_t *chain, bool keyed) {
    runtime_chain_step_t *step = &chain->steps[0];
    if (chain->broadcast == NULL || chain->broadcast_states == NULL) {
        PyErr_SetString(PyExc_SystemError, "a broadcast step without broadcast state");
        return -1;
    }
    if (ready() < 0)
        return -1;
    step->context = new_context(chain, keyed ? &keyed_type : &plain_type, false);
    step->second_context = new_context(chain, keyed ? &apply_type : &plain_type, true);
    if (keyed)
        step->timer_context = new_context(chain, &timer_type, false);
    bool whole = step->context != NULL && step->second_context != NULL &&
                 (!keyed || step->timer_context != NULL);
    return whole ? 0 : -1;
}

/* ---- in a chain ------------------------------------------------------------------------------ */

int runtime_broadcast_open(runtime_chain_t *chain, const runtime_backend_t *backend) {
    if ((chain->broadcast = runtime_keyed_new(backend)) == NULL)
        return -1;
    chain->broadcast->broadcast = true;
    return 0;
}

void runtime_broadcast_enter(runtime_chain_t *chain) {
    static const uint8_t no_bytes[1];
    runtime_keyed_enter(chain->broadcast);
    if (chain->broadcast->key == NULL)
        runtime_keyed_set(chain->broadcast, no_bytes, 0);
}

void runtime_broadcast_leave(runtime_chain_t *chain) {
    runtime_keyed_set(chain->broadcast, NULL, 0);
}

int runtime_broadcast_init_module(PyObject *module) {
    PyTypeObject *types[] = {&plain_type, &keyed_type, &timer_type, &apply_type};
    if (ready() < 0)
        return -1;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        Py_INCREF(types[i]);
        if (PyModule_AddObject(module, strrchr(types[i]->tp_name, '.') + 1, (PyObject *)types[i]) <
            0) {
            Py_DECREF(types[i]);
            return -1;
        }
    }
    return 0;
}
