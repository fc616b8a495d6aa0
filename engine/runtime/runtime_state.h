/* runtime_state.h - keyed state: a write-back cache of Python objects over Flink's state backend.
 *
 * A keyed context knows the key of the record that is being processed and holds, for the keys that
 * were used last, one slot for each state. Slots are filled from the backend when they are read and
 * written back when their key makes room for others and when the operator flushes them. State with
 * a time to live is never kept: each access goes to the backend, which knows what has expired.
 *
 * Changes travel as frames, one for each key: u32 bytes that follow, u32 key length, key, then
 * for each change u8 kind, u32 number of the state, u32 length, and so many bytes:
 *   RUNTIME_CLEAR    nothing: forget what the key has
 *   RUNTIME_WRITE    the value
 *   RUNTIME_APPEND   elements of a list, each u32 length and bytes
 *   RUNTIME_PUT      entries of a map, each u32 key length, u32 value length, key, value; a value
 *                    length of 0xffffffff removes the key
 *
 * Ownership: the context is a Python object; the state objects that user functions hold keep it
 * alive, so that using one after the job is an error and no crash. It owns its slots and what the
 * states are described by. Slots are borrowed and valid until the current key changes. Everything
 * needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_STATE_H
#define PYFLINK_SHELL_RUNTIME_STATE_H

#include "runtime/runtime_codec.h"

typedef enum {
    RUNTIME_VALUE_STATE = 1, /* also what reducing and aggregating states keep */
    RUNTIME_LIST_STATE = 2,
    RUNTIME_MAP_STATE = 3,
} runtime_state_kind_t;

enum { RUNTIME_CLEAR = 1, RUNTIME_WRITE = 2, RUNTIME_APPEND = 3, RUNTIME_PUT = 4 };

#define RUNTIME_REMOVED UINT32_MAX

/* What the backend can be asked about a state of a key. */
typedef enum {
    RUNTIME_READ = 1,       /* the value, or a list's elements as in APPEND */
    RUNTIME_READ_ENTRY = 2, /* the value of the map key that is the argument */
    RUNTIME_HAS_ENTRIES = 3,
    RUNTIME_ITERATE = 4, /* u32 number of an iterator, 0 when it is at its end; entries as in PUT */
    RUNTIME_NEXT = 5,    /* the same; the argument is the number */
    RUNTIME_KEYS = 6,    /* some of the keys that have a state, each u32 length and bytes as timers
                          * have them; no argument: from the beginning. Nothing: those were all */
} runtime_question_t;

/* Where state is kept. The functions run with the GIL and may release it; they return 0, or -1
 * with a Python error. No functions: the cache is all there is, and nothing is ever evicted. */
typedef struct {
    void *self;
    /* Appends the answer; *found false: there is none. */
    int (*ask)(void *self, runtime_question_t question, int state, const uint8_t *key,
               size_t key_length, const uint8_t *argument, size_t length, runtime_buffer_t *answer,
               bool *found);
    /* Applies frames of changes. */
    int (*apply)(void *self, const uint8_t *changes, size_t length);
} runtime_backend_t;

/* A state as the function registered it. */
typedef struct {
    runtime_state_kind_t kind;
    int number;               /* that the backend knows it by */
    char *name;               /* UTF-8, owned */
    runtime_type_t *type;     /* of the value, an element, or a map's value; owned */
    runtime_type_t *key_type; /* of a map's keys; owned */
    bool kept;                /* false: has a time to live */
    bool borrowed;            /* type is somebody else's */
    bool nullable;            /* a value is preceded by u8 present, so that it may be None */
} runtime_state_t;

#define RUNTIME_SLOT_LOADED 1u  /* the cache knows all that the key has */
#define RUNTIME_SLOT_DIRTY 2u   /* the backend does not know all of it */
#define RUNTIME_SLOT_FRESH 8u   /* the backend has nothing */
#define RUNTIME_SLOT_CLEARED 4u /* the backend has to forget what it has, before other changes */

/* The state of one key. */
typedef struct {
    uint8_t flags;
    /* MAP: how many iterators of the record with this number are at work; changes are not written
     * back meanwhile. */
    int iterators;
    uint64_t iterating;
    Py_ssize_t written; /* LIST: so many elements of the value are in the backend */
    /* VALUE: the object, or NULL. LIST: a list of all elements, or when not loaded of those that
     * are not in the backend; NULL for none. MAP: a dict of changes. */
    PyObject *value;
    /* MAP: dicts of what was read; see runtime_state_map.c. VALUE that is not kept: the bytes that
     * value has in the backend, if it has it still. */
    PyObject *read, *older;
    size_t weight; /* objects in it, for the limit */
} runtime_slot_t;

typedef struct {
    uint64_t hash;
    uint8_t *key; /* PyMem_Malloc; NULL: a free entry */
    uint32_t length;
    bool used;  /* since the hand of the clock passed */
    bool dirty; /* one of the slots is */
    int slot_count;
    runtime_slot_t *slots;
    PyObject *key_object; /* the decoded key, or NULL */
} runtime_entry_t;

typedef struct {
    PyObject_HEAD runtime_backend_t backend;
    const runtime_type_t *key_type; /* borrowed from the chain; used while there is a key */
    const uint8_t *key;             /* of the current record; NULL: there is none */
    size_t key_length;
    uint64_t record;        /* goes up with each record or timer */
    unsigned long thread;   /* the one that processes records */
    runtime_entry_t *entry; /* of the current key, or NULL when it was not looked for yet */
    runtime_state_t *states;
    int state_count;
    /* The cache. */
    runtime_entry_t *entries;
    size_t count, capacity; /* entries[0, count) were used so far */
    size_t weight, limit;   /* objects that are kept, and how many may be */
    uint32_t *table;        /* index of an entry + 1, or 0; its size is a power of two */
    size_t mask;
    uint32_t *freed; /* indices of free entries */
    size_t freed_count;
    size_t hand;    /* of the clock */
    size_t flushed; /* entries before it were written by the flush that is under way */
    bool canonical; /* key bytes are in the form of canonical encoding */
    bool broadcast; /* there is one key for all records, and it means nothing */
    bool one_key;   /* keys come one after the other and are forgotten when the next comes */
    runtime_buffer_t scratch, answer;
    runtime_buffer_t chosen; /* the key that a test chose; see runtime_watch.h */
} runtime_keyed_t;

/* Objects that a cache over a backend keeps at most unless told otherwise, as KeyedStates does. */
#define RUNTIME_STATE_OBJECTS 65536

/* What stands for "the map has no such key" in the dicts of a map's slot; immortal. */
extern PyObject *runtime_absent;

/* backend NULL: there is none. NULL with an error. */
runtime_keyed_t *runtime_keyed_new(const runtime_backend_t *backend);

/* The context's type, made ready. NULL with an error. */
PyTypeObject *runtime_keyed_type(void);

/* Cuts the context off from its backend and its key type; its states raise from now on. */
void runtime_keyed_detach(runtime_keyed_t *keyed);

/* Adds a state and takes over what spec owns, also when it fails. Its index, or -1 with an error.
 */
int runtime_keyed_add(runtime_keyed_t *keyed, const runtime_state_t *spec);

/* Makes a key the current one; NULL for none. The bytes must stay where they are until the next
 * call. Nothing is looked up until a state is used. */
static inline void runtime_keyed_set(runtime_keyed_t *keyed, const uint8_t *key, size_t length) {
    keyed->key = key;
    keyed->key_length = length;
    keyed->entry = NULL;
    keyed->record++;
}

/* Drops the current key's entry when there is nothing to write of it. */
void runtime_keyed_forget(runtime_keyed_t *keyed);

/* Drops all entries with what was not written of them. */
void runtime_keyed_forget_all(runtime_keyed_t *keyed);

/* Records are processed by this thread from now on. */
void runtime_keyed_enter(runtime_keyed_t *keyed);

/* Finds or makes the current key's entry. 0, or -1 with an error. */
int runtime_keyed_find(runtime_keyed_t *keyed);

/* Raises: state is used by another thread than the one that processes records, or when there are
 * none. Always -1. */
int runtime_keyed_wrong_thread(runtime_keyed_t *keyed);

/* Makes room in the current entry for states that were added after it was made. */
int runtime_keyed_widen(runtime_keyed_t *keyed);

/* The current key's slot of a state, which may not be loaded. NULL with an error. */
static inline runtime_slot_t *runtime_keyed_slot(runtime_keyed_t *keyed, int state) {
    if (__builtin_expect(keyed->thread != PyThread_get_thread_ident(), 0)) {
        runtime_keyed_wrong_thread(keyed);
        return NULL;
    }
    if (keyed->entry == NULL && runtime_keyed_find(keyed) < 0)
        return NULL;
    if (__builtin_expect(state >= keyed->entry->slot_count, 0) && runtime_keyed_widen(keyed) < 0)
        return NULL;
    return &keyed->entry->slots[state];
}

/* The current key as an object; new reference. NULL with an error. */
PyObject *runtime_keyed_key(runtime_keyed_t *keyed);

/* Appends frames of what changed since it was last written, until out holds limit bytes. 1: there
 * are more; 0: all done; -1 with an error. */
int runtime_keyed_flush(runtime_keyed_t *keyed, runtime_buffer_t *out, size_t limit);

/* Writes all that changed to the backend now. 0, or -1 with an error. */
int runtime_keyed_write_all(runtime_keyed_t *keyed);

/* ---- slots: runtime_state_slot.c ------------------------------------------------------------- */

/* Fills a slot of a VALUE or LIST from the backend. 0, or -1 with an error. */
int runtime_slot_load(runtime_keyed_t *keyed, int state, runtime_slot_t *slot);

/* The current key's slot was changed: notes it, or writes it when it may not be kept. */
int runtime_slot_changed(runtime_keyed_t *keyed, int state, runtime_slot_t *slot);

/* Writes the changes of the current key's slot to the backend now. */
int runtime_slot_write(runtime_keyed_t *keyed, int state, runtime_slot_t *slot);

/* Drops all that a slot holds; what is not written is lost. */
void runtime_slot_empty(runtime_keyed_t *keyed, runtime_slot_t *slot);

/* The key has nothing any more in this state. */
int runtime_slot_clear(runtime_keyed_t *keyed, int state, runtime_slot_t *slot);

/* Notes how many objects a slot holds. */
void runtime_slot_weigh(runtime_keyed_t *keyed, runtime_slot_t *slot, size_t weight);

/* Appends a frame with the changes of an entry. 0, or -1 with an error and out as it was. */
int runtime_entry_append(runtime_keyed_t *keyed, runtime_entry_t *entry, runtime_buffer_t *out);

/* The changes of an entry were written. */
void runtime_entry_clean(runtime_keyed_t *keyed, runtime_entry_t *entry);

/* Asks the backend about the current key; the answer is in keyed->answer. */
int runtime_keyed_ask(runtime_keyed_t *keyed, runtime_question_t question, int state,
                      const uint8_t *argument, size_t length, bool *found);

/* Decodes a value of a state. NULL with an error. */
PyObject *runtime_state_decode(const runtime_state_t *state, const uint8_t *bytes, size_t length);

/* Raises TypeError when value does not fit the type; what: "value", "key". 0 or -1. */
int runtime_state_check(runtime_keyed_t *keyed, int state, const runtime_type_t *type,
                        PyObject *value);

/* Appends value; the error names the state. 0 or -1. */
int runtime_state_encode(const runtime_state_t *state, const runtime_type_t *type, PyObject *value,
                         bool canonical, runtime_buffer_t *out);

/* Adds the types of the objects that user functions get as state to the extension module. */
int runtime_state_init_module(PyObject *module);

/* ---- the objects that user functions get ----------------------------------------------------- */

typedef struct {
    PyObject_HEAD runtime_keyed_t *keyed; /* strong */
    int state;
    /* REDUCING: the function. AGGREGATING: create_accumulator, add, get_result. */
    PyObject *reduce, *create, *add, *result;
} runtime_state_object_t;

/* As add() and get() of a ListState: appends a value; a new list of the elements. */
int runtime_list_append(PyObject *object, PyObject *value);
PyObject *runtime_list_elements(PyObject *object);

/* The slot of the current key that a state object stands for. NULL with an error. */
static inline runtime_slot_t *runtime_slot_of(PyObject *object) {
    runtime_state_object_t *self = (runtime_state_object_t *)object;
    return runtime_keyed_slot(self->keyed, self->state);
}

void runtime_state_object_dealloc(PyObject *self);
PyObject *runtime_state_object_clear(PyObject *self, PyObject *unused);

/* The type of map states, made ready. NULL with an error. */
PyTypeObject *runtime_map_state_type(void);

/* ---- broadcast state: runtime_state_broadcast.c ---------------------------------------------- */

/* Its types, made ready. NULL with an error. */
PyTypeObject *runtime_broadcast_state_type(void);
PyTypeObject *runtime_read_only_state_type(void);

/* The same state for those who may only read it; a new reference. NULL with an error. */
PyObject *runtime_read_only_state(PyObject *module, PyObject *state);

#endif
