/* bridge_proxy.c - Python objects that implement Java interfaces.
 *
 * Java's PythonProxy holds the address of the Python object as its handle and one reference to it.
 * The reference comes back on a thread of Java's cleaner, which must never wait for the GIL: it is
 * put on a list, and a pending call of Python's main thread drops it. */
#include "bridge/bridge_convert.h"

#include "bridge/bridge_cache.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_string.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* leaf lock, never held over a call out */
static PyObject **released;
static size_t released_count, released_room;
static atomic_bool scheduled;

static int drop_released(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    PyObject **all = released;
    size_t count = released_count;
    released = NULL;
    released_count = released_room = 0;
    atomic_store(&scheduled, false);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < count; i++)
        Py_DECREF(all[i]);
    free(all);
    return 0;
}

static void JNICALL native_release(JNIEnv *env, jclass klass, jlong handle) {
    (void)env;
    (void)klass;
    if (host_is_closing())
        return;
    pthread_mutex_lock(&lock);
    if (released_count == released_room) {
        size_t room = released_room ? released_room * 2 : 64;
        PyObject **more = realloc(released, room * sizeof *more);
        if (more) {
            released = more;
            released_room = room;
        }
    }
    if (released_count < released_room) /* else it leaks, which is better than a crash */
        released[released_count++] = (PyObject *)(intptr_t)handle;
    pthread_mutex_unlock(&lock);
    if (!atomic_exchange(&scheduled, true) && Py_AddPendingCall(drop_released, NULL) < 0)
        atomic_store(&scheduled, false); /* the next release tries again */
}

/* The function to call: attribute `name`, or the object itself if that is a plain callable. */
static PyObject *target_of(PyObject *object, PyObject *name, bool may_be_absent) {
    PyObject *method = PyObject_GetAttr(object, name);
    if (method || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return method;
    if (!may_be_absent && PyCallable_Check(object) && !PyObject_HasAttrString(object, "Java")) {
        PyErr_Clear();
        Py_INCREF(object);
        return object;
    }
    return NULL;
}

static PyObject *arguments(JNIEnv *env, jobjectArray args) {
    jsize count = (*env)->GetArrayLength(env, args);
    PyObject *tuple = PyTuple_New(count);
    for (jsize i = 0; tuple && i < count; i++) {
        jobject arg = (*env)->GetObjectArrayElement(env, args, i);
        PyObject *value = bridge_to_python(env, arg);
        (*env)->DeleteLocalRef(env, arg);
        if (!value)
            Py_CLEAR(tuple);
        else
            PyTuple_SET_ITEM(tuple, i, value);
    }
    return tuple;
}

/* The result as an object of the declared class; void gives null whatever Python returned. */
static jobject result_of(JNIEnv *env, PyObject *value, jclass declared) {
    char code = bridge_convert_code(env, declared);
    if (code == 'V')
        return NULL;
    jobject result = bridge_convert_boxed(env, code, declared, value);
    if (result && code >= 'a' && !(*env)->IsInstanceOf(env, result, declared)) {
        bridge_type_t *type = bridge_type_of_class(env, declared);
        if (type)
            PyErr_Format(PyExc_TypeError, "the Java caller expects a %U, not %.100s", type->name,
                         Py_TYPE(value)->tp_name);
        return NULL;
    }
    return result;
}

static jobject call(JNIEnv *env, PyObject *object, jstring name, jboolean may_be_absent,
                    jobjectArray args, jclass declared) {
    jobject result = NULL;
    PyObject *py_name = bridge_string_to_python(env, name), *values = NULL, *answer = NULL;
    PyObject *method = py_name ? target_of(object, py_name, may_be_absent) : NULL;
    if (!method) {
        if (may_be_absent && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            result = (*env)->NewLocalRef(env, bridge_cache.absent);
        }
        goto done;
    }
    if ((values = arguments(env, args)) && (answer = PyObject_CallObject(method, values)))
        result = result_of(env, answer, declared);
done:
    Py_XDECREF(py_name);
    Py_XDECREF(method);
    Py_XDECREF(values);
    Py_XDECREF(answer);
    return result;
}

static jobject JNICALL native_call(JNIEnv *env, jclass klass, jlong handle, jstring name,
                                   jboolean may_be_absent, jobjectArray args, jclass declared) {
    (void)klass;
    if (host_is_closing()) {
        (*env)->ThrowNew(env, bridge_cache.illegal_state_class,
                         "Python cannot be called any more: the process is ending");
        return NULL;
    }
    host_thread_enter();
    PyObject *object = (PyObject *)(intptr_t)handle;
    Py_INCREF(object);
    jobject result = call(env, object, name, may_be_absent, args, declared);
    Py_DECREF(object);
    if (PyErr_Occurred())
        bridge_throw_from_python(env, NULL);
    host_thread_leave();
    return result;
}

int bridge_proxy_on_jvm(JNIEnv *env) {
    static const JNINativeMethod methods[] = {
        {"call", "(JLjava/lang/String;Z[Ljava/lang/Object;Ljava/lang/Class;)Ljava/lang/Object;",
         (void *)native_call},
        {"release", "(J)V", (void *)native_release},
    };
    return (*env)->RegisterNatives(env, bridge_cache.python_proxy_class, methods, 2) == 0 ? 0 : -1;
}

jobject bridge_proxy_new(JNIEnv *env, PyObject *object, jobjectArray interfaces) {
    Py_INCREF(object);
    jobject proxy;
    BRIDGE_JAVA_BEGIN
    proxy = (*env)->CallStaticObjectMethod(env, bridge_cache.python_proxy_class,
                                           bridge_cache.proxy_create, (jlong)(intptr_t)object,
                                           interfaces);
    BRIDGE_JAVA_END
    if ((*env)->ExceptionCheck(env)) {
        Py_DECREF(object);
        bridge_raise_from_java(env);
        return NULL;
    }
    return proxy;
}

jobjectArray bridge_proxy_array(JNIEnv *env, PyObject *types) {
    jsize count = (jsize)PyTuple_GET_SIZE(types);
    jobjectArray array = (*env)->NewObjectArray(env, count, bridge_cache.klass_class, NULL);
    if (!array) {
        bridge_raise_from_java(env);
        return NULL;
    }
    for (jsize i = 0; i < count; i++)
        (*env)->SetObjectArrayElement(env, array, i,
                                      ((bridge_type_t *)PyTuple_GET_ITEM(types, i))->ref);
    return array;
}

PyObject *bridge_proxy_interfaces(JNIEnv *env, PyObject *object) {
    PyObject *java = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "Java");
    PyObject *names = java ? PyObject_GetAttrString(java, "implements") : NULL;
    Py_XDECREF(java);
    if (!names) {
        if (PyErr_ExceptionMatches(PyExc_AttributeError))
            PyErr_Clear();
        return NULL;
    }
    PyObject *list = PySequence_Fast(names, "`implements` of a class Java must be a list of names "
                                            "of Java interfaces");
    Py_DECREF(names);
    if (!list)
        return NULL;
    PyObject *types = PyTuple_New(PySequence_Fast_GET_SIZE(list));
    for (Py_ssize_t i = 0; types && i < PyTuple_GET_SIZE(types); i++) {
        PyObject *name = PySequence_Fast_GET_ITEM(list, i), *type = NULL;
        if (BRIDGE_IS_CLASS(name))
            type = name;
        else if (PyUnicode_Check(name))
            type = (PyObject *)bridge_type_by_name(env, name);
        if (type && !(((bridge_type_t *)type)->flags & BRIDGE_CLASS_INTERFACE))
            type = NULL;
        if (!type) {
            if (!PyErr_Occurred())
                PyErr_Format(PyExc_TypeError,
                             "%.100s says that it implements %R, which is no Java "
                             "interface on the class path",
                             Py_TYPE(object)->tp_name, name);
            Py_CLEAR(types);
            break;
        }
        Py_INCREF(type);
        PyTuple_SET_ITEM(types, i, type);
    }
    Py_DECREF(list);
    return types;
}

jobject bridge_proxy_of_callable(JNIEnv *env, jclass interface, PyObject *value) {
    bridge_kind_t kind;
    PyObject *interfaces;
    if (bridge_kind_resolve(env, value, &kind, &interfaces) < 0)
        return NULL;
    bool callable = !interfaces && kind == BRIDGE_KIND_CALLABLE;
    Py_XDECREF(interfaces);
    if (!callable)
        return bridge_to_java(env, value);
    jobjectArray array = (*env)->NewObjectArray(env, 1, bridge_cache.klass_class, interface);
    if (!array) {
        bridge_raise_from_java(env);
        return NULL;
    }
    jobject proxy = bridge_proxy_new(env, value, array);
    (*env)->DeleteLocalRef(env, array);
    return proxy;
}
