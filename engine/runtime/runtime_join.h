/* runtime_join.h - the function of an interval join, the pairs it gets, and its ctx argument.
 *
 * Java finds the pairs. Each comes as u8 RUNTIME_IS_PAIR, the first record, the second record; what
 * comes without that byte is a record that was too late. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_JOIN_H
#define PYFLINK_SHELL_RUNTIME_JOIN_H

#include "runtime/runtime_record.h"

/* The ctx argument; a new reference. NULL with an error. */
PyObject *runtime_join_context(runtime_chain_t *chain);

/* The pair at in, a tuple, with the later timestamp and the key's bytes; tells the ctx argument
 * both times. NULL with an error. */
PyObject *runtime_join_read(runtime_chain_t *chain, runtime_input_t *in, runtime_travel_t *travel,
                            runtime_record_key_t *key);

/* Sends a record that came too late to its side output; consumes travel->value. 0, or -1: the chain
 * has failed. */
int runtime_join_late(runtime_chain_t *chain, runtime_travel_t *travel);

/* Calls the function with the parts of a pair and its ctx. NULL with an error. */
PyObject *runtime_join_call(const runtime_chain_step_t *step, PyObject *pair);

int runtime_join_init_module(PyObject *module);

#endif
