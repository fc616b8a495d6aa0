/* session.h - the core that the shell and the kernel share: cells run in the one Python of this
 * process, and everything that a cell causes comes back to the front end.
 *
 * Threads. Python's main thread is the one that calls session_main; cells run there, one at a
 * time, in the order of the calls. The front end has threads of its own. They use session_call_new
 * (waits its turn behind what was called before) or session_call_here_new (runs on the calling
 * thread beside a running cell, for subshells). Nothing here may be called with the GIL held,
 * unless it says so; no function of the sink is ever called with it.
 *
 * Text. Every string is UTF-8. `content` and replies are JSON objects with the names of Jupyter's
 * messages, so that a kernel passes them on and a shell picks what it shows.
 *
 * Ownership. Functions named ..._new return memory that the caller frees with free(). Arguments
 * are borrowed; what the sink is given is valid until its function returns. */
#ifndef PYFLINK_SHELL_SESSION_H
#define PYFLINK_SHELL_SESSION_H

#include "host/host_internal.h"

#pragma GCC visibility push(default) /* the front ends call these from outside the library */

/* A binary attachment of a comm message. */
typedef struct {
    const void *bytes;
    size_t length;
} session_buffer_t;

/* What the front end does with what cells cause. `cell` is the tag that was given with the call
 * that caused it: any text, a kernel passes the header of the request. Late output (of a thread
 * or a job that the cell started) carries the same tag. "" means that no cell is known.
 *
 * `stream` and `message` are called on the session's output thread, one at a time, in the order
 * of the causes; small writes come together in one call. What they have not taken yet is bounded:
 * who writes more waits. So they may block, but must not wait for a session_call_new.
 * A call returns after all that it caused before its end has been handed over. */
typedef struct {
    void *data; /* first argument of each function */
    /* whole characters for standard output, or with `error` for standard error */
    void (*stream)(void *data, const char *cell, bool error, const char *text, size_t length);
    /* display_data, update_display_data, execute_result, execute_input, clear_output, error,
     * comm_open, comm_msg, comm_close with Jupyter's content; and job_status with
     * {"job": number, "job_id": …, "name": …, "state": "SUBMITTED" | "RUNNING" | … | "FINISHED"
     * | "CANCELED" | "FAILED", "millis": since its begin, "records": in so far, "records_out":
     * out so far, "rate": per second, "percent": or null, "bounded": bool, "foreground": bool}. */
    void (*message)(void *data, const char *cell, const char *type, const char *content,
                    const session_buffer_t *buffers, size_t count);
    /* input() and getpass(): the line without its end, allocated with malloc; NULL at the end of
     * input. Called on the thread that asks; it must come back soon after `session_interrupt`
     * (session_interrupted tells). NULL function: cells cannot read. */
    char *(*input)(void *data, const char *cell, const char *prompt, bool password);
    /* SIGINT came while no cell runs on the main thread. Called on the thread that hands out
     * signals: must not block. May be NULL. */
    void (*idle_interrupt)(void *data);
    /* Any other signal to the process except SIGTERM and SIGHUP, which end the session: true when
     * the front end has taken it, so that Python does not see it. As above. May be NULL. */
    bool (*signal)(void *data, int number);
    /* Python runs and answers soon; called once, on the main thread. May be NULL. */
    void (*ready)(void *data);
} session_sink_t;

typedef struct {
    const host_python_options_t *python; /* argv[0] is the program; the rest becomes sys.argv */
    const session_sink_t *sink;
    const char *front_end;       /* "shell" or "kernel": what display and magics are made for */
    bool capture_output;         /* also route what C code and child processes write to 1 and 2 */
    bool terminal;               /* output goes to a terminal: colours, progress lines */
    const char *const *settings; /* "name=value" for the Python side, ends with NULL; or NULL:
                                    history=FILE (IPython's; in memory without it),
                                    colors=NoColor|Linux|LightBG|Neutral, interactive=1 (the start
                                    file is run) */
} session_options_t;

/* Initialises Python and runs cells until session_close; the body of host_run. Calls made before
 * it are kept. Returns the exit code of the process. */
int session_main(const session_options_t *options);

/* Runs one request and waits for its reply, a JSON object. NULL when the session has ended.
 *
 *   op            content → reply
 *   execute       {code, silent, store_history, user_expressions, allow_stdin, stop_on_error}
 *                 → {status: ok | error | aborted, execution_count, user_expressions, payload,
 *                 ename, evalue, traceback}
 *   complete      {code, cursor_pos} → {status, matches, cursor_start, cursor_end, metadata};
 *                 cursors count code points
 *   inspect       {code, cursor_pos, detail_level} → {status, found, data, metadata}
 *   is_complete   {code} → {status: complete | incomplete | invalid | unknown, indent}
 *   history       {hist_access_type: tail | range | search, output, raw, session, start, stop, n,
 *                 pattern, unique} → {status, history}
 *   run_file      {kind: script | module | command | input, target, args} → {status, exit_code,
 *                 exit}: a program runs in the session's namespace; its errors go to stderr
 *   signature     {code, cursor_pos} → {status, found, text}: of the call around the cursor
 *   prepare       {} → {status}: binds the session's names (env and the API), which waits for the
 *                 JVM, and runs the start file. session_main asks for it once, before the first
 *                 call that was made
 *
 * A front end adds its own, such as a kernel's comm_open, in its part of the Python side. An op
 * that is not known gives {"status": "error", "ename": "ValueError", …}. After a cell with
 * stop_on_error failed, calls to execute that already wait are aborted. */
char *session_call_new(const char *op, const char *cell, const char *content,
                       const session_buffer_t *buffers, size_t count);

/* The same on the calling thread, at once. For execute: no interrupt reaches it but
 * session_interrupt_thread. */
char *session_call_here_new(const char *op, const char *cell, const char *content,
                            const session_buffer_t *buffers, size_t count);

/* The same, but no cell begins: it runs for the newest one with this tag, which may have ended. For
 * what a front end tells its own Python side. What is sent may not be handed over yet. */
char *session_call_late_new(const char *op, const char *cell, const char *content);

/* Interrupts the cell on the main thread: its foreground job is cancelled and KeyboardInterrupt is
 * raised in it; a second call within a second ends the wait for the job's end. SIGINT does the
 * same. Without a running cell it has no effect. Any thread, also with the GIL. */
void session_interrupt(void);

/* The same for a session_call_here_new on another thread. */
void session_interrupt_thread(pthread_t thread);

/* True while an interrupt was asked for that the main thread's cell has not seen yet. */
bool session_interrupted(void);

/* A cell runs on the main thread. */
bool session_busy(void);

/* Ends session_main after the running cell, which is interrupted; waiting calls return NULL.
 * exit() and quit() in a cell do the same, with what they were given. Any thread. */
void session_close(int exit_code);
bool session_is_closing(void);

/* Output by the front end itself that has to keep its place among that of cells; waits when too
 * much is waiting. */
void session_write(const char *cell, bool error, const char *text, size_t length);
void session_message(const char *cell, const char *type, const char *content);

/* Waits until the sink has taken everything that was written before. Not from the sink. */
void session_flush(void);

#pragma GCC visibility pop
#endif
