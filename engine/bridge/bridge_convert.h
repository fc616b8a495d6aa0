/* bridge_convert.h - values between Python and Java; the public half is in bridge.h. */
#ifndef PYFLINK_SHELL_BRIDGE_CONVERT_H
#define PYFLINK_SHELL_BRIDGE_CONVERT_H

#include "bridge/bridge_overload.h"

/* Converts for a parameter. Returns 0, 1 when value->l is a new local reference, -1 with an
 * error. code and target are those of bridge_param_t. */
int bridge_convert_param(JNIEnv *env, char code, jclass target, PyObject *value, jvalue *out);

/* An object for a place of the given class (boxed for a primitive one): new local reference, or
 * NULL with an error, or NULL without one for null. */
jobject bridge_convert_boxed(JNIEnv *env, char code, jclass target, PyObject *value);

/* Letter of Conversions.code for a class. */
char bridge_convert_code(JNIEnv *env, jclass klass);

/* Python value of a primitive; code is a JVM letter, V is None. */
PyObject *bridge_convert_primitive(char code, jvalue value);

/* bridge_to_python with a memory of the last class: *last may be NULL. */
PyObject *bridge_convert_object(JNIEnv *env, jobject object, bridge_type_t **last);

/* A proxy that calls `object` for methods of the interfaces (local reference to a Class[]). */
jobject bridge_proxy_new(JNIEnv *env, PyObject *object, jobjectArray interfaces);

/* Interfaces that the object's class names in its inner class Java: new tuple of types, or NULL
 * without an error when it has none. */
PyObject *bridge_proxy_interfaces(JNIEnv *env, PyObject *object);

/* Class[] (new local reference) of a tuple of types. */
jobjectArray bridge_proxy_array(JNIEnv *env, PyObject *types);

/* Registers the native methods of PythonProxy. Needs no GIL. */
int bridge_proxy_on_jvm(JNIEnv *env);

/* A proxy of a callable for a functional interface; bridge_to_java for anything else. */
jobject bridge_proxy_of_callable(JNIEnv *env, jclass interface, PyObject *value);

/* decimal.Decimal (borrowed; imported when first asked for). */
PyTypeObject *bridge_decimal_type(void);

#endif
