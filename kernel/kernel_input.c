/* kernel_input.c - input() and getpass() in a cell: a question on the stdin channel to the client
 * that sent the cell, and the wait for its answer. */
#include "kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_MILLISECONDS 50

typedef struct waiter {
    struct waiter *next;
    const kernel_request_t *request; /* the cell's */
    char *answer;                    /* malloc'ed, once it came */
} waiter_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static waiter_t *waiters; /* oldest first */
static bool closed;

static bool same_client(const kernel_request_t *one, const kernel_request_t *other) {
    if (one->wire.identities == 0 || other->wire.identities == 0)
        return false;
    zmq_msg_t *a = &one->frames.items[0], *b = &other->frames.items[0];
    return zmq_msg_size(a) == zmq_msg_size(b) &&
           memcmp(zmq_msg_data(a), zmq_msg_data(b), zmq_msg_size(a)) == 0;
}

/* On the stdin thread. An answer that nobody waits for, because the cell was interrupted, is
 * forgotten. */
void kernel_input_receive(void *data, kernel_request_t *request) {
    json_t *content = kernel_request_content(request);
    json_t *value = json_object_get(content, "value");
    if (strcmp(request->wire.type, "input_reply") == 0 && json_is_string(value)) {
        pthread_mutex_lock(&lock);
        waiter_t *waiter = waiters;
        while (waiter != NULL && (waiter->answer != NULL || !same_client(waiter->request, request)))
            waiter = waiter->next;
        if (waiter != NULL)
            waiter->answer = kernel_copy_new(json_string_value(value), json_string_length(value));
        pthread_cond_broadcast(&answered);
        pthread_mutex_unlock(&lock);
    }
    json_decref(content);
    kernel_request_drop(request);
}

void kernel_input_close(void) {
    pthread_mutex_lock(&lock);
    closed = true;
    pthread_cond_broadcast(&answered);
    pthread_mutex_unlock(&lock);
}

static bool may_ask(const kernel_request_t *request) {
    json_t *content = kernel_request_content(request);
    bool may = !json_is_false(json_object_get(content, "allow_stdin"));
    json_decref(content);
    return may;
}

static void ask(kernel_t *kernel, const kernel_request_t *request, const char *prompt,
                bool password) {
    kernel_text_t content = {0};
    kernel_text_string(&content, "{\"prompt\":");
    kernel_text_json(&content, prompt, strlen(prompt));
    kernel_text_addf(&content, ",\"password\":%s}", password ? "true" : "false");
    kernel_channel_send(&kernel->input,
                        kernel_message_new(kernel->signer, request, NULL, "input_request",
                                           request->header, NULL, content.data, NULL));
    kernel_text_clear(&content);
}

static void wait_a_little(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MILLISECONDS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&answered, &lock, &until);
}

static char *wait_for_answer(waiter_t *waiter) {
    pthread_mutex_lock(&lock);
    while (waiter->answer == NULL && !closed && !session_interrupted() && !session_is_closing())
        wait_a_little();
    waiter_t **place = &waiters;
    while (*place != waiter)
        place = &(*place)->next;
    *place = waiter->next;
    pthread_mutex_unlock(&lock);
    return waiter->answer;
}

char *kernel_input(void *data, const char *cell, const char *prompt, bool password) {
    kernel_t *kernel = data;
    kernel_request_t *request = kernel_lane_find_new(kernel, cell);
    char *answer = NULL;
    if (request != NULL && may_ask(request)) {
        waiter_t waiter = {.request = request};
        pthread_mutex_lock(&lock);
        waiter_t **end = &waiters;
        while (*end != NULL)
            end = &(*end)->next;
        *end = &waiter;
        pthread_mutex_unlock(&lock);
        ask(kernel, request, prompt, password);
        answer = wait_for_answer(&waiter);
    }
    kernel_request_drop(request);
    return answer;
}
