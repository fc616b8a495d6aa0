/* kernel_seen.c - a ring of signatures with an index of open addressing over it.
 *
 * Of a signature its first 16 bytes are kept: signatures that are checked cannot be chosen by whom
 * does not have the key, so they collide by chance only. One entry costs 24 bytes in all. */
#include "kernel/kernel_seen.h"

#include "kernel/kernel_text.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS (2 * KERNEL_SEEN_LIMIT)
#define MASK (SLOTS - 1)

typedef struct {
    uint64_t high, low;
} mark_t;

struct kernel_seen {
    mark_t ring[KERNEL_SEEN_LIMIT];
    uint32_t slots[SLOTS]; /* place in the ring plus 1; 0: free */
    uint32_t count, next;
};

kernel_seen_t *kernel_seen_new(void) {
    kernel_seen_t *seen = calloc(1, sizeof *seen);
    if (seen == NULL)
        abort();
    return seen;
}

void kernel_seen_free(kernel_seen_t *seen) {
    free(seen);
}

static uint64_t hexadecimal(const char *digits, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size && i < 16; i++)
        value = value << 4 | (uint64_t)((digits[i] & 15) + (digits[i] >= 'a' ? 9 : 0));
    return value;
}

/* The slot that holds `mark`, or the free one where it would be. */
static uint32_t find(const kernel_seen_t *seen, mark_t mark) {
    uint32_t slot = (uint32_t)mark.low & MASK;
    while (seen->slots[slot] != 0) {
        mark_t other = seen->ring[seen->slots[slot] - 1];
        if (other.low == mark.low && other.high == mark.high)
            break;
        slot = (slot + 1) & MASK;
    }
    return slot;
}

/* Frees a slot and moves up what was only displaced by it. */
static void forget(kernel_seen_t *seen, mark_t mark) {
    uint32_t hole = find(seen, mark);
    seen->slots[hole] = 0;
    for (uint32_t slot = (hole + 1) & MASK; seen->slots[slot] != 0; slot = (slot + 1) & MASK) {
        uint32_t home = (uint32_t)seen->ring[seen->slots[slot] - 1].low & MASK;
        if (((slot - home) & MASK) >= ((slot - hole) & MASK)) {
            seen->slots[hole] = seen->slots[slot];
            seen->slots[slot] = 0;
            hole = slot;
        }
    }
}

bool kernel_seen_add(kernel_seen_t *seen, const char *digits, size_t size) {
    size_t half = size < 16 ? size : 16;
    mark_t mark = {hexadecimal(digits, half), hexadecimal(digits + half, size - half)};
    if (seen->slots[find(seen, mark)] != 0)
        return false;
    if (seen->count == KERNEL_SEEN_LIMIT)
        forget(seen, seen->ring[seen->next]);
    else
        seen->count++;
    seen->ring[seen->next] = mark;
    seen->slots[find(seen, mark)] = seen->next + 1;
    seen->next = (seen->next + 1) % KERNEL_SEEN_LIMIT;
    return true;
}
