/* runtime_reduce.h - the first step of a chain that folds the values of a key into one. Everything
 * needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_REDUCE_H
#define PYFLINK_SHELL_RUNTIME_REDUCE_H

#include "runtime/runtime_record.h"

/* Turns travel->value into the result so far of the current key. 1: it travels on; -1: the chain
 * has failed, and the value is consumed. */
int runtime_reduce_streaming(runtime_chain_t *chain, runtime_travel_t *travel);

/* Keys come one after the other. Consumes travel->value. 1: travel holds the result of the key
 * before; 0: there is none to send on yet; -1: the chain has failed. */
int runtime_reduce_sorted(runtime_chain_t *chain, runtime_travel_t *travel,
                          const runtime_record_key_t *key);

/* Sends the finished result of a key in batch mode on its way. 1, or 0 when there is none. */
int runtime_reduce_take(runtime_chain_t *chain, runtime_travel_t *travel);

#endif
