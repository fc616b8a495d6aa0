/* session_internal.h - what the session's own files share.
 *
 * Ownership: a session_cell_t is a number and owns nothing; tags are copied in and out. */
#ifndef PYFLINK_SHELL_SESSION_INTERNAL_H
#define PYFLINK_SHELL_SESSION_INTERNAL_H

#include "session/session.h"

#include <stdint.h>

/* ---- session_cell.c: which cell a thread works for ---------------------------------------- */
typedef int64_t session_cell_t; /* 0: none known */

/* A new cell with the front end's tag. The tags of old cells are forgotten in time. */
session_cell_t session_cell_begin(const char *tag);
/* A copy of the tag, "" when it is not known. */
char *session_cell_tag_new(session_cell_t cell);
/* The newest cell with this tag, or the latest cell. */
session_cell_t session_cell_find(const char *tag);
/* Tells this thread; returns what it was told before. */
session_cell_t session_cell_enter(session_cell_t cell);
/* The cell that this thread works for: what it was told, or the one that its job belongs to (asks
 * Java when the thread is a Java one), or the latest cell. Without the GIL or with it. */
session_cell_t session_cell_current(void);
session_cell_t session_cell_latest(void);
/* The same without asking Java. */
session_cell_t session_cell_of_caller(void);
/* How to find the cell of the job that the calling Java thread works for; 0 if none. */
void session_cell_set_lookup(session_cell_t (*lookup)(JNIEnv *env));

/* ---- session_output.c: the bounded queue between causes and the sink ----------------------- */
typedef enum { SESSION_OUT, SESSION_ERR } session_stream_t;

/* Starts the output thread. 0, or -1 when no thread could be made. */
int session_output_start(const session_sink_t *sink);
bool session_output_is_open(void);
/* Without the GIL: waits for room. `stop` (may be NULL) is asked about 20 times a second while
 * waiting and ends it with -1 and nothing written. 0 otherwise. */
int session_output_write(session_cell_t cell, session_stream_t stream, const char *text,
                         size_t length, bool (*stop)(void));
/* The same if there is room at once, else -1. Never waits, so the GIL may be held. */
int session_output_try(session_cell_t cell, session_stream_t stream, const char *text,
                       size_t length);
void session_output_message(session_cell_t cell, const char *type, const char *content,
                            const session_buffer_t *buffers, size_t count);
void session_output_flush(void);
void session_output_stop(void); /* after all that is waiting was taken */

/* ---- session_loop.c ------------------------------------------------------------------------ */
const session_options_t *session_options(void); /* NULL without a front end */
void session_loop_abort_waiting(void); /* calls to execute that wait are answered: aborted */

/* ---- session_capture.c: what is written to the descriptors 1 and 2 ------------------------- */
/* Puts pipes there and hands on what comes, to the latest cell. 0, or -1 after a warning. */
int session_capture_start(void);
/* Copies of what 1 and 2 were before, for the front end's own use; 1 and 2 without capture. */
int session_capture_original(int number);

/* ---- session_module.c ---------------------------------------------------------------------- */
/* Called by engine/module.c. 0, or -1 with a Python error. */
int session_init_module(PyObject *module);

/* ---- session_jvm.c: begin and end of the Java side ------------------------------------------ */
/* Called by the host when the JVM is up, after bridge and runtime: installs the session's class
 * loader and System.out, and has the cluster start when Flink is wanted. 0, or non-zero with a
 * pending Java exception. */
int session_on_jvm(JNIEnv *env);

#endif
