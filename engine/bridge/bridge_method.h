/* bridge_method.h - the Python attributes that stand for Java methods and constructors. */
#ifndef PYFLINK_SHELL_BRIDGE_METHOD_H
#define PYFLINK_SHELL_BRIDGE_METHOD_H

#include "bridge/bridge_overload.h"
#include "bridge/bridge_type.h"

enum {
    BRIDGE_METHOD_INSTANCE = 1,
    BRIDGE_METHOD_STATIC = 2,
    BRIDGE_METHOD_MIXED = 3, /* overloads of both kinds */
    BRIDGE_METHOD_CONSTRUCTOR = 4
};

typedef struct bridge_method {
    PyObject_HEAD vectorcallfunc vectorcall;
    PyObject *name;           /* NULL for constructors */
    bridge_type_t *owner;     /* borrowed, types live for ever; NULL until resolved */
    PyObject *owner_name;     /* of one made by java_method(), else NULL */
    bridge_overload_t *found; /* overloads by kinds of arguments, newest first */
    PyTypeObject *checked;    /* type of the last object that was an instance of the owner */
    PyObject *as_static;      /* of a mixed one: what access through the class gives */
    int kind;
} bridge_method_t;

/* New descriptor. */
PyObject *bridge_method_new(PyObject *name, bridge_type_t *owner, int kind);

/* _pyflink_engine.java_method(class name, method name): an instance method of a class that is
 * only looked up at the first call. */
PyObject *bridge_method_by_name(PyObject *module, PyObject *args);

int bridge_method_init(PyObject *module);

#endif
