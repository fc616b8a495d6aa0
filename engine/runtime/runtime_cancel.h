/* runtime_cancel.h - interrupts a user function from another thread.
 *
 * A function that loops forever is left by raising TaskCancelled in it. The exception is raised
 * only while the task is between begin and end, and what was not delivered is taken back at end,
 * so it never reaches other records or jobs. Everything needs the GIL, which guards the fields.
 *
 * A loop may catch even that (`except:`). Who cancels therefore calls runtime_cancel_now again
 * every RUNTIME_CANCEL_MILLIS until the task has left; from the sixth time on TaskCancelled is
 * raised at every line and call of the thread, also in handlers and `finally`. Only a call of C
 * code that does not come back keeps a task: a sleep, a read, a huge power. CPython lets nobody but
 * its main thread leave those: a signal only makes them begin again. So stderr then says, now and
 * again, in which line of which function the task is. */
#ifndef PYFLINK_SHELL_RUNTIME_CANCEL_H
#define PYFLINK_SHELL_RUNTIME_CANCEL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

#define RUNTIME_CANCEL_MILLIS 200

typedef struct {
    unsigned long thread; /* Python's number of the thread that is inside, or 0 */
    bool requested;
    bool everywhere; /* every line of the thread raises */
    int attempts;    /* to interrupt what is inside now; below 0 while it is left alone */
    int told_at;     /* the number of attempts at which stderr says so next */
} runtime_cancel_t;

/* The calling thread enters user functions. -1 with TaskCancelled when it was cancelled before. */
int runtime_cancel_begin(runtime_cancel_t *cancel);

/* The same for functions that must run also after a cancel (close): they have some seconds. */
void runtime_cancel_begin_anyway(runtime_cancel_t *cancel);

/* The calling thread has left user functions. Keeps the error that is set. */
void runtime_cancel_end(runtime_cancel_t *cancel);

/* From any thread, as often as one likes: raises TaskCancelled in the thread that is inside, and
 * in all later begins. name is the operator's, for what is told, or NULL. */
void runtime_cancel_now(runtime_cancel_t *cancel, const char *name);

/* Adds TaskCancelled to the extension module. */
int runtime_cancel_init_module(PyObject *module);

#endif
