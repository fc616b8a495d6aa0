/* bridge_units.h - UTF-16 from and to Python's one-, two- and four-byte strings, in plain C.
 *
 * No function allocates or needs Python or a JVM, so tests call them as they are. `kind` is the
 * number of bytes of a character. */
#ifndef PYFLINK_SHELL_BRIDGE_UNITS_H
#define PYFLINK_SHELL_BRIDGE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many UTF-16 units the characters need. */
size_t bridge_utf16_length(int kind, const void *data, size_t length);

/* Writes them; `out` has room for bridge_utf16_length units. */
void bridge_utf16_write(int kind, const void *data, size_t length, uint16_t *out);

/* All units or'ed together: tells whether they are ASCII or Latin-1. */
uint16_t bridge_utf16_or(const uint16_t *units, size_t count);

/* True when a high surrogate is followed by a low one. */
bool bridge_utf16_has_pair(const uint16_t *units, size_t count);

#endif
