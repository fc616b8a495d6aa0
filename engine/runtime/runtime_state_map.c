/* runtime_state_map.c - the MapState of user functions.
 *
 * A slot holds three dicts by the canonical bytes of the map key: changes that the backend does not
 * know, and two generations of what was read or written before. A miss asks the backend for one
 * entry; iteration fetches a few hundred at a time and shows the changes on top. So no map is ever
 * in memory as a whole, however large it is.
 *
 * Cost of get() and put() on a hit, besides the call: encoding the map key, one small bytes object,
 * one or two look-ups in a dict. */
#include "runtime/runtime_state.h"

/* So many changes wait before they are written, and so many entries are in a generation. */
#define MAP_ENTRIES 1000

static inline runtime_state_object_t *self_of(PyObject *object) {
    return (runtime_state_object_t *)object;
}

static inline runtime_state_t *spec_of(PyObject *object) {
    return &self_of(object)->keyed->states[self_of(object)->state];
}

/* The bytes of a map key; a new reference. */
static PyObject *encode_key(PyObject *object, PyObject *key) {
    runtime_buffer_t *scratch = &self_of(object)->keyed->scratch;
    runtime_state_t *spec = spec_of(object);
    scratch->length = 0;
    if (runtime_state_encode(spec, spec->key_type, key, true, scratch) < 0)
        return NULL;
    return PyBytes_FromStringAndSize((const char *)scratch->data, (Py_ssize_t)scratch->length);
}

static bool keeps(PyObject *object) {
    return spec_of(object)->kept || self_of(object)->keyed->backend.apply == NULL;
}

static bool iterating(const runtime_keyed_t *keyed, const runtime_slot_t *slot) {
    return slot->iterators > 0 && slot->iterating == keyed->record;
}

static Py_ssize_t size_of(PyObject *dict) {
    return dict == NULL ? 0 : PyDict_GET_SIZE(dict);
}

static void weigh(runtime_keyed_t *keyed, runtime_slot_t *slot) {
    runtime_slot_weigh(keyed, slot,
                       (size_t)(size_of(slot->value) + size_of(slot->read) + size_of(slot->older)));
}

/* Notes what was read of a key. */
static int remember(runtime_keyed_t *keyed, runtime_slot_t *slot, PyObject *key, PyObject *value) {
    if (size_of(slot->read) >= MAP_ENTRIES && keyed->backend.apply != NULL) {
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

static PyObject *look_up(PyObject *dict, PyObject *key) {
    return dict == NULL ? NULL : PyDict_GetItemWithError(dict, key);
}

/* The value of a key: a new reference, runtime_absent when there is none; NULL with an error. */
static PyObject *find(PyObject *object, PyObject *key) {
    runtime_state_object_t *self = self_of(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return NULL;
    PyObject *value = look_up(slot->value, key);
    if (value == NULL && !PyErr_Occurred())
        value = look_up(slot->read, key);
    if (value != NULL || PyErr_Occurred())
        return value == NULL ? NULL : Py_NewRef(value);
    bool found = false;
    if ((value = look_up(slot->older, key)) != NULL) {
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
    } else if ((value = runtime_state_decode(spec_of(object), keyed->answer.data,
                                             keyed->answer.length)) == NULL) {
        return NULL;
    }
    if (keeps(object) && remember(keyed, slot, key, value) < 0)
        Py_CLEAR(value);
    return value;
}

/* Puts a value, or runtime_absent, in a key's place. */
static int change(PyObject *object, PyObject *key, PyObject *value) {
    runtime_state_object_t *self = self_of(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL || (slot->value == NULL && (slot->value = PyDict_New()) == NULL) ||
        PyDict_SetItem(slot->value, key, value) < 0)
        return -1;
    weigh(keyed, slot);
    if (iterating(keyed, slot)) {
        /* Writing would end the backend's iterators. */
        slot->flags |= RUNTIME_SLOT_DIRTY;
        keyed->entry->dirty = true;
        return 0;
    }
    if (runtime_slot_changed(keyed, self->state, slot) < 0)
        return -1;
    if (size_of(slot->value) >= MAP_ENTRIES && keyed->backend.apply != NULL)
        return runtime_slot_write(keyed, self->state, slot);
    return 0;
}

static int put(PyObject *object, PyObject *key, PyObject *value) {
    runtime_state_object_t *self = self_of(object);
    if (runtime_state_check(self->keyed, self->state, spec_of(object)->type, value) < 0)
        return -1;
    PyObject *bytes = encode_key(object, key);
    int result = bytes == NULL ? -1 : change(object, bytes, value);
    Py_XDECREF(bytes);
    return result;
}

static int delete (PyObject *object, PyObject *key) {
    PyObject *bytes = encode_key(object, key);
    int result = bytes == NULL ? -1 : change(object, bytes, runtime_absent);
    Py_XDECREF(bytes);
    return result;
}

/* ---- iteration ------------------------------------------------------------------------------- */

typedef enum { KEYS, VALUES, ITEMS } part_t;

typedef struct {
    PyObject_HEAD runtime_state_object_t *state; /* strong; NULL: at its end */
    part_t part;
    uint64_t record;
    uint32_t number;              /* of the backend's iterator; 0: it is at its end */
    bool begun;                   /* the backend was asked */
    runtime_buffer_t part_of_map; /* entries that were fetched */
    size_t next;
    PyObject *changes; /* list of (key bytes) that are only among the changes, or NULL */
    Py_ssize_t next_change;
} iterator_t;

/* The iterator is at its end, or cannot go on. Writes what could not be written meanwhile. */
static int finish(iterator_t *self) {
    runtime_state_object_t *state = self->state;
    int result = 0;
    if (state == NULL)
        return 0;
    self->state = NULL;
    runtime_keyed_t *keyed = state->keyed;
    if (self->record == keyed->record && keyed->entry != NULL &&
        state->state < keyed->entry->slot_count) {
        runtime_slot_t *slot = &keyed->entry->slots[state->state];
        bool last = iterating(keyed, slot) && --slot->iterators == 0;
        if (last && !keeps((PyObject *)state) && slot->flags & RUNTIME_SLOT_DIRTY)
            result = runtime_slot_changed(keyed, state->state, slot);
    }
    runtime_buffer_free(&self->part_of_map);
    memset(&self->part_of_map, 0, sizeof self->part_of_map);
    Py_CLEAR(self->changes);
    Py_DECREF(state);
    return result;
}

static void iterator_dealloc(PyObject *object) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (finish((iterator_t *)object) < 0)
        PyErr_WriteUnraisable(object);
    PyErr_Restore(type, value, traceback);
    Py_TYPE(object)->tp_free(object);
}

/* Fetches the next entries. 1: there are some; 0: that was all; -1: error. */
static int fetch(iterator_t *self, runtime_slot_t *slot) {
    runtime_keyed_t *keyed = self->state->keyed;
    bool found;
    if (!self->begun) {
        self->begun = true;
        if (slot->flags & RUNTIME_SLOT_CLEARED || keyed->backend.ask == NULL)
            return 0;
        if (runtime_keyed_ask(keyed, RUNTIME_ITERATE, self->state->state, NULL, 0, &found) < 0)
            return -1;
    } else {
        if (self->number == 0)
            return 0;
        uint8_t number[4];
        memcpy(number, &self->number, 4);
        if (runtime_keyed_ask(keyed, RUNTIME_NEXT, self->state->state, number, 4, &found) < 0)
            return -1;
    }
    runtime_input_t in = {keyed->answer.data, keyed->answer.data + keyed->answer.length};
    if (runtime_get_u32(&in, &self->number) < 0)
        return -1;
    /* The answer becomes the iterator's; the context gets what the iterator had. */
    runtime_buffer_t spare = self->part_of_map;
    self->part_of_map = keyed->answer;
    keyed->answer = spare;
    self->next = 4;
    return self->part_of_map.length > 4;
}

static PyObject *decode_key(const runtime_state_t *spec, const uint8_t *bytes, size_t length) {
    runtime_input_t in = {bytes, bytes + length};
    return runtime_decode(&in, spec->key_type);
}

/* The part of an entry that is iterated over; steals key and value, which may be NULL when that
 * part is not wanted. */
static PyObject *make_item(part_t part, PyObject *key, PyObject *value) {
    if (part == KEYS)
        return key;
    if (part == VALUES)
        return value;
    PyObject *item = key == NULL || value == NULL ? NULL : PyTuple_Pack(2, key, value);
    Py_XDECREF(key);
    Py_XDECREF(value);
    return item;
}

/* The next entry of the backend, with what was changed since. NULL without an error: no more. */
static PyObject *next_stored(iterator_t *self, runtime_slot_t *slot) {
    runtime_state_object_t *state = self->state;
    runtime_keyed_t *keyed = state->keyed;
    const runtime_state_t *spec = &keyed->states[state->state];
    for (;;) {
        if (self->next >= self->part_of_map.length) {
            int more = fetch(self, slot);
            if (more <= 0)
                return NULL;
        }
        runtime_input_t in = {self->part_of_map.data + self->next,
                              self->part_of_map.data + self->part_of_map.length};
        uint32_t key_length, value_length;
        if (runtime_get_u32(&in, &key_length) < 0 || runtime_get_u32(&in, &value_length) < 0)
            return NULL;
        const uint8_t *key_bytes = in.next, *value_bytes = in.next + key_length;
        self->next = (size_t)(value_bytes + value_length - self->part_of_map.data);
        PyObject *key = decode_key(spec, key_bytes, key_length), *changed = NULL;
        if (key == NULL)
            return NULL;
        if (size_of(slot->value) > 0) {
            /* Java's bytes of a key may differ from those that the changes are found by. */
            PyObject *bytes = encode_key((PyObject *)state, key);
            changed = bytes == NULL ? NULL : look_up(slot->value, bytes);
            Py_XDECREF(bytes);
            if (changed == runtime_absent || PyErr_Occurred()) {
                Py_DECREF(key);
                if (PyErr_Occurred())
                    return NULL;
                continue;
            }
        }
        PyObject *value = NULL;
        if (self->part != KEYS) {
            value = changed != NULL ? Py_NewRef(changed)
                                    : runtime_state_decode(spec, value_bytes, value_length);
            if (value == NULL) {
                Py_DECREF(key);
                return NULL;
            }
        }
        if (self->part == VALUES)
            Py_CLEAR(key);
        return make_item(self->part, key, value);
    }
}

/* The next entry that is only among the changes. NULL without an error: no more. */
static PyObject *next_change(iterator_t *self, runtime_slot_t *slot) {
    const runtime_state_t *spec = &self->state->keyed->states[self->state->state];
    while (self->changes != NULL && self->next_change < PyList_GET_SIZE(self->changes)) {
        PyObject *bytes = PyList_GET_ITEM(self->changes, self->next_change++);
        PyObject *value = look_up(slot->value, bytes), *key = NULL;
        if (value == NULL && PyErr_Occurred())
            return NULL;
        if (value == NULL || value == runtime_absent)
            continue;
        Py_INCREF(value);
        if (self->part != VALUES) {
            key = decode_key(spec, (const uint8_t *)PyBytes_AS_STRING(bytes),
                             (size_t)PyBytes_GET_SIZE(bytes));
            if (key == NULL) {
                Py_DECREF(value);
                return NULL;
            }
        }
        if (self->part == KEYS)
            Py_CLEAR(value);
        return make_item(self->part, key, value);
    }
    return NULL;
}

static PyObject *iterator_next(PyObject *object) {
    iterator_t *self = (iterator_t *)object;
    if (self->state == NULL)
        return NULL;
    if (self->record != self->state->keyed->record) {
        PyErr_Format(PyExc_RuntimeError,
                     "state '%s': this iterator was made for another record; it ends with the "
                     "call that made it",
                     self->state->keyed->states[self->state->state].name);
        return NULL;
    }
    runtime_slot_t *slot = runtime_slot_of((PyObject *)self->state);
    if (slot == NULL)
        return NULL;
    PyObject *item = next_stored(self, slot);
    if (item == NULL && !PyErr_Occurred())
        item = next_change(self, slot);
    if (item == NULL && !PyErr_Occurred())
        finish(self); /* an error of it is the iteration's */
    return item;
}

static PyTypeObject iterator_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.MapStateIterator",
    .tp_basicsize = sizeof(iterator_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("Entries of a map state; fetched in parts."),
    .tp_dealloc = iterator_dealloc,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = iterator_next,
};

/* Changes are written first, so that the backend's iterator shows them, except when there are
 * other iterators, which writing would end: then those keys that are new come last. */
static PyObject *iterate(PyObject *object, part_t part) {
    runtime_state_object_t *self = self_of(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return NULL;
    PyObject *changes = NULL;
    bool stored = keyed->backend.apply != NULL;
    if (stored && !iterating(keyed, slot) && slot->flags & RUNTIME_SLOT_DIRTY) {
        if (runtime_slot_write(keyed, self->state, slot) < 0)
            return NULL;
    } else if (size_of(slot->value) > 0 && (changes = PyDict_Keys(slot->value)) == NULL) {
        return NULL;
    }
    iterator_t *iterator = (iterator_t *)iterator_type.tp_alloc(&iterator_type, 0);
    if (iterator == NULL) {
        Py_XDECREF(changes);
        return NULL;
    }
    iterator->state = (runtime_state_object_t *)Py_NewRef(object);
    iterator->part = part;
    iterator->record = keyed->record;
    iterator->changes = changes;
    if (slot->iterating != keyed->record)
        slot->iterators = 0;
    slot->iterating = keyed->record;
    slot->iterators++;
    return (PyObject *)iterator;
}

/* ---- methods --------------------------------------------------------------------------------- */

static PyObject *map_get(PyObject *object, PyObject *key) {
    PyObject *bytes = encode_key(object, key);
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
    PyObject *bytes = encode_key(object, key);
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
    runtime_state_object_t *self = self_of(object);
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
        PyObject *iterator = iterate(object, KEYS);
        PyObject *first = iterator == NULL ? NULL : iterator_next(iterator);
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
    return iterate(object, KEYS);
}

static PyObject *map_values(PyObject *object, PyObject *unused) {
    return iterate(object, VALUES);
}

static PyObject *map_items(PyObject *object, PyObject *unused) {
    return iterate(object, ITEMS);
}

static PyObject *map_iter(PyObject *object) {
    return iterate(object, KEYS);
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
    return PyUnicode_FromFormat("<MapState '%s'>", spec_of(object)->name);
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
    if (PyType_Ready(&iterator_type) < 0 || PyType_Ready(&map_type) < 0)
        return NULL;
    return &map_type;
}
