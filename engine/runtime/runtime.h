/* runtime.h - the native side of the operators: what the other rooms may call.
 *
 * Ownership: PyObject results are new references unless said otherwise; arguments are borrowed.
 * Functions that touch Python objects need the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_H
#define PYFLINK_SHELL_RUNTIME_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <jni.h>

/* Registers the natives of io.pyflinkshell.operator.NativeChain. Runs on the JVM's start thread.
 * Returns 0, or -1 with a pending Java exception. */
int runtime_on_jvm(JNIEnv *env);

/* Adds encode_batch, decode_batch, schema_check, schema_text and TaskCancelled to the extension
 * module. Returns 0, or -1 with a Python error. */
int runtime_init_module(PyObject *module);

#endif
