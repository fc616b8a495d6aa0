/* runtime_state_slot.c - what one key has in one state: reading it, noting and writing changes. */
#include "runtime/runtime_state.h"

/* ---- bytes ----------------------------------------------------------------------------------- */

/* An error that names the state, with the one that is set as its cause. */
static void name_state(const runtime_state_t *state) {
    PyObject *type, *cause, *traceback;
    PyErr_Fetch(&type, &cause, &traceback);
    PyErr_NormalizeException(&type, &cause, &traceback);
    if (traceback != NULL)
        PyException_SetTraceback(cause, traceback);
    PyErr_Format(PyExc_TypeError, "state '%s': the value cannot be stored: %s: %S", state->name,
                 ((PyTypeObject *)type)->tp_name, cause);
    PyObject *new_type, *value, *new_traceback;
    PyErr_Fetch(&new_type, &value, &new_traceback);
    PyErr_NormalizeException(&new_type, &value, &new_traceback);
    PyException_SetCause(value, cause);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    PyErr_Restore(new_type, value, new_traceback);
}

static int encode_failed(const runtime_state_t *state, const runtime_type_t *type,
                         runtime_encoder_t *encoder) {
    char who[200];
    bool python_error = PyErr_Occurred() != NULL;
    snprintf(who, sizeof who, "state '%s'%s", state->name,
             state->kind != RUNTIME_MAP_STATE ? ""
             : type == state->key_type        ? ", key"
                                              : ", value");
    runtime_encode_raise(encoder, type, who);
    if (python_error && !PyErr_ExceptionMatches(PyExc_MemoryError))
        name_state(state);
    return -1;
}

int runtime_state_encode(const runtime_state_t *state, const runtime_type_t *type, PyObject *value,
                         bool canonical, runtime_buffer_t *out) {
    runtime_encoder_t encoder;
    size_t start = out->length;
    runtime_encoder_init(&encoder, out);
    encoder.canonical = canonical;
    if (runtime_reserve(out, 24) < 0)
        return -1;
    int result;
    if (value == Py_None && type->kind != RUNTIME_ANY && type->kind != RUNTIME_PICKLED)
        result = runtime_mismatch(&encoder, type, value, NULL);
    else
        result = runtime_encode(&encoder, type, value);
    if (__builtin_expect(result == 0, 1))
        return 0;
    out->length = start;
    return encode_failed(state, type, &encoder);
}

int runtime_state_check(runtime_keyed_t *keyed, int state, const runtime_type_t *type,
                        PyObject *value) {
    if (type->kind == RUNTIME_ANY || type->kind == RUNTIME_PICKLED ||
        (keyed->states[state].nullable && value == Py_None))
        return 0;
    runtime_encoder_t encoder;
    keyed->scratch.length = 0;
    runtime_encoder_init(&encoder, &keyed->scratch);
    encoder.check_only = true;
    int result;
    if (value == Py_None)
        result = runtime_mismatch(&encoder, type, value, NULL);
    else if ((result = runtime_reserve(&keyed->scratch, 24)) == 0)
        result = runtime_encode(&encoder, type, value);
    if (__builtin_expect(result == 0, 1))
        return 0;
    return encode_failed(&keyed->states[state], type, &encoder);
}

PyObject *runtime_state_decode(const runtime_state_t *state, const uint8_t *bytes, size_t length) {
    runtime_input_t in = {bytes, bytes + length};
    uint8_t present;
    if (state->nullable) {
        if (runtime_get_u8(&in, &present) < 0)
            return NULL;
        if (!present)
            return Py_NewRef(Py_None);
    }
    return runtime_decode(&in, state->type);
}

/* ---- loading --------------------------------------------------------------------------------- */

int runtime_keyed_ask(runtime_keyed_t *keyed, runtime_question_t question, int state,
                      const uint8_t *argument, size_t length, bool *found) {
    keyed->answer.length = 0;
    *found = false;
    if (keyed->backend.ask == NULL)
        return 0;
    return keyed->backend.ask(keyed->backend.self, question, keyed->states[state].number,
                              keyed->key, keyed->key_length, argument, length, &keyed->answer,
                              found);
}

/* The elements of an answer, with those of more (a list or NULL) behind them; a new list. */
static PyObject *read_elements(const runtime_state_t *state, const runtime_buffer_t *answer,
                               PyObject *more) {
    PyObject *list = PyList_New(0);
    runtime_input_t in = {answer->data, answer->data + answer->length};
    while (list != NULL && in.next < in.end) {
        size_t length;
        PyObject *element = NULL;
        if (runtime_get_length(&in, &length) == 0)
            element = runtime_state_decode(state, in.next, length);
        if (element == NULL || PyList_Append(list, element) < 0)
            Py_CLEAR(list);
        Py_XDECREF(element);
        in.next += length;
    }
    if (list != NULL && more != NULL &&
        PyList_SetSlice(list, PyList_GET_SIZE(list), PyList_GET_SIZE(list), more) < 0)
        Py_CLEAR(list);
    return list;
}

/* What the slot has already comes behind what the backend has. */
static int load_elements(runtime_keyed_t *keyed, const runtime_state_t *spec,
                         runtime_slot_t *slot) {
    PyObject *list = read_elements(spec, &keyed->answer, slot->value);
    if (list == NULL)
        return -1;
    slot->written =
        PyList_GET_SIZE(list) - (slot->value == NULL ? 0 : PyList_GET_SIZE(slot->value));
    Py_XSETREF(slot->value, list);
    runtime_slot_weigh(keyed, slot, (size_t)PyList_GET_SIZE(list));
    return 0;
}

static bool same_bytes(PyObject *bytes, const runtime_buffer_t *buffer) {
    return (size_t)PyBytes_GET_SIZE(bytes) == buffer->length &&
           memcmp(PyBytes_AS_STRING(bytes), buffer->data, buffer->length) == 0;
}

static int load_value(runtime_keyed_t *keyed, const runtime_state_t *spec, runtime_slot_t *slot,
                      bool found) {
    if (found && slot->read != NULL && same_bytes(slot->read, &keyed->answer))
        return 0;
    Py_CLEAR(slot->value);
    Py_CLEAR(slot->read);
    if (found)
        slot->value = runtime_state_decode(spec, keyed->answer.data, keyed->answer.length);
    return found && slot->value == NULL ? -1 : 0;
}

int runtime_slot_load(runtime_keyed_t *keyed, int state, runtime_slot_t *slot) {
    const runtime_state_t *spec = &keyed->states[state];
    bool found = false;
    if (!(slot->flags & RUNTIME_SLOT_CLEARED) &&
        runtime_keyed_ask(keyed, RUNTIME_READ, state, NULL, 0, &found) < 0)
        return -1;
    if (spec->kind == RUNTIME_VALUE_STATE) {
        if (load_value(keyed, spec, slot, found) < 0)
            return -1;
    } else if (found && load_elements(keyed, spec, slot) < 0) {
        return -1;
    }
    slot->flags |= RUNTIME_SLOT_LOADED;
    if (!found && !(slot->flags & RUNTIME_SLOT_CLEARED))
        slot->flags |= RUNTIME_SLOT_FRESH;
    return 0;
}

/* ---- changes --------------------------------------------------------------------------------- */

void runtime_slot_weigh(runtime_keyed_t *keyed, runtime_slot_t *slot, size_t weight) {
    keyed->weight += weight - slot->weight;
    slot->weight = weight;
}

void runtime_slot_empty(runtime_keyed_t *keyed, runtime_slot_t *slot) {
    runtime_slot_weigh(keyed, slot, 0);
    slot->flags = 0;
    slot->written = 0;
    Py_CLEAR(slot->value);
    Py_CLEAR(slot->read);
    Py_CLEAR(slot->older);
}

/* Begins a change; where its length goes, or 0 with an error. */
static size_t begin_change(runtime_buffer_t *out, int kind, const runtime_state_t *state) {
    if (runtime_reserve(out, 9) < 0)
        return 0;
    runtime_put_u8(out, (uint8_t)kind);
    runtime_put_u32(out, (uint32_t)state->number);
    runtime_put_u32(out, 0);
    return out->length - 4;
}

static int end_change(runtime_buffer_t *out, size_t length_at) {
    size_t length = out->length - length_at - 4;
    if (length > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "the state of one key is larger than 2 GB");
        return -1;
    }
    runtime_patch_u32(out, length_at, length);
    return 0;
}

static int append_value(const runtime_state_t *state, runtime_slot_t *slot, runtime_buffer_t *out) {
    size_t at = begin_change(out, RUNTIME_WRITE, state);
    if (at == 0)
        return -1;
    if (state->nullable) {
        if (runtime_reserve(out, 1) < 0)
            return -1;
        runtime_put_u8(out, slot->value != Py_None);
        if (slot->value == Py_None)
            return end_change(out, at);
    }
    if (runtime_state_encode(state, state->type, slot->value, false, out) < 0)
        return -1;
    return end_change(out, at);
}

static int append_elements(const runtime_state_t *state, runtime_slot_t *slot,
                           runtime_buffer_t *out) {
    size_t at = begin_change(out, RUNTIME_APPEND, state);
    if (at == 0)
        return -1;
    for (Py_ssize_t i = slot->written; i < PyList_GET_SIZE(slot->value); i++) {
        size_t length_at = out->length;
        if (runtime_reserve(out, 4) < 0)
            return -1;
        runtime_put_u32(out, 0);
        /* Pickling may run Python code, but none that can reach this list. */
        if (runtime_state_encode(state, state->type, PyList_GET_ITEM(slot->value, i), false, out) <
            0)
            return -1;
        runtime_patch_u32(out, length_at, out->length - length_at - 4);
    }
    return end_change(out, at);
}

static int append_entries(const runtime_state_t *state, runtime_slot_t *slot,
                          runtime_buffer_t *out) {
    size_t at = begin_change(out, RUNTIME_PUT, state);
    PyObject *key, *value;
    Py_ssize_t position = 0;
    if (at == 0)
        return -1;
    while (PyDict_Next(slot->value, &position, &key, &value)) {
        size_t head = out->length, size = (size_t)PyBytes_GET_SIZE(key);
        if (runtime_reserve(out, 8 + size) < 0)
            return -1;
        runtime_put_u32(out, (uint32_t)size);
        runtime_put_u32(out, RUNTIME_REMOVED);
        memcpy(out->data + out->length, PyBytes_AS_STRING(key), size);
        out->length += size;
        if (value == runtime_absent)
            continue;
        size_t value_at = out->length;
        if (runtime_state_encode(state, state->type, value, false, out) < 0)
            return -1;
        runtime_patch_u32(out, head + 4, out->length - value_at);
    }
    return end_change(out, at);
}

static int append_changes(const runtime_state_t *state, runtime_slot_t *slot,
                          runtime_buffer_t *out) {
    /* A value that replaces another needs no clearing. */
    bool replaces = state->kind == RUNTIME_VALUE_STATE && slot->value != NULL;
    if (slot->flags & RUNTIME_SLOT_CLEARED && !replaces &&
        begin_change(out, RUNTIME_CLEAR, state) == 0)
        return -1;
    if (slot->value == NULL)
        return 0;
    switch (state->kind) {
    case RUNTIME_VALUE_STATE:
        return append_value(state, slot, out);
    case RUNTIME_LIST_STATE:
        return slot->written < PyList_GET_SIZE(slot->value) ? append_elements(state, slot, out) : 0;
    case RUNTIME_MAP_STATE:
        return PyDict_GET_SIZE(slot->value) > 0 ? append_entries(state, slot, out) : 0;
    }
    return 0;
}

static int begin_frame(const uint8_t *key, size_t length, runtime_buffer_t *out) {
    if (runtime_reserve(out, 8 + length) < 0)
        return -1;
    runtime_put_u32(out, 0);
    runtime_put_u32(out, (uint32_t)length);
    memcpy(out->data + out->length, key, length);
    out->length += length;
    return 0;
}

int runtime_entry_append(runtime_keyed_t *keyed, runtime_entry_t *entry, runtime_buffer_t *out) {
    size_t start = out->length;
    int result = begin_frame(entry->key, entry->length, out);
    for (int i = 0; i < entry->slot_count && result == 0; i++)
        if (entry->slots[i].flags & RUNTIME_SLOT_DIRTY)
            result = append_changes(&keyed->states[i], &entry->slots[i], out);
    if (result == 0)
        runtime_patch_u32(out, start, out->length - start - 4);
    else
        out->length = start;
    return result;
}

/* What a map's changes were is now what was read from it. */
static void map_written(runtime_keyed_t *keyed, runtime_slot_t *slot) {
    if (slot->value == NULL || PyDict_GET_SIZE(slot->value) == 0)
        return;
    Py_XSETREF(slot->older, slot->read);
    slot->read = slot->value;
    slot->value = NULL;
    runtime_slot_weigh(keyed, slot,
                       (size_t)(PyDict_GET_SIZE(slot->read) +
                                (slot->older == NULL ? 0 : PyDict_GET_SIZE(slot->older))));
}

static void slot_clean(runtime_keyed_t *keyed, const runtime_state_t *state, runtime_slot_t *slot) {
    slot->flags &= (uint8_t) ~(RUNTIME_SLOT_DIRTY | RUNTIME_SLOT_CLEARED | RUNTIME_SLOT_FRESH);
    if (state->kind == RUNTIME_MAP_STATE) {
        map_written(keyed, slot);
    } else if (state->kind == RUNTIME_LIST_STATE && slot->value != NULL) {
        slot->written = PyList_GET_SIZE(slot->value);
        if (!(slot->flags & RUNTIME_SLOT_LOADED))
            runtime_slot_empty(keyed, slot);
    }
}

void runtime_entry_clean(runtime_keyed_t *keyed, runtime_entry_t *entry) {
    for (int i = 0; i < entry->slot_count; i++)
        if (entry->slots[i].flags & RUNTIME_SLOT_DIRTY)
            slot_clean(keyed, &keyed->states[i], &entry->slots[i]);
    entry->dirty = false;
}

int runtime_slot_write(runtime_keyed_t *keyed, int state, runtime_slot_t *slot) {
    runtime_buffer_t *out = &keyed->scratch;
    runtime_entry_t *entry = keyed->entry;
    const uint8_t *key = keyed->key;
    out->length = 0;
    if (begin_frame(key, keyed->key_length, out) < 0)
        return -1;
    /* What pickling runs may not use state: see append_entry in runtime_state.c. */
    keyed->key = NULL;
    keyed->entry = NULL;
    int result = append_changes(&keyed->states[state], slot, out);
    keyed->key = key;
    keyed->entry = entry;
    if (result < 0)
        return -1;
    runtime_patch_u32(out, 0, out->length - 4);
    if (keyed->backend.apply(keyed->backend.self, out->data, out->length) < 0)
        return -1;
    slot_clean(keyed, &keyed->states[state], slot);
    return 0;
}

int runtime_slot_changed(runtime_keyed_t *keyed, int state, runtime_slot_t *slot) {
    if (__builtin_expect(keyed->states[state].kept || keyed->backend.apply == NULL, 1)) {
        slot->flags |= RUNTIME_SLOT_DIRTY;
        keyed->entry->dirty = true;
        return 0;
    }
    if (runtime_slot_write(keyed, state, slot) < 0) {
        runtime_slot_empty(keyed, slot);
        return -1;
    }
    /* The object is that value as long as the backend has these bytes: an object of the function's
     * own may be more exact than what its type can store. The frame is one change of one key. */
    PyObject *value = keyed->states[state].kind == RUNTIME_VALUE_STATE ? slot->value : NULL;
    size_t head = 17 + keyed->key_length;
    Py_XINCREF(value);
    runtime_slot_empty(keyed, slot);
    if (value != NULL) {
        slot->value = value;
        slot->read = PyBytes_FromStringAndSize((const char *)keyed->scratch.data + head,
                                               (Py_ssize_t)(keyed->scratch.length - head));
    }
    return value != NULL && slot->read == NULL ? -1 : 0;
}

int runtime_slot_clear(runtime_keyed_t *keyed, int state, runtime_slot_t *slot) {
    bool fresh = slot->flags & RUNTIME_SLOT_FRESH;
    runtime_slot_empty(keyed, slot);
    /* All is known from now on: there is nothing. */
    if (fresh) {
        slot->flags = RUNTIME_SLOT_LOADED | RUNTIME_SLOT_FRESH;
        return 0;
    }
    slot->flags = RUNTIME_SLOT_LOADED | RUNTIME_SLOT_CLEARED;
    return runtime_slot_changed(keyed, state, slot);
}
