/* kernel_outbox.c - a queue of messages that wakes a thread which polls sockets. */
#include "kernel/kernel_outbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

int kernel_outbox_init(kernel_outbox_t *outbox, size_t limit) {
    *outbox = (kernel_outbox_t){.limit = limit, .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    outbox->last = &outbox->first;
    pthread_mutex_init(&outbox->lock, NULL);
    pthread_cond_init(&outbox->changed, NULL);
    return outbox->wake < 0 ? -1 : 0;
}

void kernel_outbox_clear(kernel_outbox_t *outbox) {
    kernel_message_t *message = kernel_outbox_take(outbox);
    while (message != NULL) {
        kernel_message_t *next = message->next;
        kernel_message_free(message);
        message = next;
    }
    close(outbox->wake);
    pthread_cond_destroy(&outbox->changed);
    pthread_mutex_destroy(&outbox->lock);
}

void kernel_outbox_wake(kernel_outbox_t *outbox) {
    uint64_t one = 1;
    /* It only fails when the counter is full, and then the thread is awake. */
    ssize_t written = write(outbox->wake, &one, sizeof one);
    (void)written;
}

void kernel_outbox_put(kernel_outbox_t *outbox, kernel_message_t *message) {
    pthread_mutex_lock(&outbox->lock);
    while (outbox->limit > 0 && outbox->bytes >= outbox->limit && !outbox->closed)
        pthread_cond_wait(&outbox->changed, &outbox->lock);
    bool closed = outbox->closed;
    if (!closed) {
        message->next = NULL;
        *outbox->last = message;
        outbox->last = &message->next;
        outbox->bytes += message->bytes;
        kernel_outbox_wake(outbox);
    }
    pthread_mutex_unlock(&outbox->lock);
    if (closed)
        kernel_message_free(message);
}

kernel_message_t *kernel_outbox_take(kernel_outbox_t *outbox) {
    uint64_t count;
    pthread_mutex_lock(&outbox->lock);
    ssize_t got = read(outbox->wake, &count, sizeof count);
    (void)got; /* EAGAIN: nothing new, which the list says, too */
    kernel_message_t *first = outbox->first;
    outbox->first = NULL;
    outbox->last = &outbox->first;
    outbox->bytes = 0;
    pthread_cond_broadcast(&outbox->changed);
    pthread_mutex_unlock(&outbox->lock);
    return first;
}

void kernel_outbox_wait(kernel_outbox_t *outbox) {
    pthread_mutex_lock(&outbox->lock);
    uint64_t mine = ++outbox->asked;
    kernel_outbox_wake(outbox);
    while (outbox->answered < mine && !outbox->closed)
        pthread_cond_wait(&outbox->changed, &outbox->lock);
    pthread_mutex_unlock(&outbox->lock);
}

uint64_t kernel_outbox_asked(kernel_outbox_t *outbox) {
    pthread_mutex_lock(&outbox->lock);
    uint64_t asked = outbox->asked;
    pthread_mutex_unlock(&outbox->lock);
    return asked;
}

void kernel_outbox_answer(kernel_outbox_t *outbox, uint64_t asked) {
    pthread_mutex_lock(&outbox->lock);
    if (outbox->answered < asked) {
        outbox->answered = asked;
        pthread_cond_broadcast(&outbox->changed);
    }
    pthread_mutex_unlock(&outbox->lock);
}

void kernel_outbox_close(kernel_outbox_t *outbox) {
    pthread_mutex_lock(&outbox->lock);
    outbox->closed = true;
    pthread_cond_broadcast(&outbox->changed);
    kernel_outbox_wake(outbox);
    pthread_mutex_unlock(&outbox->lock);
}

bool kernel_outbox_is_closed(kernel_outbox_t *outbox) {
    pthread_mutex_lock(&outbox->lock);
    bool closed = outbox->closed;
    pthread_mutex_unlock(&outbox->lock);
    return closed;
}
