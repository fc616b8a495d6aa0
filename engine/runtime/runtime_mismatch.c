/* runtime_mismatch.c - the text of "this value does not fit its declared type". */
#include "runtime/runtime_codec.h"

/* How much of a value's repr is shown. */
#define SHOWN_CHARACTERS 200

/* "str 'abc'", "None", "int 5"; new reference. */
static PyObject *describe(PyObject *value) {
    if (value == Py_None)
        return PyUnicode_FromString("None");
    PyObject *repr = PyObject_Repr(value);
    if (repr == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_Exception))
            return NULL;
        PyErr_Clear();
        return PyUnicode_FromFormat("a %s whose repr() fails", Py_TYPE(value)->tp_name);
    }
    if (PyUnicode_GET_LENGTH(repr) > SHOWN_CHARACTERS) {
        PyObject *start = PyUnicode_Substring(repr, 0, SHOWN_CHARACTERS);
        Py_SETREF(repr, start == NULL ? NULL : PyUnicode_FromFormat("%U...", start));
        Py_XDECREF(start);
        if (repr == NULL)
            return NULL;
    }
    PyObject *text = PyUnicode_FromFormat("%s %U", Py_TYPE(value)->tp_name, repr);
    Py_DECREF(repr);
    return text;
}

static PyObject *step_text(const runtime_step_in_t *step) {
    switch (step->what) {
    case RUNTIME_AT_FIELD:
        if (step->name != NULL)
            return PyUnicode_FromFormat("field %s", step->name);
        return PyUnicode_FromFormat("field f%zd", step->index);
    case RUNTIME_AT_ELEMENT:
        return PyUnicode_FromFormat("element %zd", step->index);
    case RUNTIME_AT_KEY:
        return PyUnicode_FromFormat("key number %zd", step->index);
    default:
        return PyUnicode_FromFormat("the value of key number %zd", step->index);
    }
}

/* "field f1, element 3" from the outside in; new reference. */
static PyObject *path_text(const runtime_encoder_t *encoder) {
    PyObject *text = step_text(&encoder->path[encoder->depth - 1]);
    for (int i = encoder->depth - 2; text != NULL && i >= 0; i--) {
        PyObject *step = step_text(&encoder->path[i]);
        Py_SETREF(text, step == NULL ? NULL : PyUnicode_FromFormat("%U, %U", text, step));
        Py_XDECREF(step);
    }
    return text;
}

static PyObject *message(const runtime_encoder_t *encoder, const runtime_type_t *root,
                         const char *who) {
    PyObject *whole = runtime_type_text(root);
    PyObject *expected = runtime_type_text(encoder->expected);
    PyObject *found = describe(encoder->found);
    PyObject *path = encoder->depth > 0 ? path_text(encoder) : PyUnicode_FromString("");
    PyObject *text = NULL;
    const char *colon = who == NULL ? "" : ": ";
    if (who == NULL)
        who = "";
    if (whole != NULL && expected != NULL && found != NULL && path != NULL) {
        if (encoder->depth > 0 && encoder->reason != NULL)
            text = PyUnicode_FromFormat("%s%s%U of the declared type %U: %U %s%U", who, colon, path,
                                        whole, found, encoder->reason, expected);
        else if (encoder->depth > 0)
            text = PyUnicode_FromFormat("%s%s%U of the declared type %U expects %U, found %U", who,
                                        colon, path, whole, expected, found);
        else if (encoder->reason != NULL)
            text =
                PyUnicode_FromFormat("%s%s%U %s%U", who, colon, found, encoder->reason, expected);
        else
            text = PyUnicode_FromFormat("%s%sthe declared type is %U, found %U", who, colon,
                                        expected, found);
    }
    Py_XDECREF(whole);
    Py_XDECREF(expected);
    Py_XDECREF(found);
    Py_XDECREF(path);
    return text;
}

int runtime_encode_raise(runtime_encoder_t *encoder, const runtime_type_t *root, const char *who) {
    if (!PyErr_Occurred() && encoder->found != NULL) {
        PyObject *text = message(encoder, root, who);
        bool range = encoder->reason != NULL && strcmp(encoder->reason, RUNTIME_OUT_OF_RANGE) == 0;
        if (text != NULL)
            PyErr_SetObject(range ? PyExc_OverflowError : PyExc_TypeError, text);
        Py_XDECREF(text);
    }
    Py_CLEAR(encoder->found);
    encoder->depth = 0;
    return -1;
}
