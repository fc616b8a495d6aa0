/* runtime_chain.h - the Python functions of a fused operator, run over batches of records.
 *
 * A chain is opened, run and closed by one thread. Records enter as bytes in its input buffer,
 * pass from function to function as Python objects, and leave as bytes in its output buffer. When
 * the output buffer is full, running stops in the middle of whatever the functions were yielding,
 * so that Java can emit without the GIL, and goes on from there at the next call.
 *
 * Ownership: the chain owns its types, functions, buffers and state. Everything here needs the
 * GIL. Errors are Python errors; runtime_chain_t.failed then says where it happened. */
#ifndef PYFLINK_SHELL_RUNTIME_CHAIN_H
#define PYFLINK_SHELL_RUNTIME_CHAIN_H

#include "runtime/runtime_codec.h"
#include "runtime/runtime_timers.h"

typedef enum {
    RUNTIME_MAP_STEP = 1,
    RUNTIME_FLAT_MAP_STEP = 2,
    RUNTIME_FILTER_STEP = 3,
    RUNTIME_KEY_BY_STEP = 4, /* last; its output is key and value */
    RUNTIME_VALUES_STEP = 5, /* first, after an exchange by key: passes the value on */
    RUNTIME_PROCESS_STEP = 6,
    RUNTIME_REDUCE_STEP = 7, /* first, after an exchange by key, or over the whole stream */
    RUNTIME_ASSIGN_TIMESTAMPS_STEP = 8,
    /* First, of a chain with two inputs; a result of None is no record. */
    RUNTIME_CO_MAP_STEP = 10,
    RUNTIME_CO_FLAT_MAP_STEP = 11,
    RUNTIME_CO_PROCESS_STEP = 12,
    RUNTIME_BROADCAST_STEP = 13,     /* all instances get the second input whole */
    RUNTIME_INTERVAL_JOIN_STEP = 14, /* pairs of keyed records, found by Flink's operator */
    RUNTIME_PARTITION_STEP = 16,     /* last; its output is the partition's number and the value */
    RUNTIME_KEYED_PROCESS_STEP = 17, /* first, after an exchange by key */
    RUNTIME_WINDOW_STEP = 20,        /* the same; driven by Flink's window operator */
    RUNTIME_PYTHON_WINDOW_STEP = 21, /* the same; the window operator is Python's */
    RUNTIME_WATERMARKS_STEP = 40,    /* last; see runtime_watermarks.h */
} runtime_step_kind_t;

#define RUNTIME_LAST_STEP_KIND RUNTIME_WATERMARKS_STEP

/* Whether a step keeps windows. */
static inline bool runtime_is_window_step(runtime_step_kind_t kind) {
    return kind == RUNTIME_WINDOW_STEP || kind == RUNTIME_PYTHON_WINDOW_STEP;
}

/* Whether a step takes the records of two inputs. */
static inline bool runtime_is_co_step(runtime_step_kind_t kind) {
    return kind >= RUNTIME_CO_MAP_STEP && kind <= RUNTIME_INTERVAL_JOIN_STEP;
}

typedef enum { RUNTIME_TYPED = 0, RUNTIME_ENCODED = 1 } runtime_mode_t;

typedef struct {
    runtime_step_kind_t kind;
    char *name;         /* of the operator, UTF-8 */
    PyObject *function; /* what is called for each record; NULL for VALUES */
    /* CO_…, BROADCAST: what is called for the records of the second input; PARTITION: called with
     * the key and the number of partitions; INTERVAL_JOIN: a tuple of the tags of late records, or
     * None, by input; WATERMARKS: on_periodic_emit */
    PyObject *second;
    PyObject *close; /* called once at the end, or NULL */
    /* PROCESS, CO_PROCESS, KEYED_PROCESS, BROADCAST, INTERVAL_JOIN: the ctx argument; WATERMARKS:
     * the output argument */
    PyObject *context;
    PyObject *second_context; /* BROADCAST: that of the second input */
    PyObject *on_timer; /* CO_PROCESS, KEYED_PROCESS, BROADCAST: called for each timer, or NULL */
    PyObject *timer_context;
    runtime_type_t *type; /* declared output type, checked before the next step, or NULL */
    bool routes;          /* results that are (OutputTag, value) go to side outputs */
} runtime_chain_step_t;

/* How the records at one end look. In mode TYPED a keyed record is a ROW of key and value, and type
 * is that ROW's. */
typedef struct {
    runtime_mode_t mode;
    runtime_type_t *type;
    runtime_type_t *key; /* NULL: not keyed */
} runtime_end_t;

/* A side output of one step that somebody reads. */
typedef struct {
    int step;
    PyObject *id;   /* str: the tag's name */
    PyObject *seen; /* the OutputTag object that was found to have this name last, or NULL */
    runtime_end_t out;
} runtime_side_t;

/* An iterable that a step such as FLAT_MAP or PROCESS returned and that is not exhausted. */
typedef struct {
    PyObject *items;  /* list, tuple or iterator */
    Py_ssize_t index; /* of the next item of a list or tuple; -1: an iterator */
    PyObject *record; /* what entered the step, for errors */
    int64_t timestamp;
    bool has_timestamp;
    int step; /* that made it */
} runtime_frame_t;

typedef struct runtime_windows runtime_windows_t; /* runtime_window.h */

typedef struct {
    runtime_chain_step_t *steps;
    int step_count;
    runtime_end_t in[2]; /* the second one is used when the first step is CO_… */
    runtime_end_t out;
    int origin;            /* index of the input whose record is on its way */
    runtime_side_t *sides; /* their index stands in the records */
    int side_count;
    PyTypeObject *tag_type; /* OutputTag; NULL when no step routes */
    PyObject *untaken;      /* a test's list of what is tagged and nobody reads, or NULL */
    /* Declared type of what the step before a last KEY_BY makes, when that is the KEY_BY's value:
     * encoding it is check enough. NULL: none. */
    runtime_type_t *late_type;
    /* Input; the bytes before input_next are consumed. */
    uint8_t *input;
    size_t input_capacity, input_next, input_end;
    runtime_buffer_t output;
    size_t output_limit; /* running stops when the output holds so many bytes */
    runtime_buffer_t scratch;
    runtime_frame_t *frames;
    int depth;
    runtime_keyed_t *keyed;     /* the current key and its state; NULL: the input is not keyed */
    runtime_keyed_t *broadcast; /* the broadcast state of a BROADCAST, or NULL */
    PyObject *broadcast_states; /* what registers it: BroadcastStates of pyflink._engine.states */
    runtime_timers_t *timers;   /* of a first step that can register timers, or NULL */
    runtime_timers_t *times;    /* of other process functions: the same times, no timers; or NULL */
    runtime_windows_t *windows; /* of a first step that keeps windows, or NULL */
    int reduce_state;           /* index of a REDUCE's state in keyed */
    bool batch_mode; /* REDUCE: input is sorted by key, emit the last result of each key */
    /* The current key of a REDUCE in batch mode. */
    runtime_buffer_t batch_key;
    PyObject *batch_result;
    int64_t batch_timestamp;
    bool batch_has_timestamp;
    /* Where a Python error happened. */
    struct {
        int step;         /* -1: outside of the functions */
        int input;        /* whose record it was, 1 or 2; 0: there is only one */
        PyObject *record; /* strong, or NULL */
        const char *what;
    } failed;
    int subtask, parallelism;
    PyObject *partitions; /* PARTITION: how many there are, an int */
    Py_ssize_t partition_count;
} runtime_chain_t;

typedef enum { RUNTIME_ERROR = -1, RUNTIME_DONE = 0, RUNTIME_MORE = 1 } runtime_outcome_t;

/* A chain with room for step_count steps, which the caller fills, together with the ends; then it
 * calls runtime_chain_ready. NULL with an error. */
runtime_chain_t *runtime_chain_new(int step_count, size_t buffer_bytes);

/* Checks what the caller filled in. 0, or -1 with an error. */
int runtime_chain_ready(runtime_chain_t *chain);

/* Tells a chain that ends with PARTITION how many partitions there are. 0, or -1 with an error. */
int runtime_chain_partitions(runtime_chain_t *chain, Py_ssize_t count);

/* Adds a side output of a step: what the step tags with id leaves the chain in the given form.
 * Takes over type; id is borrowed. 0, or -1 with an error. */
int runtime_chain_add_side(runtime_chain_t *chain, int step, PyObject *id, runtime_mode_t mode,
                           runtime_type_t *type);

/* Gives the input buffer room for at least so many bytes. 0, or -1 with an error. */
int runtime_chain_grow_input(runtime_chain_t *chain, size_t capacity);

/* Handles the input's bytes [0, length), or goes on when it is 0. The output begins anew. */
runtime_outcome_t runtime_chain_run(runtime_chain_t *chain, size_t length);

/* Forgets the input that a failed run left and ends what was suspended: a test goes on after it. */
void runtime_chain_drop_rest(runtime_chain_t *chain);

/* The input has ended: emits what a REDUCE in batch mode still holds. */
runtime_outcome_t runtime_chain_end_input(runtime_chain_t *chain);

/* Writes state entries that the backend does not have yet to the output. */
runtime_outcome_t runtime_chain_flush_state(runtime_chain_t *chain);

/* Calls the close functions of the steps, all of them; the first error stays set. */
int runtime_chain_close(runtime_chain_t *chain);

/* Frees a chain; NULL is allowed. */
void runtime_chain_free(runtime_chain_t *chain);

/* Notes where the error that is set happened; record may be NULL. Always RUNTIME_ERROR. A request
 * to exit that a function raised (SystemExit and the like) becomes a RuntimeError: it ends the
 * job, not the process. */
runtime_outcome_t runtime_chain_fail(runtime_chain_t *chain, int step, PyObject *record,
                                     const char *what);

/* Gives a chain whose input is keyed its context over a backend, which may be NULL, with a cache of
 * limit objects, 0 for the default; a REDUCE gets its state there. Called before functions are
 * opened. 0, or -1 with an error. */
int runtime_chain_use_keys(runtime_chain_t *chain, const runtime_backend_t *backend, size_t limit);

/* Gives process functions their ctx arguments and the timer service. 0, or -1 with an error. */
int runtime_chain_make_contexts(runtime_chain_t *chain);

/* What drives a chain from Python, without a JVM, for tests and profiling. */
int runtime_probe_init_module(PyObject *module);

#endif
