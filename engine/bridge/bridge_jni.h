/* bridge_jni.h - the bridge's own short Java calls: made with the GIL, checked, error raised.
 *
 * For calls of Java code that cannot block. When Java throws, the exception becomes a Python error
 * and the result is NULL or 0. */
#ifndef PYFLINK_SHELL_BRIDGE_JNI_H
#define PYFLINK_SHELL_BRIDGE_JNI_H

#include "bridge/bridge.h"

/* New local references. */
jobject bridge_jni_call(JNIEnv *env, jobject object, jmethodID method, ...);
jobject bridge_jni_static(JNIEnv *env, jclass klass, jmethodID method, ...);
jobject bridge_jni_new(JNIEnv *env, jclass klass, jmethodID method, ...);

jint bridge_jni_static_int(JNIEnv *env, jclass klass, jmethodID method, ...);

/* Number.longValue() and PythonException.getId(). */
jlong bridge_jni_long(JNIEnv *env, jobject object, jmethodID method);

#endif
