/* session_module.c - the session's functions in the extension module _pyflink_engine. */
#include "session/session_internal.h"

#include <stdlib.h>
#include <string.h>

static PyObject *cell_variable; /* ContextVar: the cell that a task of asyncio works for */

/* The cell of this context, of this thread, or of this thread's job. */
static session_cell_t current_cell(void) {
    PyObject *value = NULL;
    session_cell_t cell = 0;
    if (cell_variable != NULL && PyContextVar_Get(cell_variable, NULL, &value) == 0 &&
        value != NULL)
        cell = PyLong_AsLongLong(value);
    Py_XDECREF(value);
    PyErr_Clear();
    return cell > 0 ? cell : session_cell_current();
}

static bool signal_came(void) {
    host_thread_enter();
    bool came = PyErr_CheckSignals() < 0;
    host_thread_leave();
    return came;
}

static PyObject *write_text(PyObject *module, PyObject *args) {
    PyObject *text;
    int error;
    if (!PyArg_ParseTuple(args, "pU:session_write", &error, &text))
        return NULL;
    PyObject *bytes = NULL;
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    if (utf8 == NULL) { /* lone surrogates */
        PyErr_Clear();
        bytes = PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
        if (bytes == NULL)
            return NULL;
        utf8 = PyBytes_AS_STRING(bytes);
        length = PyBytes_GET_SIZE(bytes);
    }
    session_stream_t stream = error ? SESSION_ERR : SESSION_OUT;
    session_cell_t cell = current_cell();
    int result = 0;
    if (length > 0 && session_output_try(cell, stream, utf8, (size_t)length) != 0) {
        Py_BEGIN_ALLOW_THREADS;
        result = session_output_write(cell, stream, utf8, (size_t)length, signal_came);
        Py_END_ALLOW_THREADS;
    }
    Py_XDECREF(bytes);
    if (result != 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *send_message(PyObject *module, PyObject *args) {
    const char *type, *content;
    PyObject *list = NULL;
    long long cell = 0;
    if (!PyArg_ParseTuple(args, "ss|OL:session_send", &type, &content, &list, &cell))
        return NULL;
    PyObject *fast = PySequence_Fast(list ? list : Py_None, "a list of buffers is needed");
    if (fast == NULL) {
        if (list != NULL && list != Py_None)
            return NULL;
        PyErr_Clear();
    }
    Py_ssize_t count = fast ? PySequence_Fast_GET_SIZE(fast) : 0, held = 0;
    Py_buffer *views = PyMem_Calloc((size_t)count + 1, sizeof *views);
    session_buffer_t *buffers = PyMem_Calloc((size_t)count + 1, sizeof *buffers);
    PyObject *result = NULL;
    if (views == NULL || buffers == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (; held < count; held++) {
        if (PyObject_GetBuffer(PySequence_Fast_GET_ITEM(fast, held), &views[held], PyBUF_SIMPLE))
            goto done;
        buffers[held] = (session_buffer_t){views[held].buf, (size_t)views[held].len};
    }
    session_cell_t target = cell > 0 ? cell : current_cell();
    Py_BEGIN_ALLOW_THREADS;
    session_output_message(target, type, content, buffers, (size_t)count);
    Py_END_ALLOW_THREADS;
    result = Py_NewRef(Py_None);
done:
    for (Py_ssize_t i = 0; i < held; i++)
        PyBuffer_Release(&views[i]);
    PyMem_Free(views);
    PyMem_Free(buffers);
    Py_XDECREF(fast);
    return result;
}

static PyObject *ask_input(PyObject *module, PyObject *args) {
    const char *prompt;
    int password = 0;
    if (!PyArg_ParseTuple(args, "s|p:session_input", &prompt, &password))
        return NULL;
    const session_options_t *options = session_options();
    if (options == NULL || options->sink->input == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this front end cannot ask for input");
        return NULL;
    }
    char *tag = session_cell_tag_new(current_cell()), *line;
    Py_BEGIN_ALLOW_THREADS;
    session_output_flush();
    line = options->sink->input(options->sink->data, tag, prompt, password);
    Py_END_ALLOW_THREADS;
    free(tag);
    PyObject *result = NULL;
    if (line != NULL)
        result = PyUnicode_DecodeUTF8(line, (Py_ssize_t)strlen(line), "surrogateescape");
    else if (PyErr_CheckSignals() == 0)
        PyErr_SetNone(session_interrupted() ? PyExc_KeyboardInterrupt : PyExc_EOFError);
    free(line);
    return result;
}

static PyObject *flush(PyObject *module, PyObject *unused) {
    Py_BEGIN_ALLOW_THREADS;
    session_output_flush();
    Py_END_ALLOW_THREADS;
    Py_RETURN_NONE;
}

static PyObject *cell(PyObject *module, PyObject *unused) {
    return PyLong_FromLongLong(current_cell());
}

static PyObject *enter_cell(PyObject *module, PyObject *number) {
    session_cell_t wanted = PyLong_AsLongLong(number);
    if (wanted == -1 && PyErr_Occurred())
        return NULL;
    return PyLong_FromLongLong(session_cell_enter(wanted));
}

static PyObject *exit_session(PyObject *module, PyObject *code) {
    long number = PyLong_AsLong(code);
    if (number == -1 && PyErr_Occurred())
        return NULL;
    session_close((int)(number & 0xff));
    Py_RETURN_NONE;
}

static PyObject *abort_waiting(PyObject *module, PyObject *unused) {
    session_loop_abort_waiting();
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"session_write", write_text, METH_VARARGS,
     "session_write(error, text)\n\nWrites to the current cell's standard output or error; waits\n"
     "when the front end is behind."},
    {"session_send", send_message, METH_VARARGS,
     "session_send(type, content, buffers=None, cell=0)\n\nGives the front end a message of the\n"
     "current cell, or of the one with this number; content is JSON."},
    {"session_input", ask_input, METH_VARARGS,
     "session_input(prompt, password=False)\n\nA line from the user of the front end."},
    {"session_flush", flush, METH_NOARGS, "Waits until the front end has taken all output."},
    {"session_cell", cell, METH_NOARGS, "The number of the cell that the caller works for."},
    {"session_enter_cell", enter_cell, METH_O,
     "Makes this thread work for a cell; the number of the one before."},
    {"session_exit", exit_session, METH_O, "Ends the session with this exit code."},
    {"session_abort_waiting", abort_waiting, METH_NOARGS, "Answers the cells that wait: aborted."},
    {NULL, NULL, 0, NULL}};

int session_init_module(PyObject *module) {
    cell_variable = PyContextVar_New("pyflink_session_cell", NULL);
    if (cell_variable == NULL ||
        PyModule_AddObject(module, "session_cell_variable", Py_NewRef(cell_variable)) < 0 ||
        PyModule_AddFunctions(module, functions) < 0)
        return -1;
    return PyModule_AddStringConstant(module, "flink_version", "1.20.3");
}
