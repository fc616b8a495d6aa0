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

/* Whether a result of a step that routes goes to a side output: a tuple that begins with a tag. */
static inline bool runtime_is_tagged(const runtime_chain_t *chain, PyObject *value) {
    if (!PyTuple_Check(value) || PyTuple_GET_SIZE(value) == 0)
        return false;
    PyObject *tag = PyTuple_GET_ITEM(value, 0);
    /* Values are seldom of a class that Python code defined: one look at a flag ends it. */
    return (Py_TYPE(tag)->tp_flags & Py_TPFLAGS_HEAPTYPE) &&
           PyObject_TypeCheck(tag, chain->tag_type);
}

/* Appends the value of a tagged result of travel->step to its side output, or drops it when nobody
 * reads that one. 0, or -1: the chain has failed. */
int runtime_emit_side(runtime_chain_t *chain, const runtime_travel_t *travel, PyObject *tagged,
                      PyObject *record);

/* Sends the items of what a step returned on to the next step. Steals items; borrows the rest. 0,
 * or -1: the chain has failed. */
int runtime_chain_push(runtime_chain_t *chain, const runtime_travel_t *travel, PyObject *items);

/* Handles what stands in the input in a record's place: times and timers that fire. 0, or -1: the
 * chain has failed. */
int runtime_chain_control(runtime_chain_t *chain);

/* Whether a value fits without a closer look: what most results are. */
static inline bool runtime_fits_plainly(const runtime_type_t *type, PyObject *value) {
    switch (type->kind) {
    case RUNTIME_LONG:
    case RUNTIME_INT: /* one digit has 30 bits */
#if PY_VERSION_HEX >= 0x030C0000
        return PyLong_CheckExact(value) && PyUnstable_Long_IsCompact((PyLongObject *)value);
#else
        return PyLong_CheckExact(value) && Py_SIZE(value) >= -1 && Py_SIZE(value) <= 1;
#endif
    case RUNTIME_STRING: /* no surrogates */
        return PyUnicode_CheckExact(value) && PyUnicode_IS_COMPACT_ASCII(value);
    case RUNTIME_DOUBLE:
        return PyFloat_CheckExact(value);
    default:
        return false;
    }
}

/* A declared type between two fused steps is only checked: 0, or -1: what step made of record does
 * not fit type, and the chain has failed. */
int runtime_chain_check_closely(runtime_chain_t *chain, const runtime_type_t *type, int step,
                                PyObject *record, PyObject *value);

static inline int runtime_chain_check(runtime_chain_t *chain, const runtime_type_t *type, int step,
                                      PyObject *record, PyObject *value) {
    if (__builtin_expect(runtime_fits_plainly(type, value), 1))
        return 0;
    return runtime_chain_check_closely(chain, type, step, record, value);
}

/* Makes an error of the encoder the chain's: what step made of record did not fit type. Always
 * -1. */
int runtime_encode_failed(runtime_chain_t *chain, runtime_encoder_t *encoder,
                          const runtime_type_t *type, int step, PyObject *record);

#endif
