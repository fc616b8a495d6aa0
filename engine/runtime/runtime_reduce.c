/* runtime_reduce.c - the first step of a chain that folds the values of a key into one.
 *
 * Cost of one record besides the call: in streaming mode what the state cache costs (a look-up of
 * the key, which the caller has done, and one pointer), in batch mode one comparison of keys. */
#include "runtime/runtime_reduce.h"
#include "runtime/runtime_call.h"

/* Sends the finished result of a key in batch mode on its way. 1, or 0 when there is none. */
int runtime_reduce_take(runtime_chain_t *chain, runtime_travel_t *travel) {
    if (chain->batch_result == NULL)
        return 0;
    travel->value = chain->batch_result;
    travel->record = NULL;
    chain->batch_result = NULL;
    travel->has_timestamp = chain->batch_has_timestamp;
    travel->timestamp = chain->batch_timestamp;
    travel->step = 1;
    return 1;
}

/* The result so far and the new value become the new result. Consumes value; NULL with an error. */
static PyObject *reduce(runtime_chain_t *chain, PyObject *so_far, PyObject *value) {
    if (so_far == NULL)
        return value;
    PyObject *result = runtime_call_two(chain->steps[0].function, so_far, value);
    if (result == NULL) {
        runtime_chain_fail(chain, 0, value, "call");
    } else if (chain->steps[0].type != NULL &&
               runtime_chain_check(chain, chain->steps[0].type, 0, value, result) < 0) {
        Py_CLEAR(result);
    }
    Py_DECREF(value);
    return result;
}

/* The cache has the result so far. Turns travel->value into the new result; consumes it on error.
 */
int runtime_reduce_streaming(runtime_chain_t *chain, runtime_travel_t *travel) {
    runtime_keyed_t *keyed = chain->keyed;
    int state = chain->reduce_state;
    runtime_slot_t *slot = runtime_keyed_slot(keyed, state);
    if (slot == NULL ||
        (!(slot->flags & RUNTIME_SLOT_LOADED) && runtime_slot_load(keyed, state, slot) < 0)) {
        runtime_chain_fail(chain, 0, travel->value, "state");
        Py_DECREF(travel->value);
        return -1;
    }
    travel->record = Py_NewRef(travel->value);
    if ((travel->value = reduce(chain, slot->value, travel->value)) == NULL) {
        Py_DECREF(travel->record);
        return -1;
    }
    /* The call may have added other states, which moves the slots, but not changed the key. */
    slot = &keyed->entry->slots[state];
    Py_XSETREF(slot->value, Py_NewRef(travel->value));
    slot->flags |= RUNTIME_SLOT_DIRTY;
    keyed->entry->dirty = true;
    return 1;
}

/* Keys come one after the other: a result is finished when another key comes. */
int runtime_reduce_sorted(runtime_chain_t *chain, runtime_travel_t *travel,
                          const runtime_record_key_t *key) {
    PyObject *value = travel->value;
    bool has_timestamp = travel->has_timestamp;
    int64_t timestamp = travel->timestamp;
    bool same = chain->batch_result != NULL && chain->batch_key.length == key->length &&
                memcmp(chain->batch_key.data, key->bytes, key->length) == 0;
    int ready = 0;
    if (!same) {
        chain->batch_key.length = 0;
        if (runtime_reserve(&chain->batch_key, key->length + 1) < 0) {
            Py_DECREF(value);
            return -1;
        }
        memcpy(chain->batch_key.data, key->bytes, key->length);
        chain->batch_key.length = key->length;
        ready = runtime_reduce_take(chain, travel);
    }
    PyObject *result = reduce(chain, chain->batch_result, value);
    if (result == NULL) {
        if (ready)
            Py_DECREF(travel->value);
        return -1;
    }
    Py_XSETREF(chain->batch_result, result);
    chain->batch_has_timestamp = has_timestamp;
    chain->batch_timestamp = timestamp;
    return ready;
}
