/* runtime_store.c - a state backend in a Python dict, for tests and profiling without a JVM. */
#include "runtime/runtime_store.h"

static PyObject *store_key(int state, const uint8_t *key, size_t length) {
    return Py_BuildValue("iy#", state, key, (Py_ssize_t)length);
}

/* Entries of a map, all at once. */
static int store_entries(PyObject *map, runtime_buffer_t *answer) {
    Py_ssize_t position = 0;
    PyObject *key, *value;
    if (runtime_reserve(answer, 4) < 0)
        return -1;
    runtime_put_u32(answer, 0);
    while (PyDict_Next(map, &position, &key, &value)) {
        size_t sizes[2] = {(size_t)PyBytes_Size(key), (size_t)PyBytes_Size(value)};
        if (runtime_reserve(answer, 8 + sizes[0] + sizes[1]) < 0)
            return -1;
        runtime_put_u32(answer, (uint32_t)sizes[0]);
        runtime_put_u32(answer, (uint32_t)sizes[1]);
        memcpy(answer->data + answer->length, PyBytes_AS_STRING(key), sizes[0]);
        answer->length += sizes[0];
        memcpy(answer->data + answer->length, PyBytes_AS_STRING(value), sizes[1]);
        answer->length += sizes[1];
    }
    return 0;
}

int runtime_store_ask(void *self, runtime_question_t question, int state, const uint8_t *key,
                      size_t key_length, const uint8_t *argument, size_t length,
                      runtime_buffer_t *answer, bool *found) {
    PyObject *name = store_key(state, key, key_length), *inner = NULL;
    if (name == NULL)
        return -1;
    PyObject *stored = PyDict_GetItemWithError((PyObject *)self, name);
    int result = 0;
    if (question == RUNTIME_READ_ENTRY && stored != NULL) {
        inner = PyBytes_FromStringAndSize((const char *)argument, (Py_ssize_t)length);
        stored = inner == NULL ? NULL : PyDict_GetItemWithError(stored, inner);
    }
    *found = stored != NULL;
    if (question == RUNTIME_ITERATE) {
        PyObject *empty = stored == NULL ? PyDict_New() : Py_NewRef(stored);
        result = empty == NULL ? -1 : store_entries(empty, answer);
        Py_XDECREF(empty);
    } else if (question == RUNTIME_HAS_ENTRIES) {
        *found = stored != NULL && PyDict_Size(stored) > 0;
    } else if (stored != NULL) {
        size_t size = (size_t)PyBytes_Size(stored);
        result = PyErr_Occurred() ? -1 : runtime_reserve(answer, size);
        if (result == 0) {
            memcpy(answer->data + answer->length, PyBytes_AS_STRING(stored), size);
            answer->length += size;
        }
    }
    Py_XDECREF(inner);
    Py_DECREF(name);
    return PyErr_Occurred() ? -1 : result;
}

/* Entries of a map, put or removed. */
static int put_entries(PyObject *store, PyObject *name, runtime_input_t *in) {
    PyObject *map = PyDict_GetItemWithError(store, name);
    if (map == NULL) {
        if (PyErr_Occurred() || (map = PyDict_New()) == NULL)
            return -1;
        int result = PyDict_SetItem(store, name, map);
        Py_DECREF(map);
        if (result < 0)
            return -1;
    }
    while (in->next < in->end) {
        uint32_t sizes[2];
        if (runtime_get_u32(in, &sizes[0]) < 0 || runtime_get_u32(in, &sizes[1]) < 0)
            return -1;
        bool removed = sizes[1] == RUNTIME_REMOVED;
        PyObject *key = PyBytes_FromStringAndSize((const char *)in->next, sizes[0]);
        in->next += sizes[0];
        PyObject *value =
            removed ? NULL : PyBytes_FromStringAndSize((const char *)in->next, sizes[1]);
        in->next += removed ? 0 : sizes[1];
        int result = 0;
        if (key == NULL || (value == NULL && !removed))
            result = -1;
        else if (!removed)
            result = PyDict_SetItem(map, key, value);
        else if (PyDict_Contains(map, key))
            result = PyDict_DelItem(map, key);
        Py_XDECREF(key);
        Py_XDECREF(value);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int change(PyObject *store, PyObject *name, int kind, runtime_input_t *in) {
    PyObject *old = PyDict_GetItemWithError(store, name);
    if (old == NULL && PyErr_Occurred())
        return -1;
    if (kind == RUNTIME_PUT)
        return put_entries(store, name, in);
    if (kind == RUNTIME_CLEAR)
        return old == NULL ? 0 : PyDict_DelItem(store, name);
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)in->next, in->end - in->next);
    if (kind == RUNTIME_APPEND && old != NULL && bytes != NULL)
        Py_SETREF(bytes, PySequence_Concat(old, bytes));
    int result = bytes == NULL ? -1 : PyDict_SetItem(store, name, bytes);
    Py_XDECREF(bytes);
    return result;
}

int runtime_store_apply(void *self, const uint8_t *changes, size_t length) {
    runtime_input_t in = {changes, changes + length};
    while (in.next < in.end) {
        size_t frame, key_length;
        if (runtime_get_length(&in, &frame) < 0)
            return -1;
        const uint8_t *end = in.next + frame;
        if (runtime_get_length(&in, &key_length) < 0)
            return -1;
        const uint8_t *key = in.next;
        in.next += key_length;
        while (in.next < end) {
            uint8_t kind;
            uint32_t state;
            size_t size;
            if (runtime_get_u8(&in, &kind) < 0 || runtime_get_u32(&in, &state) < 0 ||
                runtime_get_length(&in, &size) < 0)
                return -1;
            runtime_input_t data = {in.next, in.next + size};
            PyObject *name = store_key((int)state, key, key_length);
            int result = name == NULL ? -1 : change(self, name, kind, &data);
            Py_XDECREF(name);
            if (result < 0)
                return -1;
            in.next += size;
        }
    }
    return 0;
}
