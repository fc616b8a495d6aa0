/* runtime_types.c - the Python classes that values are made of, looked up once. */
#include "runtime/runtime_codec.h"

#include <structmember.h>

static runtime_types_t cached;
static bool is_cached;

static PyObject *attribute_of(const char *module_name, const char *name) {
    PyObject *module = PyImport_ImportModule(module_name);
    if (module == NULL)
        return NULL;
    PyObject *value = PyObject_GetAttrString(module, name);
    Py_DECREF(module);
    return value;
}

/* Where a class keeps one of its __slots__. The codec writes slots directly, because calling
 * __init__ of a Python class costs as much as everything else that happens to a record. */
static Py_ssize_t slot_offset(PyTypeObject *type, const char *name) {
    Py_ssize_t offset = -1;
    PyObject *descriptor = PyObject_GetAttrString((PyObject *)type, name);
    if (descriptor == NULL)
        return -1;
    if (Py_TYPE(descriptor) == &PyMemberDescr_Type &&
        ((PyMemberDescrObject *)descriptor)->d_member->type == T_OBJECT_EX)
        offset = ((PyMemberDescrObject *)descriptor)->d_member->offset;
    else
        PyErr_Format(PyExc_SystemError, "%s.%s is no slot", type->tp_name, name);
    Py_DECREF(descriptor);
    return offset;
}

static PyTypeObject *class_of(const char *module_name, const char *name) {
    PyObject *found = attribute_of(module_name, name);
    if (found != NULL && !PyType_Check(found)) {
        PyErr_Format(PyExc_SystemError, "%s.%s is no class", module_name, name);
        Py_CLEAR(found);
    }
    return (PyTypeObject *)found;
}

static int look_up(runtime_types_t *t) {
    static const char *const kinds[] = {"INSERT", "UPDATE_BEFORE", "UPDATE_AFTER", "DELETE"};
    if ((t->row = class_of("pyflink.common.types", "Row")) == NULL ||
        (t->row_fields = slot_offset(t->row, "_fields")) < 0 ||
        (t->row_values = slot_offset(t->row, "_values")) < 0 ||
        (t->row_kind = slot_offset(t->row, "_row_kind")) < 0)
        return -1;
    PyObject *row_kind = attribute_of("pyflink.common.types", "RowKind");
    if (row_kind == NULL)
        return -1;
    for (int i = 0; i < 4; i++)
        if ((t->kinds[i] = PyObject_GetAttrString(row_kind, kinds[i])) == NULL) {
            Py_DECREF(row_kind);
            return -1;
        }
    Py_DECREF(row_kind);
    if ((t->instant = class_of("pyflink.common.time", "Instant")) == NULL ||
        (t->instant_seconds = slot_offset(t->instant, "seconds")) < 0 ||
        (t->instant_nanos = slot_offset(t->instant, "nanos")) < 0)
        return -1;
    if ((t->decimal = attribute_of("decimal", "Decimal")) == NULL ||
        (t->dumps = attribute_of("pickle", "dumps")) == NULL ||
        (t->loads = attribute_of("pickle", "loads")) == NULL ||
        (t->pickler = attribute_of("pickle", "Pickler")) == NULL ||
        (t->bytes_io = attribute_of("io", "BytesIO")) == NULL ||
        (t->protocol = PyLong_FromLong(4)) == NULL)
        return -1;
    return 0;
}

const runtime_types_t *runtime_types(void) {
    if (__builtin_expect(is_cached, 1))
        return &cached;
    /* Importing can let another thread in, which then does the same; one of the two is kept. */
    runtime_types_t found;
    memset(&found, 0, sizeof found);
    if (look_up(&found) < 0) {
        Py_XDECREF((PyObject *)found.row);
        Py_XDECREF((PyObject *)found.instant);
        for (int i = 0; i < 4; i++)
            Py_XDECREF(found.kinds[i]);
        Py_XDECREF(found.decimal);
        Py_XDECREF(found.dumps);
        Py_XDECREF(found.loads);
        Py_XDECREF(found.pickler);
        Py_XDECREF(found.bytes_io);
        Py_XDECREF(found.protocol);
        return NULL;
    }
    if (!is_cached) {
        cached = found;
        is_cached = true;
    }
    return &cached;
}

PyObject *runtime_row_new(const runtime_types_t *types, PyObject *values, PyObject *names,
                          unsigned kind) {
    PyObject *row = types->row->tp_alloc(types->row, 0);
    if (row == NULL) {
        Py_DECREF(values);
        return NULL;
    }
    Py_XINCREF(names);
    Py_INCREF(types->kinds[kind]);
    RUNTIME_SLOT(row, types->row_values) = values;
    RUNTIME_SLOT(row, types->row_fields) = names;
    RUNTIME_SLOT(row, types->row_kind) = types->kinds[kind];
    return row;
}

int runtime_row_kind(const runtime_types_t *types, PyObject *row) {
    PyObject *kind = RUNTIME_SLOT(row, types->row_kind);
    for (int i = 0; i < 4; i++)
        if (types->kinds[i] == kind)
            return i;
    PyErr_Format(PyExc_TypeError, "the row kind of a Row must be a RowKind, found %R",
                 kind == NULL ? Py_None : kind);
    return -1;
}

/* ---- buffers ---------------------------------------------------------------------------- */

int runtime_buffer_grow(runtime_buffer_t *buffer, size_t more) {
    size_t wanted = buffer->length + more;
    size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
    while (capacity < wanted)
        capacity += capacity / 2;
    /* Java reads at most 2 GiB - 1 through one direct buffer. */
    if (wanted > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a record of more than 2 GiB cannot be sent");
        return -1;
    }
    uint8_t *data = PyMem_RawRealloc(buffer->data, capacity);
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return 0;
}

void runtime_buffer_free(runtime_buffer_t *buffer) {
    PyMem_RawFree(buffer->data);
    memset(buffer, 0, sizeof *buffer);
}
