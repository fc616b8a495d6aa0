/* runtime_cancel.c - interrupts a user function from another thread. */
#include "runtime/runtime_cancel.h"

#include <limits.h>

enum { POLITE_ATTEMPTS = 5, CLOSE_ATTEMPTS = 25 };

/* After 5 seconds, then after six times as long, and so on. */
enum { FIRST_TOLD_ATTEMPTS = 25, TOLD_FACTOR = 6 };

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

/* Raises at every line and call of the thread whose number is `self`; others are left alone. */
static int raise_everywhere(PyObject *self, PyFrameObject *frame, int what, PyObject *argument) {
    (void)frame;
    (void)argument;
    if (what != PyTrace_LINE && what != PyTrace_CALL)
        return 0;
    if (PyLong_AsUnsignedLong(self) != PyThread_get_thread_ident())
        return 0;
    PyErr_SetString(task_cancelled, "the task was cancelled");
    return -1;
}

#if PY_VERSION_HEX >= 0x030C0000
/* Tracing is set for all threads at once: a debugger or a coverage tool must not lose its own. */
static bool trace(unsigned long thread, PyObject *number) {
    PyThreadState *state = PyInterpreterState_ThreadHead(PyInterpreterState_Get());
    for (; number != NULL && state != NULL; state = PyThreadState_Next(state))
        if (state->c_tracefunc != NULL)
            return false;
    PyEval_SetTraceAllThreads(number == NULL ? NULL : raise_everywhere, number);
    return true;
}
#else
static bool trace(unsigned long thread, PyObject *number) {
    PyThreadState *state = PyInterpreterState_ThreadHead(PyInterpreterState_Get());
    while (state != NULL && state->thread_id != thread)
        state = PyThreadState_Next(state);
    return state != NULL &&
           _PyEval_SetTrace(state, number == NULL ? NULL : raise_everywhere, number) == 0;
}
#endif

static void raise_everywhere_in(runtime_cancel_t *cancel) {
    PyObject *number = PyLong_FromUnsignedLong(cancel->thread);
    cancel->everywhere = number != NULL && trace(cancel->thread, number);
    Py_XDECREF(number);
    PyErr_Clear();
}

void runtime_cancel_begin_anyway(runtime_cancel_t *cancel) {
    cancel->attempts = cancel->requested ? -CLOSE_ATTEMPTS : 0;
    cancel->told_at = FIRST_TOLD_ATTEMPTS;
    cancel->thread = PyThread_get_thread_ident();
}

/* Takes an exception that came too late. Withdrawing it with NULL would leave CPython's flag set
 * that something is pending: every thread would look for it at each call and loop from then on, and
 * a traced thread (3.11) would never get past the look. So it is delivered to an empty program. Not
 * with PyRun_String: that also makes CPython forget that Ctrl-C ends the process (exit code 130).
 */
static void swallow(unsigned long thread) {
    PyObject *kind, *value, *traceback;
    PyErr_Fetch(&kind, &value, &traceback);
    PyObject *code = Py_CompileString("None", "<cancelled>", Py_eval_input);
    PyObject *globals = code == NULL ? NULL : PyDict_New();
    if (globals != NULL && PyThreadState_SetAsyncExc(thread, task_cancelled) == 1)
        Py_XDECREF(PyEval_EvalCode(code, globals, globals));
    Py_XDECREF(globals);
    Py_XDECREF(code);
    PyErr_Restore(kind, value, traceback); /* also clears TaskCancelled */
}

void runtime_cancel_end(runtime_cancel_t *cancel) {
    if (cancel->everywhere) {
        PyObject *kind, *value, *traceback;
        PyErr_Fetch(&kind, &value, &traceback);
        trace(cancel->thread, NULL);
        cancel->everywhere = false;
        PyErr_Restore(kind, value, traceback);
    }
    if (cancel->thread != 0 && cancel->requested)
        swallow(cancel->thread);
    cancel->thread = 0;
}

/* Says where a thread is that does not come back. */
static void tell(unsigned long thread, const char *name, int seconds) {
    PyThreadState *state = PyInterpreterState_ThreadHead(PyInterpreterState_Get());
    while (state != NULL && state->thread_id != thread)
        state = PyThreadState_Next(state);
    PyFrameObject *frame = state == NULL ? NULL : PyThreadState_GetFrame(state);
    PyObject *module = frame == NULL ? NULL : PyImport_ImportModule("traceback");
    PyObject *lines =
        module == NULL ? NULL : PyObject_CallMethod(module, "format_stack", "O", frame);
    PyObject *empty = lines == NULL ? NULL : PyUnicode_FromString("");
    PyObject *text = empty == NULL ? NULL : PyUnicode_Join(empty, lines);
    if (text != NULL)
        PySys_FormatStderr("pyflink-shell: warning: operator '%s' was cancelled %d s ago, but a "
                           "function of it is in a call that cannot be interrupted:\n%U",
                           name == NULL ? "?" : name, seconds, text);
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(empty);
    Py_XDECREF(lines);
    Py_XDECREF(module);
    Py_XDECREF(frame);
}

void runtime_cancel_now(runtime_cancel_t *cancel, const char *name) {
    cancel->requested = true;
    if (cancel->thread == 0 || ++cancel->attempts <= 0)
        return;
    if (cancel->attempts == cancel->told_at && cancel->told_at < INT_MAX / TOLD_FACTOR) {
        cancel->told_at *= TOLD_FACTOR;
        /* This gives the GIL away; the thread may have left meanwhile. */
        tell(cancel->thread, name, cancel->attempts * RUNTIME_CANCEL_MILLIS / 1000);
        if (cancel->thread == 0)
            return;
    }
    if (cancel->attempts > POLITE_ATTEMPTS && !cancel->everywhere)
        raise_everywhere_in(cancel);
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
