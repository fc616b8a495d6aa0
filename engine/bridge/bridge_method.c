/* bridge_method.c - the Python attributes that stand for Java methods and constructors.
 *
 * What one call costs, beyond Java's own work: kinds of the arguments compared with the newest
 * resolved overload (a few ns each), the GIL released and retaken (50 ns), one JNI call (20 to
 * 30 ns). No Python code runs and nothing is allocated unless an argument or the result needs it.
 *
 * There are three Python types: an instance method is a method descriptor, so that the interpreter
 * calls it without making a bound method; a static method has no __get__ at all, so that access
 * through the class is the fastest there is; a name with overloads of both kinds binds like a
 * plain Python descriptor. */
#include "bridge/bridge_method.h"

#include "bridge/bridge_env.h"

#include <stddef.h>
#include <structmember.h>

static PyTypeObject instance_type, static_type, mixed_type;

static const char *owner_utf8(bridge_method_t *method) {
    const char *name = PyUnicode_AsUTF8(method->owner->name);
    return name ? name : "?";
}

static int refuse_keywords(bridge_method_t *method) {
    if (method->name)
        PyErr_Format(PyExc_TypeError, "Java method %s.%U() takes no keyword arguments",
                     owner_utf8(method), method->name);
    else
        PyErr_Format(PyExc_TypeError, "the constructor of Java class %s takes no keyword arguments",
                     owner_utf8(method));
    return -1;
}

static bridge_overload_t *find(bridge_method_t *method, const bridge_kind_t *kinds, int nargs) {
    for (bridge_overload_t *o = method->found; o; o = o->next) {
        if (o->nargs != nargs)
            continue;
        int i = 0;
        while (i < nargs && o->kinds[i] == kinds[i])
            i++;
        if (i == nargs)
            return o;
    }
    return NULL;
}

/* The overload for these arguments, resolved if it was not yet. */
static bridge_overload_t *overload_for(JNIEnv *env, bridge_method_t *method, int mode,
                                       PyObject *const *args, bridge_kind_t *kinds, int nargs) {
    for (int i = 0; i < nargs; i++)
        kinds[i] = bridge_kind_of(args[i]);
    bridge_overload_t *overload = find(method, kinds, nargs);
    if (overload)
        return overload;
    overload = bridge_overload_resolve(env, method->owner, method->name, mode, args, nargs);
    if (!overload)
        return NULL;
    for (int i = 0; i < nargs; i++) {
        overload->kinds[i] = kinds[i];
        if (kinds[i] >= BRIDGE_KIND_COUNT) /* its address must not be used by another type */
            Py_INCREF((PyObject *)kinds[i]);
    }
    overload->next = method->found;
    return method->found = overload;
}

static PyObject *call(bridge_method_t *method, jobject self, int mode, PyObject *const *args,
                      Py_ssize_t count) {
    if (count > BRIDGE_MOST_ARGUMENTS) {
        PyErr_SetString(PyExc_TypeError, "a Java method takes at most 255 arguments");
        return NULL;
    }
    JNIEnv *env = bridge_env();
    if (!env)
        return NULL;
    /* Little on the stack: calls nest, Python -> Java -> Python, and Java's may be small. */
    bridge_kind_t few[BRIDGE_FEW_ARGUMENTS], *kinds = few;
    if (count > BRIDGE_FEW_ARGUMENTS && !(kinds = PyMem_Malloc((size_t)count * sizeof *kinds)))
        return PyErr_NoMemory();
    bridge_overload_t *overload = overload_for(env, method, mode, args, kinds, (int)count);
    if (kinds != few)
        PyMem_Free(kinds);
    if (!overload)
        return NULL;
    if (overload->unbound) {
        self = BRIDGE_REF(args[0]);
        args++;
    }
    return bridge_overload_call(env, overload, self, args);
}

static int find_owner(bridge_method_t *method) {
    JNIEnv *env = bridge_env();
    if (!env)
        return -1;
    method->owner = bridge_type_by_name(env, method->owner_name);
    if (!method->owner && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "no Java class %U", method->owner_name);
    return method->owner ? 0 : -1;
}

static PyObject *instance_call(PyObject *callable, PyObject *const *args, size_t nargsf,
                               PyObject *kwnames) {
    bridge_method_t *method = (bridge_method_t *)callable;
    Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    if (!method->owner && find_owner(method) < 0)
        return NULL;
    if (kwnames && PyTuple_GET_SIZE(kwnames) > 0) {
        refuse_keywords(method);
        return NULL;
    }
    if (count == 0 || Py_TYPE(args[0]) != method->checked) {
        if (count == 0 || !PyObject_TypeCheck(args[0], (PyTypeObject *)method->owner)) {
            PyErr_Format(PyExc_TypeError,
                         "Java method %s.%U() needs an object of that class, not "
                         "%.100s",
                         owner_utf8(method), method->name,
                         count == 0 ? "nothing" : Py_TYPE(args[0])->tp_name);
            return NULL;
        }
        method->checked = Py_TYPE(args[0]);
    }
    return call(method, BRIDGE_REF(args[0]), BRIDGE_CALL_INSTANCE, args + 1, count - 1);
}

static PyObject *static_call(PyObject *callable, PyObject *const *args, size_t nargsf,
                             PyObject *kwnames) {
    bridge_method_t *method = (bridge_method_t *)callable;
    if (kwnames && PyTuple_GET_SIZE(kwnames) > 0) {
        refuse_keywords(method);
        return NULL;
    }
    return call(method, NULL,
                method->kind == BRIDGE_METHOD_CONSTRUCTOR ? BRIDGE_CALL_CONSTRUCTOR
                                                          : BRIDGE_CALL_STATIC,
                args, PyVectorcall_NARGS(nargsf));
}

static PyObject *make(PyTypeObject *type, vectorcallfunc function, PyObject *name,
                      bridge_type_t *owner, int kind) {
    bridge_method_t *method = PyObject_New(bridge_method_t, type);
    if (!method)
        return NULL;
    Py_XINCREF(name);
    method->vectorcall = function;
    method->name = name;
    method->owner = owner;
    method->owner_name = NULL;
    method->found = NULL;
    method->checked = NULL;
    method->as_static = NULL;
    method->kind = kind;
    return (PyObject *)method;
}

PyObject *bridge_method_new(PyObject *name, bridge_type_t *owner, int kind) {
    if (kind == BRIDGE_METHOD_INSTANCE)
        return make(&instance_type, instance_call, name, owner, kind);
    if (kind != BRIDGE_METHOD_MIXED)
        return make(&static_type, static_call, name, owner, kind);
    PyObject *mixed = make(&mixed_type, instance_call, name, owner, kind);
    if (mixed) {
        PyObject *other = make(&static_type, static_call, name, owner, kind);
        ((bridge_method_t *)mixed)->as_static = other;
        if (!other)
            Py_CLEAR(mixed);
    }
    return mixed;
}

PyObject *bridge_method_by_name(PyObject *module, PyObject *args) {
    (void)module;
    PyObject *owner, *name;
    if (!PyArg_ParseTuple(args, "UU:java_method", &owner, &name))
        return NULL;
    PyObject *method = make(&instance_type, instance_call, name, NULL, BRIDGE_METHOD_INSTANCE);
    if (method) {
        Py_INCREF(owner);
        ((bridge_method_t *)method)->owner_name = owner;
    }
    return method;
}

/* Resolved overloads are kept: their global references have no other owner, but a descriptor dies
 * only with a type that lost a race, which has none yet. */
static void method_dealloc(PyObject *self) {
    bridge_method_t *method = (bridge_method_t *)self;
    Py_XDECREF(method->name);
    Py_XDECREF(method->owner_name);
    Py_XDECREF(method->as_static);
    PyObject_Free(self);
}

static PyObject *method_repr(PyObject *self) {
    bridge_method_t *method = (bridge_method_t *)self;
    PyObject *owner = method->owner ? method->owner->name : method->owner_name;
    if (!method->name)
        return PyUnicode_FromFormat("<java constructor %U>", owner);
    return PyUnicode_FromFormat("<java method %U.%U>", owner, method->name);
}

static PyObject *method_bind(PyObject *self, PyObject *object, PyObject *type) {
    (void)type;
    if (!object || object == Py_None) {
        Py_INCREF(self);
        return self;
    }
    return PyMethod_New(self, object);
}

static PyObject *mixed_bind(PyObject *self, PyObject *object, PyObject *type) {
    (void)type;
    if (!object || object == Py_None) {
        PyObject *other = ((bridge_method_t *)self)->as_static;
        Py_INCREF(other);
        return other;
    }
    return PyMethod_New(self, object);
}

static PyObject *method_name(PyObject *self, void *unused) {
    (void)unused;
    PyObject *name = ((bridge_method_t *)self)->name;
    if (!name)
        return PyUnicode_FromString("<init>");
    Py_INCREF(name);
    return name;
}

/* The overloads, for help() and `?`. */
static PyObject *method_doc(PyObject *self, void *unused) {
    (void)unused;
    bridge_method_t *method = (bridge_method_t *)self;
    JNIEnv *env = bridge_env();
    if (!env || (!method->owner && find_owner(method) < 0))
        return NULL;
    return bridge_overload_list(env, method->owner, method->name,
                                method->kind == BRIDGE_METHOD_CONSTRUCTOR ? BRIDGE_CALL_CONSTRUCTOR
                                : method->kind == BRIDGE_METHOD_STATIC    ? BRIDGE_CALL_STATIC
                                                                          : BRIDGE_CALL_INSTANCE);
}

static PyGetSetDef method_getset[] = {
    {"__name__", method_name, NULL, NULL, NULL},
    {"__doc__", method_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

#define METHOD_TYPE(variable, name, more_flags, get)                                               \
    static PyTypeObject variable = {                                                               \
        PyVarObject_HEAD_INIT(NULL, 0).tp_name = name,                                             \
        .tp_basicsize = sizeof(bridge_method_t),                                                   \
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | (more_flags),                \
        .tp_vectorcall_offset = offsetof(bridge_method_t, vectorcall),                             \
        .tp_call = PyVectorcall_Call,                                                              \
        .tp_dealloc = method_dealloc,                                                              \
        .tp_repr = method_repr,                                                                    \
        .tp_getset = method_getset,                                                                \
        .tp_descr_get = get,                                                                       \
    }

METHOD_TYPE(instance_type, "py4j.java_gateway.JavaMember", Py_TPFLAGS_METHOD_DESCRIPTOR,
            method_bind);
METHOD_TYPE(static_type, "py4j.java_gateway.JavaStaticMember", 0, NULL);
METHOD_TYPE(mixed_type, "py4j.java_gateway.JavaMixedMember", 0, mixed_bind);

int bridge_method_init(PyObject *module) {
    if (PyType_Ready(&instance_type) < 0 || PyType_Ready(&static_type) < 0 ||
        PyType_Ready(&mixed_type) < 0)
        return -1;
    Py_INCREF(&instance_type);
    return PyModule_AddObject(module, "JavaMember", (PyObject *)&instance_type);
}
