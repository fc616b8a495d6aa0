/* bridge_error.c - exceptions across the border, both ways, with the original object.
 *
 * Python to Java: the exception object is kept in a ring of 256 under a number, and a Java
 * PythonException with that number, the formatted traceback and the place is thrown. A Java
 * exception that only passed through Python is thrown again itself.
 *
 * Java to Python: when the number of a PythonException among the causes is still in the ring, the
 * original object comes back: itself if it only passed through Java, else as the
 * `python_exception` of a JobExecutionError. All else becomes a Py4JJavaError. The texts are made
 * in Python (py4j/protocol.py, pyflink/util/exceptions.py). */
#include "bridge/bridge_error.h"

#include "bridge/bridge_cache.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_string.h"
#include "bridge/bridge_type.h"

#include <stdbool.h>

enum { KEPT = 256, DIRECT = 1, NESTED = 2, INTERRUPTED = 4 };

static struct {
    jlong id;
    PyObject *error;
} ring[KEPT];
static jlong last_id;

static jlong keep(PyObject *error) {
    jlong id = ++last_id;
    PyObject *old = ring[id % KEPT].error;
    Py_INCREF(error);
    ring[id % KEPT].id = id;
    ring[id % KEPT].error = error;
    Py_XDECREF(old);
    return id;
}

/* New reference, or NULL without an error. */
static PyObject *kept(jlong id) {
    if (id <= 0 || ring[id % KEPT].id != id)
        return NULL;
    PyObject *error = ring[id % KEPT].error;
    Py_XINCREF(error);
    return error;
}

/* Sets an exception object as the current error with the traceback that it already has. */
static void restore(PyObject *error) {
    Py_INCREF(error);
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(error);
#else
    PyObject *type = (PyObject *)Py_TYPE(error);
    Py_INCREF(type);
    PyErr_Restore(type, error, PyException_GetTraceback(error));
#endif
}

static PyObject *import_attribute(const char *module, const char *name) {
    PyObject *m = PyImport_ImportModule(module);
    PyObject *value = m ? PyObject_GetAttrString(m, name) : NULL;
    Py_XDECREF(m);
    return value;
}

/* JavaObject of a throwable, also of one of a class that is converted otherwise. */
static PyObject *wrap(JNIEnv *env, jobject object) {
    bridge_type_t *type = bridge_type_of_object(env, object);
    return type ? bridge_object_wrap(env, type, object) : NULL;
}

/* An interrupt that the user asked for explains the failure: true when it raised. */
static bool interrupted(int flags) {
    if (!(flags & INTERRUPTED) || !host_interrupt_pending())
        return false;
    bool raised = PyErr_CheckSignals() < 0;
    host_interrupt_clear();
    return raised;
}

static void raise(JNIEnv *env, jthrowable thrown) {
    jobjectArray about = (*env)->CallStaticObjectMethod(env, bridge_cache.failures_class,
                                                        bridge_cache.inspect, thrown);
    if ((*env)->ExceptionCheck(env) || !about) { /* no memory or no stack even for that */
        (*env)->ExceptionClear(env);
        PyErr_SetString(PyExc_MemoryError,
                        "a Java exception could not be described; if Java's memory "
                        "is used up, PYFLINK_SHELL_HEAP=4g allows more");
        return;
    }
    jobject python = (*env)->GetObjectArrayElement(env, about, 0);
    jobject boxed = (*env)->GetObjectArrayElement(env, about, 1);
    jstring text = (*env)->GetObjectArrayElement(env, about, 2);
    jint flags = (jint)bridge_jni_long(env, boxed, bridge_cache.long_value);
    if (interrupted(flags))
        return;
    PyObject *original = NULL, *make = NULL, *error = NULL, *java = NULL, *inner = NULL;
    PyObject *message = bridge_string_to_python(env, text);
    if (python)
        original = kept(bridge_jni_long(env, python, bridge_cache.python_exception_id));
    if ((flags & DIRECT) && original) {
        restore(original);
        goto done;
    }
    if (!message || !(java = wrap(env, thrown)))
        goto done;
    if (python) {
        if (!(inner = wrap(env, python)) ||
            !(make = import_attribute("pyflink.util.exceptions", "_job_error")))
            goto done;
        error = PyObject_CallFunctionObjArgs(make, message, java, inner,
                                             original ? original : Py_None, NULL);
    } else {
        if (!(make = import_attribute("py4j.protocol", "_java_error")))
            goto done;
        error = PyObject_CallFunctionObjArgs(make, message, java, NULL);
    }
    if (error)
        restore(error);
done:
    Py_XDECREF(original);
    Py_XDECREF(make);
    Py_XDECREF(error);
    Py_XDECREF(java);
    Py_XDECREF(inner);
    Py_XDECREF(message);
}

int bridge_raise_from_java(JNIEnv *env) {
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    if (!thrown) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_SystemError, "a Java call failed without an exception");
        return -1;
    }
    (*env)->ExceptionClear(env);
    if ((*env)->PushLocalFrame(env, 16) < 0) {
        (*env)->ExceptionClear(env);
        PyErr_NoMemory();
    } else {
        raise(env, thrown);
        (*env)->PopLocalFrame(env, NULL);
    }
    (*env)->DeleteLocalRef(env, thrown);
    return -1;
}

/* Takes the current error as one object (new reference), its traceback attached. */
static PyObject *fetch(void) {
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (traceback)
        PyException_SetTraceback(error, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return error;
#endif
}

/* Throwable behind a Py4JJavaError (new local reference), or NULL without an error. */
static jthrowable throwable_of(JNIEnv *env, PyObject *error) {
    PyObject *java = PyObject_GetAttrString(error, "java_exception");
    jthrowable result = NULL;
    if (!java)
        PyErr_Clear();
    else if (BRIDGE_IS_OBJECT(java) && BRIDGE_IS_CLASS(Py_TYPE(java)) &&
             (((bridge_type_t *)Py_TYPE(java))->flags & BRIDGE_CLASS_THROWABLE))
        result = (*env)->NewLocalRef(env, BRIDGE_REF(java));
    Py_XDECREF(java);
    return result;
}

static jstring text_of(JNIEnv *env, PyObject *text) {
    jstring result = text && PyUnicode_Check(text) ? bridge_string_to_java(env, text) : NULL;
    PyErr_Clear();
    return result;
}

/* Thrown when even describing the Python error failed. */
static void throw_plain(JNIEnv *env, PyObject *error) {
    PyErr_Clear();
    if (!(*env)->ExceptionCheck(env))
        (*env)->ThrowNew(env, bridge_cache.illegal_state_class,
                         error ? Py_TYPE(error)->tp_name : "Python error");
}

static void throw(JNIEnv * env, PyObject *error, const bridge_error_context_t *context) {
    static const bridge_error_context_t nowhere = {NULL, -1, -1, 0, NULL, NULL};
    jthrowable cause = throwable_of(env, error);
    if (cause && !context) {
        (*env)->Throw(env, cause);
        return;
    }
    context = context ? context : &nowhere;
    PyObject *name = context->operator_name ? PyUnicode_FromString(context->operator_name) : NULL;
    if (!name)
        PyErr_Clear();
    PyObject *describe = import_attribute("pyflink.util.exceptions", "_describe");
    /* (type, message, traceback, repr of the record or None) */
    PyObject *about = describe ? PyObject_CallFunction(describe, "OOiz", error,
                                                       context->record ? context->record : Py_None,
                                                       context->record != NULL, context->what)
                               : NULL;
    if (!about || !PyTuple_Check(about) || PyTuple_GET_SIZE(about) != 4) {
        throw_plain(env, error);
    } else {
        jlong id = keep(error);
        jobject thrown = (*env)->NewObject(
            env, bridge_cache.python_exception_class, bridge_cache.python_exception_new, id,
            text_of(env, PyTuple_GET_ITEM(about, 0)), text_of(env, PyTuple_GET_ITEM(about, 1)),
            text_of(env, PyTuple_GET_ITEM(about, 2)), text_of(env, name), (jint)context->subtask,
            (jint)context->parallelism, (jint)context->input,
            text_of(env, PyTuple_GET_ITEM(about, 3)), cause);
        if (!(*env)->ExceptionCheck(env) && thrown)
            (*env)->Throw(env, thrown);
    }
    Py_XDECREF(name);
    Py_XDECREF(describe);
    Py_XDECREF(about);
}

void bridge_throw_from_python(JNIEnv *env, const bridge_error_context_t *context) {
    PyObject *error = fetch();
    if (!error || (*env)->PushLocalFrame(env, 16) < 0) {
        throw_plain(env, error);
    } else {
        throw(env, error, context);
        if (!(*env)->ExceptionCheck(env))
            throw_plain(env, error);
        /* A pending exception survives the end of the frame. */
        (*env)->PopLocalFrame(env, NULL);
    }
    Py_XDECREF(error);
    PyErr_Clear();
}

static JNIEnv *env_for(PyObject *throwable) {
    if (!BRIDGE_IS_OBJECT(throwable)) {
        PyErr_SetString(PyExc_TypeError, "a Java exception was expected");
        return NULL;
    }
    return bridge_env();
}

PyObject *bridge_error_stack_trace(PyObject *module, PyObject *throwable) {
    (void)module;
    JNIEnv *env = env_for(throwable);
    if (!env)
        return NULL;
    jstring text = bridge_jni_static(env, bridge_cache.failures_class, bridge_cache.stack_trace,
                                     BRIDGE_REF(throwable));
    if (!text)
        return NULL;
    PyObject *result = bridge_string_to_python(env, text);
    (*env)->DeleteLocalRef(env, text);
    return result;
}

PyObject *bridge_error_original(PyObject *module, PyObject *throwable) {
    (void)module;
    JNIEnv *env = env_for(throwable);
    if (!env)
        return NULL;
    PyObject *original = NULL;
    if ((*env)->IsInstanceOf(env, BRIDGE_REF(throwable), bridge_cache.python_exception_class))
        original =
            kept(bridge_jni_long(env, BRIDGE_REF(throwable), bridge_cache.python_exception_id));
    if (original)
        return original;
    Py_RETURN_NONE;
}
