/* kernel_iopub.c - broadcasts messages, and welcomes who subscribes.
 *
 * ZeroMQ's publishers drop messages for a client whose queue is full. Output must not be lost, so
 * the socket refuses instead, and the thread waits; behind it the outbox fills up, and then who
 * produces output waits, too. A client that does not read for seconds is not waited for again
 * until a message found room. */
#include "kernel/kernel_iopub.h"

#include "kernel/kernel_channel.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define OUTBOX_LIMIT (16u << 20)
#define PATIENCE_MILLISECONDS 5000
/* print() writes its end by itself, and a loop prints line by line: one message holds what comes
 * within this time, up to this size. */
#define GATHER_MILLISECONDS 10
#define GATHER_SIZE (64u << 10)

static void set_option(void *socket, int option, int value) {
    zmq_setsockopt(socket, option, &value, sizeof value);
}

static void send_patiently(kernel_iopub_t *iopub, kernel_message_t *message) {
    static const struct timespec pause = {0, 2000000};
    uint64_t end = kernel_milliseconds() + (iopub->patient ? PATIENCE_MILLISECONDS : 0);
    int sent;
    while ((sent = kernel_frames_send(iopub->socket, &message->frames, ZMQ_DONTWAIT)) != 0 &&
           zmq_errno() == EAGAIN && kernel_milliseconds() < end)
        nanosleep(&pause, NULL);
    iopub->patient = sent == 0;
    if (sent != 0) {
        set_option(iopub->socket, ZMQ_XPUB_NODROP, 0);
        kernel_frames_send(iopub->socket, &message->frames, ZMQ_DONTWAIT);
        set_option(iopub->socket, ZMQ_XPUB_NODROP, 1);
    }
}

static void send_all(kernel_iopub_t *iopub) {
    kernel_message_t *message = kernel_outbox_take(&iopub->outbox);
    while (message != NULL) {
        kernel_message_t *next = message->next;
        send_patiently(iopub, message);
        kernel_message_free(message);
        message = next;
    }
}

/* A subscription is one frame: 1 and the topic; 0 and the topic when it ends. */
static void welcome(kernel_iopub_t *iopub, zmq_msg_t *frame) {
    const char *bytes = zmq_msg_data(frame);
    size_t size = zmq_msg_size(frame);
    if (size == 0 || bytes[0] != 1)
        return;
    char *topic = kernel_copy_new(bytes + 1, size - 1);
    kernel_text_t content = {0};
    kernel_text_string(&content, "{\"subscription\":");
    kernel_text_json(&content, topic, strlen(topic));
    kernel_text_string(&content, "}");
    kernel_message_t *message = kernel_message_new(iopub->signer, NULL, topic, "iopub_welcome",
                                                   NULL, NULL, content.data, NULL);
    send_patiently(iopub, message);
    kernel_message_free(message);
    kernel_text_clear(&content);
    free(topic);
}

static void receive_all(kernel_iopub_t *iopub) {
    kernel_frames_t frames = {0};
    while (kernel_frames_receive(iopub->socket, &frames) == 0) {
        if (frames.count == 1)
            welcome(iopub, &frames.items[0]);
        kernel_frames_clear(&frames);
    }
}

static const char *or_none(const char *parent) {
    return parent != NULL && *parent != '\0' ? parent : "{}";
}

/* The gathered text as a message, or NULL. */
static kernel_message_t *take_text_locked(kernel_iopub_t *iopub) {
    if (iopub->parent == NULL)
        return NULL;
    kernel_text_t content = {0};
    kernel_text_addf(&content, "{\"name\":\"%s\",\"text\":", iopub->stream);
    kernel_text_json(&content, iopub->text.data, iopub->text.size);
    kernel_text_string(&content, "}");
    char *topic = kernel_format_new("stream.%s", iopub->stream);
    kernel_message_t *message = kernel_message_new(iopub->signer, NULL, topic, "stream",
                                                   iopub->parent, NULL, content.data, NULL);
    free(topic);
    kernel_text_clear(&content);
    kernel_text_clear(&iopub->text);
    free(iopub->parent);
    iopub->parent = NULL;
    return message;
}

/* Milliseconds until gathered text is due, -1 for none. Like the next function it belongs to the
 * socket's thread, which must not wait for a writer that waits for room: it comes back soon. */
static int time_left(kernel_iopub_t *iopub) {
    if (pthread_mutex_trylock(&iopub->lock) != 0)
        return 1;
    uint64_t now = kernel_milliseconds();
    int left = iopub->parent == NULL ? -1 : iopub->due > now ? (int)(iopub->due - now) : 0;
    pthread_mutex_unlock(&iopub->lock);
    return left;
}

static void send_due_text(kernel_iopub_t *iopub) {
    if (pthread_mutex_trylock(&iopub->lock) != 0)
        return;
    if (iopub->parent != NULL && kernel_milliseconds() >= iopub->due) {
        kernel_message_t *text = take_text_locked(iopub);
        send_all(iopub);
        send_patiently(iopub, text);
        kernel_message_free(text);
    }
    pthread_mutex_unlock(&iopub->lock);
}

static void *run(void *data) {
    kernel_iopub_t *iopub = data;
    while (!kernel_outbox_is_closed(&iopub->outbox)) {
        zmq_pollitem_t items[] = {{.socket = iopub->socket, .events = ZMQ_POLLIN},
                                  {.fd = iopub->outbox.wake, .events = ZMQ_POLLIN}};
        if (zmq_poll(items, 2, time_left(iopub)) < 0 && zmq_errno() != EINTR)
            break;
        receive_all(iopub);
        send_all(iopub);
        send_due_text(iopub);
    }
    send_all(iopub);
    zmq_close(iopub->socket);
    return NULL;
}

int kernel_iopub_start(kernel_iopub_t *iopub) {
    if (kernel_outbox_init(&iopub->outbox, OUTBOX_LIMIT) != 0)
        return -1;
    set_option(iopub->socket, ZMQ_XPUB_VERBOSE, 1);
    set_option(iopub->socket, ZMQ_XPUB_NODROP, 1);
    iopub->patient = true;
    pthread_mutex_init(&iopub->lock, NULL);
    iopub->started = kernel_thread_start(&iopub->thread, run, iopub) == 0;
    return iopub->started ? 0 : -1;
}

void kernel_iopub_stop(kernel_iopub_t *iopub) {
    if (!iopub->started)
        return;
    kernel_outbox_close(&iopub->outbox);
    pthread_join(iopub->thread, NULL);
    iopub->started = false;
}

/* Gathered text goes first. Who waits for room keeps the lock: the order of messages is the order
 * in which it is had. */
void kernel_iopub_put(kernel_iopub_t *iopub, kernel_message_t *message) {
    pthread_mutex_lock(&iopub->lock);
    kernel_message_t *text = take_text_locked(iopub);
    if (text != NULL)
        kernel_outbox_put(&iopub->outbox, text);
    kernel_outbox_put(&iopub->outbox, message);
    pthread_mutex_unlock(&iopub->lock);
}

void kernel_iopub_send(kernel_iopub_t *iopub, const char *parent, const char *type,
                       const char *content) {
    kernel_iopub_put(iopub, kernel_message_new(iopub->signer, NULL, type, type, or_none(parent),
                                               NULL, content, NULL));
}

void kernel_iopub_status(kernel_iopub_t *iopub, const char *parent, const char *state) {
    char *content = kernel_format_new("{\"execution_state\":\"%s\"}", state);
    kernel_iopub_send(iopub, parent, "status", content);
    free(content);
}

void kernel_iopub_stream(kernel_iopub_t *iopub, const char *parent, const char *name,
                         const char *text, size_t size) {
    parent = or_none(parent);
    pthread_mutex_lock(&iopub->lock);
    bool begins = iopub->parent == NULL;
    if (!begins && (iopub->stream != name || strcmp(iopub->parent, parent) != 0)) {
        kernel_outbox_put(&iopub->outbox, take_text_locked(iopub));
        begins = true;
    }
    if (begins) {
        iopub->parent = kernel_format_new("%s", parent);
        iopub->stream = name;
        iopub->due = kernel_milliseconds() + GATHER_MILLISECONDS;
    }
    kernel_text_add(&iopub->text, text, size);
    if (iopub->text.size >= GATHER_SIZE)
        kernel_outbox_put(&iopub->outbox, take_text_locked(iopub));
    else if (begins)
        kernel_outbox_wake(&iopub->outbox); /* the thread has to know when it is due */
    pthread_mutex_unlock(&iopub->lock);
}
