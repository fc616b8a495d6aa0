/* bridge_error.h - exceptions across the border; the main functions are in bridge.h. */
#ifndef PYFLINK_SHELL_BRIDGE_ERROR_H
#define PYFLINK_SHELL_BRIDGE_ERROR_H

#include "bridge/bridge.h"

/* _pyflink_engine.java_stack_trace(throwable): text as Java prints it. */
PyObject *bridge_error_stack_trace(PyObject *module, PyObject *throwable);

/* _pyflink_engine.java_python_exception(throwable): the original Python exception that a Java
 * PythonException stands for, or None when it is not from this process or too old. */
PyObject *bridge_error_original(PyObject *module, PyObject *throwable);

#endif
