/* host.h - the one process that holds a JVM and CPython: what the other rooms may call.
 *
 * Ownership: every `const char *` returned here belongs to the host and stays valid until the
 * process ends. Global JNI references are made by the host for what it keeps; a jobject argument
 * is borrowed. No function here may be called while a lock is held that another thread could
 * want while it holds the GIL, because several of them wait for the JVM or for the GIL. */
#ifndef PYFLINK_SHELL_HOST_H
#define PYFLINK_SHELL_HOST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <jni.h>
#include <stdbool.h>

#if PY_VERSION_HEX < 0x030a0000 && !defined(PYFLINK_SHELL_NEWREF)
#define PYFLINK_SHELL_NEWREF
static inline PyObject *Py_NewRef(PyObject *object) {
    Py_INCREF(object);
    return object;
}
#endif

#pragma GCC visibility push(default) /* the front ends call these from outside the library */

/* What the front end asked for. All strings are UTF-8; the arrays end with NULL and may be NULL
 * themselves. host_jvm_start copies everything. */
typedef struct {
    const char *const *flink_options; /* "key=value", as given with -D */
    const char *const *jars;          /* jar files of the user, absolute paths or URLs */
    bool java_trace;                  /* show Java stack traces with errors */
    bool session;                     /* a front end takes what Java prints and logs */
    const char *archive_output;       /* training run: write the class archive to this file */
} host_jvm_options_t;

/* Begins the start of the JVM on a thread of its own. Only the first call has an effect;
 * NULL means defaults. Returns 0, or -1 when no thread could be made. */
int host_jvm_start(const host_jvm_options_t *options);

/* Waits until the JVM runs and every host_jvm_on_ready function returned 0. Returns 0, or -1 when
 * it could not start (host_jvm_error). Starts it when nobody did. Call without the GIL. */
int host_jvm_wait(void);

/* Why the JVM cannot be used, or NULL. */
const char *host_jvm_error(void);

/* True once host_jvm_wait would return 0 at once. */
bool host_jvm_is_ready(void);

/* The options of the first host_jvm_start, never NULL; its arrays are never NULL. */
const host_jvm_options_t *host_jvm_options(void);

/* fn runs on the JVM's start thread, without the GIL and possibly before Python is initialised,
 * after the JVM exists, in the order of registration; non-zero makes the start fail (a pending
 * Java exception becomes the text of host_jvm_error). The same fn is registered only once. */
void host_jvm_on_ready(int (*fn)(JNIEnv *env));

/* fn begins the start of the session cluster. It is called once, when Flink is going to be used
 * (an environment for jobs is asked for) and the JVM is ready; on a thread of the host, without
 * the GIL. A program without jobs, such as a unit test, thus does not pay for a cluster. */
void host_on_flink_wanted(void (*fn)(JNIEnv *env));

/* Says that jobs are going to run; returns at once. */
void host_flink_wanted(void);

/* fn runs when the process ends, after the user's atexit functions and before Python is
 * finalised, on Python's main thread, without the GIL, in reverse order of registration. It
 * must come back within a few seconds. */
void host_on_shutdown(void (*fn)(JNIEnv *env));

/* JNIEnv of this thread; attaches it as a daemon when it is no Java thread yet (it is detached
 * when it ends) and gives it the context class loader. Waits for the JVM. NULL on failure; then
 * host_jvm_error tells why. Release the GIL around the first call if the JVM may not be ready. */
JNIEnv *host_jvm_env(void);

/* JNIEnv of this thread if it is attached, else NULL. Never waits, never attaches. */
JNIEnv *host_jvm_env_if_attached(void);

/* Class loader that this thread and all threads attached from now on get as context loader. */
void host_jvm_set_context_loader(JNIEnv *env, jobject loader);

/* The context class loader (borrowed global reference), or NULL before one was set. */
jobject host_jvm_context_loader(void);

/* Takes the GIL with the thread state that is kept for this thread (made at first use, reused,
 * freed when the thread ends). Nestable, also across Python -> Java -> Python. */
void host_thread_enter(void);
void host_thread_leave(void);

/* True from the moment the process began to end: do not enter Python from new threads. */
bool host_is_closing(void);

/* A SIGINT, SIGTERM or SIGHUP arrived that Python's main thread has not handled yet. After a Java
 * call on the main thread failed with InterruptedException, this true means: call
 * PyErr_CheckSignals() and raise what it raises instead of the Java exception. */
bool host_interrupt_pending(void);

/* Clears the above; the caller has just run PyErr_CheckSignals(). */
void host_interrupt_clear(void);

/* Around a Java call of Python's main thread that can block (without the GIL); cheap, and a no-op
 * on every other thread. While inside, a signal interrupts the Java thread. */
void host_java_block_begin(void);
void host_java_block_end(void);

/* Where things are, absolute paths, in the installed tree or in a build tree. */
const char *host_path_engine(void);      /* libpyflink_engine.so */
const char *host_path_jars(void);        /* folder of the jars */
const char *host_path_python(void);      /* folder that holds pyflink/ and py4j/ */
const char *host_path_python_deps(void); /* folder of the run-time requirements */
const char *host_path_share(void);       /* folder of log4j2.properties */
const char *host_path_program(void);     /* the pyflink-shell executable */
bool host_path_is_build_tree(void);

/* Adds the host's functions to the extension module. Returns 0, or -1 with a Python error. */
int host_init_module(PyObject *module);

#pragma GCC visibility pop
#endif
