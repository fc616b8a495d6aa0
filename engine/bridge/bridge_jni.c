/* bridge_jni.c - the bridge's own short Java calls: made with the GIL, checked, error raised. */
#include "bridge/bridge_jni.h"

#include <stdarg.h>

#define CALL_WITH_ARGUMENTS(function, target)                                                      \
    va_list args;                                                                                  \
    va_start(args, method);                                                                        \
    jobject result = (*env)->function(env, target, method, args);                                  \
    va_end(args);                                                                                  \
    if ((*env)->ExceptionCheck(env)) {                                                             \
        bridge_raise_from_java(env);                                                               \
        return NULL;                                                                               \
    }                                                                                              \
    return result

jobject bridge_jni_call(JNIEnv *env, jobject object, jmethodID method, ...) {
    CALL_WITH_ARGUMENTS(CallObjectMethodV, object);
}

jobject bridge_jni_static(JNIEnv *env, jclass klass, jmethodID method, ...) {
    CALL_WITH_ARGUMENTS(CallStaticObjectMethodV, klass);
}

jobject bridge_jni_new(JNIEnv *env, jclass klass, jmethodID method, ...) {
    CALL_WITH_ARGUMENTS(NewObjectV, klass);
}

jint bridge_jni_static_int(JNIEnv *env, jclass klass, jmethodID method, ...) {
    va_list args;
    va_start(args, method);
    jint result = (*env)->CallStaticIntMethodV(env, klass, method, args);
    va_end(args);
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return 0;
    }
    return result;
}

jlong bridge_jni_long(JNIEnv *env, jobject object, jmethodID method) {
    jlong result = (*env)->CallLongMethod(env, object, method);
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return 0;
    }
    return result;
}
