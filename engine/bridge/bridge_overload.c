/* bridge_overload.c - asks the resolver for an overload, calls it.
 *
 * What a call costs: see bridge_method.c. The result of a String method is made without asking
 * for its class; any other object's class is compared with the last one seen here first. */
#include "bridge/bridge_overload.h"

#include "bridge/bridge_cache.h"
#include "bridge/bridge_convert.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_string.h"

#include <string.h>

static jstring letters[BRIDGE_KIND_COUNT]; /* global references, made when first used */

static jstring letter_of(JNIEnv *env, bridge_kind_t kind) {
    if (!letters[kind]) {
        jchar unit = (jchar)BRIDGE_KIND_LETTERS[kind];
        jstring local = (*env)->NewString(env, &unit, 1);
        letters[kind] = local ? (*env)->NewGlobalRef(env, local) : NULL;
        (*env)->DeleteLocalRef(env, local);
    }
    return letters[kind];
}

/* Object[] of the kinds as the resolver takes them. */
static jobjectArray java_kinds(JNIEnv *env, PyObject *const *args, int nargs) {
    jobjectArray array = (*env)->NewObjectArray(env, nargs, bridge_cache.object_class, NULL);
    for (int i = 0; array && i < nargs; i++) {
        bridge_kind_t kind;
        PyObject *interfaces;
        if (bridge_kind_resolve(env, args[i], &kind, &interfaces) < 0)
            return NULL;
        jobject java = NULL;
        if (interfaces) {
            java = bridge_proxy_array(env, interfaces);
            Py_DECREF(interfaces);
            if (!java)
                return NULL;
            (*env)->SetObjectArrayElement(env, array, i, java);
            (*env)->DeleteLocalRef(env, java);
        } else {
            java = kind < BRIDGE_KIND_COUNT ? letter_of(env, kind)
                                            : ((bridge_type_t *)Py_TYPE(args[i]))->ref;
            (*env)->SetObjectArrayElement(env, array, i, java);
        }
    }
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    return array;
}

PyObject *bridge_overload_list(JNIEnv *env, bridge_type_t *owner, PyObject *name, int mode) {
    jstring text = name ? bridge_string_to_java(env, name) : NULL;
    if (name && !text)
        return NULL;
    jstring list = bridge_jni_static(env, bridge_cache.resolver_class, bridge_cache.overloads,
                                     owner->ref, text, mode);
    (*env)->DeleteLocalRef(env, text);
    if (!list)
        return NULL;
    PyObject *result = bridge_string_to_python(env, list);
    (*env)->DeleteLocalRef(env, list);
    return result;
}

static void raise_no_overload(JNIEnv *env, bridge_type_t *owner, PyObject *name, int mode,
                              PyObject *const *args, int nargs) {
    PyObject *list = bridge_overload_list(env, owner, name, mode);
    PyObject *types = PyList_New(0), *comma = PyUnicode_FromString(", "), *given = NULL;
    PyObject *protocol = NULL, *error = NULL;
    for (int i = 0; list && types && i < nargs; i++) {
        PyObject *type =
            BRIDGE_IS_OBJECT(args[i]) ? ((bridge_type_t *)Py_TYPE(args[i]))->name : NULL;
        if (type)
            Py_INCREF(type);
        else
            type = PyUnicode_FromString(Py_TYPE(args[i])->tp_name);
        if (!type || PyList_Append(types, type) < 0)
            Py_CLEAR(types);
        Py_XDECREF(type);
    }
    if (!list || !types || !comma || !(given = PyUnicode_Join(comma, types)) ||
        !(protocol = PyImport_ImportModule("py4j.protocol")) ||
        !(error = PyObject_GetAttrString(protocol, "Py4JMethodError")))
        goto done;
    if (mode == BRIDGE_CALL_CONSTRUCTOR) {
        if ((owner->flags & (BRIDGE_CLASS_INTERFACE | BRIDGE_CLASS_ABSTRACT)) ||
            PyUnicode_GET_LENGTH(list) == 0)
            PyErr_Format(error,
                         "Java class %U has no public constructor: it is abstract, an "
                         "interface, or made by static methods",
                         owner->name);
        else
            PyErr_Format(error, "no constructor of Java class %U takes (%U); there is:\n%U",
                         owner->name, given, list);
    } else {
        PyErr_Format(error, "no Java method %U.%U takes (%U); there is:\n%U", owner->name, name,
                     given, list);
    }
done:
    Py_XDECREF(list);
    Py_XDECREF(types);
    Py_XDECREF(comma);
    Py_XDECREF(given);
    Py_XDECREF(protocol);
    Py_XDECREF(error);
}

/* What Resolver.resolve returned, by position. */
enum { EXECUTABLE, PARAMETERS, CODES, FLAGS, RETURNS, RETURN_CODE };

static bridge_overload_t *unpack(JNIEnv *env, jobjectArray found, int mode, int nargs) {
    jobject executable = (*env)->GetObjectArrayElement(env, found, EXECUTABLE);
    jobjectArray classes = (*env)->GetObjectArrayElement(env, found, PARAMETERS);
    jstring codes = (*env)->GetObjectArrayElement(env, found, CODES);
    jobject boxed = (*env)->GetObjectArrayElement(env, found, FLAGS);
    jstring returns = (*env)->GetObjectArrayElement(env, found, RETURN_CODE);
    jint flags = (jint)bridge_jni_long(env, boxed, bridge_cache.long_value);
    int nparams = (*env)->GetArrayLength(env, classes);

    bridge_overload_t *o = PyMem_Calloc(1, sizeof *o + (size_t)nargs * sizeof o->kinds[0]);
    bridge_param_t *params = PyMem_Calloc((size_t)nparams + 1, sizeof *params);
    if (!o || !params)
        goto no_memory;
    o->params = params;
    o->nargs = nargs;
    o->nparams = nparams;
    o->constructor = mode == BRIDGE_CALL_CONSTRUCTOR;
    o->is_static = !o->constructor && (flags & 1);
    o->spread = flags & 2;
    o->unbound = flags & 4;
    o->trampoline = flags & 8;
    jchar unit = 0;
    (*env)->GetStringRegion(env, returns, 0, 1, &unit);
    o->returns = (char)unit;
    for (int i = 0; i < nparams; i++) {
        (*env)->GetStringRegion(env, codes, i, 1, &unit);
        params[i].code = (char)unit;
        jobject klass = (*env)->GetObjectArrayElement(env, classes, i);
        params[i].klass = (*env)->NewGlobalRef(env, klass);
        (*env)->DeleteLocalRef(env, klass);
    }
    jmethodID id;
    BRIDGE_JAVA_BEGIN
    id = (*env)->FromReflectedMethod(env, executable); /* runs the class's static initialiser */
    BRIDGE_JAVA_END
    o->id = id;
    if (!o->id) {
        bridge_raise_from_java(env); /* the class's static initialiser failed */
        PyMem_Free(o);
        PyMem_Free(params);
        return NULL;
    }
    return o;
no_memory:
    PyMem_Free(o);
    PyMem_Free(params);
    PyErr_NoMemory();
    return NULL;
}

bridge_overload_t *bridge_overload_resolve(JNIEnv *env, bridge_type_t *owner, PyObject *name,
                                           int mode, PyObject *const *args, int nargs) {
    bridge_overload_t *o = NULL;
    if ((*env)->PushLocalFrame(env, 32) < 0) {
        bridge_raise_from_java(env);
        return NULL;
    }
    jstring text = name ? bridge_string_to_java(env, name) : NULL;
    if (name && !text)
        goto done;
    jobjectArray kinds = java_kinds(env, args, nargs);
    if (!kinds)
        goto done;
    jobjectArray found;
    BRIDGE_JAVA_BEGIN
    found = (*env)->CallStaticObjectMethod(env, bridge_cache.resolver_class, bridge_cache.resolve,
                                           owner->ref, text, mode, kinds);
    BRIDGE_JAVA_END
    if ((*env)->ExceptionCheck(env))
        bridge_raise_from_java(env);
    else if (!found)
        raise_no_overload(env, owner, name, mode, args, nargs);
    else if ((o = unpack(env, found, mode, nargs)))
        o->declaring = owner->ref;
    if (o && !o->constructor) {
        /* Static calls go to the class that declares the method. */
        jobject executable = (*env)->GetObjectArrayElement(env, found, EXECUTABLE);
        jclass declaring = bridge_jni_call(env, executable, bridge_cache.method_declaring);
        o->declaring = (*env)->NewGlobalRef(env, declaring);
    }
    if (o && o->trampoline)
        o->executable =
            (*env)->NewGlobalRef(env, (*env)->GetObjectArrayElement(env, found, EXECUTABLE));
done:
    (*env)->PopLocalFrame(env, NULL);
    return o;
}

/* The calls themselves, one for each result type, without the GIL. */
static jvalue invoke(JNIEnv *env, const bridge_overload_t *o, jobject self, const jvalue *values) {
    jvalue r;
    r.j = 0;
    if (o->constructor) {
        r.l = (*env)->NewObjectA(env, o->declaring, o->id, values);
        return r;
    }
#define CALL(member, Type)                                                                         \
    r.member = o->is_static ? (*env)->CallStatic##Type##MethodA(env, o->declaring, o->id, values)  \
                            : (*env)->Call##Type##MethodA(env, self, o->id, values);               \
    break
    switch (o->returns) {
    case 'V':
        if (o->is_static)
            (*env)->CallStaticVoidMethodA(env, o->declaring, o->id, values);
        else
            (*env)->CallVoidMethodA(env, self, o->id, values);
        break;
    case 'Z':
        CALL(z, Boolean);
    case 'B':
        CALL(b, Byte);
    case 'S':
        CALL(s, Short);
    case 'C':
        CALL(c, Char);
    case 'I':
        CALL(i, Int);
    case 'J':
        CALL(j, Long);
    case 'F':
        CALL(f, Float);
    case 'D':
        CALL(d, Double);
    default:
        CALL(l, Object);
    }
#undef CALL
    return r;
}

/* Array of the arguments from `fixed` on. */
static jobject spread(JNIEnv *env, const bridge_overload_t *o, PyObject *const *args, int fixed,
                      int nargs) {
    PyObject *rest = PyTuple_New(nargs - fixed);
    if (!rest)
        return NULL;
    for (int i = fixed; i < nargs; i++) {
        Py_INCREF(args[i]);
        PyTuple_SET_ITEM(rest, i - fixed, args[i]);
    }
    jvalue value;
    int made = bridge_convert_param(env, 'a', o->params[fixed].klass, rest, &value);
    Py_DECREF(rest);
    return made < 0 ? NULL : value.l;
}

/* Calls through Java, with boxed arguments. */
static PyObject *call_trampoline(JNIEnv *env, bridge_overload_t *o, jobject self,
                                 PyObject *const *args) {
    int nargs = o->nargs - o->unbound, fixed = o->spread ? o->nparams - 1 : nargs;
    PyObject *result = NULL;
    jobjectArray boxed = NULL;
    if ((*env)->PushLocalFrame(env, 16) < 0 ||
        !(boxed = (*env)->NewObjectArray(env, o->nparams, bridge_cache.object_class, NULL))) {
        bridge_raise_from_java(env);
        return NULL;
    }
    for (int i = 0; i < o->nparams; i++) {
        jobject value =
            i < fixed ? bridge_convert_boxed(env, o->params[i].code, o->params[i].klass, args[i])
                      : spread(env, o, args, fixed, nargs);
        if (PyErr_Occurred())
            goto done;
        (*env)->SetObjectArrayElement(env, boxed, i, value);
        (*env)->DeleteLocalRef(env, value);
    }
    jobject answer;
    BRIDGE_JAVA_BEGIN
    answer =
        (*env)->CallStaticObjectMethod(env, bridge_cache.trampoline_class,
                                       bridge_cache.trampoline_call, o->executable, self, boxed);
    BRIDGE_JAVA_END
    if ((*env)->ExceptionCheck(env))
        bridge_raise_from_java(env);
    else
        result = bridge_convert_object(env, answer, &o->last);
done:
    (*env)->PopLocalFrame(env, NULL);
    return result;
}

/* Converts the arguments; *ready is how many values were made. Returns 0, or -1 with an error. */
static int convert(JNIEnv *env, const bridge_overload_t *o, PyObject *const *args, jvalue *values,
                   unsigned char *local, int *ready) {
    int nargs = o->nargs - o->unbound, fixed = o->spread ? o->nparams - 1 : nargs;
    for (int i = 0; i < fixed; i++) {
        const bridge_param_t *p = &o->params[i];
        int made = bridge_convert_param(env, p->code, p->klass, args[i], &values[i]);
        if (made < 0)
            return -1;
        local[i] = (unsigned char)made;
        *ready = i + 1;
    }
    if (!o->spread)
        return 0;
    values[fixed].l = spread(env, o, args, fixed, nargs);
    if (!values[fixed].l)
        return -1;
    local[fixed] = 1;
    *ready = fixed + 1;
    return 0;
}

static PyObject *result_of(JNIEnv *env, bridge_overload_t *o, jvalue result) {
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    if (o->returns < 'a' && !o->constructor)
        return bridge_convert_primitive(o->returns, result);
    if (!result.l)
        Py_RETURN_NONE;
    PyObject *value = o->returns == 's' ? bridge_string_to_python(env, result.l)
                                        : bridge_convert_object(env, result.l, &o->last);
    (*env)->DeleteLocalRef(env, result.l);
    return value;
}

PyObject *bridge_overload_call(JNIEnv *env, bridge_overload_t *o, jobject self,
                               PyObject *const *args) {
    if (o->executable)
        return call_trampoline(env, o, self, args);
    jvalue few[BRIDGE_FEW_ARGUMENTS], *values = few;
    unsigned char few_local[BRIDGE_FEW_ARGUMENTS], *local = few_local;
    if (o->nparams > BRIDGE_FEW_ARGUMENTS) {
        values = PyMem_Calloc((size_t)o->nparams, sizeof *values + 1);
        if (!values)
            return PyErr_NoMemory();
        local = (unsigned char *)(values + o->nparams);
    }
    int ready = 0;
    int failed = convert(env, o, args, values, local, &ready);
    jvalue result;
    result.j = 0;
    if (!failed) {
        BRIDGE_JAVA_BEGIN
        result = invoke(env, o, self, values);
        BRIDGE_JAVA_END
    }
    for (int i = 0; i < ready; i++)
        if (local[i])
            (*env)->DeleteLocalRef(env, values[i].l);
    if (values != few)
        PyMem_Free(values);
    return failed ? NULL : result_of(env, o, result);
}
