/* runtime_async.c - the native side of asynchronous functions.
 *
 * Cost of one record besides its coroutine: decoding it, a tuple for the loop, encoding its
 * results. Waking the loop, taking the records and handing results back are shared by all that
 * gathered while the loop was busy, or finished in one round of it.
 *
 * A handle stays allocated from create to free; Java calls nothing on one that it freed. */
#include "runtime/runtime_async.h"

#include "bridge/bridge.h"
#include "host/host.h"
#include "runtime/runtime_cancel.h"
#include "runtime/runtime_chain.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Results of more bytes than this are handed back before the round of the loop ends. */
enum { MUCH = 1 << 20 };

typedef struct {
    int fd; /* eventfd: there are records, or the loop shall stop */
    atomic_bool stopping;
    runtime_cancel_t cancel;
    const char *name; /* of the operator while its loop runs, else NULL; under the GIL */
} async_t;

/* What the loop in Python has of its operator. */
typedef struct {
    PyObject_HEAD async_t *async; /* NULL: the loop has ended */
    JNIEnv *env;                  /* of the loop's thread */
    jobject calls;                /* borrowed while the loop runs */
    runtime_end_t in;
    runtime_type_t *out;
    runtime_buffer_t results;
    const char *name; /* of the operator, borrowed while the loop runs */
    int subtask, parallelism;
} channel_t;

static jmethodID opened_method, take_method, completed_method, failed_method;

static async_t *of(jlong handle) {
    return (async_t *)(intptr_t)handle;
}

/* ---- the loop's channel ---------------------------------------------------------------------- */

static channel_t *live(PyObject *self) {
    channel_t *channel = (channel_t *)self;
    if (channel->async != NULL)
        return channel;
    PyErr_SetString(PyExc_RuntimeError, "the event loop of this operator has ended");
    return NULL;
}

static PyObject *channel_fileno(PyObject *self, PyObject *unused) {
    channel_t *channel = live(self);
    return channel == NULL ? NULL : PyLong_FromLong(channel->async->fd);
}

static PyObject *channel_stopping(PyObject *self, PyObject *unused) {
    channel_t *channel = live(self);
    if (channel == NULL)
        return NULL;
    const async_t *async = channel->async;
    return PyLong_FromLong(!atomic_load(&async->stopping) ? 0 : async->cancel.requested ? 2 : 1);
}

static PyObject *channel_opened(PyObject *self, PyObject *unused) {
    channel_t *channel = live(self);
    if (channel == NULL)
        return NULL;
    (*channel->env)->CallVoidMethod(channel->env, channel->calls, opened_method);
    if ((*channel->env)->ExceptionCheck(channel->env)) {
        bridge_raise_from_java(channel->env);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *read_value(channel_t *channel, runtime_input_t *in) {
    uint8_t flags;
    uint32_t key_length, value_length;
    if (runtime_get_u8(in, &flags) < 0)
        return NULL;
    if (flags & RUNTIME_IS_NULL)
        return Py_NewRef(Py_None);
    if (channel->in.mode == RUNTIME_TYPED)
        return runtime_decode(in, channel->in.type);
    if (runtime_get_u32(in, &key_length) < 0 || runtime_get_u32(in, &value_length) < 0)
        return NULL;
    size_t left = (size_t)(in->end - in->next);
    if (left < key_length || left - key_length < value_length || value_length == 0)
        return runtime_malformed("a key or value is longer than the input");
    runtime_input_t value = {in->next + key_length, in->next + key_length + value_length};
    in->next = value.end;
    return *value.next++ ? runtime_decode(&value, channel->in.type) : Py_NewRef(Py_None);
}

static PyObject *read_call(channel_t *channel, runtime_input_t *in) {
    uint32_t number;
    uint8_t late;
    if (runtime_get_u32(in, &number) < 0 || runtime_get_u8(in, &late) < 0)
        return NULL;
    PyObject *value = read_value(channel, in);
    if (value == NULL)
        return NULL;
    return Py_BuildValue("(iON)", (int)number, late ? Py_True : Py_False, value);
}

static PyObject *channel_take(PyObject *self, PyObject *unused) {
    channel_t *channel = live(self);
    PyObject *list = channel == NULL ? NULL : PyList_New(0);
    if (list == NULL)
        return NULL;
    JNIEnv *env = channel->env;
    eventfd_t count;
    jobject buffer = NULL;
    /* Read first: what is written from now on wakes the loop again. */
    Py_BEGIN_ALLOW_THREADS(void) !eventfd_read(channel->async->fd, &count);
    buffer = (*env)->CallObjectMethod(env, channel->calls, take_method);
    Py_END_ALLOW_THREADS if ((*env)->ExceptionCheck(env)) {
        Py_DECREF(list);
        bridge_raise_from_java(env);
        return NULL;
    }
    if (buffer == NULL)
        return list;
    const uint8_t *data = (*env)->GetDirectBufferAddress(env, buffer);
    (*env)->DeleteLocalRef(env, buffer);
    uint32_t length = 4;
    runtime_input_t in = {data, data + length};
    if (runtime_get_u32(&in, &length) < 0) {
        Py_DECREF(list);
        return NULL;
    }
    in.end = data + length;
    while (list != NULL && in.next < in.end) {
        PyObject *call = read_call(channel, &in);
        if (call == NULL || PyList_Append(list, call) < 0)
            Py_CLEAR(list);
        Py_XDECREF(call);
    }
    return list;
}

/* Hands all results back. -1 with an error. */
static int hand_back(channel_t *channel) {
    JNIEnv *env = channel->env;
    size_t length = channel->results.length;
    channel->results.length = 0;
    if (length == 0)
        return 0;
    jobject buffer = (*env)->NewDirectByteBuffer(env, channel->results.data, (jlong)length);
    if (buffer != NULL) {
        Py_BEGIN_ALLOW_THREADS(*env)->CallVoidMethod(env, channel->calls, completed_method, buffer);
        Py_END_ALLOW_THREADS(*env)->DeleteLocalRef(env, buffer);
    }
    return (*env)->ExceptionCheck(env) ? bridge_raise_from_java(env) : 0;
}

static PyObject *channel_flush(PyObject *self, PyObject *unused) {
    channel_t *channel = live(self);
    if (channel == NULL || hand_back(channel) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static int put_value(channel_t *channel, PyObject *value) {
    runtime_buffer_t *out = &channel->results;
    const runtime_type_t *type = channel->out;
    bool null = value == Py_None && type->kind != RUNTIME_ANY && type->kind != RUNTIME_PICKLED;
    if (runtime_reserve(out, 1) < 0)
        return -1;
    runtime_put_u8(out, null ? RUNTIME_IS_NULL : 0);
    if (null)
        return 0;
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, out);
    if (runtime_encode(&encoder, type, value) == 0)
        return 0;
    char who[300];
    snprintf(who, sizeof who, "operator '%s'", channel->name);
    return runtime_encode_raise(&encoder, type, who);
}

/* An iterable of results. Text and the like are iterable, too, but never meant so. */
static PyObject *iterator_of(const channel_t *channel, PyObject *result) {
    if (!PyUnicode_Check(result) && !PyBytes_Check(result) && !PyByteArray_Check(result) &&
        !PyDict_Check(result) && Py_TYPE(result) != runtime_types()->row &&
        Py_TYPE(result)->tp_iter != NULL)
        return PyObject_GetIter(result);
    PyErr_Format(PyExc_TypeError,
                 "operator '%s': The result of AsyncFunction should be of list type (or another "
                 "iterable of the results for the record), found %s %R",
                 channel->name, Py_TYPE(result)->tp_name, result);
    return NULL;
}

static PyObject *channel_done(PyObject *self, PyObject *args) {
    int number;
    PyObject *result, *item;
    channel_t *channel = live(self);
    if (channel == NULL || !PyArg_ParseTuple(args, "iO:done", &number, &result))
        return NULL;
    runtime_buffer_t *out = &channel->results;
    size_t start = out->length;
    if (result == Py_None) {
        PyErr_Format(PyExc_TypeError,
                     "operator '%s': The result of AsyncFunction cannot be none; return an empty "
                     "list when the record gives nothing",
                     channel->name);
        return NULL;
    }
    PyObject *iterator = iterator_of(channel, result);
    if (iterator == NULL)
        return NULL;
    uint32_t count = 0;
    if (runtime_reserve(out, 8) < 0)
        goto failed;
    runtime_put_u32(out, (uint32_t)number);
    runtime_put_u32(out, 0);
    while ((item = PyIter_Next(iterator)) != NULL) {
        int put = put_value(channel, item);
        Py_DECREF(item);
        if (put < 0)
            goto failed;
        count++;
    }
    if (PyErr_Occurred())
        goto failed;
    Py_DECREF(iterator);
    runtime_patch_u32(out, start + 4, count);
    if (out->length > MUCH && hand_back(channel) < 0)
        return NULL;
    return PyBool_FromLong(start == 0);
failed:
    out->length = start;
    Py_DECREF(iterator);
    return NULL;
}

/* Raises the error again so that the bridge can turn it into Java's. */
static void set_error(PyObject *error) {
    Py_INCREF(error);
    Py_INCREF(Py_TYPE(error));
    PyErr_Restore((PyObject *)Py_TYPE(error), error, PyException_GetTraceback(error));
}

static PyObject *channel_failed(PyObject *self, PyObject *args) {
    int number;
    PyObject *error, *record;
    channel_t *channel = live(self);
    if (channel == NULL || !PyArg_ParseTuple(args, "iOO:failed", &number, &error, &record))
        return NULL;
    if (!PyExceptionInstance_Check(error)) {
        PyErr_SetString(PyExc_TypeError, "failed() takes an exception");
        return NULL;
    }
    JNIEnv *env = channel->env;
    bridge_error_context_t context = {
        .operator_name = channel->name,
        .subtask = channel->subtask,
        .parallelism = channel->parallelism,
        .record = record,
        .what = "call",
    };
    if (hand_back(channel) < 0)
        return NULL;
    set_error(error);
    bridge_throw_from_python(env, &context);
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    (*env)->ExceptionClear(env);
    Py_BEGIN_ALLOW_THREADS(*env)->CallVoidMethod(env, channel->calls, failed_method, (jint)number,
                                                 thrown);
    Py_END_ALLOW_THREADS(*env)->DeleteLocalRef(env, thrown);
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    Py_RETURN_NONE;
}

static void channel_dealloc(PyObject *object) {
    channel_t *channel = (channel_t *)object;
    runtime_type_free(channel->in.type);
    runtime_type_free(channel->out);
    runtime_buffer_free(&channel->results);
    Py_TYPE(object)->tp_free(object);
}

static PyMethodDef channel_methods[] = {
    {"fileno", channel_fileno, METH_NOARGS,
     PyDoc_STR("fileno() -> int\n\nReadable when there is something to take, or to stop.")},
    {"stopping", channel_stopping, METH_NOARGS,
     PyDoc_STR(
         "stopping() -> int\n\n1 when the operator is being closed, 2 when that took too long.")},
    {"opened", channel_opened, METH_NOARGS,
     PyDoc_STR("opened() -> None\n\nThe function is open and waits for records.")},
    {"take", channel_take, METH_NOARGS,
     PyDoc_STR("take() -> list\n\nWhat has gathered: (number, whether its time is over, record).")},
    {"done", channel_done, METH_VARARGS,
     PyDoc_STR("done(number, results) -> bool\n\nThe results of a record. True when flush() has to "
               "be called for them.\nTypeError when they are none.")},
    {"flush", channel_flush, METH_NOARGS, PyDoc_STR("flush() -> None\n\nHand all results over.")},
    {"failed", channel_failed, METH_VARARGS,
     PyDoc_STR("failed(number, error, record) -> None\n\nThe function failed, and the job with "
               "it.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject channel_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.AsyncChannel",
    .tp_basicsize = sizeof(channel_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("Between an operator and its event loop; for the loop's thread only."),
    .tp_dealloc = channel_dealloc,
    .tp_methods = channel_methods,
};

/* ---- natives --------------------------------------------------------------------------------- */

static jlong JNICALL async_create(JNIEnv *env, jclass type) {
    async_t *async = PyMem_RawCalloc(1, sizeof *async);
    if (async != NULL && (async->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) < 0) {
        PyMem_RawFree(async);
        async = NULL;
    }
    if (async == NULL) {
        jclass error = (*env)->FindClass(env, "java/lang/IllegalStateException");
        if (error != NULL)
            (*env)->ThrowNew(env, error, "no memory or file descriptor for an event loop");
    }
    return (jlong)(intptr_t)async;
}

static void JNICALL async_wake(JNIEnv *env, jclass type, jlong handle) {
    /* It can only fail when the counter is full, and then it is readable. */
    (void)!eventfd_write(of(handle)->fd, 1);
}

static void JNICALL async_stop(JNIEnv *env, jclass type, jlong handle) {
    atomic_store(&of(handle)->stopping, true);
    async_wake(env, type, handle);
}

static void JNICALL async_interrupt(JNIEnv *env, jclass type, jlong handle) {
    if (host_is_closing())
        return;
    host_thread_enter();
    runtime_cancel_now(&of(handle)->cancel, of(handle)->name);
    host_thread_leave();
    /* What waits would not notice. */
    async_wake(env, type, handle);
}

static void JNICALL async_free(JNIEnv *env, jclass type, jlong handle) {
    close(of(handle)->fd);
    PyMem_RawFree(of(handle));
}

static PyObject *bytes_of(JNIEnv *env, jbyteArray array) {
    jsize length = (*env)->GetArrayLength(env, array);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, length);
    if (bytes != NULL)
        (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *)PyBytes_AS_STRING(bytes));
    return bytes;
}

static runtime_type_t *type_of(JNIEnv *env, jbyteArray schema) {
    PyObject *bytes = bytes_of(env, schema);
    if (bytes == NULL)
        return NULL;
    runtime_type_t *type = runtime_type_parse((const uint8_t *)PyBytes_AS_STRING(bytes),
                                              (size_t)PyBytes_GET_SIZE(bytes));
    Py_DECREF(bytes);
    return type;
}

/* Runs the loop until it is stopped. -1 with a Python error. */
static int run_loop(JNIEnv *env, channel_t *channel, jobject runtime_context, PyObject *name,
                    jbyteArray payload) {
    PyObject *module = PyImport_ImportModule("pyflink._engine.async_calls");
    PyObject *context = bridge_to_python(env, runtime_context);
    PyObject *bytes = bytes_of(env, payload);
    PyObject *result = NULL;
    if (module != NULL && context != NULL && bytes != NULL)
        result = PyObject_CallMethod(module, "run", "OOOOii", (PyObject *)channel, bytes, context,
                                     name, channel->subtask, channel->parallelism);
    Py_XDECREF(module);
    Py_XDECREF(context);
    Py_XDECREF(bytes);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static void JNICALL async_run(JNIEnv *env, jclass type, jlong handle, jobject calls,
                              jobject runtime_context, jstring operator_name, jint subtask,
                              jint parallelism, jbyteArray payload, jint in_mode,
                              jbyteArray in_schema, jbyteArray out_schema) {
    async_t *async = of(handle);
    if (host_is_closing())
        return;
    host_thread_enter();
    channel_t *channel = NULL;
    PyObject *name = bridge_string_to_python(env, operator_name);
    const char *utf8 = name == NULL ? NULL : PyUnicode_AsUTF8(name);
    int result = -1;
    if (utf8 != NULL && PyType_Ready(&channel_type) == 0 && runtime_types() != NULL &&
        (channel = (channel_t *)channel_type.tp_alloc(&channel_type, 0)) != NULL) {
        async->name = utf8;
        channel->async = async;
        channel->env = env;
        channel->calls = calls;
        channel->name = utf8;
        channel->subtask = subtask;
        channel->parallelism = parallelism;
        channel->in.mode = (runtime_mode_t)in_mode;
        if ((channel->in.type = type_of(env, in_schema)) != NULL &&
            (channel->out = type_of(env, out_schema)) != NULL &&
            runtime_cancel_begin(&async->cancel) == 0)
            result = run_loop(env, channel, runtime_context, name, payload);
        runtime_cancel_end(&async->cancel);
        channel->async = NULL;
        async->name = NULL;
    }
    if (result < 0) {
        bridge_error_context_t context = {
            .operator_name = utf8, .subtask = subtask, .parallelism = parallelism, .what = "open"};
        bridge_throw_from_python(env, &context);
    }
    Py_XDECREF((PyObject *)channel);
    Py_XDECREF(name);
    host_thread_leave();
}

int runtime_async_on_jvm(JNIEnv *env) {
    static const JNINativeMethod natives[] = {
        {"create", "()J", async_create},
        {"run",
         "(JLio/pyflinkshell/operator/AsyncCalls;Ljava/lang/Object;Ljava/lang/String;II[BI[B[B)V",
         async_run},
        {"wake", "(J)V", async_wake},
        {"stop", "(J)V", async_stop},
        {"interrupt", "(J)V", async_interrupt},
        {"free", "(J)V", async_free},
    };
    jclass calls = (*env)->FindClass(env, "io/pyflinkshell/operator/AsyncCalls");
    if (calls == NULL ||
        (opened_method = (*env)->GetMethodID(env, calls, "opened", "()V")) == NULL ||
        (take_method = (*env)->GetMethodID(env, calls, "take", "()Ljava/nio/ByteBuffer;")) ==
            NULL ||
        (completed_method =
             (*env)->GetMethodID(env, calls, "completed", "(Ljava/nio/ByteBuffer;)V")) == NULL ||
        (failed_method = (*env)->GetMethodID(env, calls, "failed", "(ILjava/lang/Throwable;)V")) ==
            NULL)
        return -1;
    (*env)->DeleteLocalRef(env, calls);
    jclass type = (*env)->FindClass(env, "io/pyflinkshell/operator/NativeAsync");
    if (type == NULL)
        return -1;
    jint result = (*env)->RegisterNatives(env, type, natives, sizeof natives / sizeof *natives);
    (*env)->DeleteLocalRef(env, type);
    return result == JNI_OK ? 0 : -1;
}
