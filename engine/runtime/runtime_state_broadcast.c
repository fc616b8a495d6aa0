/* runtime_state_broadcast.c - the BroadcastState of user functions, and its read-only form.
 *
 * Both are map states whose context has the same key all the time, so that they cost what a map
 * state costs (runtime_state_map.c): a hit needs no call of Java. */
#include "runtime/runtime_state.h"

static const char *name_of(PyObject *object) {
    const runtime_state_object_t *self = (runtime_state_object_t *)object;
    return self->keyed->states[self->state].name;
}

static PyObject *repr(PyObject *object) {
    return PyUnicode_FromFormat("<%s '%s'>", strrchr(Py_TYPE(object)->tp_name, '.') + 1,
                                name_of(object));
}

static void refuse(PyObject *object, PyObject *type, const char *what) {
    PyErr_Format(type,
                 "broadcast state '%s': %s is not possible here, it can only be read; change it in "
                 "process_broadcast_element(), which every instance runs for the same records",
                 name_of(object), what);
}

/* The peer's read-only state has no such methods. */
#define REFUSED(name)                                                                              \
    static PyObject *refused_##name(PyObject *object, PyObject *args) {                            \
        refuse(object, PyExc_AttributeError, #name "()");                                          \
        return NULL;                                                                               \
    }
REFUSED(put)
REFUSED(put_all)
REFUSED(remove)
REFUSED(clear)
#undef REFUSED

static int refused_item(PyObject *object, PyObject *key, PyObject *value) {
    refuse(object, PyExc_TypeError, value == NULL ? "deleting a key" : "setting a key");
    return -1;
}

#define REFUSED(name)                                                                              \
    { #name, refused_##name, METH_VARARGS, PyDoc_STR(#name "(...)\n\nRaises: only for reading.") }
static PyMethodDef read_only_methods[] = {
    REFUSED(put), REFUSED(put_all), REFUSED(remove), REFUSED(clear), {NULL, NULL, 0, NULL},
};
#undef REFUSED

static PyMappingMethods read_only_as_mapping = {.mp_ass_subscript = refused_item};

static PyTypeObject broadcast_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.BroadcastState",
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("A map that is the same in all instances."),
    .tp_repr = repr,
};

static PyTypeObject read_only_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.ReadOnlyBroadcastState",
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("A map that is the same in all instances, for reading."),
    .tp_repr = repr,
    .tp_as_mapping = &read_only_as_mapping,
    .tp_methods = read_only_methods,
};

static PyTypeObject *ready(PyTypeObject *type) {
    if (type->tp_base == NULL && (type->tp_base = runtime_map_state_type()) == NULL)
        return NULL;
    return PyType_Ready(type) < 0 ? NULL : type;
}

PyTypeObject *runtime_broadcast_state_type(void) {
    return ready(&broadcast_type);
}

PyTypeObject *runtime_read_only_state_type(void) {
    return ready(&read_only_type);
}

PyObject *runtime_read_only_state(PyObject *module, PyObject *state) {
    PyTypeObject *type = runtime_read_only_state_type();
    if (type == NULL)
        return NULL;
    if (!Py_IS_TYPE(state, &broadcast_type)) {
        PyErr_SetString(PyExc_TypeError, "read_only_state() needs a BroadcastState");
        return NULL;
    }
    runtime_state_object_t *self = (runtime_state_object_t *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    const runtime_state_object_t *original = (runtime_state_object_t *)state;
    self->keyed = (runtime_keyed_t *)Py_NewRef((PyObject *)original->keyed);
    self->state = original->state;
    return (PyObject *)self;
}
