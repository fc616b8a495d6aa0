/* runtime_schema.h - a record's type: the schema bytes parsed into a tree, and its text.
 *
 * A tree belongs to whoever parsed it and is freed as a whole by runtime_type_free. It is never
 * changed after parsing, so that it may be read by many. Parsing needs the GIL, because the
 * field names are Python strings. */
#ifndef PYFLINK_SHELL_RUNTIME_SCHEMA_H
#define PYFLINK_SHELL_RUNTIME_SCHEMA_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/* One letter per type; the wire form of each is described in runtime_codec.h. */
typedef enum {
    RUNTIME_BOOLEAN = 'z',
    RUNTIME_BYTE = 'b',
    RUNTIME_SHORT = 'h',
    RUNTIME_CHAR = 'c',
    RUNTIME_INT = 'i',
    RUNTIME_LONG = 'l',
    RUNTIME_FLOAT = 'f',
    RUNTIME_DOUBLE = 'd',
    RUNTIME_STRING = 's',
    RUNTIME_BIG_INT = 'N',
    RUNTIME_BIG_DEC = 'D',
    RUNTIME_SQL_DATE = 'E',
    RUNTIME_LOCAL_DATE = 'e',
    RUNTIME_SQL_TIME = 'M',
    RUNTIME_LOCAL_TIME = 'm',
    RUNTIME_SQL_TIMESTAMP = 'W',
    RUNTIME_LOCAL_DATE_TIME = 'w',
    RUNTIME_INSTANT = 't',
    RUNTIME_PICKLED = 'p',
    RUNTIME_BYTES = 'B',
    RUNTIME_PRIMITIVE_ARRAY = '[',
    RUNTIME_ARRAY = 'A',
    RUNTIME_LIST = 'L',
    RUNTIME_MAP = 'K',
    RUNTIME_TUPLE = 'T',
    RUNTIME_ROW = 'R',
    RUNTIME_ANY = 'o',
    RUNTIME_EXTERNAL = 'j',
} runtime_kind_t;

/* Deeper schemas are refused: decoding and encoding recurse over the tree. */
#define RUNTIME_MAX_DEPTH 64

typedef struct runtime_type runtime_type_t;
struct runtime_type {
    char kind;               /* runtime_kind_t */
    uint8_t width;           /* bytes of a fixed-width value, else 0 */
    bool as_printed;         /* FLOAT: decoded as the double that prints alike */
    uint16_t count;          /* fields of a TUPLE or ROW; 1 or 2 parts of the other containers */
    runtime_type_t **fields; /* count of them */
    PyObject *names;         /* list of str of a ROW with names, else NULL */
};

/* Parses the whole of bytes[0, length). NULL with a ValueError when it is no schema. */
runtime_type_t *runtime_type_parse(const uint8_t *bytes, size_t length);

/* Frees a tree; NULL is allowed. */
void runtime_type_free(runtime_type_t *type);

/* Lets all FLOATs of a tree be decoded as the double that prints alike: 0.1, not
 * 0.10000000149011612. */
void runtime_type_floats_as_printed(runtime_type_t *type);

/* The text that people read, such as TUPLE<INT, STRING>. */
PyObject *runtime_type_text(const runtime_type_t *type);

#endif
