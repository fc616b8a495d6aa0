/* runtime_java_state.c - the state backend of a chain in a job: Flink's, through JNI. */
#include "runtime/runtime_java_state.h"

#include "bridge/bridge.h"

static jmethodID ask_method, apply_method, on_disk_method, limit_method;

int runtime_java_state_on_jvm(JNIEnv *env) {
    jclass access = (*env)->FindClass(env, "io/pyflinkshell/operator/KeyedStateAccess");
    if (access == NULL)
        return -1;
    ask_method = (*env)->GetMethodID(env, access, "ask", "(II[B[B)[B");
    if (ask_method != NULL)
        apply_method = (*env)->GetMethodID(env, access, "apply", "([B)V");
    if (apply_method != NULL)
        on_disk_method = (*env)->GetMethodID(env, access, "onDisk", "()Z");
    if (on_disk_method != NULL)
        limit_method = (*env)->GetMethodID(env, access, "cacheSize", "()I");
    (*env)->DeleteLocalRef(env, access);
    return limit_method == NULL ? -1 : 0;
}

static jbyteArray to_java_bytes(JNIEnv *env, const uint8_t *bytes, size_t length) {
    jbyteArray array = (*env)->NewByteArray(env, (jsize)length);
    if (array != NULL)
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)length, (const jbyte *)bytes);
    return array;
}

static int ask(void *self, runtime_question_t question, int number, const uint8_t *key,
               size_t key_length, const uint8_t *argument, size_t length, runtime_buffer_t *answer,
               bool *found) {
    runtime_java_state_t *state = self;
    JNIEnv *env = state->env;
    jbyteArray bytes = NULL, java_argument = NULL;
    PyThreadState *saved = state->on_disk ? PyEval_SaveThread() : NULL;
    jbyteArray java_key = to_java_bytes(env, key, key_length);
    if (java_key != NULL && argument != NULL)
        java_argument = to_java_bytes(env, argument, length);
    if (java_key != NULL && (argument == NULL || java_argument != NULL))
        bytes = (*env)->CallObjectMethod(env, state->access, ask_method, (jint)question,
                                         (jint)number, java_key, java_argument);
    bool failed = (*env)->ExceptionCheck(env);
    (*env)->DeleteLocalRef(env, java_key);
    (*env)->DeleteLocalRef(env, java_argument);
    if (saved != NULL)
        PyEval_RestoreThread(saved);
    if (failed)
        return bridge_raise_from_java(env);
    *found = bytes != NULL;
    if (bytes == NULL)
        return 0;
    jsize size = (*env)->GetArrayLength(env, bytes);
    int result = runtime_reserve(answer, (size_t)size);
    if (result == 0) {
        (*env)->GetByteArrayRegion(env, bytes, 0, size, (jbyte *)answer->data + answer->length);
        answer->length += (size_t)size;
    }
    (*env)->DeleteLocalRef(env, bytes);
    return result;
}

static int apply(void *self, const uint8_t *changes, size_t length) {
    runtime_java_state_t *state = self;
    JNIEnv *env = state->env;
    if (length > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "more than 2 GB of state at once");
        return -1;
    }
    PyThreadState *saved = state->on_disk ? PyEval_SaveThread() : NULL;
    jbyteArray java_changes = to_java_bytes(env, changes, length);
    if (java_changes != NULL)
        (*env)->CallVoidMethod(env, state->access, apply_method, java_changes);
    bool failed = (*env)->ExceptionCheck(env);
    (*env)->DeleteLocalRef(env, java_changes);
    if (saved != NULL)
        PyEval_RestoreThread(saved);
    return failed ? bridge_raise_from_java(env) : 0;
}

int runtime_java_state_open(runtime_java_state_t *state, JNIEnv *env, jobject access,
                            runtime_backend_t *backend, size_t *limit) {
    if (access == NULL)
        return 0;
    state->env = env;
    state->access = (*env)->NewGlobalRef(env, access);
    if (state->access != NULL) {
        state->on_disk = (*env)->CallBooleanMethod(env, access, on_disk_method);
        if (!(*env)->ExceptionCheck(env))
            *limit = (size_t)(*env)->CallIntMethod(env, access, limit_method);
    }
    if ((*env)->ExceptionCheck(env))
        return bridge_raise_from_java(env);
    *backend = (runtime_backend_t){state, ask, apply};
    return 0;
}

void runtime_java_state_close(runtime_java_state_t *state, JNIEnv *env) {
    if (state->access != NULL)
        (*env)->DeleteGlobalRef(env, state->access);
    state->access = NULL;
}
