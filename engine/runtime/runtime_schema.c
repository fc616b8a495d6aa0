/* runtime_schema.c - parses schema bytes into a tree of types and prints it for people. */
#include "runtime/runtime_schema.h"

#include <string.h>

typedef struct {
    const uint8_t *next;
    const uint8_t *end;
} schema_reader_t;

static uint8_t fixed_width(char kind) {
    switch (kind) {
    case RUNTIME_BOOLEAN:
    case RUNTIME_BYTE:
        return 1;
    case RUNTIME_SHORT:
    case RUNTIME_CHAR:
        return 2;
    case RUNTIME_INT:
    case RUNTIME_FLOAT:
    case RUNTIME_SQL_DATE:
    case RUNTIME_LOCAL_DATE:
        return 4;
    case RUNTIME_LONG:
    case RUNTIME_DOUBLE:
    case RUNTIME_SQL_TIME:
    case RUNTIME_LOCAL_TIME:
        return 8;
    case RUNTIME_SQL_TIMESTAMP:
    case RUNTIME_LOCAL_DATE_TIME:
    case RUNTIME_INSTANT:
        return 12;
    default:
        return 0;
    }
}

static int too_short(void) {
    PyErr_SetString(PyExc_ValueError, "the schema ends in the middle of a type");
    return -1;
}

static int read_u8(schema_reader_t *in, unsigned *value) {
    if (in->next >= in->end)
        return too_short();
    *value = *in->next++;
    return 0;
}

static int read_u16(schema_reader_t *in, unsigned *value) {
    if (in->end - in->next < 2)
        return too_short();
    *value = (unsigned)in->next[0] | (unsigned)in->next[1] << 8;
    in->next += 2;
    return 0;
}

void runtime_type_floats_as_printed(runtime_type_t *type) {
    type->as_printed = type->kind == RUNTIME_FLOAT;
    for (int i = 0; i < type->count; i++)
        runtime_type_floats_as_printed(type->fields[i]);
}

void runtime_type_free(runtime_type_t *type) {
    if (type == NULL)
        return;
    if (type->fields != NULL)
        for (unsigned i = 0; i < type->count; i++)
            runtime_type_free(type->fields[i]);
    PyMem_Free(type->fields);
    Py_XDECREF(type->names);
    PyMem_Free(type);
}

static runtime_type_t *parse(schema_reader_t *in, int depth);

/* Makes room for count fields; they are NULL until they are parsed, so that free works. */
static int make_fields(runtime_type_t *type, unsigned count) {
    type->fields = PyMem_Calloc(count ? count : 1, sizeof *type->fields);
    if (type->fields == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    type->count = (uint16_t)count;
    return 0;
}

static int parse_parts(schema_reader_t *in, runtime_type_t *type, unsigned count, int depth) {
    if (make_fields(type, count) < 0)
        return -1;
    for (unsigned i = 0; i < count; i++)
        if ((type->fields[i] = parse(in, depth + 1)) == NULL)
            return -1;
    return 0;
}

static int parse_row(schema_reader_t *in, runtime_type_t *type, int depth) {
    unsigned count = 0, has_names = 0;
    if (read_u16(in, &count) < 0 || read_u8(in, &has_names) < 0 || make_fields(type, count) < 0)
        return -1;
    if (has_names > 1) {
        PyErr_SetString(PyExc_ValueError, "the schema has a malformed row type");
        return -1;
    }
    if (has_names && (type->names = PyList_New(0)) == NULL)
        return -1;
    for (unsigned i = 0; i < count; i++) {
        if (has_names) {
            unsigned length = 0;
            if (read_u16(in, &length) < 0)
                return -1;
            if ((size_t)(in->end - in->next) < length)
                return too_short();
            PyObject *name = PyUnicode_DecodeUTF8((const char *)in->next, length, NULL);
            if (name == NULL)
                return -1;
            /* Interned: rows are read by row.name, which compares with interned names. */
            PyUnicode_InternInPlace(&name);
            int failed = PyList_Append(type->names, name);
            Py_DECREF(name);
            if (failed)
                return -1;
            in->next += length;
        }
        if ((type->fields[i] = parse(in, depth + 1)) == NULL)
            return -1;
    }
    return 0;
}

static int parse_into(schema_reader_t *in, runtime_type_t *type, int depth) {
    unsigned letter = 0, count = 0;
    if (depth > RUNTIME_MAX_DEPTH) {
        PyErr_Format(PyExc_ValueError, "the schema nests types more than %d deep",
                     RUNTIME_MAX_DEPTH);
        return -1;
    }
    if (read_u8(in, &letter) < 0)
        return -1;
    type->kind = (char)letter;
    type->width = fixed_width(type->kind);
    if (type->width != 0)
        return 0;
    switch (type->kind) {
    case RUNTIME_STRING:
    case RUNTIME_BIG_INT:
    case RUNTIME_BIG_DEC:
    case RUNTIME_PICKLED:
    case RUNTIME_BYTES:
    case RUNTIME_ANY:
    case RUNTIME_EXTERNAL:
        return 0;
    case RUNTIME_ARRAY:
    case RUNTIME_LIST:
        return parse_parts(in, type, 1, depth);
    case RUNTIME_PRIMITIVE_ARRAY:
        if (parse_parts(in, type, 1, depth) < 0)
            return -1;
        if (strchr("zbhcilfd", type->fields[0]->kind) == NULL) {
            PyErr_SetString(PyExc_ValueError, "the schema has a primitive array of other things");
            return -1;
        }
        return 0;
    case RUNTIME_MAP:
        return parse_parts(in, type, 2, depth);
    case RUNTIME_TUPLE:
        if (read_u8(in, &count) < 0)
            return -1;
        return parse_parts(in, type, count, depth);
    case RUNTIME_ROW:
        return parse_row(in, type, depth);
    default:
        PyErr_Format(PyExc_ValueError, "the schema has an unknown type letter 0x%02x", letter);
        return -1;
    }
}

static runtime_type_t *parse(schema_reader_t *in, int depth) {
    runtime_type_t *type = PyMem_Calloc(1, sizeof *type);
    if (type == NULL)
        return (runtime_type_t *)PyErr_NoMemory();
    if (parse_into(in, type, depth) < 0) {
        runtime_type_free(type);
        return NULL;
    }
    return type;
}

runtime_type_t *runtime_type_parse(const uint8_t *bytes, size_t length) {
    schema_reader_t in = {bytes, bytes + length};
    runtime_type_t *type = parse(&in, 0);
    if (type != NULL && in.next != in.end) {
        runtime_type_free(type);
        PyErr_SetString(PyExc_ValueError, "the schema has bytes after its end");
        return NULL;
    }
    return type;
}

static const char *simple_text(char kind) {
    switch (kind) {
    case RUNTIME_BOOLEAN:
        return "BOOLEAN";
    case RUNTIME_BYTE:
        return "BYTE";
    case RUNTIME_SHORT:
        return "SHORT";
    case RUNTIME_CHAR:
        return "CHAR";
    case RUNTIME_INT:
        return "INT";
    case RUNTIME_LONG:
        return "LONG";
    case RUNTIME_FLOAT:
        return "FLOAT";
    case RUNTIME_DOUBLE:
        return "DOUBLE";
    case RUNTIME_STRING:
        return "STRING";
    case RUNTIME_BIG_INT:
        return "BIG_INT";
    case RUNTIME_BIG_DEC:
        return "BIG_DEC";
    case RUNTIME_SQL_DATE:
        return "SQL_DATE";
    case RUNTIME_LOCAL_DATE:
        return "LOCAL_DATE";
    case RUNTIME_SQL_TIME:
        return "SQL_TIME";
    case RUNTIME_LOCAL_TIME:
        return "LOCAL_TIME";
    case RUNTIME_SQL_TIMESTAMP:
        return "SQL_TIMESTAMP";
    case RUNTIME_LOCAL_DATE_TIME:
        return "LOCAL_DATE_TIME";
    case RUNTIME_INSTANT:
        return "INSTANT";
    case RUNTIME_PICKLED:
        return "PICKLED_BYTE_ARRAY";
    case RUNTIME_BYTES:
        return "PRIMITIVE_ARRAY<BYTE>";
    case RUNTIME_ANY:
        return "any Python object";
    default:
        return "a Java type that Python cannot read";
    }
}

PyObject *runtime_type_text(const runtime_type_t *type) {
    const char *head;
    switch (type->kind) {
    case RUNTIME_PRIMITIVE_ARRAY:
        head = "PRIMITIVE_ARRAY";
        break;
    case RUNTIME_ARRAY:
        head = "OBJECT_ARRAY";
        break;
    case RUNTIME_LIST:
        head = "LIST";
        break;
    case RUNTIME_MAP:
        head = "MAP";
        break;
    case RUNTIME_TUPLE:
        head = "TUPLE";
        break;
    case RUNTIME_ROW:
        head = "ROW";
        break;
    default:
        return PyUnicode_FromString(simple_text(type->kind));
    }
    PyObject *parts = PyList_New(0);
    PyObject *comma = PyUnicode_FromString(", ");
    PyObject *inner = NULL, *text = NULL;
    if (parts == NULL || comma == NULL)
        goto done;
    for (unsigned i = 0; i < type->count; i++) {
        PyObject *part = runtime_type_text(type->fields[i]);
        if (part != NULL && type->names != NULL) {
            PyObject *named = PyUnicode_FromFormat("%U: %U", PyList_GET_ITEM(type->names, i), part);
            Py_SETREF(part, named);
        }
        int failed = part == NULL ? -1 : PyList_Append(parts, part);
        Py_XDECREF(part);
        if (failed)
            goto done;
    }
    if ((inner = PyUnicode_Join(comma, parts)) != NULL)
        text = PyUnicode_FromFormat("%s<%U>", head, inner);
done:
    Py_XDECREF(parts);
    Py_XDECREF(comma);
    Py_XDECREF(inner);
    return text;
}
