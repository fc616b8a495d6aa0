/* runtime_clock.h - the current times of a chain, for its functions: what ctx.timer_service()
 * gives.
 *
 * Ownership: a clock is a Python object that may outlive its chain, and then stands still.
 * Everything here needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_CLOCK_H
#define PYFLINK_SHELL_RUNTIME_CLOCK_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/* A clock before any watermark; new reference. keyed: whether the stream has keys, for errors. */
PyObject *runtime_clock_new(bool keyed);

/* The event time, in milliseconds since 1970, that the functions see from now on. */
void runtime_clock_set(PyObject *clock, int64_t watermark);

int runtime_clock_init_module(PyObject *module);

#endif
