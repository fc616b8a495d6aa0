/* runtime_cancel.c - interrupts a user function from another thread. */
#include "runtime/runtime_cancel.h"

/* A BaseException, so that `except Exception` in a user's loop does not swallow it. */
static PyObject *task_cancelled;

int runtime_cancel_begin(runtime_cancel_t *cancel) {
    if (cancel->requested) {
        PyErr_SetString(task_cancelled, "the task was cancelled");
        return -1;
    }
    runtime_cancel_begin_anyway(cancel);
    return 0;
}

void runtime_cancel_begin_anyway(runtime_cancel_t *cancel) {
    cancel->thread = PyThread_get_thread_ident();
}

/* Takes an exception that came too late. Withdrawing it with NULL would leave CPython's flag set
 * that something is pending: every thread would look for it at each call and loop from then on, and
 * a traced thread (3.11) would never get past the look. So it is delivered to an empty program. */
static void swallow(unsigned long thread) {
    PyObject *kind, *value, *traceback;
    PyErr_Fetch(&kind, &value, &traceback);
    PyObject *globals = PyDict_New();
    if (globals != NULL && PyThreadState_SetAsyncExc(thread, task_cancelled) == 1)
        Py_XDECREF(PyRun_String("None", Py_eval_input, globals, globals));
    Py_XDECREF(globals);
    PyErr_Restore(kind, value, traceback); /* also clears TaskCancelled */
}

void runtime_cancel_end(runtime_cancel_t *cancel) {
    if (cancel->thread != 0 && cancel->requested)
        swallow(cancel->thread);
    cancel->thread = 0;
}

void runtime_cancel_now(runtime_cancel_t *cancel) {
    cancel->requested = true;
    if (cancel->thread != 0)
        PyThreadState_SetAsyncExc(cancel->thread, task_cancelled);
}

int runtime_cancel_init_module(PyObject *module) {
    if (task_cancelled == NULL)
        task_cancelled = PyErr_NewExceptionWithDoc(
            "_pyflink_engine.TaskCancelled",
            "Raised inside a user function whose task was cancelled. Let it pass.",
            PyExc_BaseException, NULL);
    if (task_cancelled == NULL)
        return -1;
    Py_INCREF(task_cancelled);
    if (PyModule_AddObject(module, "TaskCancelled", task_cancelled) < 0) {
        Py_DECREF(task_cancelled);
        return -1;
    }
    return 0;
}
