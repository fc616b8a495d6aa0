/* kernel_outbox.h - messages on their way to the thread that owns a socket.
 *
 * Ownership: put takes the message, take hands it out. The descriptor `wake` becomes readable when
 * there is something to do; kernel_outbox_clear closes it. */
#ifndef PYFLINK_SHELL_KERNEL_OUTBOX_H
#define PYFLINK_SHELL_KERNEL_OUTBOX_H

#include "kernel/kernel_message.h"

#include <pthread.h>

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* room was made, or the owner came by */
    kernel_message_t *first, **last;
    size_t bytes, limit;
    uint64_t asked, answered; /* of kernel_outbox_wait */
    int wake;
    bool closed;
} kernel_outbox_t;

/* `limit` (bytes; 0: none) is what may wait before kernel_outbox_put waits, too. 0 or -1. */
int kernel_outbox_init(kernel_outbox_t *outbox, size_t limit);
void kernel_outbox_clear(kernel_outbox_t *outbox);

void kernel_outbox_put(kernel_outbox_t *outbox, kernel_message_t *message);
/* Everything that is waiting, as a list, or NULL. For the socket's thread only. */
kernel_message_t *kernel_outbox_take(kernel_outbox_t *outbox);

/* Has the socket's thread do a round. */
void kernel_outbox_wake(kernel_outbox_t *outbox);

/* Waits until the socket's thread has done all that was there to do when this was called. */
void kernel_outbox_wait(kernel_outbox_t *outbox);
/* By the socket's thread: what kernel_outbox_asked said before its round is done. */
uint64_t kernel_outbox_asked(kernel_outbox_t *outbox);
void kernel_outbox_answer(kernel_outbox_t *outbox, uint64_t asked);

/* No more messages: put frees them, the thread is woken to end. */
void kernel_outbox_close(kernel_outbox_t *outbox);
bool kernel_outbox_is_closed(kernel_outbox_t *outbox);

#endif
