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
#include "runtime/runtime_async.h"
#include "runtime/runtime_broadcast.h"
#include "runtime/runtime_cancel.h"
#include "runtime/runtime_window.h"
#include "runtime/runtime_java_state.h"

/* Bits of what run returns besides the number of bytes. */
#define RESULT_MORE ((jlong)1 << 62)
#define RESULT_OUTPUT_MOVED ((jlong)1 << 61)

typedef struct {
    runtime_chain_t *chain; /* NULL before open, after a failed open, and after close */
    runtime_cancel_t cancel;
    runtime_java_state_t state;
    runtime_java_state_t broadcast;
    jthrowable error; /* global reference: thrown by the next run, after what came before it */
    /* The output buffer that Java knows. */
    const uint8_t *known_data;
    size_t known_capacity;
} native_t;

static native_t *of(jlong handle) {
    return (native_t *)(intptr_t)handle;
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
    native->state.env = env;
    native->broadcast.env = env;
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
    native_t *native = of(handle);
    runtime_cancel_now(&native->cancel,
                       native->chain == NULL ? NULL : native->chain->steps[0].name);
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
    runtime_java_state_close(&native->state, env);
    runtime_java_state_close(&native->broadcast, env);
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
    PyObject *second = NULL, *on_timer = NULL;
    if (!PyArg_ParseTuple(loaded, "OO|OO", &step->function, &step->close, &second, &on_timer)) {
        step->function = step->close = NULL;
        goto done;
    }
    Py_INCREF(step->function);
    step->second = second == NULL || second == Py_None ? NULL : Py_NewRef(second);
    step->close = step->close == Py_None ? NULL : Py_NewRef(step->close);
    step->on_timer = on_timer == NULL || on_timer == Py_None ? NULL : Py_NewRef(on_timer);
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

/* The RuntimeContexts of the first function, which has states when keyed and state are given, and
 * of the others; a new tuple. */
static PyObject *make_contexts(JNIEnv *env, jobject runtime_context, jstring name, int subtask,
                               int parallelism, const runtime_chain_t *chain, jobject state) {
    /* A REDUCE of a whole stream has state of its own, but no keys. */
    runtime_keyed_t *keyed = chain->keyed;
    bool has_keys = keyed != NULL && keyed->key_type != NULL;
    PyObject *module = PyImport_ImportModule("pyflink._engine.context");
    PyObject *java = bridge_to_python(env, runtime_context);
    PyObject *text = bridge_string_to_python(env, name);
    PyObject *states = bridge_to_python(env, has_keys ? state : NULL);
    PyObject *contexts = NULL;
    if (module != NULL && java != NULL && text != NULL && states != NULL)
        contexts =
            PyObject_CallMethod(module, "make_pair", "OOiiOOO", java, text, subtask, parallelism,
                                has_keys ? (PyObject *)keyed : Py_None, states,
                                chain->windows == NULL ? Py_None : (PyObject *)chain->windows);
    Py_XDECREF(states);
    Py_XDECREF(module);
    Py_XDECREF(java);
    Py_XDECREF(text);
    return contexts;
}

/* Broadcast state: Java's BroadcastStates registers and keeps it; null where there is none. */
static int open_broadcast(native_t *native, JNIEnv *env, jobject java_states, PyObject *contexts) {
    runtime_chain_t *chain = native->chain;
    runtime_backend_t backend;
    size_t cache;
    if (java_states == NULL)
        return 0;
    if (runtime_java_state_open(&native->broadcast, env, java_states, &backend, &cache) < 0 ||
        runtime_broadcast_open(chain, &backend) < 0)
        return -1;
    PyObject *module = PyImport_ImportModule("pyflink._engine.states");
    PyObject *states = bridge_to_python(env, java_states);
    if (module != NULL && states != NULL)
        chain->broadcast_states =
            PyObject_CallMethod(module, "BroadcastStates", "OOO", (PyObject *)chain->broadcast,
                                states, PyTuple_GET_ITEM(contexts, 0));
    Py_XDECREF(module);
    Py_XDECREF(states);
    return chain->broadcast_states == NULL ? -1 : 0;
}

/* Only the first step reads a keyed stream. */
static int open_steps(JNIEnv *env, runtime_chain_t *chain, const steps_t *from,
                      PyObject *contexts) {
    PyObject *module = PyImport_ImportModule("pyflink._engine.functions");
    PyObject *load = module == NULL ? NULL : PyObject_GetAttrString(module, "load");
    Py_XDECREF(module);
    if (load == NULL)
        return -1;
    int result = 0;
    for (int i = 0; i < chain->step_count && result == 0; i++) {
        jint kind;
        (*env)->GetIntArrayRegion(env, from->kinds, i, 1, &kind);
        result = open_step(env, chain, i, kind, from, load, PyTuple_GET_ITEM(contexts, i > 0));
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

/* What a chain is decides what its functions may use when they are opened. */
static int set_kinds(JNIEnv *env, runtime_chain_t *chain, jintArray kinds) {
    for (int i = 0; i < chain->step_count; i++) {
        jint kind;
        (*env)->GetIntArrayRegion(env, kinds, i, 1, &kind);
        chain->steps[i].kind = (runtime_step_kind_t)kind;
    }
    return 0;
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
                               jobject broadcast_states, jboolean batch_mode, jint buffer_bytes) {
    native_t *native = of(handle);
    if (!enter(native, env))
        return;
    steps_t from = {kinds, names, payloads, out_schemas};
    PyObject *contexts = NULL;
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
    runtime_backend_t backend;
    size_t cache = 0;
    bool ok = runtime_cancel_begin(&native->cancel) == 0 &&
              open_inputs(env, chain, in_modes, in_schemas, in_key_schemas) == 0 &&
              type_of(env, out_schema, &chain->out.type) == 0 &&
              type_of(env, out_key_schema, &chain->out.key) == 0 &&
              runtime_java_state_open(&native->state, env, state, &backend, &cache) == 0 &&
              set_kinds(env, chain, kinds) == 0 &&
              runtime_chain_use_keys(chain, state == NULL ? NULL : &backend, cache) == 0 &&
              (contexts = make_contexts(env, runtime_context, operator_name, subtask, parallelism,
                                        chain, state)) != NULL &&
              open_broadcast(native, env, broadcast_states, contexts) == 0 &&
              open_steps(env, chain, &from, contexts) == 0 && runtime_chain_ready(chain) == 0 &&
              runtime_chain_make_contexts(chain) == 0;
    Py_XDECREF(contexts);
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
         "Lio/pyflinkshell/operator/KeyedStateAccess;Lio/pyflinkshell/operator/"
         "BroadcastStates;ZI)V",
         chain_open},
        {"partitions", "(JI)V", chain_partitions},
        {"sideOutput", "(JILjava/lang/String;I[B)V", chain_side_output},
        {"input", "(J)Ljava/nio/ByteBuffer;", chain_input},
        {"output", "(J)Ljava/nio/ByteBuffer;", chain_output},
        {"growInput", "(JI)Ljava/nio/ByteBuffer;", chain_grow_input},
        {"run", "(JI)J", chain_run},
        {"endInput", "(J)J", chain_end_input},
        {"flushState", "(J)J", chain_flush_state},
        {"cancel", "(J)V", chain_cancel},
        {"close", "(J)V", chain_close},
        {"free", "(J)V", chain_free},
    };
    if (runtime_java_state_on_jvm(env) < 0 || runtime_async_on_jvm(env) < 0)
        return -1;
    jclass chain = (*env)->FindClass(env, "io/pyflinkshell/operator/NativeChain");
    if (chain == NULL)
        return -1;
    jint result = (*env)->RegisterNatives(env, chain, natives, sizeof natives / sizeof *natives);
    (*env)->DeleteLocalRef(env, chain);
    return result == JNI_OK ? 0 : -1;
}
