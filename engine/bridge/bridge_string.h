/* bridge_string.h - str <-> java.lang.String; the public half is in bridge.h. */
#ifndef PYFLINK_SHELL_BRIDGE_STRING_H
#define PYFLINK_SHELL_BRIDGE_STRING_H

#include "bridge/bridge.h"

/* New str of UTF-16 units; lone surrogates are kept. */
PyObject *bridge_utf16_to_python(const jchar *units, Py_ssize_t count);

#endif
