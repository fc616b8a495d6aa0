/* codec_support.h - an embedded interpreter and small helpers for the tests of the runtime. */
#ifndef CODEC_SUPPORT_H
#define CODEC_SUPPORT_H

#include "runtime/runtime.h"
#include "runtime/runtime_chain.h"

#include <check.h>

static struct PyModuleDef engine_definition = {PyModuleDef_HEAD_INIT, .m_name = "_pyflink_engine",
                                               .m_size = -1};

static PyObject *init_engine(void) {
    PyObject *module = PyModule_Create(&engine_definition);
    if (module != NULL && runtime_init_module(module) < 0)
        Py_CLEAR(module);
    return module;
}

/* A checked fixture: each test has a process and an interpreter of its own. The engine in it has
 * no host and no JVM. */
static void start_python(void) {
    setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
    PyImport_AppendInittab("_pyflink_engine", init_engine);
    Py_InitializeEx(0);
    ck_assert_int_eq(PyRun_SimpleString("import sys; sys.path.insert(0, '" TEST_SRCDIR "/python')"),
                     0);
    ck_assert_ptr_nonnull(runtime_types());
}

static void stop_python(void) {
    ck_assert_ptr_null(PyErr_Occurred());
    Py_FinalizeEx();
}

/* The value of a Python expression; new reference. */
static inline PyObject *value_of(const char *expression) {
    PyObject *globals = PyDict_New();
    const char *imports = "import datetime, decimal\n"
                          "from pyflink.common.types import Row, RowKind\n"
                          "from pyflink.common.time import Instant\n";
    PyObject *done = PyRun_String(imports, Py_file_input, globals, globals);
    if (done == NULL)
        PyErr_Print();
    ck_assert_ptr_nonnull(done);
    Py_DECREF(done);
    PyObject *value = PyRun_String(expression, Py_eval_input, globals, globals);
    if (value == NULL)
        PyErr_Print();
    ck_assert_msg(value != NULL, "%s", expression);
    Py_DECREF(globals);
    return value;
}

static inline runtime_type_t *schema_of(const char *letters, size_t length) {
    runtime_type_t *type = runtime_type_parse((const uint8_t *)letters, length);
    if (type == NULL)
        PyErr_Print();
    ck_assert_ptr_nonnull(type);
    return type;
}

/* The text of the Python error that is set, which is cleared. */
static inline const char *error_text(void) {
    static char text[1000];
    PyObject *type, *value, *traceback;
    ck_assert_ptr_nonnull(PyErr_Occurred());
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *string = PyObject_Str(value);
    snprintf(text, sizeof text, "%s: %s", ((PyTypeObject *)type)->tp_name,
             string == NULL ? "?" : PyUnicode_AsUTF8(string));
    Py_XDECREF(string);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return text;
}

/* A small generator of numbers with a fixed start, so that a failure can be repeated. */
static uint64_t random_state = 88172645463325252u;

static inline uint32_t random_below(uint32_t limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16) % limit;
}

#endif
