/* runtime_watch.h - what a test harness sees of the chains that its thread opens.
 *
 * Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_WATCH_H
#define PYFLINK_SHELL_RUNTIME_WATCH_H

#include "runtime/runtime_chain.h"

/* The list that a chain of this thread puts tagged results into that nobody reads; new reference,
 * or NULL without an error. */
PyObject *runtime_watch_list(void);

/* Appends (operator name, tagged result, timestamp or None). 0, or -1 with an error. */
int runtime_watch_untaken(runtime_chain_t *chain, int step, PyObject *tagged, bool has_timestamp,
                          int64_t timestamp);

/* Adds the functions to the extension module. */
int runtime_watch_init_module(PyObject *module);

#endif
