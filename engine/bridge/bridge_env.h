/* bridge_env.h - the way from Python into Java and back: environment, GIL, references to drop.
 *
 * What it costs: bridge_env() is a thread-local read; BRIDGE_JAVA_BEGIN/END release and retake the
 * GIL, about 50 ns when nobody else wants it. */
#ifndef PYFLINK_SHELL_BRIDGE_ENV_H
#define PYFLINK_SHELL_BRIDGE_ENV_H

#include "bridge/bridge.h"
#include "host/host.h"

/* Around every Java call that may block. No Python object may be touched between the two. */
#define BRIDGE_JAVA_BEGIN                                                                          \
    {                                                                                              \
        PyThreadState *bridge_saved_ = PyEval_SaveThread();                                        \
        host_java_block_begin();
#define BRIDGE_JAVA_END                                                                            \
    host_java_block_end();                                                                         \
    PyEval_RestoreThread(bridge_saved_);                                                           \
    }

/* Environment of this thread, attached if need be; NULL with a Python error when there is no JVM
 * to call. Needs the GIL, and releases it while the JVM still starts. */
JNIEnv *bridge_env(void);

/* Drops a global reference at once when this thread can, else with the next bridge_env(). Safe
 * when the JVM is gone and in a forked child. Needs the GIL. */
void bridge_env_drop(jobject global);

/* Starts watching for fork and process end. Needs the GIL. */
int bridge_env_init(void);

#endif
