/* session.h - what ties the rooms together at start and end: class loader, output, cluster.
 *
 * Ownership: nothing is handed out. */
#ifndef PYFLINK_SHELL_SESSION_H
#define PYFLINK_SHELL_SESSION_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <jni.h>

/* Called by the host when the JVM is up, after bridge and runtime: installs the session's class
 * loader and System.out, and starts the cluster in the background unless the host said not to.
 * 0, or non-zero with a pending Java exception. */
int session_on_jvm(JNIEnv *env);

/* Called by engine/module.c. 0, or -1 with a Python error. */
int session_init_module(PyObject *module);

#endif
