/* bridge.h - Java objects in Python: what the other rooms may call.
 *
 * Ownership: functions that return PyObject * return a new reference, or NULL with a Python error
 * set. Functions that return jobject return a new local reference, or NULL: with a Python error
 * set, or without one where the value is Java's null. Arguments are borrowed. Every function here
 * needs the GIL and a JNIEnv of the calling thread; none of them holds a lock while it runs Java.
 */
#ifndef PYFLINK_SHELL_BRIDGE_H
#define PYFLINK_SHELL_BRIDGE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <jni.h>

/* Python value of a Java one: null is None, strings, boxed values, big numbers and byte[] become
 * Python's own, a proxy of a Python object gives back that object, all else stays a Java object
 * with a Python type of its class. */
PyObject *bridge_to_python(JNIEnv *env, jobject object);

/* Java value of a Python one, as it is stored in a collection: int becomes Integer, Long or
 * BigInteger by its size, list and tuple an ArrayList, dict a HashMap, set a HashSet, an object
 * whose class says `class Java: implements = [...]` a proxy. NULL without a Python error is null.
 */
jobject bridge_to_java(JNIEnv *env, PyObject *value);

/* Turns the pending Java exception into a Python error. Always -1. */
int bridge_raise_from_java(JNIEnv *env);

/* Where a user's function failed; every member may be NULL or -1, input 0. */
typedef struct {
    const char *operator_name; /* UTF-8 */
    int subtask;
    int parallelism;
    int input;        /* of an operator with two: 1 or 2; else 0 */
    PyObject *record; /* borrowed: the value that was being processed */
    const char *what; /* a word for what ran ("open", "map"), UTF-8 */
} bridge_error_context_t;

/* Clears the Python error that is set and throws it into Java. context may be NULL: then a Java
 * exception that only passed through Python is thrown again as it was. */
void bridge_throw_from_python(JNIEnv *env, const bridge_error_context_t *context);

/* True for an instance of a Python type that stands for a Java class. */
int bridge_is_java_object(PyObject *value);

/* Reference behind such an instance: borrowed, global, valid while the instance lives. */
jobject bridge_java_ref(PyObject *value);

/* str <-> java.lang.String, any content (lone surrogates, NUL). */
jstring bridge_string_to_java(JNIEnv *env, PyObject *text);
PyObject *bridge_string_to_python(JNIEnv *env, jstring text);

/* Called by engine/module.c. */
int bridge_on_jvm(JNIEnv *env);
int bridge_init_module(PyObject *module);

#endif
