/* host_thread.c - this thread's Java environment and its kept Python thread state.
 *
 * Both are thread-local and made once: attaching costs about 50 us and a fresh thread state per
 * record 15 us, a kept one 0.1 us. Two pthread keys exist only for their destructors, which undo
 * both at the thread's end. */
#include "host/host_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))

static _Thread_local INITIAL_EXEC JNIEnv *this_env;
/* The state that host_thread_enter uses here, and one bit per nesting level: did that level take
 * the GIL? It did not when the thread held it already. */
static _Thread_local INITIAL_EXEC PyThreadState *this_state;
static _Thread_local INITIAL_EXEC unsigned this_depth;
static _Thread_local INITIAL_EXEC uint64_t this_taken;
static _Thread_local INITIAL_EXEC unsigned char *this_deep; /* levels from 64 on */
static _Thread_local INITIAL_EXEC unsigned this_deep_size;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t attached_key, state_key;
static pthread_mutex_t loader_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(jobject) context_loader;
static atomic_bool python_gone;

static void detach(void *unused) {
    this_env = NULL;
    JavaVM *vm = host_jvm();
    if (vm != NULL && host_jvm_error() == NULL)
        (*vm)->DetachCurrentThread(vm);
}

static bool python_finalizing(void) {
#if PY_VERSION_HEX >= 0x030d0000
    return Py_IsFinalizing();
#else
    return _Py_IsFinalizing();
#endif
}

static void drop_state(void *data) {
    PyThreadState *kept = data;
    if (atomic_load(&python_gone) || host_is_closing() || python_finalizing())
        return; /* Waiting for the GIL now could last for ever; the process ends anyway. */
    PyEval_RestoreThread(kept);
    PyThreadState_Clear(kept);
    PyThreadState_DeleteCurrent();
    this_state = NULL;
    free(this_deep);
    this_deep = NULL;
    this_deep_size = 0;
}

static void make_keys(void) {
    pthread_key_create(&attached_key, detach);
    pthread_key_create(&state_key, drop_state);
}

static void set_loader(JNIEnv *env, jobject loader) {
    jclass class = (*env)->FindClass(env, "java/lang/Thread");
    jmethodID current =
        class ? (*env)->GetStaticMethodID(env, class, "currentThread", "()Ljava/lang/Thread;")
              : NULL;
    jmethodID set = current ? (*env)->GetMethodID(env, class, "setContextClassLoader",
                                                  "(Ljava/lang/ClassLoader;)V")
                            : NULL;
    jobject thread = set ? (*env)->CallStaticObjectMethod(env, class, current) : NULL;
    if (!(*env)->ExceptionCheck(env) && thread != NULL)
        (*env)->CallVoidMethod(env, thread, set, loader);
    if ((*env)->ExceptionCheck(env))
        (*env)->ExceptionClear(env);
    (*env)->DeleteLocalRef(env, thread);
    (*env)->DeleteLocalRef(env, class);
}

static jobject system_loader(JNIEnv *env) {
    jclass class = (*env)->FindClass(env, "java/lang/ClassLoader");
    jmethodID get = class ? (*env)->GetStaticMethodID(env, class, "getSystemClassLoader",
                                                      "()Ljava/lang/ClassLoader;")
                          : NULL;
    jobject loader = get ? (*env)->CallStaticObjectMethod(env, class, get) : NULL;
    if ((*env)->ExceptionCheck(env))
        (*env)->ExceptionClear(env);
    (*env)->DeleteLocalRef(env, class);
    return loader;
}

void host_jvm_set_context_loader(JNIEnv *env, jobject loader) {
    jobject kept = (*env)->NewGlobalRef(env, loader);
    pthread_mutex_lock(&loader_lock);
    /* The old one stays referenced: another thread may be reading it just now. */
    atomic_store(&context_loader, kept);
    pthread_mutex_unlock(&loader_lock);
    set_loader(env, loader);
}

jobject host_jvm_context_loader(void) {
    return atomic_load(&context_loader);
}

JNIEnv *host_jvm_env_if_attached(void) {
    JavaVM *vm = host_jvm();
    JNIEnv *env = NULL;
    if (vm == NULL || host_jvm_error() != NULL)
        return NULL;
    if (this_env != NULL)
        return this_env;
    return (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) == JNI_OK ? env : NULL;
}

static JNIEnv *attach(void) {
    JavaVM *vm = host_jvm();
    /* The start thread itself is attached before the JVM counts as ready. */
    JNIEnv *env = NULL;
    if (vm != NULL && !host_guard_forked() &&
        (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) == JNI_OK) {
        if (host_jvm_is_ready())
            this_env = env;
        return env;
    }
    if (host_jvm_wait() != 0)
        return NULL;
    vm = host_jvm();
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK) {
        pthread_once(&once, make_keys);
        JavaVMAttachArgs arguments = {.version = JNI_VERSION_10, .name = NULL, .group = NULL};
        if ((*vm)->AttachCurrentThreadAsDaemon(vm, (void **)&env, &arguments) != JNI_OK)
            return NULL;
        pthread_setspecific(attached_key, vm);
        jobject loader = host_jvm_context_loader();
        jobject local = loader ? NULL : system_loader(env);
        set_loader(env, loader ? loader : local);
        (*env)->DeleteLocalRef(env, local);
    }
    return this_env = env;
}

JNIEnv *host_jvm_env(void) {
    JNIEnv *env = this_env;
    return __builtin_expect(env != NULL && host_jvm_is_ready(), 1) ? env : attach();
}

static PyThreadState *current_state(void) {
#if PY_VERSION_HEX >= 0x030d0000
    return PyThreadState_GetUnchecked();
#else
    return _PyThreadState_UncheckedGet();
#endif
}

static PyThreadState *make_state(void) {
    PyThreadState *kept = PyGILState_GetThisThreadState();
    if (kept == NULL) {
        pthread_once(&once, make_keys);
        kept = PyThreadState_New(PyInterpreterState_Main());
        if (kept == NULL)
            Py_FatalError("out of memory for a thread state");
        pthread_setspecific(state_key, kept);
    }
    return this_state = kept;
}

static void remember(unsigned level, bool taken) {
    if (level < 64) {
        this_taken = (this_taken & ~(UINT64_C(1) << level)) | ((uint64_t)taken << level);
        return;
    }
    if (level - 64 >= this_deep_size) {
        this_deep_size = this_deep_size ? this_deep_size * 2 : 256;
        this_deep = realloc(this_deep, this_deep_size);
        if (this_deep == NULL)
            Py_FatalError("out of memory for nested calls");
    }
    this_deep[level - 64] = taken;
}

void host_thread_enter(void) {
    PyThreadState *kept = this_state ? this_state : make_state();
    bool taken = current_state() != kept;
    if (taken)
        PyEval_RestoreThread(kept);
    remember(this_depth++, taken);
}

void host_thread_leave(void) {
    unsigned level = --this_depth;
    bool taken = level < 64 ? (this_taken >> level) & 1 : this_deep[level - 64];
    if (taken)
        PyEval_SaveThread();
}

void host_thread_python_gone(void) {
    atomic_store(&python_gone, true);
}
