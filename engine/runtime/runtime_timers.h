/* runtime_timers.h - timers of a keyed operator, and the current times, as Python sees them.
 *
 * Flink's timer service in Java holds the timers. Registering and deleting one appends a command to
 * the chain's output, which Java applies in order with the records that it emits:
 *   u8 RUNTIME_CONTROL | command, i64 timestamp, u32 key length, key
 * Timers that fire come in the input, each as
 *   u8 RUNTIME_CONTROL | RUNTIME_FIRED | domain, i64 timestamp, u32 key length, key
 * and what the times are stands before the first record that they hold for:
 *   u8 RUNTIME_CONTROL, i64 watermark, i64 processing time or the smallest i64 for the real clock
 *
 * Java takes many timers out of its service before they run here. So that this cannot be noticed, a
 * timer of the batch that on_timer deletes does not fire any more, one that it registers again is
 * still one, and when it registers one that is due before the next of the batch, the rest of the
 * batch goes back to Java (RUNTIME_RETURN), which begins anew with the smallest.
 *
 * Ownership: the timer service is a Python object, because functions may keep it; it is cut off
 * from its chain when that is freed. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_TIMERS_H
#define PYFLINK_SHELL_RUNTIME_TIMERS_H

#include "runtime/runtime_state.h"

/* Flags of what is no record. */
#define RUNTIME_CONTROL 0x80u
#define RUNTIME_FIRED 0x40u
#define RUNTIME_FIRED_DELETED 0x02u
#define RUNTIME_WINDOW 0x20u /* see runtime_window.h */

typedef enum { RUNTIME_EVENT_TIME = 0, RUNTIME_PROCESSING_TIME = 1 } runtime_domain_t;

/* Commands; the domain is added. */
enum { RUNTIME_REGISTER = 2, RUNTIME_DELETE = 4, RUNTIME_RETURN = 6 };

typedef struct {
    PyObject_HEAD runtime_keyed_t *keyed; /* strong; NULL: the stream has no keys */
    runtime_buffer_t *output;             /* the chain's, borrowed; NULL after its end */
    int64_t watermark;
    int64_t processing_time; /* INT64_MIN: the real clock */
    /* The timers of the batch. */
    uint8_t *input; /* the chain's, borrowed; NULL: no timer was met in this batch */
    size_t next, end;
    runtime_domain_t domain; /* of those timers: a batch has one */
    int64_t largest, lowest; /* timestamp in the batch; registered meanwhile */
    const uint8_t *key;      /* of the timer that fires, as Java wrote it */
    size_t key_length;
    uint32_t *index; /* places in input + 1 by hash, or NULL: not made for this batch */
    size_t mask;
    runtime_buffer_t canonical; /* the current key, where Java writes keys in another form */
} runtime_timers_t;

/* keyed may be NULL. NULL with an error. */
runtime_timers_t *runtime_timers_new(runtime_keyed_t *keyed, runtime_buffer_t *output);

/* Cuts it off from its chain. */
void runtime_timers_detach(runtime_timers_t *timers);

/* A new batch begins. */
void runtime_timers_begin(runtime_timers_t *timers);

/* What a fired timer is. */
typedef struct {
    int64_t timestamp;
    runtime_domain_t domain;
} runtime_timer_t;

/* Takes what stands at input[*next, end), which begins with RUNTIME_CONTROL. 1: timer fires now and
 * its key is the current one, 0: there is nothing to do, -1: error. *next is what comes then. */
int runtime_timers_take(runtime_timers_t *timers, uint8_t *input, size_t *next, size_t end,
                        runtime_timer_t *timer);

/* Makes a key that Java wrote what keyed has for it: in another form, it is written to buffer, with
 * the bytes behind it. 0, or -1 with an error. */
int runtime_key_from_java(runtime_keyed_t *keyed, runtime_buffer_t *buffer, const uint8_t **key,
                          size_t *length);
/* Makes a key in the form in which Java writes keys the current one. The bytes must stay where they
 * are until the next call. 0, or -1 with an error. */
int runtime_timers_set_key(runtime_timers_t *timers, const uint8_t *key, size_t length);

/* ---- the ctx arguments: runtime_context.c ---------------------------------------------------- */

typedef enum {
    RUNTIME_PROCESS_CONTEXT,
    RUNTIME_KEYED_CONTEXT,
    RUNTIME_ON_TIMER_CONTEXT,
} runtime_context_kind_t;

/* What all of them begin with. */
typedef struct {
    PyObject_HEAD int64_t timestamp;
    bool has_timestamp;
    runtime_domain_t domain;
    runtime_timers_t *timers; /* strong, or NULL */
} runtime_context_t;

/* The type of a kind, made ready; borrowed. NULL with an error. */
PyTypeObject *runtime_context_type(runtime_context_kind_t kind);

/* The ctx argument of process functions; timers may be NULL. NULL with an error. */
PyObject *runtime_context_new(runtime_context_kind_t kind, runtime_timers_t *timers);

/* Gives it the current record's timestamp. */
void runtime_context_set(PyObject *context, bool has_timestamp, int64_t timestamp);

/* Gives an on_timer context the timer's domain. */
void runtime_context_set_domain(PyObject *context, runtime_domain_t domain);

int runtime_context_init_module(PyObject *module);
int runtime_timers_init_module(PyObject *module);

#endif
