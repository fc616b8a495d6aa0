/* kernel_iopub.h - the socket that tells all clients what happens, with the thread that owns it.
 *
 * Ownership: arguments are borrowed, except that kernel_iopub_put takes its message. */
#ifndef PYFLINK_SHELL_KERNEL_IOPUB_H
#define PYFLINK_SHELL_KERNEL_IOPUB_H

#include "kernel/kernel_outbox.h"

typedef struct {
    void *socket; /* XPUB, bound by kernel_connection */
    kernel_signer_t *signer;
    kernel_outbox_t outbox;
    pthread_t thread;
    bool started;
    bool patient;         /* the last message found room: the next may be waited for again */
    pthread_mutex_t lock; /* of what follows, and of the order of messages */
    char *parent;         /* of text that is not yet a message, else NULL */
    const char *stream;   /* its stream */
    kernel_text_t text;
    uint64_t due; /* when it becomes one at the latest */
} kernel_iopub_t;

/* 0, or -1 when there is no thread or no descriptor left. */
int kernel_iopub_start(kernel_iopub_t *iopub);
void kernel_iopub_stop(kernel_iopub_t *iopub);

/* All of these may be called from any thread; they wait while 16 MB wait to be sent. `parent` is
 * the header of the request that caused it, as text. Text of a stream waits some milliseconds for
 * more of it, unless another message comes. */
void kernel_iopub_send(kernel_iopub_t *iopub, const char *parent, const char *type,
                       const char *content);
void kernel_iopub_status(kernel_iopub_t *iopub, const char *parent, const char *state);
void kernel_iopub_stream(kernel_iopub_t *iopub, const char *parent, const char *name,
                         const char *text, size_t size);
void kernel_iopub_put(kernel_iopub_t *iopub, kernel_message_t *message);

#endif
