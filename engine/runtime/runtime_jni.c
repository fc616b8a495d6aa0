/* runtime_jni.c - the natives of io.pyflinkshell.operator.NativeChain.
 *
 * All but cancel are called by one task thread. A batch costs one JNI call, taking and giving back
 * the GIL with the thread state that is kept for the thread, and two comparisons that tell Java
 * whether the output buffer moved.
 *
 * A handle stays allocated from create to free; Java calls neither cancel nor anything else on one
 * that it freed, and sees to that with a lock around both. */
#include "runtime/runtime.h"

#include "bridge/bridge.h"
#include "host/host.h"
#include "runtime/runtime_cancel.h"
#include "runtime/runtime_chain.h"

/* Bits of what run returns besides the number of bytes. */
#define RESULT_MORE ((jlong)1 << 62)
#define RESULT_OUTPUT_MOVED ((jlong)1 << 61)

typedef struct {
    runtime_chain_t *chain; /* NULL before open, after a failed open, and after close */
    runtime_cancel_t cancel;
    JNIEnv *env;      /* of the thread that is inside, for the state backend */
    jobject state;    /* global reference of a KeyedStateAccess, or NULL */
    jthrowable error; /* global reference: thrown by the next run, after what came before it */
    /* The output buffer that Java knows. */
    const uint8_t *known_data;
    size_t known_capacity;
} native_t;

static jmethodID state_get, state_put;

static native_t *of(jlong handle) {
    return (native_t *)(intptr_t)handle;
}

/* ---- state backend ------------------------------------------------------------------------- */

static jbyteArray to_java_bytes(JNIEnv *env, const uint8_t *bytes, size_t length) {
    jbyteArray array = (*env)->NewByteArray(env, (jsize)length);
    if (array != NULL)
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)length, (const jbyte *)bytes);
    return array;
}

static int backend_get(void *self, const uint8_t *key, size_t length, runtime_buffer_t *value,
                       bool *found) {
    native_t *native = self;
    JNIEnv *env = native->env;
    jbyteArray bytes = NULL;
    /* The backend can be on disk, so Python goes on meanwhile. */
    PyThreadState *saved = PyEval_SaveThread();
    jbyteArray java_key = to_java_bytes(env, key, length);
    if (java_key != NULL)
        bytes = (*env)->CallObjectMethod(env, native->state, state_get, java_key);
    bool failed = (*env)->ExceptionCheck(env);
    (*env)->DeleteLocalRef(env, java_key);
    PyEval_RestoreThread(saved);
    if (failed)
        return bridge_raise_from_java(env);
    *found = bytes != NULL;
    if (bytes == NULL)
        return 0;
    jsize size = (*env)->GetArrayLength(env, bytes);
    int result = runtime_reserve(value, (size_t)size);
    if (result == 0) {
        (*env)->GetByteArrayRegion(env, bytes, 0, size, (jbyte *)value->data + value->length);
        value->length += (size_t)size;
    }
    (*env)->DeleteLocalRef(env, bytes);
    return result;
}

static int backend_put(void *self, const uint8_t *key, size_t length, const uint8_t *value,
                       size_t size) {
    native_t *native = self;
    JNIEnv *env = native->env;
    PyThreadState *saved = PyEval_SaveThread();
    jbyteArray java_key = to_java_bytes(env, key, length);
    jbyteArray java_value = java_key == NULL ? NULL : to_java_bytes(env, value, size);
    if (java_value != NULL)
        (*env)->CallVoidMethod(env, native->state, state_put, java_key, java_value);
    bool failed = (*env)->ExceptionCheck(env);
    (*env)->DeleteLocalRef(env, java_key);
    (*env)->DeleteLocalRef(env, java_value);
    PyEval_RestoreThread(saved);
    return failed ? bridge_raise_from_java(env) : 0;
}

/* ---- in and out of Python -------------------------------------------------------------------- */

static void throw_error(native_t *native, JNIEnv *env) {
    runtime_chain_t *chain = native->chain;
    int step = chain->failed.step < 0 ? 0 : chain->failed.step;
    bridge_error_context_t context = {
        .operator_name = chain->steps[step].name,
        .subtask = chain->subtask,
        .parallelism = chain->parallelism,
        .input = chain->failed.input,
        .record = chain->failed.record,
        .what = chain->failed.what,
    };
    bridge_throw_from_python(env, &context);
    Py_CLEAR(chain->failed.record);
}

/* False with a Java exception when the process is ending. */
static bool enter(native_t *native, JNIEnv *env) {
    if (host_is_closing()) {
        jclass type = (*env)->FindClass(env, "java/lang/IllegalStateException");
        if (type != NULL)
            (*env)->ThrowNew(env, type, "the process is ending, Python runs no more functions");
        return false;
    }
    host_thread_enter();
    native->env = env;
    return true;
}

static jlong leave(native_t *native, JNIEnv *env, runtime_outcome_t outcome) {
    runtime_chain_t *chain = native->chain;
    jlong result = (jlong)chain->output.length;
    if (outcome == RUNTIME_ERROR)
        throw_error(native, env);
    else if (outcome == RUNTIME_MORE)
        result |= RESULT_MORE;
    if (chain->output.data != native->known_data ||
        chain->output.capacity != native->known_capacity)
        result |= RESULT_OUTPUT_MOVED;
    host_thread_leave();
    return result;
}

/* After a failure: what the records before the failing one gave is emitted first, as if each had
 * been processed alone, and then run throws the error that is kept here. */
static jlong keep_error(native_t *native, JNIEnv *env, jlong result) {
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    if (thrown == NULL)
        return result;
    (*env)->ExceptionClear(env);
    if ((native->error = (*env)->NewGlobalRef(env, thrown)) == NULL)
        (*env)->Throw(env, thrown);
    (*env)->DeleteLocalRef(env, thrown);
    return result | RESULT_MORE;
}

static jlong leave_records(native_t *native, JNIEnv *env, runtime_outcome_t outcome) {
    bool emit_first =
        outcome == RUNTIME_ERROR && native->chain->output.length > 0 && !native->cancel.requested;
    jlong result = leave(native, env, outcome);
    return emit_first ? keep_error(native, env, result) : result;
}

static void throw_kept(native_t *native, JNIEnv *env) {
    (*env)->Throw(env, native->error);
    (*env)->DeleteGlobalRef(env, native->error);
    native->error = NULL;
}

static jlong JNICALL chain_run(JNIEnv *env, jclass type, jlong handle, jint length) {
    native_t *native = of(handle);
    if (native->error != NULL) {
        throw_kept(native, env);
        return 0;
    }
    if (!enter(native, env))
        return 0;
    runtime_outcome_t outcome = RUNTIME_ERROR;
    if (runtime_cancel_begin(&native->cancel) == 0)
        outcome = runtime_chain_run(native->chain, (size_t)length);
    runtime_cancel_end(&native->cancel);
    return leave_records(native, env, outcome);
}

static jlong JNICALL chain_end_input(JNIEnv *env, jclass type, jlong handle) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return 0;
    runtime_outcome_t outcome = RUNTIME_ERROR;
    if (runtime_cancel_begin(&native->cancel) == 0)
        outcome = runtime_chain_end_input(native->chain);
    runtime_cancel_end(&native->cancel);
    return leave_records(native, env, outcome);
}

static jlong JNICALL chain_flush_state(JNIEnv *env, jclass type, jlong handle) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return 0;
    return leave(native, env, runtime_chain_flush_state(native->chain));
}

/* The task's thread is the only one that runs the chain, so this needs no GIL. */
static void JNICALL chain_watermark(JNIEnv *env, jclass type, jlong handle, jlong watermark) {
    of(handle)->chain->watermark = watermark;
}

static jobject JNICALL chain_input(JNIEnv *env, jclass type, jlong handle) {
    runtime_chain_t *chain = of(handle)->chain;
    return (*env)->NewDirectByteBuffer(env, chain->input, (jlong)chain->input_capacity);
}

static jobject JNICALL chain_output(JNIEnv *env, jclass type, jlong handle) {
    native_t *native = of(handle);
    runtime_buffer_t *output = &native->chain->output;
    native->known_data = output->data;
    native->known_capacity = output->capacity;
    return (*env)->NewDirectByteBuffer(env, output->data, (jlong)output->capacity);
}

static jobject JNICALL chain_grow_input(JNIEnv *env, jclass type, jlong handle, jint capacity) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return NULL;
    bool grown = runtime_chain_grow_input(native->chain, (size_t)capacity) == 0;
    if (!grown) {
        runtime_chain_fail(native->chain, -1, NULL, "input");
        throw_error(native, env);
    }
    host_thread_leave();
    return grown ? chain_input(env, type, handle) : NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

static jlong JNICALL chain_create(JNIEnv *env, jclass type) {
    native_t *native = PyMem_RawCalloc(1, sizeof *native);
    if (native == NULL) {
        jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
        if (error != NULL)
            (*env)->ThrowNew(env, error, "no memory for a native chain");
    }
    return (jlong)(intptr_t)native;
}

static void JNICALL chain_cancel(JNIEnv *env, jclass type, jlong handle) {
    if (host_is_closing())
        return;
    host_thread_enter();
    runtime_cancel_now(&of(handle)->cancel);
    host_thread_leave();
}

static void JNICALL chain_close(JNIEnv *env, jclass type, jlong handle) {
    native_t *native = of(handle);
    if (native->chain == NULL)
        return;
    /* Python objects cannot be freed any more when the process is ending; it frees everything. */
    if (!enter(native, env)) {
        (*env)->ExceptionClear(env);
        return;
    }
    runtime_cancel_begin_anyway(&native->cancel);
    int result = runtime_chain_close(native->chain);
    runtime_cancel_end(&native->cancel);
    if (result < 0)
        throw_error(native, env);
    runtime_chain_free(native->chain);
    native->chain = NULL;
    host_thread_leave();
}

static void JNICALL chain_free(JNIEnv *env, jclass type, jlong handle) {
    native_t *native = of(handle);
    if (native->state != NULL)
        (*env)->DeleteGlobalRef(env, native->state);
    if (native->error != NULL)
        (*env)->DeleteGlobalRef(env, native->error);
    PyMem_RawFree(native);
}

/* The parts of open's arguments that Java passes as arrays. */
typedef struct {
    jintArray kinds;
    jobjectArray names, payloads, out_schemas;
} steps_t;

/* A copy of a Java byte[] as a Python bytes object; NULL without an error for null. */
static PyObject *bytes_of(JNIEnv *env, jbyteArray array) {
    if (array == NULL)
        return NULL;
    jsize length = (*env)->GetArrayLength(env, array);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, length);
    if (bytes != NULL)
        (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *)PyBytes_AS_STRING(bytes));
    return bytes;
}

/* Parses a schema; *type stays NULL for null. 0, or -1 with a Python error. */
static int type_of(JNIEnv *env, jbyteArray schema, runtime_type_t **type) {
    PyObject *bytes = bytes_of(env, schema);
    if (bytes == NULL)
        return PyErr_Occurred() ? -1 : 0;
    *type = runtime_type_parse((const uint8_t *)PyBytes_AS_STRING(bytes),
                               (size_t)PyBytes_GET_SIZE(bytes));
    Py_DECREF(bytes);
    return *type == NULL ? -1 : 0;
}

/* Loads the function of one step, which also calls its open(). */
static int open_step(JNIEnv *env, runtime_chain_t *chain, int i, int kind, const steps_t *from,
                     PyObject *load, PyObject *context) {
    runtime_chain_step_t *step = &chain->steps[i];
    PyObject *name = NULL, *payload = NULL, *loaded = NULL;
    int result = -1;
    step->kind = kind;
    jstring java_name = (*env)->GetObjectArrayElement(env, from->names, i);
    jbyteArray java_payload = (*env)->GetObjectArrayElement(env, from->payloads, i);
    jbyteArray schema =
        from->out_schemas == NULL ? NULL : (*env)->GetObjectArrayElement(env, from->out_schemas, i);
    if ((name = bridge_string_to_python(env, java_name)) == NULL)
        goto done;
    const char *utf8 = PyUnicode_AsUTF8(name);
    if (utf8 == NULL || (step->name = PyMem_Malloc(strlen(utf8) + 1)) == NULL)
        goto done;
    strcpy(step->name, utf8);
    if (type_of(env, schema, &step->type) < 0)
        goto done;
    if (kind == RUNTIME_VALUES_STEP) {
        result = 0;
        goto done;
    }
    if ((payload = bytes_of(env, java_payload)) == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_SystemError, "a step has no function");
        goto done;
    }
    loaded = PyObject_CallFunction(load, "iOOO", kind, payload, context, name);
    if (loaded == NULL)
        goto done;
    PyObject *second = NULL;
    if (!PyArg_ParseTuple(loaded, "OO|O", &step->function, &step->close, &second)) {
        step->function = step->close = NULL;
        goto done;
    }
    Py_INCREF(step->function);
    step->second = second == NULL ? NULL : Py_NewRef(second);
    step->close = step->close == Py_None ? NULL : Py_NewRef(step->close);
    if (runtime_chain_make_context(chain, i) < 0)
        goto done;
    result = 0;
done:
    if (result < 0)
        runtime_chain_fail(chain, step->name == NULL ? -1 : i, NULL, "open");
    (*env)->DeleteLocalRef(env, java_name);
    (*env)->DeleteLocalRef(env, java_payload);
    (*env)->DeleteLocalRef(env, schema);
    Py_XDECREF(name);
    Py_XDECREF(payload);
    Py_XDECREF(loaded);
    return result;
}

/* The RuntimeContext that the functions get; new reference. */
static PyObject *make_context(JNIEnv *env, jobject runtime_context, jstring name, int subtask,
                              int parallelism) {
    PyObject *module = PyImport_ImportModule("pyflink._engine.context");
    PyObject *java = bridge_to_python(env, runtime_context);
    PyObject *text = bridge_string_to_python(env, name);
    PyObject *context = NULL;
    if (module != NULL && java != NULL && text != NULL)
        context = PyObject_CallMethod(module, "make", "OOii", java, text, subtask, parallelism);
    Py_XDECREF(module);
    Py_XDECREF(java);
    Py_XDECREF(text);
    return context;
}

static int open_steps(JNIEnv *env, runtime_chain_t *chain, const steps_t *from, PyObject *context) {
    PyObject *module = PyImport_ImportModule("pyflink._engine.functions");
    PyObject *load = module == NULL ? NULL : PyObject_GetAttrString(module, "load");
    Py_XDECREF(module);
    if (load == NULL)
        return -1;
    int result = 0;
    for (int i = 0; i < chain->step_count && result == 0; i++) {
        jint kind;
        (*env)->GetIntArrayRegion(env, from->kinds, i, 1, &kind);
        result = open_step(env, chain, i, kind, from, load, context);
    }
    Py_DECREF(load);
    return result;
}

/* The forms of the records at the inputs, of which there are one or two. */
static int open_inputs(JNIEnv *env, runtime_chain_t *chain, jintArray modes, jobjectArray schemas,
                       jobjectArray key_schemas) {
    int count = (*env)->GetArrayLength(env, modes), result = 0;
    for (int i = 0; i < count && i < 2 && result == 0; i++) {
        jint mode;
        (*env)->GetIntArrayRegion(env, modes, i, 1, &mode);
        jbyteArray schema = (*env)->GetObjectArrayElement(env, schemas, i);
        jbyteArray key_schema = (*env)->GetObjectArrayElement(env, key_schemas, i);
        chain->in[i].mode = (runtime_mode_t)mode;
        if (type_of(env, schema, &chain->in[i].type) < 0 ||
            type_of(env, key_schema, &chain->in[i].key) < 0)
            result = -1;
        (*env)->DeleteLocalRef(env, schema);
        (*env)->DeleteLocalRef(env, key_schema);
    }
    return result;
}

/* The operator's name, for errors before the steps have theirs. */
static int name_steps(runtime_chain_t *chain) {
    for (int i = 0; i < chain->step_count; i++)
        if (chain->steps[i].name == NULL) {
            if ((chain->steps[i].name = PyMem_Calloc(1, 1)) == NULL)
                return -1;
        }
    return 0;
}

static void JNICALL chain_open(JNIEnv *env, jclass type, jlong handle, jobject runtime_context,
                               jstring operator_name, jint subtask, jint parallelism,
                               jintArray kinds, jobjectArray names, jobjectArray payloads,
                               jobjectArray out_schemas, jintArray in_modes,
                               jobjectArray in_schemas, jobjectArray in_key_schemas, jint out_mode,
                               jbyteArray out_schema, jbyteArray out_key_schema, jobject state,
                               jboolean batch_mode, jint buffer_bytes) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return;
    steps_t from = {kinds, names, payloads, out_schemas};
    PyObject *context = NULL;
    runtime_chain_t *chain =
        runtime_chain_new((*env)->GetArrayLength(env, kinds), (size_t)buffer_bytes);
    if (chain == NULL) {
        bridge_throw_from_python(env, NULL);
        host_thread_leave();
        return;
    }
    native->chain = chain;
    chain->subtask = subtask;
    chain->parallelism = parallelism;
    chain->batch_mode = batch_mode;
    chain->out.mode = out_mode;
    chain->failed.what = "open";
    if (state != NULL)
        native->state = (*env)->NewGlobalRef(env, state);
    bool ok = runtime_cancel_begin(&native->cancel) == 0 &&
              open_inputs(env, chain, in_modes, in_schemas, in_key_schemas) == 0 &&
              type_of(env, out_schema, &chain->out.type) == 0 &&
              type_of(env, out_key_schema, &chain->out.key) == 0 &&
              (context = make_context(env, runtime_context, operator_name, subtask, parallelism)) !=
                  NULL &&
              open_steps(env, chain, &from, context) == 0 && runtime_chain_ready(chain) == 0;
    Py_XDECREF(context);
    if (ok && chain->steps[0].kind == RUNTIME_REDUCE_STEP) {
        bool rows = chain->in[0].mode == RUNTIME_TYPED && chain->in[0].key != NULL;
        runtime_backend_t backend = {native, backend_get, backend_put};
        chain->state = runtime_state_new(rows ? chain->in[0].type->fields[1] : chain->in[0].type,
                                         state == NULL ? NULL : &backend);
        ok = chain->state != NULL;
    }
    runtime_cancel_end(&native->cancel);
    if (!ok) {
        PyObject *error, *value, *traceback;
        PyErr_Fetch(&error, &value, &traceback);
        /* What was opened is closed; its own errors come second. */
        runtime_cancel_begin_anyway(&native->cancel);
        if (runtime_chain_close(chain) < 0)
            PyErr_Clear();
        runtime_cancel_end(&native->cancel);
        PyErr_Restore(error, value, traceback);
        if (name_steps(chain) == 0)
            throw_error(native, env);
        runtime_chain_free(chain);
        native->chain = NULL;
    }
    host_thread_leave();
}

static void JNICALL chain_partitions(JNIEnv *env, jclass type, jlong handle, jint count) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return;
    if (runtime_chain_partitions(native->chain, count) < 0) {
        runtime_chain_fail(native->chain, -1, NULL, "open");
        throw_error(native, env);
    }
    host_thread_leave();
}

static void JNICALL chain_side_output(JNIEnv *env, jclass type, jlong handle, jint step,
                                      jstring java_id, jint mode, jbyteArray schema) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return;
    runtime_type_t *out = NULL;
    PyObject *id = bridge_string_to_python(env, java_id);
    if (id == NULL || type_of(env, schema, &out) < 0 ||
        runtime_chain_add_side(native->chain, step, id, mode, out) < 0) {
        runtime_chain_fail(native->chain, step, NULL, "open");
        throw_error(native, env);
    }
    Py_XDECREF(id);
    host_thread_leave();
}

int runtime_on_jvm(JNIEnv *env) {
    static const JNINativeMethod natives[] = {
        {"create", "()J", chain_create},
        {"open",
         "(JLjava/lang/Object;Ljava/lang/String;II[I[Ljava/lang/String;[[B[[B[I[[B[[BI[B[B"
         "Lio/pyflinkshell/operator/KeyedStateAccess;ZI)V",
         chain_open},
        {"partitions", "(JI)V", chain_partitions},
        {"sideOutput", "(JILjava/lang/String;I[B)V", chain_side_output},
        {"input", "(J)Ljava/nio/ByteBuffer;", chain_input},
        {"output", "(J)Ljava/nio/ByteBuffer;", chain_output},
        {"growInput", "(JI)Ljava/nio/ByteBuffer;", chain_grow_input},
        {"watermark", "(JJ)V", chain_watermark},
        {"run", "(JI)J", chain_run},
        {"endInput", "(J)J", chain_end_input},
        {"flushState", "(J)J", chain_flush_state},
        {"cancel", "(J)V", chain_cancel},
        {"close", "(J)V", chain_close},
        {"free", "(J)V", chain_free},
    };
    jclass access = (*env)->FindClass(env, "io/pyflinkshell/operator/KeyedStateAccess");
    if (access == NULL)
        return -1;
    state_get = (*env)->GetMethodID(env, access, "get", "([B)[B");
    state_put = state_get == NULL ? NULL : (*env)->GetMethodID(env, access, "put", "([B[B)V");
    (*env)->DeleteLocalRef(env, access);
    jclass chain =
        state_put == NULL ? NULL : (*env)->FindClass(env, "io/pyflinkshell/operator/NativeChain");
    if (chain == NULL)
        return -1;
    jint result = (*env)->RegisterNatives(env, chain, natives, sizeof natives / sizeof *natives);
    (*env)->DeleteLocalRef(env, chain);
    return result == JNI_OK ? 0 : -1;
}
