/* runtime_module.c - the runtime's functions in the extension module _pyflink_engine. */
#include "runtime/runtime.h"

#include "runtime/runtime_broadcast.h"
#include "runtime/runtime_cancel.h"
#include "runtime/runtime_chain.h"
#include "runtime/runtime_join.h"
#include "runtime/runtime_window.h"
#include "runtime/runtime_watch.h"

static runtime_type_t *parse_schema(PyObject *schema) {
    Py_buffer view;
    if (PyObject_GetBuffer(schema, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    runtime_type_t *type = runtime_type_parse(view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return type;
}

/* One record in mode TYPED without a timestamp. */
static int put_record(runtime_buffer_t *out, const runtime_type_t *type, PyObject *value,
                      Py_ssize_t index) {
    runtime_encoder_t encoder;
    bool null = value == Py_None && type->kind != RUNTIME_ANY && type->kind != RUNTIME_PICKLED;
    if (runtime_reserve(out, 1) < 0)
        return -1;
    runtime_put_u8(out, null ? RUNTIME_IS_NULL : 0);
    if (null)
        return 0;
    runtime_encoder_init(&encoder, out);
    encoder.to_utc = true; /* as the peer does it in collections, and only there */
    if (runtime_encode(&encoder, type, value) == 0)
        return 0;
    char who[40];
    snprintf(who, sizeof who, "element %zd", index);
    return runtime_encode_raise(&encoder, type, who);
}

static PyObject *encode_batch(PyObject *module, PyObject *args) {
    PyObject *values, *schema, *iterator = NULL, *result = NULL, *value;
    if (!PyArg_ParseTuple(args, "OO:encode_batch", &values, &schema))
        return NULL;
    runtime_buffer_t out = {0};
    runtime_type_t *type = parse_schema(schema);
    if (type == NULL || (iterator = PyObject_GetIter(values)) == NULL)
        goto done;
    for (Py_ssize_t index = 0; (value = PyIter_Next(iterator)) != NULL; index++) {
        int failed = put_record(&out, type, value, index);
        Py_DECREF(value);
        if (failed)
            goto done;
    }
    if (!PyErr_Occurred())
        result = PyBytes_FromStringAndSize((const char *)out.data, (Py_ssize_t)out.length);
done:
    Py_XDECREF(iterator);
    runtime_type_free(type);
    runtime_buffer_free(&out);
    return result;
}

static PyObject *get_record(runtime_input_t *in, const runtime_type_t *type, int mode) {
    uint8_t flags;
    int64_t timestamp;
    uint32_t key_length, value_length;
    if (runtime_get_u8(in, &flags) < 0 ||
        (flags & RUNTIME_HAS_TIMESTAMP && runtime_get_i64(in, &timestamp) < 0))
        return NULL;
    if (flags & RUNTIME_IS_NULL)
        return Py_NewRef(Py_None);
    if (mode == RUNTIME_TYPED)
        return runtime_decode(in, type);
    if (runtime_get_u32(in, &key_length) < 0 || runtime_get_u32(in, &value_length) < 0)
        return NULL;
    size_t left = (size_t)(in->end - in->next);
    if (left < key_length || left - key_length < value_length || value_length == 0)
        return runtime_malformed("a key or value is longer than the input");
    runtime_input_t value = {in->next + key_length, in->next + key_length + value_length};
    in->next = value.end;
    return *value.next++ ? runtime_decode(&value, type) : Py_NewRef(Py_None);
}

static PyObject *decode_batch(PyObject *module, PyObject *args) {
    PyObject *data, *schema, *bytes = NULL, *list = NULL;
    int mode = RUNTIME_TYPED, as_printed = 0;
    if (!PyArg_ParseTuple(args, "OO|ip:decode_batch", &data, &schema, &mode, &as_printed))
        return NULL;
    runtime_type_t *type = parse_schema(schema);
    if (type == NULL)
        return NULL;
    if (as_printed)
        runtime_type_floats_as_printed(type);
    /* A Java byte[] has no buffer, but bytes() can make one of it. */
    bytes = PyObject_CheckBuffer(data) ? Py_NewRef(data) : PyBytes_FromObject(data);
    Py_buffer view;
    if (bytes == NULL || PyObject_GetBuffer(bytes, &view, PyBUF_SIMPLE) < 0)
        goto done;
    runtime_input_t in = {view.buf, (const uint8_t *)view.buf + view.len};
    list = PyList_New(0);
    while (list != NULL && in.next < in.end) {
        PyObject *value = get_record(&in, type, mode);
        if (value == NULL || PyList_Append(list, value) < 0)
            Py_CLEAR(list);
        Py_XDECREF(value);
    }
    PyBuffer_Release(&view);
done:
    Py_XDECREF(bytes);
    runtime_type_free(type);
    return list;
}

static PyObject *schema_check(PyObject *module, PyObject *args) {
    PyObject *value, *schema, *result = NULL;
    const char *who = NULL;
    if (!PyArg_ParseTuple(args, "OO|z:schema_check", &value, &schema, &who))
        return NULL;
    runtime_type_t *type = parse_schema(schema);
    if (type == NULL)
        return NULL;
    runtime_buffer_t scratch = {0};
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, &scratch);
    encoder.check_only = true;
    if (value == Py_None || runtime_encode(&encoder, type, value) == 0)
        result = Py_NewRef(Py_None);
    else
        runtime_encode_raise(&encoder, type, who);
    runtime_buffer_free(&scratch);
    runtime_type_free(type);
    return result;
}

static PyObject *schema_text(PyObject *module, PyObject *schema) {
    runtime_type_t *type = parse_schema(schema);
    PyObject *text = type == NULL ? NULL : runtime_type_text(type);
    runtime_type_free(type);
    return text;
}

static PyMethodDef functions[] = {
    {"encode_batch", encode_batch, METH_VARARGS,
     PyDoc_STR("encode_batch(values, schema) -> bytes\n\n"
               "The values of an iterable as typed records. TypeError (OverflowError when out of\n"
               "range) names the index and field of a value that does not fit the schema.")},
    {"decode_batch", decode_batch, METH_VARARGS,
     PyDoc_STR("decode_batch(data, schema, mode=0, floats_as_printed=False) -> list\n\n"
               "The values of a batch of records; mode 0 typed, 1 encoded (schema is then the\n"
               "value's). FLOATs can become the float that prints alike: 0.1 instead of\n"
               "0.10000000149011612. ValueError for malformed bytes.")},
    {"schema_check", schema_check, METH_VARARGS,
     PyDoc_STR("schema_check(value, schema, who=None)\n\n"
               "TypeError or OverflowError when a value does not fit the schema.")},
    {"schema_text", schema_text, METH_O,
     PyDoc_STR("schema_text(schema) -> str\n\nThe schema as people read it: TUPLE<INT, STRING>.")},
    {NULL, NULL, 0, NULL},
};

int runtime_init_module(PyObject *module) {
    if (PyModule_AddFunctions(module, functions) < 0 || runtime_cancel_init_module(module) < 0 ||
        runtime_context_init_module(module) < 0 || runtime_timers_init_module(module) < 0 ||
        runtime_state_init_module(module) < 0 || runtime_window_init_module(module) < 0 ||
        runtime_broadcast_init_module(module) < 0 || runtime_join_init_module(module) < 0 ||
        runtime_watch_init_module(module) < 0)
        return -1;
    return runtime_probe_init_module(module);
}
