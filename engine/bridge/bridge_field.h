/* bridge_field.h - the Python attributes that stand for Java fields and inner classes. */
#ifndef PYFLINK_SHELL_BRIDGE_FIELD_H
#define PYFLINK_SHELL_BRIDGE_FIELD_H

#include "bridge/bridge_type.h"

enum { BRIDGE_FIELD_STATIC = 1, BRIDGE_FIELD_FINAL = 2 };

/* New descriptors. */
PyObject *bridge_field_new(PyObject *name, bridge_type_t *owner, int flags);
PyObject *bridge_inner_new(PyObject *name, PyObject *full_name);

/* Sets a static field of the class: 1 done, 0 no such field, -1 error. */
int bridge_field_set_static(bridge_type_t *type, PyObject *name, PyObject *value);

/* _pyflink_engine.java_field(object or class, name[, value]): any public field, also one that has
 * a method's name. */
PyObject *bridge_field_access(PyObject *module, PyObject *args);

int bridge_field_init(PyObject *module);

#endif
