/* host_children.c - child processes get the signal mask of the program, not of the thread.
 *
 * Threads of the JVM, the tasks among them, and the threads that user functions start there block
 * nearly all signals, so that Python's main thread gets them. A child inherits the mask of the
 * thread that starts it: one that a function starts could be ended by nothing but SIGKILL, and
 * multiprocessing.Pool waits for ever for its workers after SIGTERM. Where a child is forked, an
 * atfork handler puts it right. subprocess and multiprocessing use vfork, which calls no handlers:
 * there the thread has the program's mask for as long as it takes to start the child. A signal to
 * the process in that time is not lost to it: the kernel prefers the first thread. */
#include "host/host_internal.h"

/* The program's mask goes to `mask`; false when this thread has a mask of its own or of the
 * program's. */
static bool is_kept_quiet(sigset_t *mask) {
    sigset_t quiet, now;
    host_signals_set(&quiet);
    if (!host_signals_program_mask(mask) || pthread_sigmask(SIG_BLOCK, NULL, &now) != 0)
        return false;
    for (int number = 1; number < 32; number++)
        if (sigismember(&quiet, number) == 1 && sigismember(&now, number) != 1)
            return false;
    return true;
}

static void in_child(void) {
    sigset_t mask;
    if (is_kept_quiet(&mask))
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

static PyObject *with_mask(PyObject *original, PyObject *args, PyObject *kwargs) {
    sigset_t mask, before;
    bool changed = is_kept_quiet(&mask) && pthread_sigmask(SIG_SETMASK, &mask, &before) == 0;
    PyObject *result = PyObject_Call(original, args, kwargs);
    if (changed)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

#define STARTER(name)                                                                              \
    {                                                                                              \
        name, (PyCFunction)(void (*)(void))with_mask, METH_VARARGS | METH_KEYWORDS,                \
            "As before; the child has the program's signal mask."                                  \
    }

static PyMethodDef fork_exec = STARTER("fork_exec");
static PyMethodDef posix_spawn = STARTER("posix_spawn");
static PyMethodDef posix_spawnp = STARTER("posix_spawnp");
static PyMethodDef run_in_shell = STARTER("system");

/* What starts children, by module and name; `alias` is a module that may have taken it over. */
static const struct {
    const char *module, *name;
    PyMethodDef *wrapper;
    const char *alias, *alias_name;
} starters[] = {
    {"_posixsubprocess", "fork_exec", &fork_exec, "subprocess", "_fork_exec"},
    {"os", "posix_spawn", &posix_spawn, NULL, NULL},
    {"os", "posix_spawnp", &posix_spawnp, NULL, NULL},
    {"os", "system", &run_in_shell, NULL, NULL},
};

static int wrap(size_t index) {
    PyObject *module = PyImport_ImportModule(starters[index].module);
    PyObject *original =
        module != NULL ? PyObject_GetAttrString(module, starters[index].name) : NULL;
    PyObject *wrapped =
        original != NULL ? PyCFunction_New(starters[index].wrapper, original) : NULL;
    int result =
        wrapped != NULL ? PyObject_SetAttrString(module, starters[index].name, wrapped) : -1;
    PyObject *modules = PyImport_GetModuleDict();
    PyObject *alias = result == 0 && starters[index].alias != NULL
                          ? PyDict_GetItemString(modules, starters[index].alias)
                          : NULL;
    if (alias != NULL && PyObject_HasAttrString(alias, starters[index].alias_name))
        result = PyObject_SetAttrString(alias, starters[index].alias_name, wrapped);
    Py_XDECREF(wrapped);
    Py_XDECREF(original);
    Py_XDECREF(module);
    return result;
}

int host_children_init(void) {
    static bool done;
    if (done)
        return 0;
    done = true;
    if (pthread_atfork(NULL, NULL, in_child) != 0) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++)
        if (wrap(i) < 0)
            return -1;
    return 0;
}
