/* bridge_class.h - JavaClass, the metaclass, and the making of a bare type with it. */
#ifndef PYFLINK_SHELL_BRIDGE_CLASS_H
#define PYFLINK_SHELL_BRIDGE_CLASS_H

#include "bridge/bridge_type.h"

/* New type without members (new reference; its Java side is still empty). */
bridge_type_t *bridge_class_new(PyObject *name, PyObject *bases);

/* Adds a member unless a Python mixin class already defines that name. Steals `member`, which may
 * be NULL with an error set. */
int bridge_class_add(bridge_type_t *type, PyObject *name, PyObject *member);

/* Python class that gives instances of the named Java class Python behaviour, or None. */
PyObject *bridge_class_mixin(PyObject *name);

/* _pyflink_engine.java_mixin(name, class) */
PyObject *bridge_class_set_mixin(PyObject *module, PyObject *args);

#endif
