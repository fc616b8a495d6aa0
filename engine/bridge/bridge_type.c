/* bridge_type.c - table of the Python types that stand for Java classes, and their making.
 *
 * What it costs: finding the type of an object that a call site has not just seen takes about
 * 100 ns (identity hash and a chain); making a type 0.2 to 2 ms, once per class. The table is
 * guarded by the GIL. Making a type runs Java and so releases the GIL; when two threads make the
 * same type, the second one throws its own away. */
#include "bridge/bridge_type.h"

#include "bridge/bridge_cache.h"
#include "bridge/bridge_class.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_field.h"
#include "bridge/bridge_method.h"
#include "bridge/bridge_string.h"

#include <string.h>

enum { BUCKETS = 1024 };
static bridge_type_t *table[BUCKETS];

static bridge_type_t *lookup(JNIEnv *env, jclass klass, jint hash) {
    for (bridge_type_t *t = table[(unsigned)hash % BUCKETS]; t; t = t->next)
        if (t->hash == hash && (*env)->IsSameObject(env, t->ref, klass))
            return t;
    return NULL;
}

static jint hash_of(JNIEnv *env, jclass klass) {
    return bridge_jni_static_int(env, bridge_cache.system_class, bridge_cache.identity_hash, klass);
}

static void insert(bridge_type_t *type, jint hash) {
    type->hash = hash;
    type->next = table[(unsigned)hash % BUCKETS];
    table[(unsigned)hash % BUCKETS] = type;
}

static bridge_as_t conversion_of(JNIEnv *env, jclass klass) {
    const struct {
        jclass klass;
        bridge_as_t as;
    } known[] = {
        {bridge_cache.string_class, BRIDGE_AS_STRING},
        {bridge_cache.integer_class, BRIDGE_AS_LONG},
        {bridge_cache.long__class, BRIDGE_AS_LONG},
        {bridge_cache.short__class, BRIDGE_AS_LONG},
        {bridge_cache.byte_class, BRIDGE_AS_LONG},
        {bridge_cache.double__class, BRIDGE_AS_DOUBLE},
        {bridge_cache.float__class, BRIDGE_AS_DOUBLE},
        {bridge_cache.boolean_class, BRIDGE_AS_BOOLEAN},
        {bridge_cache.character_class, BRIDGE_AS_CHARACTER},
        {bridge_cache.big_integer_class, BRIDGE_AS_BIG_INTEGER},
        {bridge_cache.big_decimal_class, BRIDGE_AS_BIG_DECIMAL},
        {bridge_cache.byte_array_class, BRIDGE_AS_BYTES},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if ((*env)->IsSameObject(env, klass, known[i].klass))
            return known[i].as;
    jclass super = (*env)->GetSuperclass(env, klass);
    bool proxy = super && (*env)->IsSameObject(env, super, bridge_cache.proxy_class);
    (*env)->DeleteLocalRef(env, super);
    return proxy ? BRIDGE_AS_PROXY : BRIDGE_AS_OBJECT;
}

/* Element i of a String[] as str. */
static PyObject *string_at(JNIEnv *env, jobjectArray strings, jsize i) {
    jstring text = (*env)->GetObjectArrayElement(env, strings, i);
    PyObject *result = bridge_string_to_python(env, text);
    (*env)->DeleteLocalRef(env, text);
    return result;
}

/* What ClassDescriber.describe returned, by position. */
enum {
    NAME,
    SUPER,
    INTERFACES,
    METHODS,
    METHOD_KINDS,
    FIELDS,
    FIELD_FLAGS,
    INNER,
    FLAGS,
    COMPONENT
};

static int add_methods(JNIEnv *env, bridge_type_t *type, jobjectArray about) {
    jobjectArray names = (*env)->GetObjectArrayElement(env, about, METHODS);
    jbyteArray kinds = (*env)->GetObjectArrayElement(env, about, METHOD_KINDS);
    jsize count = (*env)->GetArrayLength(env, names);
    for (jsize i = 0; i < count; i++) {
        jbyte kind;
        (*env)->GetByteArrayRegion(env, kinds, i, 1, &kind);
        PyObject *name = string_at(env, names, i);
        if (!name || bridge_class_add(type, name, bridge_method_new(name, type, kind)) < 0) {
            Py_XDECREF(name);
            return -1;
        }
        Py_DECREF(name);
    }
    return 0;
}

static int add_fields(JNIEnv *env, bridge_type_t *type, jobjectArray about) {
    jobjectArray names = (*env)->GetObjectArrayElement(env, about, FIELDS);
    jbyteArray flags = (*env)->GetObjectArrayElement(env, about, FIELD_FLAGS);
    jsize count = (*env)->GetArrayLength(env, names);
    for (jsize i = 0; i < count; i++) {
        jbyte flag;
        (*env)->GetByteArrayRegion(env, flags, i, 1, &flag);
        PyObject *name = string_at(env, names, i);
        if (!name) {
            return -1;
        }
        int failed = 0;
        PyObject *there = PyDict_GetItemWithError(((PyTypeObject *)type)->tp_dict, name);
        if (!there) /* a method of that name is asked for more often; get_field reads the field */
            failed = PyErr_Occurred() ||
                     bridge_class_add(type, name, bridge_field_new(name, type, flag)) < 0;
        Py_DECREF(name);
        if (failed)
            return -1;
    }
    jobjectArray inner = (*env)->GetObjectArrayElement(env, about, INNER);
    count = (*env)->GetArrayLength(env, inner);
    for (jsize i = 0; i + 1 < count; i += 2) {
        PyObject *name = string_at(env, inner, i);
        PyObject *full = name ? string_at(env, inner, i + 1) : NULL;
        int failed = !full || bridge_class_add(type, name, bridge_inner_new(name, full)) < 0;
        Py_XDECREF(name);
        Py_XDECREF(full);
        if (failed)
            return -1;
    }
    return 0;
}

static PyObject *append_base(PyObject *bases, bridge_type_t *base) {
    if (!base || PyList_Append(bases, (PyObject *)base) < 0) {
        Py_DECREF(bases);
        return NULL;
    }
    return bases;
}

/* Tuple of the types of the supertypes, made where they are missing. */
static PyObject *bases_of(JNIEnv *env, jobjectArray about, PyObject *name, jint flags) {
    PyObject *bases = PyList_New(0);
    if (!bases)
        return NULL;
    PyObject *mixin = bridge_class_mixin(name);
    if (!mixin || (mixin != Py_None && PyList_Append(bases, mixin) < 0)) {
        Py_XDECREF(mixin);
        Py_DECREF(bases);
        return NULL;
    }
    Py_DECREF(mixin);
    jobject super = (*env)->GetObjectArrayElement(env, about, SUPER);
    if (super && !(bases = append_base(bases, bridge_type_of_class(env, super))))
        return NULL;
    jobjectArray interfaces = (*env)->GetObjectArrayElement(env, about, INTERFACES);
    jsize count = (*env)->GetArrayLength(env, interfaces);
    for (jsize i = 0; i < count; i++) {
        jobject interface = (*env)->GetObjectArrayElement(env, interfaces, i);
        bases = append_base(bases, bridge_type_of_class(env, interface));
        (*env)->DeleteLocalRef(env, interface);
        if (!bases)
            return NULL;
    }
    if ((flags & BRIDGE_CLASS_INTERFACE) && count == 0 && !super &&
        !(bases = append_base(bases, bridge_type_of_class(env, bridge_cache.object_class))))
        return NULL;
    if (PyList_GET_SIZE(bases) == 0 && PyList_Append(bases, (PyObject *)&bridge_object_type) < 0) {
        Py_DECREF(bases);
        return NULL;
    }
    PyObject *tuple = PyList_AsTuple(bases);
    Py_DECREF(bases);
    return tuple;
}

static bridge_type_t *make(JNIEnv *env, jclass klass, jint hash) {
    jobjectArray about;
    BRIDGE_JAVA_BEGIN
    about = (*env)->CallStaticObjectMethod(env, bridge_cache.describer_class, bridge_cache.describe,
                                           klass);
    BRIDGE_JAVA_END
    if ((*env)->ExceptionCheck(env) || !about) {
        bridge_raise_from_java(env);
        return NULL;
    }
    bridge_type_t *type = NULL;
    PyObject *bases = NULL;
    PyObject *name = string_at(env, about, NAME);
    if (!name)
        return NULL;
    jobject boxed_flags = (*env)->GetObjectArrayElement(env, about, FLAGS);
    jint flags = (jint)bridge_jni_long(env, boxed_flags, bridge_cache.long_value);
    if (!(bases = bases_of(env, about, name, flags)))
        goto done;
    bridge_type_t *raced = lookup(env, klass, hash);
    if (raced) {
        type = raced;
        goto done;
    }
    if (!(type = bridge_class_new(name, bases)))
        goto done;
    type->flags = flags;
    type->as = conversion_of(env, klass);
    type->ref = (*env)->NewGlobalRef(env, klass);
    type->element = 0;
    const char *utf8 = PyUnicode_AsUTF8(name);
    if (utf8 && utf8[0] == '[')
        type->element = utf8[1] == '[' ? 'L' : utf8[1];
    type->construct = bridge_method_new(NULL, type, BRIDGE_METHOD_CONSTRUCTOR);
    if (!type->ref || !type->construct || add_methods(env, type, about) < 0 ||
        add_fields(env, type, about) < 0) {
        Py_CLEAR(type);
        goto done;
    }
    raced = lookup(env, klass, hash); /* making the type may have run Python code */
    if (raced) {
        Py_DECREF(type);
        type = raced;
    } else {
        PyType_Modified((PyTypeObject *)type);
        insert(type, hash);
    }
done:
    Py_XDECREF(name);
    Py_XDECREF(bases);
    return type;
}

bridge_type_t *bridge_type_of_class(JNIEnv *env, jclass klass) {
    jint hash = hash_of(env, klass);
    bridge_type_t *type = lookup(env, klass, hash);
    if (type)
        return type;
    if (Py_EnterRecursiveCall(" while making the type of a Java class"))
        return NULL;
    if ((*env)->PushLocalFrame(env, 32) == 0) {
        type = make(env, klass, hash);
        (*env)->PopLocalFrame(env, NULL);
    } else {
        bridge_raise_from_java(env);
    }
    Py_LeaveRecursiveCall();
    return type;
}

bridge_type_t *bridge_type_of_object(JNIEnv *env, jobject object) {
    jclass klass = (*env)->GetObjectClass(env, object);
    jint hash = hash_of(env, klass);
    bridge_type_t *type = lookup(env, klass, hash);
    if (!type) {
        jclass usual = bridge_jni_static(env, bridge_cache.describer_class,
                                         bridge_cache.representative, klass);
        if (usual) {
            type = bridge_type_of_class(env, usual);
            (*env)->DeleteLocalRef(env, usual);
        }
    }
    (*env)->DeleteLocalRef(env, klass);
    return type;
}

bridge_type_t *bridge_type_by_name(JNIEnv *env, PyObject *name) {
    jstring text = bridge_string_to_java(env, name);
    if (!text)
        return NULL;
    jclass klass;
    BRIDGE_JAVA_BEGIN
    klass = (*env)->CallStaticObjectMethod(env, bridge_cache.describer_class,
                                           bridge_cache.find_class, text);
    BRIDGE_JAVA_END(*env)->DeleteLocalRef(env, text);
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    if (!klass)
        return NULL;
    bridge_type_t *type = bridge_type_of_class(env, klass);
    (*env)->DeleteLocalRef(env, klass);
    return type;
}

bridge_type_t *bridge_type_of_inner(JNIEnv *env, bridge_type_t *owner, PyObject *full_name) {
    jstring text = bridge_string_to_java(env, full_name);
    if (!text)
        return NULL;
    jclass klass;
    BRIDGE_JAVA_BEGIN
    klass = (*env)->CallStaticObjectMethod(env, bridge_cache.describer_class,
                                           bridge_cache.find_inner, owner->ref, text);
    BRIDGE_JAVA_END
    bridge_type_t *type = NULL;
    if ((*env)->ExceptionCheck(env))
        bridge_raise_from_java(env);
    (*env)->DeleteLocalRef(env, text);
    if (PyErr_Occurred())
        return NULL;
    if (klass)
        type = bridge_type_of_class(env, klass);
    else
        PyErr_Format(PyExc_AttributeError, "no Java class %U", full_name);
    (*env)->DeleteLocalRef(env, klass);
    return type;
}

int bridge_type_init(PyObject *module) {
    bridge_class_type.tp_base = &PyType_Type;
    bridge_class_type.tp_basicsize = sizeof(bridge_type_t);
    bridge_class_type.tp_itemsize = PyType_Type.tp_itemsize;
    if (PyType_Ready(&bridge_object_type) < 0 || PyType_Ready(&bridge_class_type) < 0)
        return -1;
    Py_INCREF(&bridge_object_type);
    if (PyModule_AddObject(module, "JavaObject", (PyObject *)&bridge_object_type) < 0)
        return -1;
    Py_INCREF(&bridge_class_type);
    return PyModule_AddObject(module, "JavaClass", (PyObject *)&bridge_class_type);
}
