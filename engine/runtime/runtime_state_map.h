/* runtime_state_map.h - what the MapState of user functions and its iterators share. Everything
 * needs the GIL; an object is a MapState. */
#ifndef PYFLINK_SHELL_RUNTIME_STATE_MAP_H
#define PYFLINK_SHELL_RUNTIME_STATE_MAP_H

#include "runtime/runtime_state.h"

/* What is iterated over. */
typedef enum { RUNTIME_MAP_KEYS, RUNTIME_MAP_VALUES, RUNTIME_MAP_ITEMS } runtime_map_part_t;

static inline runtime_state_object_t *runtime_map_self(PyObject *object) {
    return (runtime_state_object_t *)object;
}

static inline runtime_state_t *runtime_map_spec(PyObject *object) {
    return &runtime_map_self(object)->keyed->states[runtime_map_self(object)->state];
}

/* Whether values that were read may be kept. */
static inline bool runtime_map_keeps(PyObject *object) {
    return runtime_map_spec(object)->kept || runtime_map_self(object)->keyed->backend.apply == NULL;
}

/* Whether an iterator of the current record is open. */
static inline bool runtime_map_iterating(const runtime_keyed_t *keyed, const runtime_slot_t *slot) {
    return slot->iterators > 0 && slot->iterating == keyed->record;
}

static inline Py_ssize_t runtime_map_size(PyObject *dict) {
    return dict == NULL ? 0 : PyDict_GET_SIZE(dict);
}

/* Borrowed; NULL also with an error. */
static inline PyObject *runtime_map_look_up(PyObject *dict, PyObject *key) {
    return dict == NULL ? NULL : PyDict_GetItemWithError(dict, key);
}

/* The canonical bytes of a map key; a new reference. NULL with an error. */
PyObject *runtime_map_encode_key(PyObject *object, PyObject *key);

/* An iterator over the current key's map. NULL with an error. */
PyObject *runtime_map_iterate(PyObject *object, runtime_map_part_t part);

/* The type of the iterators, made ready. NULL with an error. */
PyTypeObject *runtime_map_iterator_type(void);

#endif
