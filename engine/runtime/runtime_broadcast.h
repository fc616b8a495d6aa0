/* runtime_broadcast.h - what a chain has when its first step is on a broadcast stream.
 *
 * Ownership: the chain owns all of it. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_BROADCAST_H
#define PYFLINK_SHELL_RUNTIME_BROADCAST_H

#include "runtime/runtime_chain.h"

/* Gives the chain a context for broadcast state over a backend, which may be NULL. 0, or -1 with an
 * error. */
int runtime_broadcast_open(runtime_chain_t *chain, const runtime_backend_t *backend);

/* Makes the ctx arguments of the first step. The chain has timers or times and broadcast_states by
 * now. 0, or -1 with an error. */
int runtime_broadcast_contexts(runtime_chain_t *chain, bool keyed);

/* The chain's functions are about to run. */
void runtime_broadcast_enter(runtime_chain_t *chain);

/* Another record or timer is processed now. */
static inline void runtime_broadcast_next(runtime_chain_t *chain) {
    chain->broadcast->record++;
}

/* The input was handled as far as it goes, or the chain ends: broadcast state cannot be used. */
void runtime_broadcast_leave(runtime_chain_t *chain);

int runtime_broadcast_init_module(PyObject *module);

#endif
