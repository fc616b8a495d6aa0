/* kernel_seen.h - remembers the last 65,536 signatures, in memory that never grows.
 *
 * Ownership: kernel_seen_new's result is freed by kernel_seen_free. Not for several threads. */
#ifndef PYFLINK_SHELL_KERNEL_SEEN_H
#define PYFLINK_SHELL_KERNEL_SEEN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct kernel_seen kernel_seen_t;

#define KERNEL_SEEN_LIMIT 65536

kernel_seen_t *kernel_seen_new(void);
void kernel_seen_free(kernel_seen_t *seen);

/* True when the hexadecimal digits are new; then they are remembered and the oldest forgotten. */
bool kernel_seen_add(kernel_seen_t *seen, const char *digits, size_t size);

#endif
