/* runtime_store.h - a state backend in a Python dict, for tests and profiling without a JVM.
 *
 * self is the dict, borrowed. It maps (number of the state, key bytes) to the bytes of a value, to
 * those of a list's elements, or to a dict of a map's entries. */
#ifndef PYFLINK_SHELL_RUNTIME_STORE_H
#define PYFLINK_SHELL_RUNTIME_STORE_H

#include "runtime/runtime_state.h"

int runtime_store_ask(void *self, runtime_question_t question, int state, const uint8_t *key,
                      size_t key_length, const uint8_t *argument, size_t length,
                      runtime_buffer_t *answer, bool *found);
int runtime_store_apply(void *self, const uint8_t *changes, size_t length);

#endif
