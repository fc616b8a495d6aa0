/* runtime_state.c - a cache of Python objects, one for each key, over Flink's state backend.
 *
 * Cost of a hit: hashing the key bytes, one probe of a table of 32-bit indices that is at most
 * half full, one comparison of the bytes. Entries are found by index, and the oldest that was not
 * used since the hand passed it (second chance) makes room for a new one. */
#include "runtime/runtime_state.h"

typedef struct {
    uint64_t hash;
    uint8_t *key; /* PyMem_Malloc; NULL: a free entry */
    uint32_t length;
    bool dirty; /* the backend does not have this value */
    bool used;  /* since the hand passed */
    PyObject *value;
} entry_t;

struct runtime_state {
    const runtime_type_t *type;
    runtime_backend_t backend;
    entry_t *entries;
    size_t count, capacity; /* entries[0, count) were used so far */
    size_t limit;
    uint32_t *table; /* index of an entry + 1, or 0; its size is a power of two */
    size_t mask;
    size_t hand;    /* of the clock */
    size_t found;   /* entry of the last runtime_state_find */
    size_t flushed; /* entries before it were written by the flush that is under way */
    runtime_buffer_t scratch;
};

/* Eight bytes at a time; the last ones overlap or are padded. Keys are not chosen by enemies
 * within the same process, so speed counts more than secrecy. */
static uint64_t hash_bytes(const uint8_t *bytes, size_t length) {
    const uint64_t k = 0x9e3779b97f4a7c15u;
    uint64_t hash = k ^ length, word;
    while (length > 8) {
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * k;
        hash ^= hash >> 32;
        bytes += 8;
        length -= 8;
    }
    word = 0;
    memcpy(&word, bytes, length);
    hash = (hash ^ word) * k;
    hash ^= hash >> 29;
    hash *= 0xbf58476d1ce4e5b9u;
    return hash ^ hash >> 32;
}

runtime_state_t *runtime_state_new(const runtime_type_t *type, const runtime_backend_t *backend) {
    runtime_state_t *state = PyMem_Calloc(1, sizeof *state);
    if (state == NULL)
        return (runtime_state_t *)PyErr_NoMemory();
    state->type = type;
    if (backend != NULL)
        state->backend = *backend;
    state->limit = RUNTIME_STATE_ENTRIES;
    state->mask = 255;
    if ((state->table = PyMem_Calloc(state->mask + 1, sizeof *state->table)) == NULL) {
        PyMem_Free(state);
        return (runtime_state_t *)PyErr_NoMemory();
    }
    return state;
}

void runtime_state_free(runtime_state_t *state) {
    if (state == NULL)
        return;
    for (size_t i = 0; i < state->count; i++) {
        PyMem_Free(state->entries[i].key);
        Py_XDECREF(state->entries[i].value);
    }
    PyMem_Free(state->entries);
    PyMem_Free(state->table);
    runtime_buffer_free(&state->scratch);
    PyMem_Free(state);
}

void runtime_state_limit(runtime_state_t *state, size_t entries) {
    state->limit = entries < 1 ? 1 : entries > INT32_MAX ? INT32_MAX : entries;
}

/* ---- the table --------------------------------------------------------------------------- */

static void table_insert(runtime_state_t *state, size_t index) {
    size_t at = state->entries[index].hash & state->mask;
    while (state->table[at] != 0)
        at = (at + 1) & state->mask;
    state->table[at] = (uint32_t)index + 1;
}

/* Takes an entry out and moves up those that were pushed behind it. */
static void table_remove(runtime_state_t *state, size_t index) {
    size_t at = state->entries[index].hash & state->mask;
    while (state->table[at] != index + 1)
        at = (at + 1) & state->mask;
    size_t hole = at;
    for (;;) {
        at = (at + 1) & state->mask;
        if (state->table[at] == 0)
            break;
        size_t home = state->entries[state->table[at] - 1].hash & state->mask;
        if (((at - home) & state->mask) >= ((at - hole) & state->mask)) {
            state->table[hole] = state->table[at];
            hole = at;
        }
    }
    state->table[hole] = 0;
}

static int grow(runtime_state_t *state) {
    size_t capacity = state->capacity == 0 ? 64 : state->capacity * 2;
    entry_t *entries = PyMem_Realloc(state->entries, capacity * sizeof *entries);
    if (entries == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    state->entries = entries;
    state->capacity = capacity;
    if (capacity * 2 <= state->mask + 1)
        return 0;
    size_t mask = capacity * 4 - 1;
    uint32_t *table = PyMem_Calloc(mask + 1, sizeof *table);
    if (table == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    PyMem_Free(state->table);
    state->table = table;
    state->mask = mask;
    for (size_t i = 0; i < state->count; i++)
        if (state->entries[i].key != NULL)
            table_insert(state, i);
    return 0;
}

/* ---- values as bytes --------------------------------------------------------------------------
 */

static int append_value(runtime_state_t *state, runtime_buffer_t *out, PyObject *value) {
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, out);
    if (runtime_reserve(out, 1) < 0)
        return -1;
    runtime_put_u8(out, value != Py_None);
    if (value != Py_None && runtime_encode(&encoder, state->type, value) < 0)
        return runtime_encode_raise(&encoder, state->type, "the state of a reduce");
    return 0;
}

static PyObject *read_value(runtime_state_t *state, const runtime_buffer_t *bytes) {
    runtime_input_t in = {bytes->data, bytes->data + bytes->length};
    uint8_t present;
    if (runtime_get_u8(&in, &present) < 0)
        return NULL;
    return present ? runtime_decode(&in, state->type) : Py_NewRef(Py_None);
}

/* Writes an entry to the backend if it changed. */
static int write_back(runtime_state_t *state, entry_t *entry) {
    if (!entry->dirty)
        return 0;
    state->scratch.length = 0;
    if (append_value(state, &state->scratch, entry->value) < 0 ||
        state->backend.put(state->backend.self, entry->key, entry->length, state->scratch.data,
                           state->scratch.length) < 0)
        return -1;
    entry->dirty = false;
    return 0;
}

/* An entry for a new key: a fresh one, or that of a key which makes room. */
static int take_entry(runtime_state_t *state, size_t *index) {
    if (state->count < state->limit || state->backend.put == NULL) {
        if (state->count == state->capacity && grow(state) < 0)
            return -1;
        memset(&state->entries[state->count], 0, sizeof *state->entries);
        *index = state->count++;
        return 0;
    }
    while (state->entries[state->hand].used) {
        state->entries[state->hand].used = false;
        state->hand = (state->hand + 1) % state->count;
    }
    entry_t *entry = &state->entries[state->hand];
    *index = state->hand;
    state->hand = (state->hand + 1) % state->count;
    if (entry->key == NULL)
        return 0;
    if (write_back(state, entry) < 0)
        return -1;
    table_remove(state, *index);
    PyMem_Free(entry->key);
    entry->key = NULL;
    Py_CLEAR(entry->value);
    return 0;
}

static PyObject **add(runtime_state_t *state, const uint8_t *key, size_t length, uint64_t hash) {
    size_t index;
    PyObject *value = NULL;
    if (state->backend.get != NULL) {
        bool found = false;
        state->scratch.length = 0;
        if (state->backend.get(state->backend.self, key, length, &state->scratch, &found) < 0)
            return NULL;
        if (found && (value = read_value(state, &state->scratch)) == NULL)
            return NULL;
    }
    uint8_t *copy = PyMem_Malloc(length ? length : 1);
    if (copy == NULL || take_entry(state, &index) < 0) {
        if (copy == NULL)
            PyErr_NoMemory();
        PyMem_Free(copy);
        Py_XDECREF(value);
        return NULL;
    }
    memcpy(copy, key, length);
    entry_t *entry = &state->entries[index];
    entry->hash = hash;
    entry->key = copy;
    entry->length = (uint32_t)length;
    entry->dirty = false;
    entry->used = true;
    entry->value = value;
    table_insert(state, index);
    state->found = index;
    return &entry->value;
}

PyObject **runtime_state_find(runtime_state_t *state, const uint8_t *key, size_t length) {
    uint64_t hash = hash_bytes(key, length);
    for (size_t at = hash & state->mask; state->table[at] != 0; at = (at + 1) & state->mask) {
        size_t index = state->table[at] - 1;
        entry_t *entry = &state->entries[index];
        if (entry->hash == hash && entry->length == length &&
            memcmp(entry->key, key, length) == 0) {
            entry->used = true;
            state->found = index;
            return &entry->value;
        }
    }
    return add(state, key, length, hash);
}

void runtime_state_touch(runtime_state_t *state) {
    state->entries[state->found].dirty = true;
}

int runtime_state_flush(runtime_state_t *state, runtime_buffer_t *out, size_t limit) {
    for (; state->flushed < state->count; state->flushed++) {
        entry_t *entry = &state->entries[state->flushed];
        if (!entry->dirty || entry->key == NULL)
            continue;
        if (out->length >= limit)
            return 1;
        size_t start = out->length;
        if (runtime_reserve(out, 8 + (size_t)entry->length) < 0)
            return -1;
        runtime_put_u32(out, entry->length);
        runtime_put_u32(out, 0);
        memcpy(out->data + out->length, entry->key, entry->length);
        out->length += entry->length;
        size_t value_start = out->length;
        if (append_value(state, out, entry->value) < 0) {
            out->length = start;
            state->flushed = 0;
            return -1;
        }
        runtime_patch_u32(out, start + 4, out->length - value_start);
        entry->dirty = false;
    }
    state->flushed = 0;
    return 0;
}
