/* session_jvm.c - begins the session when the JVM is up and ends it before Python does. */
#include "session/session_internal.h"

#include "host/host.h"

#include <string.h>

static jclass session_class;
static jmethodID method_end, method_start;

static jobjectArray string_array(JNIEnv *env, const char *const *strings) {
    jsize count = 0;
    while (strings != NULL && strings[count] != NULL)
        count++;
    jclass bytes_class = (*env)->FindClass(env, "[B");
    if (bytes_class == NULL)
        return NULL;
    /* As bytes, because JNI's own strings are not UTF-8 beyond the basic plane. */
    jobjectArray array = (*env)->NewObjectArray(env, count, bytes_class, NULL);
    for (jsize i = 0; array != NULL && i < count; i++) {
        jsize length = (jsize)strlen(strings[i]);
        jbyteArray bytes = (*env)->NewByteArray(env, length);
        if (bytes == NULL)
            return NULL;
        (*env)->SetByteArrayRegion(env, bytes, 0, length, (const jbyte *)strings[i]);
        (*env)->SetObjectArrayElement(env, array, i, bytes);
        (*env)->DeleteLocalRef(env, bytes);
    }
    return array;
}

/* On Python's main thread, without the GIL: job functions may still need it to end. */
static void end_session(JNIEnv *env) {
    if (session_class == NULL)
        return;
    (*env)->CallStaticVoidMethod(env, session_class, method_end);
    /* Nobody is left to tell. */
    if ((*env)->ExceptionCheck(env))
        (*env)->ExceptionClear(env);
}

static void start_cluster(JNIEnv *env) {
    (*env)->CallStaticVoidMethod(env, session_class, method_start);
}

int session_on_jvm(JNIEnv *env) {
    if ((*env)->PushLocalFrame(env, 16) < 0)
        return -1;
    int result = -1;
    const host_jvm_options_t *options = host_jvm_options();
    jclass found = (*env)->FindClass(env, "io/pyflinkshell/cluster/Session");
    if (found == NULL)
        goto done;
    session_class = (*env)->NewGlobalRef(env, found);
    method_end = (*env)->GetStaticMethodID(env, found, "end", "()V");
    method_start = (*env)->GetStaticMethodID(env, found, "startCluster", "()V");
    jmethodID begin =
        (*env)->GetStaticMethodID(env, found, "begin", "([[B[[B)Ljava/lang/ClassLoader;");
    if (session_class == NULL || method_end == NULL || method_start == NULL || begin == NULL)
        goto done;
    jobjectArray flink_options = string_array(env, options->flink_options);
    if (flink_options == NULL)
        goto done;
    jobjectArray jars = string_array(env, options->jars);
    if (jars == NULL)
        goto done;
    jobject loader = (*env)->CallStaticObjectMethod(env, found, begin, flink_options, jars);
    if ((*env)->ExceptionCheck(env))
        goto done;
    host_jvm_set_context_loader(env, loader);
    host_on_shutdown(end_session);
    host_on_flink_wanted(start_cluster);
    result = 0;
done:
    (*env)->PopLocalFrame(env, NULL);
    return result;
}
