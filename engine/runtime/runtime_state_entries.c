/* runtime_state_entries.c - iterators over the MapState of user functions.
 *
 * Some hundred entries of the backend are fetched at a time, and the changes that it does not know
 * yet are shown on top. Cost of one entry: decoding its key and value, and a look-up among the
 * changes when there are some. */
#include "runtime/runtime_state_map.h"

typedef struct {
    PyObject_HEAD runtime_state_object_t *state; /* strong; NULL: at its end */
    runtime_map_part_t part;
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
        bool last = runtime_map_iterating(keyed, slot) && --slot->iterators == 0;
        if (last && !runtime_map_keeps((PyObject *)state) && slot->flags & RUNTIME_SLOT_DIRTY)
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
static PyObject *make_item(runtime_map_part_t part, PyObject *key, PyObject *value) {
    if (part == RUNTIME_MAP_KEYS)
        return key;
    if (part == RUNTIME_MAP_VALUES)
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
        if (runtime_map_size(slot->value) > 0) {
            /* Java's bytes of a key may differ from those that the changes are found by. */
            PyObject *bytes = runtime_map_encode_key((PyObject *)state, key);
            changed = bytes == NULL ? NULL : runtime_map_look_up(slot->value, bytes);
            Py_XDECREF(bytes);
            if (changed == runtime_absent || PyErr_Occurred()) {
                Py_DECREF(key);
                if (PyErr_Occurred())
                    return NULL;
                continue;
            }
        }
        PyObject *value = NULL;
        if (self->part != RUNTIME_MAP_KEYS) {
            value = changed != NULL ? Py_NewRef(changed)
                                    : runtime_state_decode(spec, value_bytes, value_length);
            if (value == NULL) {
                Py_DECREF(key);
                return NULL;
            }
        }
        if (self->part == RUNTIME_MAP_VALUES)
            Py_CLEAR(key);
        return make_item(self->part, key, value);
    }
}

/* The next entry that is only among the changes. NULL without an error: no more. */
static PyObject *next_change(iterator_t *self, runtime_slot_t *slot) {
    const runtime_state_t *spec = &self->state->keyed->states[self->state->state];
    while (self->changes != NULL && self->next_change < PyList_GET_SIZE(self->changes)) {
        PyObject *bytes = PyList_GET_ITEM(self->changes, self->next_change++);
        PyObject *value = runtime_map_look_up(slot->value, bytes), *key = NULL;
        if (value == NULL && PyErr_Occurred())
            return NULL;
        if (value == NULL || value == runtime_absent)
            continue;
        Py_INCREF(value);
        if (self->part != RUNTIME_MAP_VALUES) {
            key = decode_key(spec, (const uint8_t *)PyBytes_AS_STRING(bytes),
                             (size_t)PyBytes_GET_SIZE(bytes));
            if (key == NULL) {
                Py_DECREF(value);
                return NULL;
            }
        }
        if (self->part == RUNTIME_MAP_KEYS)
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
PyObject *runtime_map_iterate(PyObject *object, runtime_map_part_t part) {
    runtime_state_object_t *self = runtime_map_self(object);
    runtime_keyed_t *keyed = self->keyed;
    runtime_slot_t *slot = runtime_slot_of(object);
    if (slot == NULL)
        return NULL;
    PyObject *changes = NULL;
    bool stored = keyed->backend.apply != NULL;
    if (stored && !runtime_map_iterating(keyed, slot) && slot->flags & RUNTIME_SLOT_DIRTY) {
        if (runtime_slot_write(keyed, self->state, slot) < 0)
            return NULL;
    } else if (runtime_map_size(slot->value) > 0 && (changes = PyDict_Keys(slot->value)) == NULL) {
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

PyTypeObject *runtime_map_iterator_type(void) {
    return PyType_Ready(&iterator_type) < 0 ? NULL : &iterator_type;
}
