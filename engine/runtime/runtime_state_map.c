/* runtime_state_map.c - the MapState of user functions.
 *
 * A slot holds three dicts by the canonical bytes of the map key: changes that the backend does not
 * know, and two generations of what was read or written before. A miss asks the backend for one
 * entry; iteration fetches a few hundred at a time and shows the changes on top. So no map is ever
 * in memory as a whole, however large it is.
 *
 * Cost of get() and put() on a hit, besides the call: encoding the map key, one small bytes object,
 * one or two look-ups in a dict. */
#include "runtime/runtime_state_map.h"

/* So many changes wait before they are written, and so many entries are in a generation. */
#define MAP_ENTRIES 1000

PyObject *runtime_map_encode_key(PyObject *object, PyObject *key) {
    runtime_buffer_t *scratch = &runtime_map_self(object)->keyed->scratch;
    runtime_state_t *spec = runtime_map_spec(object);
    scratch->length = 0;
    if (runtime_state_encode(spec, spec->key_type, key, true, scratch) < 0)
        return NULL;
    return PyBytes_FromStringAndSize((const char *)scratch->data, (Py_ssize_t)scratch->length);
}

static void weigh(runtime_keyed_t *keyed, runtime_slot_t *slot) {
    runtime_slot_weigh(keyed, slot,
                       (size_t)(runtime_map_size(slot->value) + runtime_map_size(slot->read) +
                                runtime_map_size(slot->older)));
}

/* Notes what was read of a key. */
static int remember(runtime_keyed_t *keyed, runtime_slot_t *slot, PyObject *key, PyObject *value) {
    if (runtime_map_size(slot->read) >= MAP_ENTRIES && keyed->backend.apply != NULL) {
        Py_XSETREF(slot->older, slot->read);
        slot->read = NULL;
    }
    if (slot->read == NULL && (slot->read = PyDict_New()) == NULL)
        return -1;
    if (PyDict_SetItem(slot->read, key, value) < 0)
        return -1;
    weigh(keyed, slot);
    return 0;
}

/* The value of a key: a new reference, runtime_absent when there is none; NULL with an error. */
static PyObject *find(PyObject *object, PyObject *key) {
    runtime_state_object_t *self = runtime_map_self(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return NULL;
    PyObject *value = runtime_map_look_up(slot->value, key);
    if (value == NULL && !PyErr_Occurred())
        value = runtime_map_look_up(slot->read, key);
    if (value != NULL || PyErr_Occurred())
        return value == NULL ? NULL : Py_NewRef(value);
    bool found = false;
    if ((value = runtime_map_look_up(slot->older, key)) != NULL) {
        Py_INCREF(value);
    } else if (PyErr_Occurred()) {
        return NULL;
    } else if (slot->flags & RUNTIME_SLOT_CLEARED || keyed->backend.ask == NULL) {
        return Py_NewRef(runtime_absent); /* what there is, is among the changes */
    } else if (runtime_keyed_ask(keyed, RUNTIME_READ_ENTRY, self->state,
                                 (const uint8_t *)PyBytes_AS_STRING(key),
                                 (size_t)PyBytes_GET_SIZE(key), &found) < 0) {
        return NULL;
    } else if (!found) {
        value = Py_NewRef(runtime_absent);
    } else if ((value = runtime_state_decode(runtime_map_spec(object), keyed->answer.data,
                                             keyed->answer.length)) == NULL) {
        return NULL;
    }
    if (runtime_map_keeps(object) && remember(keyed, slot, key, value) < 0)
        Py_CLEAR(value);
    return value;
}

/* Puts a value, or runtime_absent, in a key's place. */
static int change(PyObject *object, PyObject *key, PyObject *value) {
    runtime_state_object_t *self = runtime_map_self(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL || (slot->value == NULL && (slot->value = PyDict_New()) == NULL) ||
        PyDict_SetItem(slot->value, key, value) < 0)
        return -1;
    weigh(keyed, slot);
    if (runtime_map_iterating(keyed, slot)) {
        /* Writing would end the backend's iterators. */
        slot->flags |= RUNTIME_SLOT_DIRTY;
        keyed->entry->dirty = true;
        return 0;
    }
    if (runtime_slot_changed(keyed, self->state, slot) < 0)
        return -1;
    if (runtime_map_size(slot->value) >= MAP_ENTRIES && keyed->backend.apply != NULL)
        return runtime_slot_write(keyed, self->state, slot);
    return 0;
}

static int put(PyObject *object, PyObject *key, PyObject *value) {
    runtime_state_object_t *self = runtime_map_self(object);
    if (runtime_state_check(self->keyed, self->state, runtime_map_spec(object)->type, value) < 0)
        return -1;
    PyObject *bytes = runtime_map_encode_key(object, key);
    int result = bytes == NULL ? -1 : change(object, bytes, value);
    Py_XDECREF(bytes);
    return result;
}

static int delete (PyObject *object, PyObject *key) {
    PyObject *bytes = runtime_map_encode_key(object, key);
    int result = bytes == NULL ? -1 : change(object, bytes, runtime_absent);
    Py_XDECREF(bytes);
    return result;
}

/* ---- methods --------------------------------------------------------------------------------- */

static PyObject *map_get(PyObject *object, PyObject *key) {
    PyObject *bytes = runtime_map_encode_key(object, key);
    PyObject *value = bytes == NULL ? NULL : find(object, bytes);
    Py_XDECREF(bytes);
    if (value == runtime_absent) {
        Py_DECREF(value);
        Py_RETURN_NONE;
    }
    return value;
}

/* 1 or 0; -1 with an error. */
static int contains(PyObject *object, PyObject *key) {
    PyObject *bytes = runtime_map_encode_key(object, key);
    PyObject *value = bytes == NULL ? NULL : find(object, bytes);
    Py_XDECREF(bytes);
    if (value == NULL)
        return -1;
    Py_DECREF(value);
    return value != runtime_absent;
}

static PyObject *map_contains(PyObject *object, PyObject *key) {
    int result = contains(object, key);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

static PyObject *map_put(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    if (count != 2) {
        PyErr_Format(PyExc_TypeError, "put() takes a key and a value, not %zd arguments", count);
        return NULL;
    }
    if (put(object, args[0], args[1]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *map_put_all(PyObject *object, PyObject *map) {
    /* A dict, as the interface says, or pairs, as the peer takes. */
    PyObject *dict = PyDict_CheckExact(map) ? Py_NewRef(map) : PyDict_New();
    int copied = dict == NULL || dict == map           ? 0
                 : PyObject_HasAttrString(map, "keys") ? PyDict_Update(dict, map)
                                                       : PyDict_MergeFromSeq2(dict, map, 1);
    if (dict == NULL || copied < 0) {
        Py_XDECREF(dict);
        return NULL;
    }
    PyObject *items = PyDict_Items(dict);
    int result = items == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *item = PyList_GET_ITEM(items, i);
        result = put(object, PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1));
    }
    Py_XDECREF(items);
    Py_DECREF(dict);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *map_remove(PyObject *object, PyObject *key) {
    if (delete (object, key) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *map_is_empty(PyObject *object, PyObject *unused) {
    runtime_state_object_t *self = runtime_map_self(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return NULL;
    Py_ssize_t position = 0;
    PyObject *key, *value;
    bool removed = false;
    while (slot->value != NULL && PyDict_Next(slot->value, &position, &key, &value)) {
        if (value != runtime_absent)
            Py_RETURN_FALSE;
        removed = true;
    }
    if (slot->flags & RUNTIME_SLOT_CLEARED || keyed->backend.ask == NULL)
        Py_RETURN_TRUE;
    bool found;
    if (removed) {
        /* Whether they were all depends on more than one entry: look at the first that is left. */
        PyObject *iterator = runtime_map_iterate(object, RUNTIME_MAP_KEYS);
        PyObject *first = iterator == NULL ? NULL : PyIter_Next(iterator);
        found = first != NULL;
        Py_XDECREF(first);
        Py_XDECREF(iterator);
        if (!found && PyErr_Occurred())
            return NULL;
    } else if (runtime_keyed_ask(keyed, RUNTIME_HAS_ENTRIES, self->state, NULL, 0, &found) < 0) {
        return NULL;
    }
    return PyBool_FromLong(!found);
}

static PyObject *map_keys(PyObject *object, PyObject *unused) {
    return runtime_map_iterate(object, RUNTIME_MAP_KEYS);
}

static PyObject *map_values(PyObject *object, PyObject *unused) {
    return runtime_map_iterate(object, RUNTIME_MAP_VALUES);
}

static PyObject *map_items(PyObject *object, PyObject *unused) {
    return runtime_map_iterate(object, RUNTIME_MAP_ITEMS);
}

static PyObject *map_iter(PyObject *object) {
    return runtime_map_iterate(object, RUNTIME_MAP_KEYS);
}

static int map_assign(PyObject *object, PyObject *key, PyObject *value) {
    return value == NULL ? delete (object, key) : put(object, key, value);
}

static PyMethodDef map_methods[] = {
    {"get", map_get, METH_O, PyDoc_STR("get(key) -> object\n\nThe value of the key, or None.")},
    {"put", (PyCFunction)(void (*)(void))map_put, METH_FASTCALL,
     PyDoc_STR(
         "put(key, value) -> None\n\nSet the value of a key. TypeError when one of them does\n"
         "not fit its declared type.")},
    {"put_all", map_put_all, METH_O,
     PyDoc_STR("put_all(dict_value) -> None\n\nSet the values of many keys.")},
    {"remove", map_remove, METH_O, PyDoc_STR("remove(key) -> None\n\nForget a key.")},
    {"contains", map_contains, METH_O,
     PyDoc_STR("contains(key) -> bool\n\nWhether the key is there.")},
    {"items", map_items, METH_NOARGS,
     PyDoc_STR("items() -> iterator\n\nKeys with their values, fetched in parts.")},
    {"keys", map_keys, METH_NOARGS, PyDoc_STR("keys() -> iterator\n\nThe keys.")},
    {"values", map_values, METH_NOARGS, PyDoc_STR("values() -> iterator\n\nThe values.")},
    {"is_empty", map_is_empty, METH_NOARGS,
     PyDoc_STR("is_empty() -> bool\n\nWhether there are no keys.")},
    {"clear", runtime_state_object_clear, METH_NOARGS,
     PyDoc_STR("clear() -> None\n\nForget what the current key has.")},
    {NULL, NULL, 0, NULL},
};

static PyObject *map_repr(PyObject *object) {
    return PyUnicode_FromFormat("<MapState '%s'>", runtime_map_spec(object)->name);
}

static int map_traverse(PyObject *object, visitproc visit, void *arg) {
    return 0; /* no functions of users */
}

static PySequenceMethods map_as_sequence = {.sq_contains = contains};
static PyMappingMethods map_as_mapping = {.mp_subscript = map_get, .mp_ass_subscript = map_assign};

static PyTypeObject map_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.MapState",
    .tp_basicsize = sizeof(runtime_state_object_t),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = PyDoc_STR("A map for each key."),
    .tp_dealloc = runtime_state_object_dealloc,
    .tp_traverse = map_traverse,
    .tp_repr = map_repr,
    .tp_as_sequence = &map_as_sequence,
    .tp_as_mapping = &map_as_mapping,
    .tp_iter = map_iter,
    .tp_methods = map_methods,
};

PyTypeObject *runtime_map_state_type(void) {
    if (runtime_map_iterator_type() == NULL || PyType_Ready(&map_type) < 0)
        return NULL;
    return &map_type;
}
