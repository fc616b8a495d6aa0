/* runtime_emit.h - writes what leaves a chain. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_EMIT_H
#define PYFLINK_SHELL_RUNTIME_EMIT_H

#include "runtime/runtime_chain.h"

/* The value, the timestamp and the next step of the record that is on its way. */
typedef struct {
    PyObject *value;  /* strong */
    PyObject *record; /* strong: what entered the step that made value; or NULL */
    int64_t timestamp;
    bool has_timestamp;
    int step;
} runtime_travel_t;

/* Appends the value as a record without a key. 0, or -1: the chain has failed. */
int runtime_emit(runtime_chain_t *chain, const runtime_travel_t *travel);

/* Appends a record of key and value. 0, or -1: the chain has failed. */
int runtime_emit_keyed(runtime_chain_t *chain, const runtime_travel_t *travel, PyObject *key);

/* Makes an error of the encoder the chain's: what step made of record did not fit type. Always
 * -1. */
int runtime_encode_failed(runtime_chain_t *chain, runtime_encoder_t *encoder,
                          const runtime_type_t *type, int step, PyObject *record);

#endif
