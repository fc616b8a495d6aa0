/* bridge_convert.c - values between Python and Java.
 *
 * What it costs: a primitive a few ns, a boxed value or a short str 50 to 100 ns, a collection
 * that per element. The GIL is kept: nothing here runs code of the user's, except the hashCode()
 * of a Python object that is a key, which takes the GIL again on the same thread. */
#include "bridge/bridge_convert.h"

#include "bridge/bridge_array.h"
#include "bridge/bridge_cache.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_number.h"
#include "bridge/bridge_string.h"

#include <limits.h>
#include <stdint.h>

char bridge_convert_code(JNIEnv *env, jclass klass) {
    return (char)bridge_jni_static_int(env, bridge_cache.conversions_class,
                                       bridge_cache.conversion_code, klass);
}

PyObject *bridge_convert_primitive(char code, jvalue value) {
    switch (code) {
    case 'Z':
        return PyBool_FromLong(value.z);
    case 'B':
        return PyLong_FromLong(value.b);
    case 'S':
        return PyLong_FromLong(value.s);
    case 'I':
        return PyLong_FromLong(value.i);
    case 'J':
        return PyLong_FromLongLong(value.j);
    case 'F':
        return PyFloat_FromDouble((double)value.f);
    case 'D':
        return PyFloat_FromDouble(value.d);
    case 'C':
        return bridge_utf16_to_python(&value.c, 1);
    default:
        Py_RETURN_NONE;
    }
}

/* Python object behind a proxy, or a plain Java object. */
static PyObject *of_proxy(JNIEnv *env, bridge_type_t *type, jobject object) {
    jlong handle = (*env)->CallStaticLongMethod(env, bridge_cache.python_proxy_class,
                                                bridge_cache.proxy_handle, object);
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    if (!handle)
        return bridge_object_wrap(env, type, object);
    PyObject *original = (PyObject *)(intptr_t)handle;
    Py_INCREF(original);
    return original;
}

/* Value of a box. */
static PyObject *unbox(JNIEnv *env, bridge_as_t as, jobject object) {
    jvalue value;
    char code = 'J';
    value.j = 0;
    if (as == BRIDGE_AS_LONG) {
        value.j = (*env)->CallLongMethod(env, object, bridge_cache.long_value);
    } else if (as == BRIDGE_AS_DOUBLE) {
        code = 'D';
        value.d = (*env)->CallDoubleMethod(env, object, bridge_cache.double_value);
    } else if (as == BRIDGE_AS_BOOLEAN) {
        code = 'Z';
        value.z = (*env)->CallBooleanMethod(env, object, bridge_cache.boolean_value);
    } else {
        code = 'C';
        value.c = (*env)->CallCharMethod(env, object, bridge_cache.char_value);
    }
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    return bridge_convert_primitive(code, value);
}

static PyObject *of_type(JNIEnv *env, bridge_type_t *type, jobject object) {
    switch (type->as) {
    case BRIDGE_AS_OBJECT:
        return bridge_object_wrap(env, type, object);
    case BRIDGE_AS_STRING:
        return bridge_string_to_python(env, object);
    case BRIDGE_AS_LONG:
    case BRIDGE_AS_DOUBLE:
    case BRIDGE_AS_BOOLEAN:
    case BRIDGE_AS_CHARACTER:
        return unbox(env, type->as, object);
    case BRIDGE_AS_BIG_INTEGER:
        return bridge_number_from_big_integer(env, object);
    case BRIDGE_AS_BIG_DECIMAL:
        return bridge_number_from_big_decimal(env, object);
    case BRIDGE_AS_BYTES:
        return bridge_array_to_bytes(env, object);
    case BRIDGE_AS_PROXY:
        return of_proxy(env, type, object);
    }
    return bridge_object_wrap(env, type, object);
}

PyObject *bridge_convert_object(JNIEnv *env, jobject object, bridge_type_t **last) {
    if (!object)
        Py_RETURN_NONE;
    bridge_type_t *type = *last;
    if (type) {
        jclass klass = (*env)->GetObjectClass(env, object);
        if (!(*env)->IsSameObject(env, klass, type->ref))
            type = NULL;
        (*env)->DeleteLocalRef(env, klass);
    }
    if (!type && !(type = bridge_type_of_object(env, object)))
        return NULL;
    *last = type;
    return of_type(env, type, object);
}

PyObject *bridge_to_python(JNIEnv *env, jobject object) {
    bridge_type_t *none = NULL;
    return bridge_convert_object(env, object, &none);
}

static jobject to_list(JNIEnv *env, PyObject *value) {
    PyObject *fast = PySequence_Fast(value, "a list was expected");
    if (!fast)
        return NULL;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(fast);
    jobject list = NULL;
    if (count > INT_MAX - 16)
        PyErr_SetString(PyExc_OverflowError, "a list of more than 2**31 elements");
    else
        list = bridge_jni_new(env, bridge_cache.array_list_class, bridge_cache.array_list_new,
                              (jint)count);
    for (Py_ssize_t i = 0; list && i < PySequence_Fast_GET_SIZE(fast); i++) {
        jobject element = bridge_to_java(env, PySequence_Fast_GET_ITEM(fast, i));
        if (!element && PyErr_Occurred()) {
            list = NULL;
            break;
        }
        (*env)->CallBooleanMethod(env, list, bridge_cache.array_list_add, element);
        if ((*env)->ExceptionCheck(env)) {
            bridge_raise_from_java(env);
            list = NULL;
        }
        (*env)->DeleteLocalRef(env, element);
    }
    Py_DECREF(fast);
    return list;
}

static jint capacity(Py_ssize_t count) {
    Py_ssize_t wanted = count + count / 3 + 1;
    return wanted > INT_MAX / 2 ? INT_MAX / 2 : (jint)wanted;
}

static jobject to_map(JNIEnv *env, PyObject *value) {
    jobject map = bridge_jni_new(env, bridge_cache.hash_map_class, bridge_cache.hash_map_new,
                                 capacity(PyDict_Size(value)));
    if (!map)
        return NULL;
    PyObject *items = PyDict_Items(value); /* conversion may run code that changes the dict */
    if (!items)
        return NULL;
    for (Py_ssize_t i = 0; map && i < PyList_GET_SIZE(items); i++) {
        PyObject *pair = PyList_GET_ITEM(items, i);
        jobject key = bridge_to_java(env, PyTuple_GET_ITEM(pair, 0)), item = NULL;
        if (!PyErr_Occurred())
            item = bridge_to_java(env, PyTuple_GET_ITEM(pair, 1));
        if (PyErr_Occurred()) {
            map = NULL;
            break;
        }
        jobject old = bridge_jni_call(env, map, bridge_cache.hash_map_put, key, item);
        (*env)->DeleteLocalRef(env, old);
        (*env)->DeleteLocalRef(env, key);
        (*env)->DeleteLocalRef(env, item);
        if (PyErr_Occurred())
            map = NULL;
    }
    Py_DECREF(items);
    return map;
}

static jobject to_set(JNIEnv *env, PyObject *value) {
    jobject set = bridge_jni_new(env, bridge_cache.hash_set_class, bridge_cache.hash_set_new,
                                 capacity(PySet_Size(value)));
    if (!set)
        return NULL;
    PyObject *iterator = PyObject_GetIter(value), *item;
    while (iterator && set && (item = PyIter_Next(iterator))) {
        jobject element = bridge_to_java(env, item);
        Py_DECREF(item);
        if (PyErr_Occurred())
            break;
        (*env)->CallBooleanMethod(env, set, bridge_cache.hash_set_add, element);
        if ((*env)->ExceptionCheck(env)) {
            bridge_raise_from_java(env);
            set = NULL;
        }
        (*env)->DeleteLocalRef(env, element);
    }
    Py_XDECREF(iterator);
    return PyErr_Occurred() ? NULL : set;
}

static jobject unknown(PyObject *value) {
    PyErr_Format(PyExc_TypeError,
                 "a Python %.100s cannot be passed to Java; Java takes None, bool, int, float, "
                 "str, bytes, Decimal, list, tuple, dict, set, Java objects, and objects whose "
                 "class has an inner `class Java: implements = ['the.Interface']`",
                 Py_TYPE(value)->tp_name);
    return NULL;
}

static jobject to_proxy(JNIEnv *env, PyObject *value, PyObject *interfaces) {
    jobjectArray array = bridge_proxy_array(env, interfaces);
    jobject proxy = array ? bridge_proxy_new(env, value, array) : NULL;
    (*env)->DeleteLocalRef(env, array);
    return proxy;
}

/* A collection is made in a frame of local references of its own: a thread of Python's has no Java
 * frame that would drop what an error leaves behind. */
static jobject in_frame(JNIEnv *env, jobject (*make)(JNIEnv *, PyObject *), PyObject *value) {
    if ((*env)->PushLocalFrame(env, 16) < 0) {
        bridge_raise_from_java(env);
        return NULL;
    }
    return (*env)->PopLocalFrame(env, make(env, value));
}

static jobject to_java(JNIEnv *env, PyObject *value) {
    bridge_kind_t kind;
    PyObject *interfaces;
    if (bridge_kind_resolve(env, value, &kind, &interfaces) < 0)
        return NULL;
    if (interfaces) {
        jobject proxy = to_proxy(env, value, interfaces);
        Py_DECREF(interfaces);
        return proxy;
    }
    switch (kind) {
    case BRIDGE_KIND_NONE:
        return NULL;
    case BRIDGE_KIND_BOOL:
        return bridge_convert_boxed(env, 'y', NULL, value);
    case BRIDGE_KIND_INT8:
    case BRIDGE_KIND_INT16:
    case BRIDGE_KIND_INT32:
        return bridge_convert_boxed(env, 'i', NULL, value);
    case BRIDGE_KIND_INT64:
        if (!PyLong_Check(value)) { /* something with __index__: by its value */
            PyObject *number = PyNumber_Index(value);
            jobject boxed = number ? to_java(env, number) : NULL;
            Py_XDECREF(number);
            return boxed;
        }
        return bridge_convert_boxed(env, 'j', NULL, value);
    case BRIDGE_KIND_BIG:
        return bridge_number_to_big_integer(env, value);
    case BRIDGE_KIND_FLOAT:
        return bridge_convert_boxed(env, 'd', NULL, value);
    case BRIDGE_KIND_CHAR:
    case BRIDGE_KIND_STR:
        return bridge_string_to_java(env, value);
    case BRIDGE_KIND_BYTES:
        return bridge_array_from_bytes(env, value);
    case BRIDGE_KIND_LIST:
        return in_frame(env, to_list, value);
    case BRIDGE_KIND_DICT:
        return in_frame(env, to_map, value);
    case BRIDGE_KIND_SET:
        return in_frame(env, to_set, value);
    case BRIDGE_KIND_DECIMAL:
        return bridge_number_to_big_decimal(env, value);
    case BRIDGE_KIND_CLASS:
        return (*env)->NewLocalRef(env, ((bridge_type_t *)value)->ref);
    case BRIDGE_KIND_CALLABLE:
    case BRIDGE_KIND_UNKNOWN:
        return unknown(value);
    default:
        return (*env)->NewLocalRef(env, BRIDGE_REF(value));
    }
}

jobject bridge_to_java(JNIEnv *env, PyObject *value) {
    if (Py_EnterRecursiveCall(" while a value is passed to Java"))
        return NULL;
    jobject object = to_java(env, value);
    Py_LeaveRecursiveCall();
    return object;
}

static int out_of_range(PyObject *value, const char *type) {
    PyErr_Format(PyExc_OverflowError, "%R does not fit in a Java %s", value, type);
    return -1;
}

/* Primitive of a Python value, range-checked. */
static int to_primitive(char code, PyObject *value, jvalue *out) {
    static const struct {
        char code;
        long long least, most;
        const char *name;
    } ranges[] = {{'B', INT8_MIN, INT8_MAX, "byte"},
                  {'S', INT16_MIN, INT16_MAX, "short"},
                  {'I', INT32_MIN, INT32_MAX, "int"},
                  {'J', INT64_MIN, INT64_MAX, "long"}};
    switch (code) {
    case 'Z': {
        int truth = PyObject_IsTrue(value);
        out->z = (jboolean)(truth > 0);
        return truth < 0 ? -1 : 0;
    }
    case 'F':
    case 'D': {
        double number = PyFloat_AsDouble(value);
        if (number == -1.0 && PyErr_Occurred())
            return -1;
        if (code == 'F')
            out->f = (jfloat)number;
        else
            out->d = number;
        return 0;
    }
    case 'C':
        if (!PyUnicode_Check(value) || PyUnicode_GET_LENGTH(value) != 1 ||
            PyUnicode_READ_CHAR(value, 0) > 0xFFFF)
            return out_of_range(value, "char");
        out->c = (jchar)PyUnicode_READ_CHAR(value, 0);
        return 0;
    default:
        break;
    }
    int overflow = 0;
    long long number;
    if (PyLong_Check(value)) {
        number = PyLong_AsLongLongAndOverflow(value, &overflow);
    } else {
        PyObject *index = PyNumber_Index(value);
        if (!index)
            return -1;
        number = PyLong_AsLongLongAndOverflow(index, &overflow);
        Py_DECREF(index);
    }
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (ranges[i].code != code)
            continue;
        if (overflow || number < ranges[i].least || number > ranges[i].most)
            return out_of_range(value, ranges[i].name);
    }
    if (code == 'B')
        out->b = (jbyte)number;
    else if (code == 'S')
        out->s = (jshort)number;
    else if (code == 'I')
        out->i = (jint)number;
    else
        out->j = number;
    return 0;
}

/* valueOf of a box's class. */
static jobject box(JNIEnv *env, char code, PyObject *value) {
    static const char primitives[] = "jJiIhSbBcCfFdDyZ";
    char primitive = 0;
    for (const char *p = primitives; *p; p += 2)
        if (p[0] == code)
            primitive = p[1];
    jvalue v;
    if (to_primitive(primitive, value, &v) < 0)
        return NULL;
    const bridge_cache_t *c = &bridge_cache;
    jclass klass = code == 'j'   ? c->long__class
                   : code == 'i' ? c->integer_class
                   : code == 'h' ? c->short__class
                   : code == 'b' ? c->byte_class
                   : code == 'c' ? c->character_class
                   : code == 'f' ? c->float__class
                   : code == 'd' ? c->double__class
                                 : c->boolean_class;
    jmethodID of = code == 'j'   ? c->long_of
                   : code == 'i' ? c->integer_of
                   : code == 'h' ? c->short_of
                   : code == 'b' ? c->byte_of
                   : code == 'c' ? c->character_of
                   : code == 'f' ? c->float_of
                   : code == 'd' ? c->double_of
                                 : c->boolean_of;
    jobject boxed = (*env)->CallStaticObjectMethodA(env, klass, of, &v);
    if ((*env)->ExceptionCheck(env)) {
        bridge_raise_from_java(env);
        return NULL;
    }
    return boxed;
}

jobject bridge_convert_boxed(JNIEnv *env, char code, jclass target, PyObject *value) {
    static const char boxes[] = "JjIiShBbCcFfDdZy";
    for (const char *p = boxes; code < 'a' && *p; p += 2)
        if (p[0] == code) {
            if (value == Py_None) {
                PyErr_SetString(PyExc_TypeError, "None cannot be a Java primitive value");
                return NULL;
            }
            return box(env, p[1], value);
        }
    jvalue out;
    int made = bridge_convert_param(env, code, target, value, &out);
    if (made < 0 || !out.l)
        return NULL;
    return made ? out.l : (*env)->NewLocalRef(env, out.l);
}

int bridge_convert_param(JNIEnv *env, char code, jclass target, PyObject *value, jvalue *out) {
    if (code < 'a')
        return to_primitive(code, value, out);
    if (BRIDGE_IS_OBJECT(value)) {
        out->l = BRIDGE_REF(value);
        return 0;
    }
    if (value == Py_None) {
        out->l = NULL;
        return 0;
    }
    switch (code) {
    case 's':
        out->l =
            PyUnicode_Check(value) ? bridge_string_to_java(env, value) : bridge_to_java(env, value);
        break;
    case 'j':
    case 'i':
    case 'h':
    case 'b':
    case 'c':
    case 'f':
    case 'd':
    case 'y':
        out->l = box(env, code, value);
        break;
    case 'n':
        out->l = bridge_number_to_big_integer(env, value);
        break;
    case 'm':
        out->l = bridge_number_to_big_decimal(env, value);
        break;
    case 'a':
        out->l = bridge_array_from_python(env, target, value);
        break;
    case 'p':
        out->l = bridge_proxy_of_callable(env, target, value);
        break;
    default:
        out->l = PyObject_CheckBuffer(value) &&
                         (*env)->IsSameObject(env, target, bridge_cache.byte_buffer_class)
                     ? bridge_array_to_buffer(env, value)
                     : bridge_to_java(env, value);
        break;
    }
    if (!out->l && PyErr_Occurred())
        return -1;
    return out->l != NULL;
}
