/* bridge_type.h - a Python type for each Java class: layout, table, making of new ones.
 *
 * A type lives until the process ends, and so does the global reference to its class: user code,
 * method caches and other types point at both. Functions that return bridge_type_t * return a
 * borrowed reference, or NULL with a Python error. */
#ifndef PYFLINK_SHELL_BRIDGE_TYPE_H
#define PYFLINK_SHELL_BRIDGE_TYPE_H

#include "bridge/bridge.h"

#include <stdbool.h>

typedef struct {
    PyObject_HEAD jobject ref; /* global */
    PyObject *weak;
} bridge_object_t;

/* What bridge_to_python makes of an instance. */
typedef enum {
    BRIDGE_AS_OBJECT = 0,
    BRIDGE_AS_STRING,
    BRIDGE_AS_LONG, /* Byte, Short, Integer, Long */
    BRIDGE_AS_DOUBLE,
    BRIDGE_AS_BOOLEAN,
    BRIDGE_AS_CHARACTER,
    BRIDGE_AS_BIG_INTEGER,
    BRIDGE_AS_BIG_DECIMAL,
    BRIDGE_AS_BYTES,
    BRIDGE_AS_PROXY /* a java.lang.reflect.Proxy: perhaps a Python object is behind it */
} bridge_as_t;

typedef struct bridge_type {
    PyHeapTypeObject heap;
    jclass ref;          /* global */
    bridge_as_t as;      /* conversion of instances */
    int flags;           /* BRIDGE_CLASS_* */
    char element;        /* of an array class: JVM letter of the component, 'L' for objects */
    PyObject *name;      /* binary name */
    PyObject *construct; /* descriptor of the constructors */
    struct bridge_type *component; /* of an array class, made when needed */
    char component_code;           /* letter of Conversions.code for it */
    struct bridge_type *next;      /* same hash */
    jint hash;
} bridge_type_t;

enum {
    BRIDGE_CLASS_INTERFACE = 1,
    BRIDGE_CLASS_ABSTRACT = 2,
    BRIDGE_CLASS_ENUM = 4,
    BRIDGE_CLASS_THROWABLE = 8
};

extern PyTypeObject bridge_object_type; /* JavaObject: base of all instances */
extern PyTypeObject bridge_class_type;  /* JavaClass: type of all the types */

#define BRIDGE_IS_CLASS(o) PyObject_TypeCheck((PyObject *)(o), &bridge_class_type)
#define BRIDGE_IS_OBJECT(o) PyObject_TypeCheck((PyObject *)(o), &bridge_object_type)
#define BRIDGE_REF(o) (((bridge_object_t *)(o))->ref)

/* Type of a class; made at the first request. May release the GIL. */
bridge_type_t *bridge_type_of_class(JNIEnv *env, jclass klass);

/* Type for instances of the object's class. May release the GIL. */
bridge_type_t *bridge_type_of_object(JNIEnv *env, jobject object);

/* Type of the named class, or NULL without an error when there is no such class. */
bridge_type_t *bridge_type_by_name(JNIEnv *env, PyObject *name);

/* Type of an inner class, looked up with the owner's class loader; NULL with an error. */
bridge_type_t *bridge_type_of_inner(JNIEnv *env, bridge_type_t *owner, PyObject *full_name);

/* New instance around a new global reference to `object`. */
PyObject *bridge_object_wrap(JNIEnv *env, bridge_type_t *type, jobject object);

/* An AttributeError that is set becomes one that is a Py4JError, too, as py4j raises for what a
 * Java class does not have. Returns -1. */
int bridge_object_no_member(PyObject *class_name, PyObject *name);

int bridge_type_init(PyObject *module);

#endif
