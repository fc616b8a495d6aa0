/* runtime_java_state.h - the state backend of a chain in a job: Flink's, through JNI.
 *
 * A miss of the cache costs one call of Java with one or two small byte arrays. The GIL is given
 * away meanwhile only when the backend works on disk: a heap answers faster than the GIL comes
 * back from another thread.
 *
 * Ownership: the struct holds a global reference until it is closed. The env is that of the thread
 * which is inside the chain; only that thread calls. */
#ifndef PYFLINK_SHELL_RUNTIME_JAVA_STATE_H
#define PYFLINK_SHELL_RUNTIME_JAVA_STATE_H

#include "runtime/runtime_state.h"

#include <jni.h>

typedef struct {
    JNIEnv *env;
    jobject access; /* a KeyedStateAccess, or NULL */
    bool on_disk;
} runtime_java_state_t;

/* Looks the Java methods up. 0, or -1 with a Java exception. */
int runtime_java_state_on_jvm(JNIEnv *env);

/* Makes a backend of access, which may be NULL, and finds out how many objects may be kept in
 * front of it: 0 for the default. 0, or -1 with a Python error. */
int runtime_java_state_open(runtime_java_state_t *state, JNIEnv *env, jobject access,
                            runtime_backend_t *backend, size_t *limit);

void runtime_java_state_close(runtime_java_state_t *state, JNIEnv *env);

#endif
