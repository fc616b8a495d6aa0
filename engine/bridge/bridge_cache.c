/* bridge_cache.c - fills the table of Java classes and methods that the bridge uses. */
#include "bridge/bridge_cache.h"

bridge_cache_t bridge_cache;

static jclass find(JNIEnv *env, const char *name) {
    jclass local = (*env)->FindClass(env, name);
    if (!local)
        return NULL;
    jclass global = (*env)->NewGlobalRef(env, local);
    (*env)->DeleteLocalRef(env, local);
    return global;
}

int bridge_cache_fill(JNIEnv *env) {
#define FILL_CLASS(name, jvm_name)                                                                 \
    if (!(bridge_cache.name##_class = find(env, jvm_name)))                                        \
        return -1;
    BRIDGE_CLASSES(FILL_CLASS)
#undef FILL_CLASS
#define FILL_METHOD(name, owner, java_name, signature)                                             \
    if (!(bridge_cache.name =                                                                      \
              (*env)->GetMethodID(env, bridge_cache.owner##_class, java_name, signature)))         \
        return -1;
#define FILL_STATIC(name, owner, java_name, signature)                                             \
    if (!(bridge_cache.name =                                                                      \
              (*env)->GetStaticMethodID(env, bridge_cache.owner##_class, java_name, signature)))   \
        return -1;
    BRIDGE_METHODS(FILL_METHOD, FILL_STATIC)
#undef FILL_METHOD
#undef FILL_STATIC
    jfieldID absent = (*env)->GetStaticFieldID(env, bridge_cache.python_proxy_class, "ABSENT",
                                               "Ljava/lang/Object;");
    if (!absent)
        return -1;
    jobject local = (*env)->GetStaticObjectField(env, bridge_cache.python_proxy_class, absent);
    bridge_cache.absent = (*env)->NewGlobalRef(env, local);
    (*env)->DeleteLocalRef(env, local);
    return bridge_cache.absent ? 0 : -1;
}
