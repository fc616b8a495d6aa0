/* host_module.c - the host's functions in the extension module _pyflink_engine. */
#include "host/host_internal.h"

#include <errno.h>

static int list_of(PyObject *sequence, host_list_t *list) {
    if (sequence == NULL || sequence == Py_None)
        return 0;
    PyObject *fast = PySequence_Fast(sequence, "a list of str is needed");
    if (fast == NULL)
        return -1;
    int result = 0;
    for (Py_ssize_t i = 0; result == 0 && i < PySequence_Fast_GET_SIZE(fast); i++) {
        const char *text = PyUnicode_AsUTF8(PySequence_Fast_GET_ITEM(fast, i));
        if (text == NULL)
            result = -1;
        else
            host_list_addf(list, "%s", text);
    }
    Py_DECREF(fast);
    return result;
}

static PyObject *jvm_start(PyObject *module, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"flink_options", "jars", "java_trace", NULL};
    PyObject *flink_options = NULL, *jars = NULL;
    int java_trace = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OOp:jvm_start", names, &flink_options, &jars,
                                     &java_trace))
        return NULL;
    host_list_t option_list = {0}, jar_list = {0};
    PyObject *result = NULL;
    if (list_of(flink_options, &option_list) == 0 && list_of(jars, &jar_list) == 0) {
        host_jvm_options_t options = {.flink_options = (const char *const *)option_list.items,
                                      .jars = (const char *const *)jar_list.items,
                                      .java_trace = java_trace};
        host_jvm_start(&options);
        result = Py_NewRef(Py_None);
    }
    host_list_clear(&option_list);
    host_list_clear(&jar_list);
    return result;
}

static PyObject *flink_wanted(PyObject *module, PyObject *unused) {
    host_flink_wanted();
    Py_RETURN_NONE;
}

static PyObject *jvm_wait(PyObject *module, PyObject *unused) {
    int result;
    Py_BEGIN_ALLOW_THREADS result = host_jvm_wait();
    Py_END_ALLOW_THREADS if (result == 0) Py_RETURN_NONE;
    PyErr_SetString(PyExc_RuntimeError, host_jvm_error());
    return NULL;
}

static PyObject *jvm_error(PyObject *module, PyObject *unused) {
    const char *text = host_jvm_error();
    return text ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace")
                : Py_NewRef(Py_None);
}

static PyObject *jvm_ready(PyObject *module, PyObject *unused) {
    return PyBool_FromLong(host_jvm_is_ready());
}

static PyObject *strings(const char *const *items) {
    PyObject *list = PyList_New(0);
    for (; list != NULL && items != NULL && *items != NULL; items++) {
        PyObject *item = PyUnicode_DecodeFSDefault(*items);
        if (item == NULL || PyList_Append(list, item) < 0)
            Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return list;
}

static PyObject *options(PyObject *module, PyObject *unused) {
    const host_jvm_options_t *chosen = host_jvm_options();
    PyObject *flink = strings(chosen->flink_options), *jars = strings(chosen->jars);
    PyObject *result = NULL;
    if (flink != NULL && jars != NULL)
        result = Py_BuildValue("{s:O,s:O,s:O}", "flink_options", flink, "jars", jars, "java_trace",
                               chosen->java_trace ? Py_True : Py_False);
    Py_XDECREF(flink);
    Py_XDECREF(jars);
    return result;
}

static PyObject *paths(PyObject *module, PyObject *unused) {
    return Py_BuildValue("{s:s,s:s,s:s,s:s,s:s,s:s,s:O}", "engine", host_path_engine(), "jars",
                         host_path_jars(), "python", host_path_python(), "python_deps",
                         host_path_python_deps(), "share", host_path_share(), "program",
                         host_path_program(), "build_tree",
                         host_path_is_build_tree() ? Py_True : Py_False);
}

/* What is in the list `at_end` runs when no job does any more, the newest first. */
static void run_at_end(PyObject *module) {
    PyObject *list = PyObject_GetAttrString(module, "at_end");
    while (list != NULL && PyList_Check(list) && PyList_GET_SIZE(list) > 0) {
        Py_ssize_t last = PyList_GET_SIZE(list) - 1;
        PyObject *function = Py_NewRef(PyList_GET_ITEM(list, last));
        PyObject *result = PyList_SetSlice(list, last, last + 1, NULL) == 0
                               ? PyObject_CallFunctionObjArgs(function, NULL)
                               : NULL;
        if (result == NULL)
            PyErr_WriteUnraisable(function);
        Py_XDECREF(result);
        Py_DECREF(function);
    }
    Py_XDECREF(list);
    PyErr_Clear();
}

static PyObject *shutdown_engine(PyObject *module, PyObject *unused) {
    Py_BEGIN_ALLOW_THREADS host_jvm_shutdown();
    Py_END_ALLOW_THREADS run_at_end(module);
    Py_RETURN_NONE;
}

static PyObject *thread_chdir(PyObject *module, PyObject *folder) {
    PyObject *path = NULL;
    if (!PyUnicode_FSConverter(folder, &path))
        return NULL;
    int failed = host_thread_chdir(PyBytes_AS_STRING(path));
    Py_DECREF(path);
    if (failed == 0)
        Py_RETURN_TRUE;
    if (failed == EPERM || failed == ENOSYS)
        Py_RETURN_FALSE;
    errno = failed;
    return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, folder);
}

static PyMethodDef functions[] = {
    {"jvm_start", (PyCFunction)(void (*)(void))jvm_start, METH_VARARGS | METH_KEYWORDS,
     "jvm_start(flink_options=None, jars=None, java_trace=False)\n\n"
     "Begins the start of the JVM; only the first call has an effect. flink_options are\n"
     "'key=value' strings, jars absolute paths or URLs."},
    {"flink_wanted", flink_wanted, METH_NOARGS,
     "Begins the start of the session's cluster, when the JVM is there; does not wait."},
    {"jvm_wait", jvm_wait, METH_NOARGS,
     "Waits until the JVM can be used; RuntimeError tells why it cannot."},
    {"jvm_error", jvm_error, METH_NOARGS, "Why the JVM cannot be used, or None."},
    {"jvm_ready", jvm_ready, METH_NOARGS, "True when jvm_wait() would return at once."},
    {"options", options, METH_NOARGS, "What the program was started with, a dict."},
    {"paths", paths, METH_NOARGS, "Where the engine's files are, a dict."},
    {"shutdown", shutdown_engine, METH_NOARGS,
     "Cancels the jobs, ends the JVM, and calls what is in the list at_end; called by atexit."},
    {"thread_chdir", thread_chdir, METH_O,
     "Changes the current folder of the calling thread and of those that it will start; False\n"
     "when the system does not let a thread have one of its own."},
    {NULL, NULL, 0, NULL}};

int host_init_module(PyObject *module) {
    PyObject *at_end = PyList_New(0);
    if (at_end == NULL || PyModule_AddObject(module, "at_end", at_end) < 0) {
        Py_XDECREF(at_end);
        return -1;
    }
    if (PyModule_AddFunctions(module, functions) < 0)
        return -1;
    host_guard_init();
    host_signals_init();
    if (host_guard_faulthandler() < 0 || host_children_init() < 0)
        return -1;
    /* First registered, last run: the user's own atexit functions can still use Java. */
    PyObject *end = PyObject_GetAttrString(module, "shutdown");
    PyObject *atexit = PyImport_ImportModule("atexit");
    PyObject *registered = end && atexit ? PyObject_CallMethod(atexit, "register", "O", end) : NULL;
    int result = registered ? 0 : -1;
    Py_XDECREF(registered);
    Py_XDECREF(atexit);
    Py_XDECREF(end);
    return result;
}
