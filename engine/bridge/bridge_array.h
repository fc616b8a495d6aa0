/* bridge_array.h - Java arrays: bytes, conversion from Python sequences, element access. */
#ifndef PYFLINK_SHELL_BRIDGE_ARRAY_H
#define PYFLINK_SHELL_BRIDGE_ARRAY_H

#include "bridge/bridge_type.h"

/* byte[] <-> bytes (or anything with a buffer). */
PyObject *bridge_array_to_bytes(JNIEnv *env, jbyteArray array);
jbyteArray bridge_array_from_bytes(JNIEnv *env, PyObject *buffer);

/* A ByteBuffer with a copy of the bytes. */
jobject bridge_array_to_buffer(JNIEnv *env, PyObject *buffer);

/* New array of the given array class from a sequence (bytes for byte[]). */
jobject bridge_array_from_python(JNIEnv *env, jclass array_class, PyObject *value);

/* _pyflink_engine.java_new_array(class, sizes), _array_length, _array_get, _array_set,
 * _array_list: what JavaArray of py4j.java_collections is made of. */
PyObject *bridge_array_new(PyObject *module, PyObject *args);
PyObject *bridge_array_length(PyObject *module, PyObject *array);
PyObject *bridge_array_get(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *bridge_array_set(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *bridge_array_list(PyObject *module, PyObject *const *args, Py_ssize_t count);

#endif
