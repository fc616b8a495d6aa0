/* session_loop.c - Python's main thread takes the front end's calls one by one and runs them. */
#include "session/session_internal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct request {
    struct request *next;
    const char *op, *cell, *content;
    const session_buffer_t *buffers;
    size_t count;
    char *reply;
    bool done, abort, waits;
} request_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t asked = PTHREAD_COND_INITIALIZER, answered = PTHREAD_COND_INITIALIZER;
static request_t *first, *last;
static bool ended;
static int exit_code;
static const session_options_t *chosen;
static pthread_t main_thread;
static PyObject *handle; /* _pyflink_session.handle */

static atomic_bool busy, interrupted, closing, up;
static atomic_int waiting; /* calls that the main thread has not begun yet */
static atomic_bool early;  /* an interrupt came for the first of them */

const session_options_t *session_options(void) {
    return chosen;
}

bool session_busy(void) {
    return atomic_load(&busy);
}

bool session_interrupted(void) {
    return atomic_load(&interrupted);
}

bool session_is_closing(void) {
    return atomic_load(&closing);
}

/* ---- one request -------------------------------------------------------------------------- */

static char *copy_text(PyObject *text) {
    const char *utf8 = text && PyUnicode_Check(text) ? PyUnicode_AsUTF8(text) : NULL;
    return utf8 ? strdup(utf8) : NULL;
}

/* What is left to say when not even the Python side answered. Takes the error. */
static char *error_reply_new(void) {
    PyObject *kind, *value, *trace;
    PyErr_Fetch(&kind, &value, &trace);
    const char *name = kind && PyType_Check(kind) ? ((PyTypeObject *)kind)->tp_name : "SystemError";
    char *reply = host_format_new("{\"status\":\"error\",\"ename\":\"%s\",\"evalue\":\"\","
                                  "\"traceback\":[\"%s\"],\"execution_count\":0}",
                                  name, name);
    Py_XDECREF(kind);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    return reply;
}

/* With the GIL. */
static char *handle_new(const char *op, const char *content, const session_buffer_t *buffers,
                        size_t count) {
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *bytes =
            PyBytes_FromStringAndSize(buffers[i].bytes, (Py_ssize_t)buffers[i].length);
        if (bytes == NULL || PyList_Append(list, bytes) < 0)
            Py_CLEAR(list);
        Py_XDECREF(bytes);
    }
    PyObject *result =
        list ? PyObject_CallFunction(handle, "ss#O", op, content, (Py_ssize_t)strlen(content), list)
             : NULL;
    char *reply = copy_text(result);
    if (reply == NULL)
        reply = error_reply_new();
    Py_XDECREF(result);
    Py_XDECREF(list);
    return reply;
}

/* With the GIL: what a signal left behind after its cell ended must not hit the next one. */
static void swallow_signals(void) {
    for (int i = 0; i < 4 && PyErr_CheckSignals() < 0; i++)
        PyErr_Clear();
    host_interrupt_clear();
}

/* On the main thread, without the GIL. */
static char *run_new(request_t *request) {
    if (request->abort) {
        atomic_fetch_sub(&waiting, 1);
        return strdup("{\"status\":\"aborted\",\"execution_count\":null}");
    }
    session_cell_enter(session_cell_begin(request->cell));
    atomic_store(&interrupted, false);
    host_thread_enter();
    atomic_store(&busy, true);
    if (request->waits) /* after that, so that no signal falls between */
        atomic_fetch_sub(&waiting, 1);
    if (atomic_exchange(&early, false))
        session_interrupt();
    char *reply = handle_new(request->op, request->content, request->buffers, request->count);
    atomic_store(&busy, false);
    swallow_signals();
    host_thread_leave();
    session_output_flush();
    return reply;
}

/* ---- the loop ------------------------------------------------------------------------------ */

static request_t *next_request(void) {
    pthread_mutex_lock(&lock);
    while (first == NULL && !atomic_load(&closing))
        pthread_cond_wait(&asked, &lock);
    request_t *request = atomic_load(&closing) ? NULL : first;
    if (request != NULL) {
        first = request->next;
        if (first == NULL)
            last = NULL;
    }
    pthread_mutex_unlock(&lock);
    return request;
}

static void answer(request_t *request, char *reply) {
    pthread_mutex_lock(&lock);
    request->reply = reply;
    request->done = true;
    pthread_cond_broadcast(&answered);
    pthread_mutex_unlock(&lock);
}

static void end(void) {
    pthread_mutex_lock(&lock);
    ended = true;
    for (; first != NULL; first = first->next)
        first->done = true;
    last = NULL;
    pthread_cond_broadcast(&answered);
    pthread_mutex_unlock(&lock);
}

static PyObject *settings_dict(const char *const *settings) {
    PyObject *dict = PyDict_New();
    for (; dict != NULL && settings != NULL && *settings != NULL; settings++) {
        const char *equal = strchr(*settings, '=');
        PyObject *key = PyUnicode_DecodeFSDefaultAndSize(
            *settings, equal ? equal - *settings : (Py_ssize_t)strlen(*settings));
        PyObject *value = PyUnicode_DecodeFSDefault(equal ? equal + 1 : "");
        if (key == NULL || value == NULL || PyDict_SetItem(dict, key, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return dict;
}

/* With the GIL: the Python side of the session. 0, or -1 with a Python error. */
static int start_python(void) {
    session_cell_enter(session_cell_begin(""));
    PyObject *settings = settings_dict(chosen->settings);
    PyObject *module = settings ? PyImport_ImportModule("_pyflink_session") : NULL;
    PyObject *result = module ? PyObject_CallMethod(module, "start", "siO", chosen->front_end,
                                                    (int)chosen->terminal, settings)
                              : NULL;
    handle = result ? PyObject_GetAttrString(module, "handle") : NULL;
    Py_XDECREF(result);
    Py_XDECREF(module);
    Py_XDECREF(settings);
    return handle ? 0 : -1;
}

/* Python's main thread, with the GIL; instead of running a program. */
static int body(void *unused) {
    main_thread = pthread_self();
    if (start_python() != 0) {
        PyErr_Print();
        session_close(1);
    }
    atomic_store(&up, true);
    PyThreadState *state = PyEval_SaveThread();
    if (chosen->sink->ready != NULL && !session_is_closing())
        chosen->sink->ready(chosen->sink->data);
    request_t prepare = {.op = "prepare", .cell = "", .content = "{}"}, *request;
    if (handle != NULL)
        free(run_new(&prepare));
    while ((request = next_request()) != NULL)
        answer(request, run_new(request));
    end();
    PyEval_RestoreThread(state);
    swallow_signals();
    return exit_code;
}

/* ---- signals and interrupts ---------------------------------------------------------------- */

/* On the thread that hands out signals: true when Python is not to see this one. */
static bool take_signal(int number) {
    if (number == SIGINT) {
        if (atomic_load(&busy)) {
            atomic_store(&interrupted, true);
            return false;
        }
        if (atomic_load(&up) && atomic_load(&waiting) > 0) {
            atomic_store(&early, true);
            return true;
        }
        if (chosen->sink->idle_interrupt != NULL)
            chosen->sink->idle_interrupt(chosen->sink->data);
        return true;
    }
    if (number == SIGTERM || number == SIGHUP) {
        session_close(128 + number);
        return !atomic_load(&busy);
    }
    return chosen->sink->signal != NULL && chosen->sink->signal(chosen->sink->data, number);
}

void session_interrupt(void) {
    if (!atomic_load(&busy))
        return;
    atomic_store(&interrupted, true);
    pthread_kill(main_thread, SIGINT);
    host_signals_note(SIGINT);
}

void session_interrupt_thread(pthread_t thread) {
    PyGILState_STATE state = PyGILState_Ensure();
    PyThreadState_SetAsyncExc((unsigned long)thread, PyExc_KeyboardInterrupt);
    PyGILState_Release(state);
}

void session_close(int code) {
    pthread_mutex_lock(&lock);
    if (!atomic_exchange(&closing, true))
        exit_code = code;
    pthread_cond_broadcast(&asked);
    pthread_mutex_unlock(&lock);
}

/* ---- calls --------------------------------------------------------------------------------- */

char *session_call_new(const char *op, const char *cell, const char *content,
                       const session_buffer_t *buffers, size_t count) {
    request_t request = {
        .op = op, .cell = cell, .content = content, .buffers = buffers, .count = count};
    pthread_mutex_lock(&lock);
    if (ended || atomic_load(&closing)) {
        pthread_mutex_unlock(&lock);
        return NULL;
    }
    if (last != NULL)
        last->next = &request;
    else
        first = &request;
    last = &request;
    request.waits = true;
    atomic_fetch_add(&waiting, 1);
    pthread_cond_signal(&asked);
    while (!request.done)
        pthread_cond_wait(&answered, &lock);
    pthread_mutex_unlock(&lock);
    return request.reply;
}

char *session_call_here_new(const char *op, const char *cell, const char *content,
                            const session_buffer_t *buffers, size_t count) {
    if (!atomic_load(&up) || session_is_closing())
        return session_call_new(op, cell, content, buffers, count);
    session_cell_t before = session_cell_enter(session_cell_begin(cell));
    host_thread_enter();
    char *reply = handle_new(op, content, buffers, count);
    host_thread_leave();
    session_output_flush();
    session_cell_enter(before);
    return reply;
}

char *session_call_late_new(const char *op, const char *cell, const char *content) {
    if (!atomic_load(&up) || session_is_closing())
        return NULL;
    session_cell_t before = session_cell_enter(session_cell_find(cell));
    host_thread_enter();
    char *reply = handle_new(op, content, NULL, 0);
    host_thread_leave();
    session_cell_enter(before);
    return reply;
}

void session_loop_abort_waiting(void) {
    pthread_mutex_lock(&lock);
    for (request_t *request = first; request != NULL; request = request->next)
        if (strcmp(request->op, "execute") == 0)
            request->abort = true;
    pthread_mutex_unlock(&lock);
}

static session_cell_t cell_of(const char *tag) {
    return session_cell_find(tag);
}

void session_write(const char *cell, bool error, const char *text, size_t length) {
    session_output_write(cell_of(cell), error ? SESSION_ERR : SESSION_OUT, text, length, NULL);
}

void session_message(const char *cell, const char *type, const char *content) {
    session_output_message(cell_of(cell), type, content, NULL, 0);
}

int session_main(const session_options_t *options) {
    chosen = options;
    if (session_output_start(options->sink) != 0)
        return 1;
    host_signals_filter(take_signal);
    if (options->capture_output && session_capture_start() != 0)
        return 1;
    host_python_options_t python = *options->python;
    python.body = body;
    int code = host_python_main(&python);
    session_close(code);
    end();
    session_output_stop();
    return code;
}
