/* kernel_message.h - messages that came from a socket, and messages that go to one.
 *
 * Ownership: a kernel_request_t is counted, because its header is kept while others answer it;
 * kernel_message_new's result belongs to the caller until a channel or iopub takes it. */
#ifndef PYFLINK_SHELL_KERNEL_MESSAGE_H
#define PYFLINK_SHELL_KERNEL_MESSAGE_H

#include "kernel/kernel_wire.h"

#include <stdatomic.h>
#include <zmq.h>

typedef struct {
    zmq_msg_t *items;
    size_t count, capacity;
} kernel_frames_t;

/* Receives all frames of one message without waiting. 0; -1 when there is none or the socket is
 * gone (zmq_errno). A message with more than 4,096 frames comes out empty. */
int kernel_frames_receive(void *socket, kernel_frames_t *frames);
/* Sends them and clears `frames`; 0 or -1. `flags` as zmq_msg_send: ZMQ_DONTWAIT. */
int kernel_frames_send(void *socket, kernel_frames_t *frames, int flags);
void kernel_frames_add(kernel_frames_t *frames, const void *data, size_t size);
void kernel_frames_clear(kernel_frames_t *frames);

struct kernel_channel;

typedef struct kernel_request {
    struct kernel_request *next; /* for whose queue it is in */
    struct kernel_channel *channel;
    kernel_frames_t frames;
    kernel_wire_t wire;
    atomic_int references;
    bool aborted;  /* a cell before it failed */
    char *header;  /* the header as text, NUL-terminated: the parent header of the answers */
    char *content; /* the content as text, NUL-terminated */
} kernel_request_t;

/* Takes the frames when they are a good message, else NULL with the reason in *result. */
kernel_request_t *kernel_request_new(kernel_signer_t *signer, kernel_frames_t *frames,
                                     kernel_wire_result_t *result);
kernel_request_t *kernel_request_keep(kernel_request_t *request);
void kernel_request_drop(kernel_request_t *request);

/* Its content as an object; an empty one when it is something else. The caller releases it. */
json_t *kernel_request_content(const kernel_request_t *request);

typedef struct kernel_message {
    struct kernel_message *next;
    kernel_frames_t frames;
    size_t bytes;
} kernel_message_t;

/* A message with one identity frame (a topic), or with those of `request` when `topic` is NULL.
 * parent, metadata, content: JSON objects as text; NULL stands for {}. `id` as in
 * kernel_wire_header_new. */
kernel_message_t *kernel_message_new(kernel_signer_t *signer, const kernel_request_t *request,
                                     const char *topic, const char *type, const char *parent,
                                     const char *metadata, const char *content, char *id);
void kernel_message_attach(kernel_message_t *message, const void *data, size_t size);
void kernel_message_free(kernel_message_t *message);

#endif
