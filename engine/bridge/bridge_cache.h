/* bridge_cache.h - the Java classes, methods and fields that the bridge itself uses.
 *
 * One table, looked up once when the JVM is up; the references live until the process ends. */
#ifndef PYFLINK_SHELL_BRIDGE_CACHE_H
#define PYFLINK_SHELL_BRIDGE_CACHE_H

#include <jni.h>

#define BRIDGE_PACKAGE "io/pyflinkshell/bridge/"

/* CLASS(c name, JVM name) */
#define BRIDGE_CLASSES(CLASS)                                                                      \
    CLASS(object, "java/lang/Object")                                                              \
    CLASS(klass, "java/lang/Class")                                                                \
    CLASS(system, "java/lang/System")                                                              \
    CLASS(string, "java/lang/String")                                                              \
    CLASS(boolean, "java/lang/Boolean")                                                            \
    CLASS(byte, "java/lang/Byte")                                                                  \
    CLASS(short_, "java/lang/Short")                                                               \
    CLASS(character, "java/lang/Character")                                                        \
    CLASS(integer, "java/lang/Integer")                                                            \
    CLASS(long_, "java/lang/Long")                                                                 \
    CLASS(float_, "java/lang/Float")                                                               \
    CLASS(double_, "java/lang/Double")                                                             \
    CLASS(number, "java/lang/Number")                                                              \
    CLASS(big_integer, "java/math/BigInteger")                                                     \
    CLASS(big_decimal, "java/math/BigDecimal")                                                     \
    CLASS(byte_array, "[B")                                                                        \
    CLASS(array_list, "java/util/ArrayList")                                                       \
    CLASS(hash_map, "java/util/HashMap")                                                           \
    CLASS(hash_set, "java/util/HashSet")                                                           \
    CLASS(iterator, "java/util/Iterator")                                                          \
    CLASS(iterable, "java/lang/Iterable")                                                          \
    CLASS(byte_buffer, "java/nio/ByteBuffer")                                                      \
    CLASS(field, "java/lang/reflect/Field")                                                        \
    CLASS(executable, "java/lang/reflect/Executable")                                              \
    CLASS(proxy, "java/lang/reflect/Proxy")                                                        \
    CLASS(illegal_argument, "java/lang/IllegalArgumentException")                                  \
    CLASS(illegal_state, "java/lang/IllegalStateException")                                        \
    CLASS(describer, BRIDGE_PACKAGE "ClassDescriber")                                              \
    CLASS(resolver, BRIDGE_PACKAGE "Resolver")                                                     \
    CLASS(trampoline, BRIDGE_PACKAGE "Trampoline")                                                 \
    CLASS(conversions, BRIDGE_PACKAGE "Conversions")                                               \
    CLASS(failures, BRIDGE_PACKAGE "Failures")                                                     \
    CLASS(python_exception, BRIDGE_PACKAGE "PythonException")                                      \
    CLASS(python_proxy, BRIDGE_PACKAGE "PythonProxy")

/* METHOD(c name, class, Java name, signature), STATIC likewise */
#define BRIDGE_METHODS(METHOD, STATIC)                                                             \
    METHOD(object_to_string, object, "toString", "()Ljava/lang/String;")                           \
    METHOD(object_equals, object, "equals", "(Ljava/lang/Object;)Z")                               \
    METHOD(object_hash, object, "hashCode", "()I")                                                 \
    METHOD(class_get_name, klass, "getName", "()Ljava/lang/String;")                               \
    STATIC(identity_hash, system, "identityHashCode", "(Ljava/lang/Object;)I")                     \
    STATIC(boolean_of, boolean, "valueOf", "(Z)Ljava/lang/Boolean;")                               \
    STATIC(byte_of, byte, "valueOf", "(B)Ljava/lang/Byte;")                                        \
    STATIC(short_of, short_, "valueOf", "(S)Ljava/lang/Short;")                                    \
    STATIC(character_of, character, "valueOf", "(C)Ljava/lang/Character;")                         \
    STATIC(integer_of, integer, "valueOf", "(I)Ljava/lang/Integer;")                               \
    STATIC(long_of, long_, "valueOf", "(J)Ljava/lang/Long;")                                       \
    STATIC(float_of, float_, "valueOf", "(F)Ljava/lang/Float;")                                    \
    STATIC(double_of, double_, "valueOf", "(D)Ljava/lang/Double;")                                 \
    METHOD(boolean_value, boolean, "booleanValue", "()Z")                                          \
    METHOD(char_value, character, "charValue", "()C")                                              \
    METHOD(long_value, number, "longValue", "()J")                                                 \
    METHOD(double_value, number, "doubleValue", "()D")                                             \
    METHOD(big_integer_new, big_integer, "<init>", "([B)V")                                        \
    METHOD(big_integer_bytes, big_integer, "toByteArray", "()[B")                                  \
    METHOD(big_decimal_new, big_decimal, "<init>", "(Ljava/lang/String;)V")                        \
    METHOD(big_decimal_text, big_decimal, "toString", "()Ljava/lang/String;")                      \
    METHOD(array_list_new, array_list, "<init>", "(I)V")                                           \
    METHOD(array_list_add, array_list, "add", "(Ljava/lang/Object;)Z")                             \
    METHOD(hash_map_new, hash_map, "<init>", "(I)V")                                               \
    METHOD(hash_map_put, hash_map, "put",                                                          \
           "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;")                             \
    METHOD(hash_set_new, hash_set, "<init>", "(I)V")                                               \
    METHOD(hash_set_add, hash_set, "add", "(Ljava/lang/Object;)Z")                                 \
    METHOD(iterable_iterator, iterable, "iterator", "()Ljava/util/Iterator;")                      \
    METHOD(iterator_has_next, iterator, "hasNext", "()Z")                                          \
    METHOD(iterator_next, iterator, "next", "()Ljava/lang/Object;")                                \
    STATIC(byte_buffer_wrap, byte_buffer, "wrap", "([B)Ljava/nio/ByteBuffer;")                     \
    METHOD(class_get_field, klass, "getField", "(Ljava/lang/String;)Ljava/lang/reflect/Field;")    \
    METHOD(class_component, klass, "getComponentType", "()Ljava/lang/Class;")                      \
    STATIC(conversion_code, conversions, "letter", "(Ljava/lang/Class;)I")                         \
    METHOD(field_get_type, field, "getType", "()Ljava/lang/Class;")                                \
    METHOD(field_get_class, field, "getDeclaringClass", "()Ljava/lang/Class;")                     \
    METHOD(method_declaring, executable, "getDeclaringClass", "()Ljava/lang/Class;")               \
    STATIC(find_class, describer, "find", "(Ljava/lang/String;)Ljava/lang/Class;")                 \
    STATIC(find_inner, describer, "findInner",                                                     \
           "(Ljava/lang/Class;Ljava/lang/String;)Ljava/lang/Class;")                               \
    STATIC(field_flags, describer, "fieldFlags", "(Ljava/lang/Class;Ljava/lang/String;)I")         \
    STATIC(representative, describer, "representative", "(Ljava/lang/Class;)Ljava/lang/Class;")    \
    STATIC(describe, describer, "describe", "(Ljava/lang/Class;)[Ljava/lang/Object;")              \
    STATIC(resolve, resolver, "resolve",                                                           \
           "(Ljava/lang/Class;Ljava/lang/String;I[Ljava/lang/Object;)[Ljava/lang/Object;")         \
    STATIC(trampoline_call, trampoline, "call",                                                    \
           "(Ljava/lang/reflect/Executable;Ljava/lang/Object;[Ljava/lang/Object;)"                 \
           "Ljava/lang/Object;")                                                                   \
    STATIC(overloads, resolver, "overloads",                                                       \
           "(Ljava/lang/Class;Ljava/lang/String;I)Ljava/lang/String;")                             \
    STATIC(new_array, resolver, "newArray", "(Ljava/lang/Class;[I)Ljava/lang/Object;")             \
    STATIC(inspect, failures, "inspect", "(Ljava/lang/Throwable;)[Ljava/lang/Object;")             \
    STATIC(stack_trace, failures, "stackTrace", "(Ljava/lang/Throwable;)Ljava/lang/String;")       \
    METHOD(python_exception_new, python_exception, "<init>",                                       \
           "(JLjava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;III"         \
           "Ljava/lang/String;Ljava/lang/Throwable;)V")                                            \
    METHOD(python_exception_id, python_exception, "getId", "()J")                                  \
    STATIC(proxy_create, python_proxy, "create", "(J[Ljava/lang/Class;)Ljava/lang/Object;")        \
    STATIC(proxy_handle, python_proxy, "handleOf", "(Ljava/lang/Object;)J")

typedef struct {
#define BRIDGE_DECLARE_CLASS(name, jvm_name) jclass name##_class;
    BRIDGE_CLASSES(BRIDGE_DECLARE_CLASS)
#undef BRIDGE_DECLARE_CLASS
#define BRIDGE_DECLARE_METHOD(name, owner, java_name, signature) jmethodID name;
    BRIDGE_METHODS(BRIDGE_DECLARE_METHOD, BRIDGE_DECLARE_METHOD)
#undef BRIDGE_DECLARE_METHOD
    jobject absent; /* PythonProxy.ABSENT */
} bridge_cache_t;

extern bridge_cache_t bridge_cache;

/* Fills the table. Returns 0, or -1 with a pending Java exception. Needs no GIL. */
int bridge_cache_fill(JNIEnv *env);

#endif
