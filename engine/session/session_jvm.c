/* session_jvm.c - begins the session when the JVM is up and ends it before Python does. */
#include "session/session_internal.h"

#include "host/host.h"

#include <stdlib.h>
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

/* ---- what Java prints ----------------------------------------------------------------------- */

#define ON_STACK 4096

static void JNICALL output_write(JNIEnv *env, jclass class, jlong cell, jboolean error,
                                 jbyteArray bytes, jint offset, jint length) {
    char small[ON_STACK], *text = length <= ON_STACK ? small : malloc((size_t)length);
    if (text == NULL)
        return;
    (*env)->GetByteArrayRegion(env, bytes, offset, length, (jbyte *)text);
    if (!(*env)->ExceptionCheck(env))
        session_output_write(cell != 0 ? cell : session_cell_of_caller(),
                             error ? SESSION_ERR : SESSION_OUT, text, (size_t)length, NULL);
    if (text != small)
        free(text);
}

static char *bytes_text_new(JNIEnv *env, jbyteArray bytes) {
    jsize length = (*env)->GetArrayLength(env, bytes);
    char *text = malloc((size_t)length + 1);
    if (text == NULL)
        return NULL;
    (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)text);
    text[length] = '\0';
    return text;
}

static void JNICALL output_message(JNIEnv *env, jclass class, jlong cell, jbyteArray type,
                                   jbyteArray content) {
    char *name = bytes_text_new(env, type), *json = bytes_text_new(env, content);
    if (name != NULL && json != NULL)
        session_output_message(cell, name, json, NULL, 0);
    free(name);
    free(json);
}

static jlong JNICALL output_cell(JNIEnv *env, jclass class) {
    return session_cell_of_caller();
}

static jclass jobs_class;
static jmethodID method_cell;

static session_cell_t cell_of_job(JNIEnv *env) {
    if ((*env)->ExceptionCheck(env))
        return 0;
    session_cell_t cell = (*env)->CallStaticLongMethod(env, jobs_class, method_cell);
    if ((*env)->ExceptionCheck(env))
        (*env)->ExceptionClear(env);
    return cell;
}

/* 0, or -1 with a pending Java exception. */
static int route_output(JNIEnv *env, jclass session) {
    static const JNINativeMethod natives[] = {
        {"write", "(JZ[BII)V", (void *)output_write},
        {"message", "(J[B[B)V", (void *)output_message},
        {"currentCell", "()J", (void *)output_cell},
    };
    jclass output = (*env)->FindClass(env, "io/pyflinkshell/cluster/SessionOutput");
    if (output == NULL ||
        (*env)->RegisterNatives(env, output, natives, sizeof natives / sizeof *natives) != JNI_OK)
        return -1;
    jclass jobs = (*env)->FindClass(env, "io/pyflinkshell/cluster/SessionJobs");
    jobs_class = jobs ? (*env)->NewGlobalRef(env, jobs) : NULL;
    method_cell =
        jobs_class ? (*env)->GetStaticMethodID(env, jobs_class, "cellOfThread", "()J") : NULL;
    jmethodID begin =
        method_cell ? (*env)->GetStaticMethodID(env, session, "beginOutput", "()V") : NULL;
    if (begin == NULL)
        return -1;
    (*env)->CallStaticVoidMethod(env, session, begin);
    if ((*env)->ExceptionCheck(env))
        return -1;
    session_cell_set_lookup(cell_of_job);
    return 0;
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
    if (options->session && route_output(env, found) != 0)
        goto done;
    host_jvm_set_context_loader(env, loader);
    host_on_shutdown(end_session);
    host_on_flink_wanted(start_cluster);
    result = 0;
done:
    (*env)->PopLocalFrame(env, NULL);
    return result;
}
