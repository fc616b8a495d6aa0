/* runtime_state.h - a cache of Python objects, one for each key, over Flink's state backend.
 *
 * The backend holds bytes: u8 present, then the value in the state's type. The cache holds objects
 * and writes back what changed when an entry has to make room and when runtime_state_flush is
 * called. Ownership: a state owns its entries; the type is borrowed. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_STATE_H
#define PYFLINK_SHELL_RUNTIME_STATE_H

#include "runtime/runtime_codec.h"

/* Where values go that the cache does not hold. The functions run with the GIL and may release it;
 * they return 0, or -1 with a Python error. */
typedef struct {
    void *self;
    /* Appends the bytes of a key's value to value; *found false: there is none. */
    int (*get)(void *self, const uint8_t *key, size_t length, runtime_buffer_t *value, bool *found);
    int (*put)(void *self, const uint8_t *key, size_t length, const uint8_t *value, size_t size);
} runtime_backend_t;

typedef struct runtime_state runtime_state_t;

/* Entries that a cache over a backend holds at most unless told otherwise. */
#define RUNTIME_STATE_ENTRIES 65536

/* backend->get NULL: there is none, and the cache keeps everything. NULL with an error. */
runtime_state_t *runtime_state_new(const runtime_type_t *type, const runtime_backend_t *backend);
void runtime_state_free(runtime_state_t *state);

/* Changes the number of entries; at least 1. Takes effect as entries are added. */
void runtime_state_limit(runtime_state_t *state, size_t entries);

/* The place of a key's value, loaded from the backend when needed: NULL inside when the key has
 * none. Valid until the next call. NULL with an error. */
PyObject **runtime_state_find(runtime_state_t *state, const uint8_t *key, size_t length);

/* The value at the place that was found last has changed. */
void runtime_state_touch(runtime_state_t *state);

/* Appends (u32 keyLen, u32 valueLen, key, value) for entries that changed since they were last
 * written, until out holds limit bytes. 1: there are more; 0: all done; -1 with an error. */
int runtime_state_flush(runtime_state_t *state, runtime_buffer_t *out, size_t limit);

#endif
