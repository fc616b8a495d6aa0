/* kernel_channel.h - a ROUTER socket (shell, control or stdin) with the thread that owns it.
 *
 * Ownership: kernel_channel_send takes the message; the receive function takes the request. */
#ifndef PYFLINK_SHELL_KERNEL_CHANNEL_H
#define PYFLINK_SHELL_KERNEL_CHANNEL_H

#include "kernel/kernel_outbox.h"

typedef void (*kernel_receive_t)(void *data, kernel_request_t *request);

typedef struct kernel_channel {
    const char *name;
    void *socket; /* bound by kernel_connection; the thread's from its start on */
    kernel_signer_t *signer;
    kernel_receive_t receive; /* on the channel's thread: must not wait */
    void *data;
    kernel_outbox_t outbox;
    pthread_t thread;
    bool started;
} kernel_channel_t;

/* 0, or -1 when there is no thread or no descriptor left. */
int kernel_channel_start(kernel_channel_t *channel);
void kernel_channel_send(kernel_channel_t *channel, kernel_message_t *message);
/* Answers a request: content is a JSON object as text. */
void kernel_channel_reply(const kernel_request_t *request, const char *type, const char *content);
/* Waits until all requests that had arrived were given to the receive function. */
void kernel_channel_drain(kernel_channel_t *channel);
/* Sends what is waiting, ends the thread and closes the socket. */
void kernel_channel_stop(kernel_channel_t *channel);

/* Starts a thread that no signal is handed to; 0 or an errno. */
int kernel_thread_start(pthread_t *thread, void *(*body)(void *), void *data);

#endif
