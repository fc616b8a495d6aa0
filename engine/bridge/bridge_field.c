/* bridge_field.c - the Python attributes that stand for Java fields and inner classes.
 *
 * What it costs: one JNI call after the first access; a static final field (an enum constant, a
 * number) is read once and kept. */
#include "bridge/bridge_field.h"

#include "bridge/bridge_cache.h"
#include "bridge/bridge_convert.h"
#include "bridge/bridge_env.h"
#include "bridge/bridge_jni.h"
#include "bridge/bridge_string.h"

typedef struct {
    PyObject_HEAD PyObject *name;
    bridge_type_t *owner; /* borrowed, types live for ever */
    int flags;
    char code;
    jfieldID id;      /* NULL until the first access */
    jclass declaring; /* global */
    jclass type;      /* global */
    PyObject *kept;   /* value of a static final field */
} field_t;

typedef struct {
    PyObject_HEAD PyObject *name, *full_name;
    PyObject *type; /* once looked up */
} inner_t;

static PyTypeObject field_type, inner_type;

static int resolve(JNIEnv *env, field_t *field) {
    if (field->id)
        return 0;
    jstring name = bridge_string_to_java(env, field->name);
    if (!name)
        return -1;
    jobject found = bridge_jni_call(env, field->owner->ref, bridge_cache.class_get_field, name);
    (*env)->DeleteLocalRef(env, name);
    if (!found)
        return -1;
    jclass declaring = bridge_jni_call(env, found, bridge_cache.field_get_class);
    jclass type = bridge_jni_call(env, found, bridge_cache.field_get_type);
    if (!declaring || !type)
        return -1;
    field->code = bridge_convert_code(env, type);
    field->declaring = (*env)->NewGlobalRef(env, declaring);
    field->type = (*env)->NewGlobalRef(env, type);
    jfieldID id;
    BRIDGE_JAVA_BEGIN
    id = (*env)->FromReflectedField(env, found); /* runs the class's static initialiser */
    BRIDGE_JAVA_END(*env)->DeleteLocalRef(env, type);
    (*env)->DeleteLocalRef(env, declaring);
    (*env)->DeleteLocalRef(env, found);
    if (!id)
        return bridge_raise_from_java(env);
    field->id = id;
    return 0;
}

static PyObject *read_value(JNIEnv *env, field_t *field, jobject object) {
    jvalue v;
    v.j = 0;
#define GET(member, Type)                                                                          \
    v.member = object ? (*env)->Get##Type##Field(env, object, field->id)                           \
                      : (*env)->GetStatic##Type##Field(env, field->declaring, field->id);          \
    break
    switch (field->code) {
    case 'Z':
        GET(z, Boolean);
    case 'B':
        GET(b, Byte);
    case 'S':
        GET(s, Short);
    case 'C':
        GET(c, Char);
    case 'I':
        GET(i, Int);
    case 'J':
        GET(j, Long);
    case 'F':
        GET(f, Float);
    case 'D':
        GET(d, Double);
    default:
        GET(l, Object);
    }
#undef GET
    if (field->code < 'a')
        return bridge_convert_primitive(field->code, v);
    PyObject *result = bridge_to_python(env, v.l);
    (*env)->DeleteLocalRef(env, v.l);
    return result;
}

static PyObject *get(field_t *field, PyObject *object) {
    if (field->kept) {
        Py_INCREF(field->kept);
        return field->kept;
    }
    JNIEnv *env = bridge_env();
    if (!env || resolve(env, field) < 0)
        return NULL;
    if (!(field->flags & BRIDGE_FIELD_STATIC))
        return read_value(env, field, BRIDGE_REF(object));
    PyObject *value = read_value(env, field, NULL);
    if (value && (field->flags & BRIDGE_FIELD_FINAL)) {
        Py_INCREF(value);
        Py_XSETREF(field->kept, value);
    }
    return value;
}

static PyObject *field_bind(PyObject *self, PyObject *object, PyObject *type) {
    (void)type;
    field_t *field = (field_t *)self;
    if (!(field->flags & BRIDGE_FIELD_STATIC) && (!object || object == Py_None)) {
        Py_INCREF(self);
        return self;
    }
    return get(field, object);
}

static int set(field_t *field, PyObject *object, PyObject *value) {
    if (!value || (field->flags & BRIDGE_FIELD_FINAL)) {
        PyErr_Format(PyExc_AttributeError,
                     value ? "field %U of Java class %U is final"
                           : "field %U of Java class %U cannot be deleted",
                     field->name, field->owner->name);
        return -1;
    }
    JNIEnv *env = bridge_env();
    if (!env || resolve(env, field) < 0)
        return -1;
    jvalue v;
    int made = bridge_convert_param(env, field->code, field->type, value, &v);
    if (made < 0)
        return -1;
    if (field->flags & BRIDGE_FIELD_STATIC)
        object = NULL;
    jobject target = object ? BRIDGE_REF(object) : NULL;
    if (field->code >= 'a' && v.l && !(*env)->IsInstanceOf(env, v.l, field->type)) {
        PyErr_Format(PyExc_TypeError, "%R does not fit the type of field %U of Java class %U",
                     value, field->name, field->owner->name);
        if (made)
            (*env)->DeleteLocalRef(env, v.l);
        return -1;
    }
#define SET(member, Type)                                                                          \
    if (target)                                                                                    \
        (*env)->Set##Type##Field(env, target, field->id, v.member);                                \
    else                                                                                           \
        (*env)->SetStatic##Type##Field(env, field->declaring, field->id, v.member);                \
    break
    switch (field->code) {
    case 'Z':
        SET(z, Boolean);
    case 'B':
        SET(b, Byte);
    case 'S':
        SET(s, Short);
    case 'C':
        SET(c, Char);
    case 'I':
        SET(i, Int);
    case 'J':
        SET(j, Long);
    case 'F':
        SET(f, Float);
    case 'D':
        SET(d, Double);
    default:
        SET(l, Object);
    }
#undef SET
    if (made)
        (*env)->DeleteLocalRef(env, v.l);
    return 0;
}

static int field_assign(PyObject *self, PyObject *object, PyObject *value) {
    return set((field_t *)self, object, value);
}

int bridge_field_set_static(bridge_type_t *type, PyObject *name, PyObject *value) {
    PyObject *mro = ((PyTypeObject *)type)->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
        PyObject *dict = ((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_dict;
        PyObject *found = dict ? PyDict_GetItemWithError(dict, name) : NULL;
        if (!found && PyErr_Occurred())
            return -1;
        if (found && Py_TYPE(found) == &field_type &&
            (((field_t *)found)->flags & BRIDGE_FIELD_STATIC))
            return set((field_t *)found, NULL, value) < 0 ? -1 : 1;
    }
    return 0;
}

PyObject *bridge_field_new(PyObject *name, bridge_type_t *owner, int flags) {
    field_t *field = PyObject_New(field_t, &field_type);
    if (!field)
        return NULL;
    Py_INCREF(name);
    field->name = name;
    field->owner = owner;
    field->flags = flags;
    field->code = 0;
    field->id = NULL;
    field->declaring = field->type = NULL;
    field->kept = NULL;
    return (PyObject *)field;
}

static int flags_of(JNIEnv *env, bridge_type_t *type, PyObject *name) {
    jstring text = bridge_string_to_java(env, name);
    if (!text)
        return -1;
    int flags = bridge_jni_static_int(env, bridge_cache.describer_class, bridge_cache.field_flags,
                                      type->ref, text);
    (*env)->DeleteLocalRef(env, text);
    if (PyErr_Occurred())
        return -1;
    if (flags < 0)
        PyErr_Format(PyExc_AttributeError, "Java class %U has no public field %R", type->name,
                     name);
    return flags;
}

PyObject *bridge_field_access(PyObject *module, PyObject *args) {
    (void)module;
    PyObject *target, *name, *value = NULL;
    if (!PyArg_ParseTuple(args, "OU|O:java_field", &target, &name, &value))
        return NULL;
    bool of_class = BRIDGE_IS_CLASS(target);
    if (!of_class && !BRIDGE_IS_OBJECT(target)) {
        PyErr_Format(PyExc_TypeError, "a Java object or class was expected, not %.100s",
                     Py_TYPE(target)->tp_name);
        return NULL;
    }
    bridge_type_t *type = (bridge_type_t *)(of_class ? target : (PyObject *)Py_TYPE(target));
    JNIEnv *env = bridge_env();
    int flags = env ? flags_of(env, type, name) : -1;
    if (flags < 0)
        return NULL;
    if (of_class && !(flags & BRIDGE_FIELD_STATIC)) {
        PyErr_Format(PyExc_AttributeError, "field %U of Java class %U is not static", name,
                     type->name);
        return NULL;
    }
    field_t *field = (field_t *)bridge_field_new(name, type, flags);
    PyObject *result = NULL;
    if (field && !value) {
        result = get(field, of_class ? NULL : target);
    } else if (field && set(field, of_class ? NULL : target, value) == 0) {
        Py_INCREF(Py_None);
        result = Py_None;
    }
    Py_XDECREF(field);
    return result;
}

static void field_dealloc(PyObject *self) {
    field_t *field = (field_t *)self;
    bridge_env_drop(field->declaring);
    bridge_env_drop(field->type);
    Py_XDECREF(field->name);
    Py_XDECREF(field->kept);
    PyObject_Free(self);
}

PyObject *bridge_inner_new(PyObject *name, PyObject *full_name) {
    inner_t *inner = PyObject_New(inner_t, &inner_type);
    if (!inner)
        return NULL;
    Py_INCREF(name);
    Py_INCREF(full_name);
    inner->name = name;
    inner->full_name = full_name;
    inner->type = NULL;
    return (PyObject *)inner;
}

static PyObject *inner_bind(PyObject *self, PyObject *object, PyObject *owner) {
    (void)object;
    inner_t *inner = (inner_t *)self;
    if (!inner->type) {
        JNIEnv *env = bridge_env();
        bridge_type_t *type =
            env ? bridge_type_of_inner(env, (bridge_type_t *)owner, inner->full_name) : NULL;
        if (!type)
            return NULL;
        Py_INCREF(type);
        Py_XSETREF(inner->type, (PyObject *)type);
    }
    Py_INCREF(inner->type);
    return inner->type;
}

static void inner_dealloc(PyObject *self) {
    inner_t *inner = (inner_t *)self;
    Py_XDECREF(inner->name);
    Py_XDECREF(inner->full_name);
    Py_XDECREF(inner->type);
    PyObject_Free(self);
}

static PyTypeObject field_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "py4j.java_gateway.JavaField",
    .tp_basicsize = sizeof(field_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_dealloc = field_dealloc,
    .tp_descr_get = field_bind,
    .tp_descr_set = field_assign,
};

static PyTypeObject inner_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "py4j.java_gateway.JavaInnerClass",
    .tp_basicsize = sizeof(inner_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_dealloc = inner_dealloc,
    .tp_descr_get = inner_bind,
};

int bridge_field_init(PyObject *module) {
    (void)module;
    return PyType_Ready(&field_type) < 0 || PyType_Ready(&inner_type) < 0 ? -1 : 0;
}
