/* bridge_class.c - JavaClass, the metaclass of the types that stand for Java classes.
 *
 * Python's own rule for the order of base classes refuses hierarchies that Java allows, so the
 * order is made here: the type itself, the Python mixins of all its bases (they redefine some of
 * Java's names, such as remove()), then the superclass's Java types, the interfaces', and
 * java.lang.Object last. ClassDescriber gives a type an attribute of its own wherever two bases
 * disagree, so any order in which a class precedes its own supertypes is right. */
#include "bridge/bridge_class.h"

#include "bridge/bridge_env.h"
#include "bridge/bridge_field.h"
#include "bridge/bridge_method.h"

#include <string.h>

static PyObject *mixins; /* dict: Java name -> Python class */

PyObject *bridge_class_set_mixin(PyObject *module, PyObject *args) {
    (void)module;
    PyObject *name, *type;
    if (!PyArg_ParseTuple(args, "UO!:java_mixin", &name, &PyType_Type, &type))
        return NULL;
    if (!mixins && !(mixins = PyDict_New()))
        return NULL;
    if (PyDict_SetItem(mixins, name, type) < 0)
        return NULL;
    Py_RETURN_NONE;
}

PyObject *bridge_class_mixin(PyObject *name) {
    static int loaded;
    if (!loaded) { /* its import registers the mixins */
        PyObject *collections = PyImport_ImportModule("py4j.java_collections");
        if (!collections)
            return NULL;
        Py_DECREF(collections);
        loaded = 1;
    }
    PyObject *found = mixins ? PyDict_GetItemWithError(mixins, name) : NULL;
    if (!found && !PyErr_Occurred() && mixins && PyUnicode_READ_CHAR(name, 0) == '[')
        found = PyDict_GetItemString(mixins, "[]");
    if (!found && PyErr_Occurred())
        return NULL;
    found = found ? found : Py_None;
    Py_INCREF(found);
    return found;
}

/* "[[I" -> "int[][]", "[Ljava.lang.String;" -> "java.lang.String[]" */
static PyObject *array_name(PyObject *name) {
    static const char letters[] = "ZBSCIJFD";
    static const char *const primitives[] = {"boolean", "byte", "short", "char",
                                             "int",     "long", "float", "double"};
    Py_ssize_t length = PyUnicode_GET_LENGTH(name), depth = 0;
    while (depth < length && PyUnicode_READ_CHAR(name, depth) == '[')
        depth++;
    const char *at = strchr(letters, (int)(PyUnicode_READ_CHAR(name, depth) & 0x7F));
    PyObject *text = at && depth + 1 == length ? PyUnicode_FromString(primitives[at - letters])
                                               : PyUnicode_Substring(name, depth + 1, length - 1);
    for (; text && depth > 0; depth--) {
        PyObject *more = PyUnicode_FromFormat("%U[]", text);
        Py_SETREF(text, more);
    }
    return text;
}

/* "java.util.Map$Entry" -> ("java.util", "Map.Entry"); "[[I" -> ("", "int[][]") */
static int split_name(PyObject *name, PyObject **package, PyObject **simple) {
    bool array = PyUnicode_READ_CHAR(name, 0) == '[';
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    Py_ssize_t dot = array ? -1 : PyUnicode_FindChar(name, '.', 0, length, -1);
    *package = PyUnicode_Substring(name, 0, dot < 0 ? 0 : dot);
    PyObject *tail = array ? array_name(name) : PyUnicode_Substring(name, dot + 1, length);
    PyObject *dollar = PyUnicode_FromString("$"), *point = PyUnicode_FromString(".");
    *simple = tail && dollar && point ? PyUnicode_Replace(tail, dollar, point, -1) : NULL;
    Py_XDECREF(tail);
    Py_XDECREF(dollar);
    Py_XDECREF(point);
    if (*package && *simple)
        return 0;
    Py_CLEAR(*package);
    Py_CLEAR(*simple);
    return -1;
}

static PyObject *construct(PyObject *type, PyObject *const *args, size_t nargsf,
                           PyObject *kwnames) {
    return PyObject_Vectorcall(((bridge_type_t *)type)->construct, args, nargsf, kwnames);
}

bridge_type_t *bridge_class_new(PyObject *name, PyObject *bases) {
    PyObject *package, *simple;
    if (split_name(name, &package, &simple) < 0)
        return NULL;
    bridge_type_t *type = NULL;
    PyObject *dict = NULL, *args = NULL, *empty = PyTuple_New(0);
    if (empty && (dict = PyDict_New()) && PyDict_SetItemString(dict, "__slots__", empty) == 0 &&
        PyDict_SetItemString(dict, "__module__", package) == 0 &&
        PyDict_SetItemString(dict, "__qualname__", simple) == 0 &&
        (args = Py_BuildValue("(OOO)", simple, bases, dict)))
        type = (bridge_type_t *)PyType_Type.tp_new(&bridge_class_type, args, NULL);
    Py_XDECREF(empty);
    Py_XDECREF(dict);
    Py_XDECREF(args);
    Py_DECREF(package);
    Py_DECREF(simple);
    if (!type)
        return NULL;
    Py_INCREF(name);
    type->name = name;
    PyTypeObject *py = (PyTypeObject *)type;
    py->tp_vectorcall = construct;
    /* Instances hold no Python objects: no cycle can go through them (a type made by Python's
     * machinery would give each a header for the collector), and the plain destructor is enough. */
    py->tp_flags &= ~(unsigned long)Py_TPFLAGS_HAVE_GC;
    py->tp_traverse = NULL;
    py->tp_clear = NULL;
    py->tp_free = PyObject_Free;
    py->tp_dealloc = bridge_object_type.tp_dealloc;
    return type;
}

static bool is_mixin(PyObject *base) {
    return !BRIDGE_IS_CLASS(base) && base != (PyObject *)&bridge_object_type &&
           base != (PyObject *)&PyBaseObject_Type;
}

int bridge_class_add(bridge_type_t *type, PyObject *name, PyObject *member) {
    if (!member)
        return -1;
    PyTypeObject *py = (PyTypeObject *)type;
    int result = 0;
    PyObject *mro = py->tp_mro;
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(mro); i++) {
        PyObject *base = PyTuple_GET_ITEM(mro, i);
        if (!is_mixin(base))
            continue;
        result = PyDict_Contains(((PyTypeObject *)base)->tp_dict, name);
        if (result != 0)
            break;
    }
    if (result == 0)
        result = PyDict_SetItem(py->tp_dict, name, member);
    Py_DECREF(member);
    return result < 0 ? -1 : 0;
}

/* Inserts a mixin before the first one that it is derived from. */
static int add_mixin(PyObject *order, PyObject *mixin) {
    Py_ssize_t at = 1;
    for (; at < PyList_GET_SIZE(order); at++)
        if (PyType_IsSubtype((PyTypeObject *)mixin, (PyTypeObject *)PyList_GET_ITEM(order, at)))
            break;
    return PyList_Insert(order, at, mixin);
}

static PyObject *class_mro(PyObject *self, PyObject *unused) {
    (void)unused;
    PyObject *order = PyList_New(0), *bases = ((PyTypeObject *)self)->tp_bases;
    if (!order || PyList_Append(order, self) < 0)
        goto failed;
    PyObject *root = NULL; /* java.lang.Object, the Java type whose only base is JavaObject */
    for (int pass = 0; pass < 2; pass++)
        for (Py_ssize_t b = 0; b < PyTuple_GET_SIZE(bases); b++) {
            PyObject *base = PyTuple_GET_ITEM(bases, b), *mro = ((PyTypeObject *)base)->tp_mro;
            if (!mro) {
                PyErr_SetString(PyExc_TypeError, "a base of a Java class is not ready");
                goto failed;
            }
            for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
                PyObject *type = PyTuple_GET_ITEM(mro, i);
                bool mixin = is_mixin(type);
                if (type == (PyObject *)&bridge_object_type ||
                    type == (PyObject *)&PyBaseObject_Type || mixin != (pass == 0))
                    continue;
                if (!mixin && ((PyTypeObject *)type)->tp_base == &bridge_object_type &&
                    PyTuple_GET_SIZE(((PyTypeObject *)type)->tp_bases) == 1) {
                    root = type;
                    continue;
                }
                int known = PySequence_Contains(order, type);
                if (known < 0 ||
                    (!known && (mixin ? add_mixin(order, type) : PyList_Append(order, type)) < 0))
                    goto failed;
            }
        }
    if ((root && root != self && PyList_Append(order, root) < 0) ||
        PyList_Append(order, (PyObject *)&bridge_object_type) < 0 ||
        PyList_Append(order, (PyObject *)&PyBaseObject_Type) < 0)
        goto failed;
    return order;
failed:
    Py_XDECREF(order);
    return NULL;
}

static PyObject *class_refuse(PyTypeObject *meta, PyObject *args, PyObject *kwargs) {
    (void)meta;
    (void)args;
    (void)kwargs;
    PyErr_SetString(PyExc_TypeError,
                    "a Java class cannot be extended in Python; to implement an interface, write "
                    "a Python class with an inner `class Java: implements = ['the.Interface']`");
    return NULL;
}

static PyObject *class_repr(PyObject *self) {
    return PyUnicode_FromFormat("<java class '%U'>", ((bridge_type_t *)self)->name);
}

static PyObject *class_getattro(PyObject *self, PyObject *name) {
    PyObject *found = PyType_Type.tp_getattro(self, name);
    if (!found)
        bridge_object_no_member(((bridge_type_t *)self)->name, name);
    return found;
}

static int class_setattro(PyObject *self, PyObject *name, PyObject *value) {
    int done = bridge_field_set_static((bridge_type_t *)self, name, value);
    if (done != 0)
        return done < 0 ? -1 : 0;
    /* Python itself keeps a few attributes of its own here, such as __abstractmethods__. */
    if (PyUnicode_GET_LENGTH(name) > 2 && PyUnicode_READ_CHAR(name, 0) == '_')
        return PyType_Type.tp_setattro(self, name, value);
    PyErr_Format(PyExc_AttributeError, "Java class %U has no static field %R that can be set",
                 ((bridge_type_t *)self)->name, name);
    return -1;
}

/* The java.lang.Class object. */
static PyObject *class_java_class(PyObject *self, void *unused) {
    (void)unused;
    JNIEnv *env = bridge_env();
    bridge_type_t *type = env ? bridge_type_of_class(env, ((bridge_type_t *)self)->ref) : NULL;
    bridge_type_t *klass = type ? bridge_type_of_object(env, type->ref) : NULL;
    return klass ? bridge_object_wrap(env, klass, type->ref) : NULL;
}

static PyObject *class_name(PyObject *self, void *unused) {
    (void)unused;
    PyObject *name = ((bridge_type_t *)self)->name;
    Py_INCREF(name);
    return name;
}

static PyMethodDef class_methods[] = {
    {"mro", class_mro, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef class_getset[] = {
    {"_java_lang_class", class_java_class, NULL, "The java.lang.Class object.", NULL},
    {"_fqn", class_name, NULL, "Binary name of the class.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject bridge_class_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "py4j.java_gateway.JavaClass",
    .tp_doc = "A Java class: call it to make an object; its attributes are the static members.",
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_TYPE_SUBCLASS,
    .tp_new = class_refuse,
    .tp_repr = class_repr,
    .tp_getattro = class_getattro,
    .tp_setattro = class_setattro,
    .tp_methods = class_methods,
    .tp_getset = class_getset,
};
