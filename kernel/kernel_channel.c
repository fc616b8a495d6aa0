/* kernel_channel.c - the loop of a ROUTER socket: what arrives is checked and handed on, what
 * others put into the outbox is sent. */
#include "kernel/kernel_channel.h"

#include "kernel/kernel_log.h"

#include <signal.h>

#define STACK (1u << 20)

int kernel_thread_start(pthread_t *thread, void *(*body)(void *), void *data) {
    sigset_t all, before;
    pthread_attr_t attributes;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int failed = pthread_create(thread, &attributes, body, data);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failed;
}

static void receive_all(kernel_channel_t *channel) {
    kernel_frames_t frames = {0};
    while (kernel_frames_receive(channel->socket, &frames) == 0) {
        kernel_wire_result_t result;
        kernel_request_t *request = kernel_request_new(channel->signer, &frames, &result);
        if (request != NULL) {
            request->channel = channel;
            channel->receive(channel->data, request);
        } else {
            kernel_log("a message on the %s channel was dropped: %s", channel->name,
                       kernel_wire_reason(result));
        }
        kernel_frames_clear(&frames);
    }
}

static void send_all(kernel_channel_t *channel) {
    kernel_message_t *message = kernel_outbox_take(&channel->outbox);
    while (message != NULL) {
        kernel_message_t *next = message->next;
        /* A ROUTER drops what goes to a client that is gone or does not read. */
        kernel_frames_send(channel->socket, &message->frames, ZMQ_DONTWAIT);
        kernel_message_free(message);
        message = next;
    }
}

static void *run(void *data) {
    kernel_channel_t *channel = data;
    while (!kernel_outbox_is_closed(&channel->outbox)) {
        zmq_pollitem_t items[] = {{.socket = channel->socket, .events = ZMQ_POLLIN},
                                  {.fd = channel->outbox.wake, .events = ZMQ_POLLIN}};
        if (zmq_poll(items, 2, -1) < 0 && zmq_errno() != EINTR)
            break;
        uint64_t asked = kernel_outbox_asked(&channel->outbox);
        receive_all(channel);
        send_all(channel);
        kernel_outbox_answer(&channel->outbox, asked);
    }
    send_all(channel);
    zmq_close(channel->socket);
    return NULL;
}

int kernel_channel_start(kernel_channel_t *channel) {
    if (kernel_outbox_init(&channel->outbox, 0) != 0)
        return -1;
    channel->started = kernel_thread_start(&channel->thread, run, channel) == 0;
    return channel->started ? 0 : -1;
}

void kernel_channel_send(kernel_channel_t *channel, kernel_message_t *message) {
    kernel_outbox_put(&channel->outbox, message);
}

void kernel_channel_reply(const kernel_request_t *request, const char *type, const char *content) {
    kernel_channel_t *channel = request->channel;
    kernel_channel_send(channel, kernel_message_new(channel->signer, request, NULL, type,
                                                    request->header, NULL, content, NULL));
}

void kernel_channel_drain(kernel_channel_t *channel) {
    kernel_outbox_wait(&channel->outbox);
}

void kernel_channel_stop(kernel_channel_t *channel) {
    if (!channel->started)
        return;
    kernel_outbox_close(&channel->outbox);
    pthread_join(channel->thread, NULL);
    channel->started = false;
}
