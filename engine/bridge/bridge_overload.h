/* bridge_overload.h - one resolved overload of a Java method and the kinds of arguments it takes.
 *
 * A kind is what overload resolution sees of a Python argument: a small number for Python's own
 * types (with the size of an int), else the address of its type. Overloads live for ever. */
#ifndef PYFLINK_SHELL_BRIDGE_OVERLOAD_H
#define PYFLINK_SHELL_BRIDGE_OVERLOAD_H

#include "bridge/bridge_type.h"

typedef uintptr_t bridge_kind_t;

/* The JVM's own limit, and how many arguments are kept on the stack. */
enum { BRIDGE_MOST_ARGUMENTS = 255, BRIDGE_FEW_ARGUMENTS = 8 };

/* Kinds of Python values; the letters are those of Conversions.java. */
#define BRIDGE_KIND_LETTERS "nz1248NfcsBLMSDFK?"
enum {
    BRIDGE_KIND_NONE,
    BRIDGE_KIND_BOOL,
    BRIDGE_KIND_INT8,
    BRIDGE_KIND_INT16,
    BRIDGE_KIND_INT32,
    BRIDGE_KIND_INT64,
    BRIDGE_KIND_BIG,
    BRIDGE_KIND_FLOAT,
    BRIDGE_KIND_CHAR,
    BRIDGE_KIND_STR,
    BRIDGE_KIND_BYTES,
    BRIDGE_KIND_LIST,
    BRIDGE_KIND_DICT,
    BRIDGE_KIND_SET,
    BRIDGE_KIND_DECIMAL,
    BRIDGE_KIND_CALLABLE,
    BRIDGE_KIND_CLASS,
    BRIDGE_KIND_UNKNOWN,
    BRIDGE_KIND_COUNT
};

typedef struct {
    jclass klass; /* global */
    char code;    /* letter of Conversions.code */
} bridge_param_t;

typedef struct bridge_overload {
    struct bridge_overload *next;
    jmethodID id;
    jclass declaring;   /* global; keeps the method alive */
    jobject executable; /* global; of a method that must be called by Trampoline, else NULL */
    bool is_static, constructor, spread, unbound, trampoline;
    char returns;
    int nargs;   /* of the Python call, without the object */
    int nparams; /* of the Java method */
    bridge_param_t *params;
    bridge_type_t *last; /* type of the last object returned */
    bridge_kind_t kinds[];
} bridge_overload_t;

/* Kind of a value. Never fails: what is not known is its type. */
bridge_kind_t bridge_kind_of(PyObject *value);

/* Like bridge_kind_of, but one of the small numbers or the type of a Java object: how the
 * resolver sees the value. *interfaces becomes a new tuple of Java types for an object that
 * implements Java interfaces, else NULL. Returns -1 with an error. */
int bridge_kind_resolve(JNIEnv *env, PyObject *value, bridge_kind_t *kind, PyObject **interfaces);

/* Asks the resolver. NULL with a Python error when nothing fits. */
bridge_overload_t *bridge_overload_resolve(JNIEnv *env, bridge_type_t *owner, PyObject *name,
                                           int mode, PyObject *const *args, int nargs);

/* New str: the overloads of a name, one a line. */
PyObject *bridge_overload_list(JNIEnv *env, bridge_type_t *owner, PyObject *name, int mode);

enum { BRIDGE_CALL_INSTANCE, BRIDGE_CALL_STATIC, BRIDGE_CALL_CONSTRUCTOR };

/* Calls it. self is NULL for static methods and constructors. */
PyObject *bridge_overload_call(JNIEnv *env, bridge_overload_t *overload, jobject self,
                               PyObject *const *args);

#endif
