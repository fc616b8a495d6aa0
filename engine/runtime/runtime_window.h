/* runtime_window.h - what windows hold: contents in Python, told what to do by Flink's window
 * operator.
 *
 * Flink's operator in Java assigns windows, keeps timers and runs triggers. It never sees what a
 * window holds: each of its accesses is a command between the records of the chain's input. Every
 * command begins with u8 RUNTIME_CONTROL | RUNTIME_WINDOW | command; w is u8 length and the bytes
 * of a window:
 *   RUNTIME_WINDOW_ADD     w, record       put the record's value in
 *   RUNTIME_WINDOW_AGAIN   w               put the value that came last in as well
 *   RUNTIME_WINDOW_FIRE    w, w', u8 has timestamp, i64 timestamp, key
 *                                          give the results of what w holds, as those of w'
 *   RUNTIME_WINDOW_CLEAR   w, key          forget what it holds
 *   RUNTIME_WINDOW_END     w, key          tell the function that the window ends
 *   RUNTIME_WINDOW_MERGE   w, key, u32 n, n times w'   put what the others hold into the first
 *   RUNTIME_WINDOW_LATE    record          send the value to the side output for late data
 * where key is u32 length and bytes as in a timer (runtime_timers.h).
 *
 * What windows hold, and the state that functions keep for a window, is keyed state whose key is
 * the record's key, the window's bytes and their number as u32 (runtime_state.h).
 *
 * A window operator written in Python (for triggers and assigners in Python) uses the same state
 * and timers of such keys, and calls enter() where Java sends commands.
 *
 * Ownership: a Python object, because states and Python's side refer to it; it is cut off from its
 * chain when that is freed. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_WINDOW_H
#define PYFLINK_SHELL_RUNTIME_WINDOW_H

#include "runtime/runtime_record.h"

enum {
    RUNTIME_WINDOW_ADD = 1,
    RUNTIME_WINDOW_AGAIN = 2,
    RUNTIME_WINDOW_FIRE = 3,
    RUNTIME_WINDOW_CLEAR = 4,
    RUNTIME_WINDOW_END = 5,
    RUNTIME_WINDOW_MERGE = 6,
    RUNTIME_WINDOW_LATE = 7,
};

struct runtime_windows {
    PyObject_HEAD runtime_keyed_t *keyed; /* of keys and windows; strong */
    runtime_keyed_t *keys;                /* of keys alone; strong */
    runtime_timers_t *timers;             /* strong */
    runtime_buffer_t current;             /* the key of keyed */
    runtime_buffer_t canonical;           /* a key that Java wrote in another form */
    size_t window_length;                 /* at the end of current, without its number */
    bool one_key;                         /* batch mode: keys come one after the other */
    /* What Python's configure() gave; strong references or NULL. */
    PyObject *contents; /* a state object */
    PyObject *create, *add, *result, *merge;
    PyObject *emit;  /* called with key, bytes of the window and contents; gives an iterable */
    PyObject *clear; /* called with key and bytes of the window */
    PyObject *late;  /* the OutputTag */
    bool is_list, is_timed, is_reduce;
    PyObject *value; /* that came last */
};

/* For a chain whose first step is WINDOW or PYTHON_WINDOW. NULL with an error. */
runtime_windows_t *runtime_windows_new(runtime_chain_t *chain, const runtime_backend_t *backend);

/* Cuts it off from its chain. */
void runtime_windows_detach(runtime_windows_t *windows);

/* Makes a key and a window current. 0, or -1 with an error. */
int runtime_windows_enter(runtime_windows_t *windows, const uint8_t *key, size_t key_length,
                          const uint8_t *window, size_t window_length);

/* A timer of a key and a window was made current by runtime_timers_take: the rest follows. */
void runtime_windows_follow(runtime_windows_t *windows);

/* Handles the command at the input's next byte. 1: travel holds a value to send on; 0; -1: the
 * chain has failed. */
int runtime_window_command(runtime_chain_t *chain, runtime_travel_t *travel);

int runtime_window_init_module(PyObject *module);

#endif
