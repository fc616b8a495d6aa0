/* bridge_env.c - the way from Python into Java and back: environment, GIL, references to drop. */
#include "bridge/bridge_env.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_bool gone;   /* the JVM must not be called any more */
static atomic_bool forked; /* this process is a forked child: it has no JVM threads */

/* References dropped by threads that are no Java threads; guarded by the GIL. */
static jobject *waiting;
static size_t waiting_count, waiting_room;

static void drain(JNIEnv *env) {
    while (waiting_count > 0)
        (*env)->DeleteGlobalRef(env, waiting[--waiting_count]);
}

static JNIEnv *attach(void) {
    if (atomic_load(&forked)) {
        PyErr_SetString(PyExc_RuntimeError,
                        "Java cannot be used in a forked process: start workers with "
                        "multiprocessing.set_start_method('spawn')");
        return NULL;
    }
    if (atomic_load(&gone)) {
        PyErr_SetString(PyExc_RuntimeError, "Java cannot be used any more: the process is ending");
        return NULL;
    }
    JNIEnv *env;
    Py_BEGIN_ALLOW_THREADS;
    env = host_jvm_env();
    Py_END_ALLOW_THREADS;
    if (!env) {
        const char *why = host_jvm_error();
        PyErr_SetString(PyExc_RuntimeError, why ? why : "the JVM is not available");
    }
    return env;
}

JNIEnv *bridge_env(void) {
    JNIEnv *env =
        atomic_load_explicit(&gone, memory_order_relaxed) ? NULL : host_jvm_env_if_attached();
    if (!env && !(env = attach()))
        return NULL;
    if (waiting_count > 0)
        drain(env);
    return env;
}

void bridge_env_drop(jobject global) {
    if (!global || atomic_load_explicit(&gone, memory_order_relaxed))
        return;
    JNIEnv *env = host_jvm_env_if_attached();
    if (env) {
        (*env)->DeleteGlobalRef(env, global);
        return;
    }
    if (waiting_count == waiting_room) {
        size_t room = waiting_room ? waiting_room * 2 : 64;
        jobject *more = PyMem_Realloc(waiting, room * sizeof *more);
        if (!more)
            return; /* the object stays alive in Java; better than failing in a destructor */
        waiting = more;
        waiting_room = room;
    }
    waiting[waiting_count++] = global;
}

static void in_forked_child(void) {
    atomic_store(&forked, true);
    atomic_store(&gone, true);
}

static void at_shutdown(JNIEnv *env) {
    (void)env;
    atomic_store(&gone, true);
}

int bridge_env_init(void) {
    static bool done;
    if (done)
        return 0;
    if (pthread_atfork(NULL, NULL, in_forked_child) != 0) {
        PyErr_SetString(PyExc_RuntimeError, "cannot watch for fork");
        return -1;
    }
    host_on_shutdown(at_shutdown);
    done = true;
    return 0;
}
