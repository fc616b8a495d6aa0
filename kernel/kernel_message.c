/* kernel_message.c - frames in and out of ZeroMQ's sockets, requests and answers. */
#include "kernel/kernel_message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FRAMES 4096

static zmq_msg_t *add_empty(kernel_frames_t *frames) {
    if (frames->count == frames->capacity) {
        frames->capacity = frames->capacity ? 2 * frames->capacity : 8;
        frames->items = realloc(frames->items, frames->capacity * sizeof *frames->items);
        if (frames->items == NULL)
            abort();
    }
    return &frames->items[frames->count++];
}

void kernel_frames_add(kernel_frames_t *frames, const void *data, size_t size) {
    zmq_msg_t *frame = add_empty(frames);
    if (zmq_msg_init_size(frame, size) != 0)
        abort();
    if (size > 0)
        memcpy(zmq_msg_data(frame), data, size);
}

void kernel_frames_clear(kernel_frames_t *frames) {
    for (size_t i = 0; i < frames->count; i++)
        zmq_msg_close(&frames->items[i]);
    free(frames->items);
    *frames = (kernel_frames_t){0};
}

static int receive_frame(void *socket, zmq_msg_t *frame, int flags) {
    for (;;) {
        int size = zmq_msg_recv(frame, socket, flags);
        if (size >= 0 || zmq_errno() != EINTR)
            return size;
    }
}

int kernel_frames_receive(void *socket, kernel_frames_t *frames) {
    bool more = true, first = true, too_many = false;
    while (more) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (receive_frame(socket, &frame, first ? ZMQ_DONTWAIT : 0) < 0) {
            zmq_msg_close(&frame);
            kernel_frames_clear(frames);
            return -1;
        }
        first = false;
        more = zmq_msg_more(&frame);
        too_many = too_many || frames->count >= MOST_FRAMES;
        if (too_many) {
            zmq_msg_close(&frame);
            kernel_frames_clear(frames);
        } else {
            zmq_msg_t *place = add_empty(frames);
            zmq_msg_init(place);
            zmq_msg_move(place, &frame);
            zmq_msg_close(&frame);
        }
    }
    return 0;
}

int kernel_frames_send(void *socket, kernel_frames_t *frames, int flags) {
    for (size_t i = 0; i < frames->count; i++) {
        int more = i + 1 < frames->count ? ZMQ_SNDMORE : 0;
        int sent;
        do
            sent = zmq_msg_send(&frames->items[i], socket, flags | more);
        while (sent < 0 && zmq_errno() == EINTR);
        if (sent < 0)
            return -1; /* only the first frame can be refused */
    }
    kernel_frames_clear(frames);
    return 0;
}

kernel_request_t *kernel_request_new(kernel_signer_t *signer, kernel_frames_t *frames,
                                     kernel_wire_result_t *result) {
    kernel_bytes_t *views = kernel_allocate(frames->count * sizeof *views);
    for (size_t i = 0; i < frames->count; i++)
        views[i] =
            (kernel_bytes_t){zmq_msg_data(&frames->items[i]), zmq_msg_size(&frames->items[i])};
    kernel_wire_t wire;
    *result = kernel_wire_read(signer, views, frames->count, &wire);
    free(views);
    if (*result != KERNEL_WIRE_GOOD)
        return NULL;
    kernel_request_t *request = kernel_allocate(sizeof *request);
    *request = (kernel_request_t){.frames = *frames, .wire = wire, .references = 1};
    *frames = (kernel_frames_t){0};
    request->header = kernel_copy_new(wire.header.data, wire.header.size);
    request->content = kernel_copy_new(wire.content.data, wire.content.size);
    return request;
}

kernel_request_t *kernel_request_keep(kernel_request_t *request) {
    atomic_fetch_add(&request->references, 1);
    return request;
}

void kernel_request_drop(kernel_request_t *request) {
    if (request == NULL || atomic_fetch_sub(&request->references, 1) != 1)
        return;
    kernel_wire_clear(&request->wire);
    kernel_frames_clear(&request->frames);
    free(request->header);
    free(request->content);
    free(request);
}

json_t *kernel_request_content(const kernel_request_t *request) {
    const kernel_bytes_t *text = &request->wire.content;
    json_t *content = json_loadb(text->data, text->size, JSON_ALLOW_NUL, NULL);
    if (!json_is_object(content)) {
        json_decref(content);
        content = json_object();
    }
    return content;
}

kernel_message_t *kernel_message_new(kernel_signer_t *signer, const kernel_request_t *request,
                                     const char *topic, const char *type, const char *parent,
                                     const char *metadata, const char *content, char *id) {
    kernel_message_t *message = kernel_allocate(sizeof *message);
    *message = (kernel_message_t){0};
    kernel_frames_t *frames = &message->frames;
    if (topic != NULL)
        kernel_frames_add(frames, topic, strlen(topic));
    for (size_t i = 0; topic == NULL && request != NULL && i < request->wire.identities; i++) {
        zmq_msg_t *identity = (zmq_msg_t *)&request->frames.items[i];
        kernel_frames_add(frames, zmq_msg_data(identity), zmq_msg_size(identity));
    }
    char *header = kernel_wire_header_new(type, id);
    const char *texts[KERNEL_SIGNED_PARTS] = {header, parent ? parent : "{}",
                                              metadata ? metadata : "{}", content ? content : "{}"};
    kernel_bytes_t parts[KERNEL_SIGNED_PARTS];
    for (int i = 0; i < KERNEL_SIGNED_PARTS; i++)
        parts[i] = (kernel_bytes_t){texts[i], strlen(texts[i])};
    char signature[KERNEL_SIGNATURE_SIZE];
    if (!kernel_sign(signer, parts, signature))
        fputs("pyflink-kernel: libcrypto cannot sign\n", stderr);
    kernel_frames_add(frames, KERNEL_DELIMITER, strlen(KERNEL_DELIMITER));
    kernel_frames_add(frames, signature, strlen(signature));
    for (int i = 0; i < KERNEL_SIGNED_PARTS; i++) {
        kernel_frames_add(frames, parts[i].data, parts[i].size);
        message->bytes += parts[i].size;
    }
    free(header);
    return message;
}

void kernel_message_attach(kernel_message_t *message, const void *data, size_t size) {
    kernel_frames_add(&message->frames, data, size);
    message->bytes += size;
}

void kernel_message_free(kernel_message_t *message) {
    if (message == NULL)
        return;
    kernel_frames_clear(&message->frames);
    free(message);
}
