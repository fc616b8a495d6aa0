/* runtime_state_types.c - the ValueState, ListState, ReducingState and AggregatingState of user
 * functions.
 *
 * Cost of value() and update() on a hit, besides the call: finding the slot (runtime_state.c), for
 * update() the check of the declared type, and a reference count. */
#include "runtime/runtime_state.h"

/* So many elements of a list wait at most before they are written to the backend, and so many are
 * kept in memory after they were. */
#define LIST_WAITING 1024
#define LIST_KEPT 8192

static runtime_state_t *spec_of(PyObject *object) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    return &self->keyed->states[self->state];
}

void runtime_state_object_dealloc(PyObject *object) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    PyObject_GC_UnTrack(object);
    Py_CLEAR(self->keyed);
    Py_CLEAR(self->reduce);
    Py_CLEAR(self->create);
    Py_CLEAR(self->add);
    Py_CLEAR(self->result);
    Py_TYPE(object)->tp_free(object);
}

/* A user function may hold the state whose function it is. */
static int traverse(PyObject *object, visitproc visit, void *arg) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    Py_VISIT(self->reduce);
    Py_VISIT(self->create);
    Py_VISIT(self->add);
    Py_VISIT(self->result);
    return 0;
}

static int clear_functions(PyObject *object) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    Py_CLEAR(self->reduce);
    Py_CLEAR(self->create);
    Py_CLEAR(self->add);
    Py_CLEAR(self->result);
    return 0;
}

PyObject *runtime_state_object_clear(PyObject *object, PyObject *unused) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL || runtime_slot_clear(self->keyed, self->state, slot) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *repr(PyObject *object) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    return PyUnicode_FromFormat("<%s '%s'>", strrchr(Py_TYPE(object)->tp_name, '.') + 1,
                                self->keyed->states[self->state].name);
}

/* ---- one value ------------------------------------------------------------------------------- */

/* The value of the current key; *value is a new reference, or NULL when there is none. */
static int get_value(PyObject *object, PyObject **value) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return -1;
    if (!(slot->flags & RUNTIME_SLOT_LOADED) &&
        runtime_slot_load(self->keyed, self->state, slot) < 0)
        return -1;
    Py_XINCREF(slot->value);
    *value = slot->value;
    if (!spec_of(object)->kept)
        slot->flags &= (uint8_t)~RUNTIME_SLOT_LOADED;
    return 0;
}

static int set_value(PyObject *object, PyObject *value) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    if (runtime_state_check(self->keyed, self->state, spec_of(object)->type, value) < 0)
        return -1;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return -1;
    slot->flags |= RUNTIME_SLOT_LOADED;
    Py_XSETREF(slot->value, Py_NewRef(value));
    return runtime_slot_changed(self->keyed, self->state, slot);
}

static PyObject *value_value(PyObject *object, PyObject *unused) {
    PyObject *value;
    if (get_value(object, &value) < 0)
        return NULL;
    return value == NULL ? Py_NewRef(Py_None) : value;
}

static PyObject *value_update(PyObject *object, PyObject *value) {
    /* None is no value: the state forgets what it had. */
    if (value == Py_None)
        return runtime_state_object_clear(object, NULL);
    if (set_value(object, value) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- reducing and aggregating ---------------------------------------------------------------- */

static PyObject *reducing_add(PyObject *object, PyObject *value) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    PyObject *old, *result = NULL;
    int failed = -1;
    if (get_value(object, &old) < 0)
        return NULL;
    if (old == NULL) {
        failed = set_value(object, value);
    } else if ((result = PyObject_CallFunctionObjArgs(self->reduce, old, value, NULL)) != NULL) {
        failed = set_value(object, result);
    }
    Py_XDECREF(old);
    Py_XDECREF(result);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *aggregating_add(PyObject *object, PyObject *value) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    PyObject *accumulator, *result = NULL;
    if (get_value(object, &accumulator) < 0)
        return NULL;
    if (accumulator == NULL)
        accumulator = PyObject_CallNoArgs(self->create);
    if (accumulator != NULL)
        result = PyObject_CallFunctionObjArgs(self->add, value, accumulator, NULL);
    int failed = result == NULL ? -1 : set_value(object, result);
    Py_XDECREF(accumulator);
    Py_XDECREF(result);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *aggregating_get(PyObject *object, PyObject *unused) {
    PyObject *accumulator;
    if (get_value(object, &accumulator) < 0)
        return NULL;
    if (accumulator == NULL)
        Py_RETURN_NONE;
    PyObject *result = PyObject_CallOneArg(((runtime_state_object_t *)object)->result, accumulator);
    Py_DECREF(accumulator);
    return result;
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Keeps what a list holds in memory bounded. */
static int trim_list(runtime_keyed_t *keyed, int state, runtime_slot_t *slot) {
    Py_ssize_t count = PyList_GET_SIZE(slot->value);
    runtime_slot_weigh(keyed, slot, (size_t)count);
    if (keyed->backend.apply == NULL)
        return 0;
    if (count - slot->written >= LIST_WAITING && runtime_slot_write(keyed, state, slot) < 0)
        return -1;
    if (slot->value != NULL && count > LIST_KEPT && slot->written == count)
        runtime_slot_empty(keyed, slot);
    return 0;
}

/* Adds values at the end; steals nothing. */
static int append_values(PyObject *object, PyObject **values, Py_ssize_t count) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    const runtime_type_t *type = spec_of(object)->type;
    for (Py_ssize_t i = 0; i < count; i++)
        if (runtime_state_check(self->keyed, self->state, type, values[i]) < 0)
            return -1;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL || (slot->value == NULL && (slot->value = PyList_New(0)) == NULL))
        return -1;
    for (Py_ssize_t i = 0; i < count; i++)
        if (PyList_Append(slot->value, values[i]) < 0)
            return -1;
    if (runtime_slot_changed(self->keyed, self->state, slot) < 0)
        return -1;
    return slot->value == NULL ? 0 : trim_list(self->keyed, self->state, slot);
}

int runtime_list_append(PyObject *object, PyObject *value) {
    return append_values(object, &value, 1);
}

static PyObject *list_add(PyObject *object, PyObject *value) {
    if (append_values(object, &value, 1) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *list_add_all(PyObject *object, PyObject *values) {
    PyObject *items = PySequence_Fast(values, "add_all() needs an iterable of values");
    if (items == NULL)
        return NULL;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    int result = count == 0 ? 0 : append_values(object, PySequence_Fast_ITEMS(items), count);
    Py_DECREF(items);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *list_update(PyObject *object, PyObject *values) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    PyObject *items = PySequence_List(values);
    if (items == NULL)
        return NULL;
    const runtime_type_t *type = spec_of(object)->type;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); i++)
        if (runtime_state_check(self->keyed, self->state, type, PyList_GET_ITEM(items, i)) < 0) {
            Py_DECREF(items);
            return NULL;
        }
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL) {
        Py_DECREF(items);
        return NULL;
    }
    runtime_slot_empty(self->keyed, slot);
    slot->flags = RUNTIME_SLOT_LOADED | RUNTIME_SLOT_CLEARED;
    slot->value = items;
    if (runtime_slot_changed(self->keyed, self->state, slot) < 0 ||
        (slot->value != NULL && trim_list(self->keyed, self->state, slot) < 0))
        return NULL;
    Py_RETURN_NONE;
}

PyObject *runtime_list_elements(PyObject *object) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return NULL;
    if (!(slot->flags & RUNTIME_SLOT_LOADED) &&
        runtime_slot_load(self->keyed, self->state, slot) < 0)
        return NULL;
    if (slot->value == NULL)
        return PyList_New(0);
    if (spec_of(object)->kept && PyList_GET_SIZE(slot->value) <= LIST_KEPT)
        return PyList_GetSlice(slot->value, 0, PyList_GET_SIZE(slot->value));
    /* Too many to keep, or they may expire: the caller gets them and they are read anew. */
    if (slot->flags & RUNTIME_SLOT_DIRTY && self->keyed->backend.apply != NULL &&
        runtime_slot_write(self->keyed, self->state, slot) < 0)
        return NULL;
    PyObject *list = PyList_GetSlice(slot->value, 0, PyList_GET_SIZE(slot->value));
    if (list != NULL && self->keyed->backend.apply != NULL)
        runtime_slot_empty(self->keyed, slot);
    return list;
}

static PyObject *list_get(PyObject *object, PyObject *unused) {
    return runtime_list_elements(object);
}

static PyObject *list_iter(PyObject *object) {
    PyObject *list = runtime_list_elements(object);
    PyObject *iterator = list == NULL ? NULL : PyObject_GetIter(list);
    Py_XDECREF(list);
    return iterator;
}

/* ---- the types ------------------------------------------------------------------------------- */

#define CLEAR_METHOD                                                                               \
    {                                                                                              \
        "clear", runtime_state_object_clear, METH_NOARGS,                                          \
            PyDoc_STR("clear() -> None\n\nForget what the current key has.")                       \
    }

static PyMethodDef value_methods[] = {
    {"value", value_value, METH_NOARGS,
     PyDoc_STR("value() -> object\n\nThe value of the current key, or None.")},
    {"update", value_update, METH_O,
     PyDoc_STR("update(value) -> None\n\nSet the value of the current key; None forgets it.\n"
               "TypeError when it does not fit the declared type.")},
    CLEAR_METHOD,
    {NULL, NULL, 0, NULL},
};

static PyMethodDef reducing_methods[] = {
    {"get", value_value, METH_NOARGS,
     PyDoc_STR("get() -> object\n\nThe values of the current key reduced to one, or None.")},
    {"add", reducing_add, METH_O,
     PyDoc_STR("add(value) -> None\n\nReduce the value into that of the current key.")},
    CLEAR_METHOD,
    {NULL, NULL, 0, NULL},
};

static PyMethodDef aggregating_methods[] = {
    {"get", aggregating_get, METH_NOARGS,
     PyDoc_STR("get() -> object\n\nThe result of the current key's values, or None.")},
    {"add", aggregating_add, METH_O,
     PyDoc_STR("add(value) -> None\n\nAdd a value to the accumulator of the current key.")},
    CLEAR_METHOD,
    {NULL, NULL, 0, NULL},
};

static PyMethodDef list_methods[] = {
    {"get", list_get, METH_NOARGS,
     PyDoc_STR("get() -> list\n\nThe elements of the current key; the list is the caller's.")},
    {"add", list_add, METH_O, PyDoc_STR("add(value) -> None\n\nAdd an element at the end.")},
    {"add_all", list_add_all, METH_O,
     PyDoc_STR("add_all(values) -> None\n\nAdd elements at the end.")},
    {"update", list_update, METH_O,
     PyDoc_STR("update(values) -> None\n\nReplace the elements of the current key.")},
    CLEAR_METHOD,
    {NULL, NULL, 0, NULL},
};

#define STATE_TYPE(variable, type_name, type_doc, table)                                           \
    static PyTypeObject variable = {                                                               \
        PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine." type_name,                     \
        .tp_basicsize = sizeof(runtime_state_object_t),                                            \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,                                       \
        .tp_doc = PyDoc_STR(type_doc),                                                             \
        .tp_dealloc = runtime_state_object_dealloc,                                                \
        .tp_traverse = traverse,                                                                   \
        .tp_clear = clear_functions,                                                               \
        .tp_repr = repr,                                                                           \
        .tp_methods = table,                                                                       \
    }

STATE_TYPE(value_type, "ValueState", "One value for each key.", value_methods);
STATE_TYPE(list_type, "ListState", "A list for each key.", list_methods);
STATE_TYPE(reducing_type, "ReducingState", "Values of each key, reduced to one.", reducing_methods);
STATE_TYPE(aggregating_type, "AggregatingState", "Values of each key, in an accumulator.",
           aggregating_methods);

/* ---- making them ----------------------------------------------------------------------------- */

static int parse_type(PyObject *schema, runtime_type_t **type) {
    if (schema == Py_None)
        return 0;
    char *bytes;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(schema, &bytes, &length) < 0)
        return -1;
    *type = runtime_type_parse((const uint8_t *)bytes, (size_t)length);
    return *type == NULL ? -1 : 0;
}

static PyObject *new_state(PyObject *module, PyObject *args) {
    PyTypeObject *const types[] = {
        &value_type,    &list_type,        runtime_map_state_type(),
        &reducing_type, &aggregating_type, runtime_broadcast_state_type()};
    PyObject *context, *schema, *key_schema, *functions[3] = {NULL, NULL, NULL};
    const char *name;
    int kind, number, kept;
    if (!PyArg_ParseTuple(args, "OiisOOp|OOO:new_state", &context, &kind, &number, &name, &schema,
                          &key_schema, &kept, &functions[0], &functions[1], &functions[2]))
        return NULL;
    if (!PyObject_TypeCheck(context, runtime_keyed_type()) || kind < 1 || kind > 6) {
        PyErr_SetString(PyExc_TypeError, "new_state() needs a KeyedContext and a kind of 1 to 6");
        return NULL;
    }
    runtime_keyed_t *keyed = (runtime_keyed_t *)context;
    runtime_state_t spec = {.kind = kind == 6  ? RUNTIME_MAP_STATE
                                    : kind > 3 ? RUNTIME_VALUE_STATE
                                               : (runtime_state_kind_t)kind,
                            .number = number,
                            .kept = kept};
    PyTypeObject *type = types[kind - 1];
    if (type == NULL || (spec.name = PyMem_Malloc(strlen(name) + 1)) == NULL ||
        parse_type(schema, &spec.type) < 0 || parse_type(key_schema, &spec.key_type) < 0) {
        PyMem_Free(spec.name);
        runtime_type_free(spec.type);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    strcpy(spec.name, name);
    int state = runtime_keyed_add(keyed, &spec);
    if (state < 0)
        return NULL;
    runtime_state_object_t *self = (runtime_state_object_t *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->keyed = (runtime_keyed_t *)Py_NewRef(context);
    self->state = state;
    if (kind == 4) {
        self->reduce = functions[0];
    } else if (kind == 5) {
        self->create = functions[0];
        self->add = functions[1];
        self->result = functions[2];
    }
    Py_XINCREF(self->reduce);
    Py_XINCREF(self->create);
    Py_XINCREF(self->add);
    Py_XINCREF(self->result);
    return (PyObject *)self;
}

static PyMethodDef functions[] = {
    {"new_state", new_state, METH_VARARGS,
     PyDoc_STR("new_state(context, kind, number, name, schema, key_schema, kept, *functions)\n\n"
               "A state of a KeyedContext. kind: 1 value, 2 list, 3 map, 4 reducing (with its\n"
               "function), 5 aggregating (with create_accumulator, add and get_result),\n"
               "6 broadcast.")},
    {"read_only_state", runtime_read_only_state, METH_O,
     PyDoc_STR("read_only_state(state)\n\nThe same broadcast state for those who may only read "
               "it.")},
    {NULL, NULL, 0, NULL},
};

int runtime_state_init_module(PyObject *module) {
    PyTypeObject *types[] = {runtime_keyed_type(),
                             &value_type,
                             &list_type,
                             &reducing_type,
                             &aggregating_type,
                             runtime_map_state_type(),
                             runtime_broadcast_state_type(),
                             runtime_read_only_state_type()};
    /* A state iterates like the list that get() gives. */
    list_type.tp_iter = list_iter;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i] == NULL || PyType_Ready(types[i]) < 0)
            return -1;
        Py_INCREF(types[i]);
        if (PyModule_AddObject(module, strrchr(types[i]->tp_name, '.') + 1, (PyObject *)types[i]) <
            0) {
            Py_DECREF(types[i]);
            return -1;
        }
    }
    return PyModule_AddFunctions(module, functions);
}
