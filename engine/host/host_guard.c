/* host_guard.c - two guards: against Java after fork(), and against faulthandler.
 *
 * A forked child has none of the JVM's threads, so that any call would hang: a flag set by an
 * atfork handler makes each use an error instead. faulthandler saves and replaces the handlers of
 * SIGSEGV and friends; HotSpot needs its own there (it turns such signals into
 * NullPointerException and safepoints), so what it had is put back after each call. */
#include "host/host_internal.h"

#include <signal.h>
#include <stdatomic.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_bool forked;

static void in_child(void) {
    if (host_jvm_is_asked())
        atomic_store(&forked, true);
}

static void install(void) {
    pthread_atfork(NULL, NULL, in_child);
}

void host_guard_init(void) {
    pthread_once(&once, install);
}

bool host_guard_forked(void) {
    return atomic_load_explicit(&forked, memory_order_relaxed);
}

static const int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
#define FAULT_SIGNALS (sizeof fault_signals / sizeof *fault_signals)

static PyObject *keep_handlers(PyObject *original, PyObject *args, PyObject *kwargs) {
    struct sigaction kept[FAULT_SIGNALS];
    /* Handlers that a JVM which is just starting has not set yet must not be lost. */
    if (host_jvm_is_asked()) {
        Py_BEGIN_ALLOW_THREADS host_jvm_wait();
        Py_END_ALLOW_THREADS
    }
    bool keep = host_jvm_is_ready();
    for (size_t i = 0; keep && i < FAULT_SIGNALS; i++)
        sigaction(fault_signals[i], NULL, &kept[i]);
    PyObject *result = PyObject_Call(original, args, kwargs);
    for (size_t i = 0; keep && i < FAULT_SIGNALS; i++)
        sigaction(fault_signals[i], &kept[i], NULL);
    return result;
}

static PyMethodDef wrapper = {"faulthandler", (PyCFunction)(void (*)(void))keep_handlers,
                              METH_VARARGS | METH_KEYWORDS,
                              "Calls faulthandler and keeps the JVM's signal handlers."};

int host_guard_faulthandler(void) {
    static const char *const names[] = {"enable", "disable"};
    PyObject *module = PyImport_ImportModule("faulthandler");
    int result = module ? 0 : -1;
    for (size_t i = 0; result == 0 && i < 2; i++) {
        PyObject *original = PyObject_GetAttrString(module, names[i]);
        PyObject *wrapped = original ? PyCFunction_New(&wrapper, original) : NULL;
        result = wrapped ? PyObject_SetAttrString(module, names[i], wrapped) : -1;
        Py_XDECREF(wrapped);
        Py_XDECREF(original);
    }
    Py_XDECREF(module);
    return result;
}
