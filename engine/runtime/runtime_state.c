/* runtime_state.c - which keys the cache holds, and what makes room for others.
 *
 * Cost of the first use of a state in a record: hashing the key bytes, one probe of a table of
 * 32-bit indices that is at most half full, one comparison of the bytes; of every further use, of
 * this or another state: one comparison of a pointer. The objects of all keys are counted; when
 * they are too many, those keys give way that were not used since the hand of a clock passed them,
 * many at a time, so that the backend is called once for all of them. */
#include "runtime/runtime_state.h"

/* So many keys give way at once, unless they are big. */
#define VICTIMS 64

PyObject *runtime_absent;

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

/* ---- the context --------------------------------------------------------------------------- */

static void free_state(runtime_state_t *state) {
    PyMem_Free(state->name);
    if (!state->borrowed)
        runtime_type_free(state->type);
    runtime_type_free(state->key_type);
}

/* Frees what an entry holds; the entry itself stays. */
static void free_entry(runtime_keyed_t *keyed, runtime_entry_t *entry) {
    for (int i = 0; i < entry->slot_count; i++)
        runtime_slot_empty(keyed, &entry->slots[i]);
    PyMem_Free(entry->slots);
    PyMem_Free(entry->key);
    entry->slots = NULL;
    entry->slot_count = 0;
    entry->key = NULL;
    entry->dirty = false;
    Py_CLEAR(entry->key_object);
    keyed->weight--;
}

static void keyed_dealloc(PyObject *object) {
    runtime_keyed_t *keyed = (runtime_keyed_t *)object;
    for (size_t i = 0; i < keyed->count; i++)
        if (keyed->entries[i].key != NULL)
            free_entry(keyed, &keyed->entries[i]);
    for (int i = 0; i < keyed->state_count; i++)
        free_state(&keyed->states[i]);
    PyMem_Free(keyed->states);
    PyMem_Free(keyed->entries);
    PyMem_Free(keyed->table);
    PyMem_Free(keyed->freed);
    runtime_buffer_free(&keyed->scratch);
    runtime_buffer_free(&keyed->answer);
    runtime_buffer_free(&keyed->chosen);
    Py_TYPE(object)->tp_free(object);
}

static PyTypeObject keyed_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.KeyedContext",
    .tp_basicsize = sizeof(runtime_keyed_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("The current key of an operator and the states of the keys."),
    .tp_dealloc = keyed_dealloc,
};

PyTypeObject *runtime_keyed_type(void) {
    return PyType_Ready(&keyed_type) < 0 ? NULL : &keyed_type;
}

runtime_keyed_t *runtime_keyed_new(const runtime_backend_t *backend) {
    if (runtime_absent == NULL &&
        (runtime_absent = PyObject_CallNoArgs((PyObject *)&PyBaseObject_Type)) == NULL)
        return NULL;
    if (runtime_keyed_type() == NULL)
        return NULL;
    runtime_keyed_t *keyed = (runtime_keyed_t *)keyed_type.tp_alloc(&keyed_type, 0);
    if (keyed == NULL)
        return NULL;
    if (backend != NULL)
        keyed->backend = *backend;
    keyed->limit = RUNTIME_STATE_OBJECTS;
    keyed->mask = 255;
    if ((keyed->table = PyMem_Calloc(keyed->mask + 1, sizeof *keyed->table)) == NULL) {
        Py_DECREF(keyed);
        return (runtime_keyed_t *)PyErr_NoMemory();
    }
    return keyed;
}

static int no_key(const runtime_keyed_t *keyed) {
    if (keyed->broadcast) {
        PyErr_SetString(PyExc_RuntimeError,
                        "broadcast state can only be used while a record or a timer is processed, "
                        "not in open(), in close() or later");
        return -1;
    }
    PyErr_SetString(
        PyExc_RuntimeError,
        "there is no current key: state and the key can only be used while a function of a keyed "
        "stream processes a record or a timer, not in open(), in close() or later, nor for a "
        "record of a broadcast stream, where apply_to_keyed_state() reaches the states of all "
        "keys");
    return -1;
}

void runtime_keyed_enter(runtime_keyed_t *keyed) {
    keyed->thread = PyThread_get_thread_ident();
}

int runtime_keyed_wrong_thread(runtime_keyed_t *keyed) {
    if (keyed->key == NULL)
        return no_key(keyed);
    PyErr_SetString(PyExc_RuntimeError,
                    "state can only be used by the thread that processes the records of its "
                    "operator, while the job runs");
    return -1;
}

void runtime_keyed_detach(runtime_keyed_t *keyed) {
    runtime_keyed_set(keyed, NULL, 0);
    keyed->key_type = NULL;
    memset(&keyed->backend, 0, sizeof keyed->backend);
    keyed->thread = 0;
    /* Values may refer to what refers to a state. */
    for (size_t i = 0; i < keyed->count; i++)
        if (keyed->entries[i].key != NULL)
            free_entry(keyed, &keyed->entries[i]);
    keyed->count = keyed->freed_count = 0;
    memset(keyed->table, 0, (keyed->mask + 1) * sizeof *keyed->table);
}

int runtime_keyed_add(runtime_keyed_t *keyed, const runtime_state_t *spec) {
    runtime_state_t *states =
        PyMem_Realloc(keyed->states, (size_t)(keyed->state_count + 1) * sizeof *states);
    if (states == NULL) {
        runtime_state_t copy = *spec;
        free_state(&copy);
        PyErr_NoMemory();
        return -1;
    }
    keyed->states = states;
    states[keyed->state_count] = *spec;
    return keyed->state_count++;
}

PyObject *runtime_keyed_key(runtime_keyed_t *keyed) {
    if (keyed->entry == NULL && runtime_keyed_find(keyed) < 0)
        return NULL;
    runtime_entry_t *entry = keyed->entry;
    if (entry->key_object == NULL) {
        runtime_input_t in = {keyed->key, keyed->key + keyed->key_length};
        entry->key_object =
            keyed->key_length == 0 ? Py_NewRef(Py_None) : runtime_decode(&in, keyed->key_type);
    }
    Py_XINCREF(entry->key_object);
    return entry->key_object;
}

/* ---- the table --------------------------------------------------------------------------- */

static void table_insert(runtime_keyed_t *keyed, size_t index) {
    size_t at = keyed->entries[index].hash & keyed->mask;
    while (keyed->table[at] != 0)
        at = (at + 1) & keyed->mask;
    keyed->table[at] = (uint32_t)index + 1;
}

/* Takes an entry out and moves up those that were pushed behind it. */
static void table_remove(runtime_keyed_t *keyed, size_t index) {
    size_t at = keyed->entries[index].hash & keyed->mask;
    while (keyed->table[at] != index + 1)
        at = (at + 1) & keyed->mask;
    size_t hole = at;
    for (;;) {
        at = (at + 1) & keyed->mask;
        if (keyed->table[at] == 0)
            break;
        size_t home = keyed->entries[keyed->table[at] - 1].hash & keyed->mask;
        if (((at - home) & keyed->mask) >= ((at - hole) & keyed->mask)) {
            keyed->table[hole] = keyed->table[at];
            hole = at;
        }
    }
    keyed->table[hole] = 0;
}

static int grow(runtime_keyed_t *keyed) {
    size_t capacity = keyed->capacity == 0 ? 64 : keyed->capacity * 2;
    if (capacity > INT32_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    runtime_entry_t *entries = PyMem_Realloc(keyed->entries, capacity * sizeof *entries);
    if (entries == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    keyed->entries = entries;
    uint32_t *freed = PyMem_Realloc(keyed->freed, capacity * sizeof *freed);
    if (freed == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    keyed->freed = freed;
    keyed->capacity = capacity;
    if (capacity * 2 <= keyed->mask + 1)
        return 0;
    size_t mask = capacity * 4 - 1;
    uint32_t *table = PyMem_Calloc(mask + 1, sizeof *table);
    if (table == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    PyMem_Free(keyed->table);
    keyed->table = table;
    keyed->mask = mask;
    for (size_t i = 0; i < keyed->count; i++)
        if (keyed->entries[i].key != NULL)
            table_insert(keyed, i);
    return 0;
}

/* ---- making room --------------------------------------------------------------------------- */

static void drop(runtime_keyed_t *keyed, size_t index) {
    table_remove(keyed, index);
    free_entry(keyed, &keyed->entries[index]);
    keyed->freed[keyed->freed_count++] = (uint32_t)index;
}

/* The next key that can give way, or -1. */
static Py_ssize_t next_victim(runtime_keyed_t *keyed) {
    for (size_t looked = 0; looked < 2 * keyed->count; looked++) {
        size_t index = keyed->hand;
        runtime_entry_t *entry = &keyed->entries[index];
        keyed->hand = (keyed->hand + 1) % keyed->count;
        if (entry->key == NULL || entry == keyed->entry)
            continue;
        if (entry->used)
            entry->used = false;
        else
            return (Py_ssize_t)index;
    }
    return -1;
}

/* An entry's changes. Pickling a value may run its class's code: without a current key that cannot
 * use state, which would move what is looked at here. */
static int append_entry(runtime_keyed_t *keyed, runtime_entry_t *entry, runtime_buffer_t *out) {
    const uint8_t *key = keyed->key;
    keyed->key = NULL;
    int result = runtime_entry_append(keyed, entry, out);
    keyed->key = key;
    return result;
}

/* Writes some keys back and drops them. */
static int evict(runtime_keyed_t *keyed) {
    size_t victims[VICTIMS], count = 0, going = 0;
    /* Few when the cache is small: it would be empty half of the time. */
    size_t most = 1 + keyed->limit / 16;
    keyed->scratch.length = 0;
    while (count < VICTIMS && going < most) {
        Py_ssize_t index = next_victim(keyed);
        if (index < 0 || (count > 0 && (size_t)index == victims[0]))
            break;
        runtime_entry_t *entry = &keyed->entries[index];
        if (entry->dirty && append_entry(keyed, entry, &keyed->scratch) < 0)
            return -1;
        entry->used = true; /* so that the hand does not choose it again */
        victims[count++] = (size_t)index;
        going++;
        for (int i = 0; i < entry->slot_count; i++)
            going += entry->slots[i].weight;
    }
    if (keyed->scratch.length > 0 &&
        keyed->backend.apply(keyed->backend.self, keyed->scratch.data, keyed->scratch.length) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (keyed->entries[victims[i]].key != NULL)
            drop(keyed, victims[i]);
    return 0;
}

void runtime_keyed_forget(runtime_keyed_t *keyed) {
    runtime_entry_t *entry = keyed->entry;
    if (entry == NULL)
        return;
    for (int i = 0; i < entry->slot_count; i++)
        if (entry->slots[i].value != NULL || entry->slots[i].flags & RUNTIME_SLOT_DIRTY)
            return;
    keyed->entry = NULL;
    drop(keyed, (size_t)(entry - keyed->entries));
}

void runtime_keyed_forget_all(runtime_keyed_t *keyed) {
    keyed->entry = NULL;
    for (size_t i = 0; i < keyed->count; i++)
        if (keyed->entries[i].key != NULL)
            drop(keyed, i);
}

static int make_room(runtime_keyed_t *keyed) {
    if (keyed->one_key) {
        runtime_keyed_forget_all(keyed);
    } else if (keyed->weight >= keyed->limit && keyed->backend.apply != NULL) {
        return evict(keyed);
    }
    return 0;
}

static int take_entry(runtime_keyed_t *keyed, size_t *index) {
    if (make_room(keyed) < 0)
        return -1;
    if (keyed->freed_count > 0) {
        *index = keyed->freed[--keyed->freed_count];
    } else {
        if (keyed->count == keyed->capacity && grow(keyed) < 0)
            return -1;
        *index = keyed->count++;
    }
    memset(&keyed->entries[*index], 0, sizeof *keyed->entries);
    return 0;
}

/* ---- finding ------------------------------------------------------------------------------- */

int runtime_keyed_widen(runtime_keyed_t *keyed) {
    runtime_entry_t *entry = keyed->entry;
    size_t have = (size_t)entry->slot_count, want = (size_t)keyed->state_count;
    if (want <= have)
        return 0;
    runtime_slot_t *slots = PyMem_Realloc(entry->slots, want * sizeof *slots);
    if (slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(slots + have, 0, (want - have) * sizeof *slots);
    entry->slots = slots;
    entry->slot_count = (int)want;
    return 0;
}

static int add(runtime_keyed_t *keyed, uint64_t hash) {
    size_t index;
    uint8_t *key = PyMem_Malloc(keyed->key_length ? keyed->key_length : 1);
    if (key == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(key, keyed->key, keyed->key_length);
    if (take_entry(keyed, &index) < 0) {
        PyMem_Free(key);
        return -1;
    }
    runtime_entry_t *entry = &keyed->entries[index];
    entry->hash = hash;
    entry->key = key;
    entry->length = (uint32_t)keyed->key_length;
    entry->used = true;
    keyed->weight++;
    table_insert(keyed, index);
    keyed->entry = entry;
    if (runtime_keyed_widen(keyed) == 0)
        return 0;
    keyed->entry = NULL;
    drop(keyed, index);
    return -1;
}

int runtime_keyed_find(runtime_keyed_t *keyed) {
    const uint8_t *key = keyed->key;
    size_t length = keyed->key_length;
    if (key == NULL)
        return no_key(keyed);
    uint64_t hash = hash_bytes(key, length);
    for (size_t at = hash & keyed->mask; keyed->table[at] != 0; at = (at + 1) & keyed->mask) {
        runtime_entry_t *entry = &keyed->entries[keyed->table[at] - 1];
        if (entry->hash == hash && entry->length == length &&
            memcmp(entry->key, key, length) == 0) {
            entry->used = true;
            keyed->entry = entry;
            return 0;
        }
    }
    return add(keyed, hash);
}

int runtime_keyed_flush(runtime_keyed_t *keyed, runtime_buffer_t *out, size_t limit) {
    for (; keyed->flushed < keyed->count; keyed->flushed++) {
        runtime_entry_t *entry = &keyed->entries[keyed->flushed];
        if (entry->key == NULL || !entry->dirty)
            continue;
        if (out->length >= limit)
            return 1;
        if (append_entry(keyed, entry, out) < 0) {
            keyed->flushed = 0;
            return -1;
        }
        runtime_entry_clean(keyed, entry);
    }
    keyed->flushed = 0;
    return 0;
}

int runtime_keyed_write_all(runtime_keyed_t *keyed) {
    int more = keyed->backend.apply != NULL;
    while (more > 0) {
        keyed->scratch.length = 0;
        more = runtime_keyed_flush(keyed, &keyed->scratch, 65536);
        if (more >= 0 && keyed->scratch.length > 0 &&
            keyed->backend.apply(keyed->backend.self, keyed->scratch.data, keyed->scratch.length) <
                0)
            return -1;
    }
    return more;
}
