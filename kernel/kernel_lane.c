/* kernel_lane.c - a queue of requests with the thread that serves them one by one.
 *
 * The main lane's requests run on Python's main thread, the others' on the lane's own. A lane frees
 * itself when it was taken away and its last request is done. */
#include "kernel/kernel.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SUBSHELLS 256

struct kernel_lane {
    kernel_lane_t *next; /* of kernel->lanes */
    kernel_t *kernel;
    char *subshell; /* NULL: none */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t pushed;
    kernel_request_t *first, **last, *current;
    bool is_main, closed;
};

static kernel_request_t *take(kernel_lane_t *lane) {
    pthread_mutex_lock(&lane->lock);
    while (lane->first == NULL && !lane->closed)
        pthread_cond_wait(&lane->pushed, &lane->lock);
    kernel_request_t *request = lane->first;
    if (request != NULL) {
        lane->first = request->next;
        if (lane->first == NULL)
            lane->last = &lane->first;
    }
    lane->current = request;
    pthread_mutex_unlock(&lane->lock);
    return request;
}

static void done(kernel_lane_t *lane) {
    pthread_mutex_lock(&lane->lock);
    kernel_request_t *request = lane->current;
    lane->current = NULL;
    pthread_mutex_unlock(&lane->lock);
    kernel_request_drop(request);
}

void kernel_lane_abort_waiting(kernel_lane_t *lane) {
    kernel_channel_drain(&lane->kernel->shell);
    pthread_mutex_lock(&lane->lock);
    for (kernel_request_t *request = lane->first; request != NULL; request = request->next)
        request->aborted = strcmp(request->wire.type, "execute_request") == 0;
    pthread_mutex_unlock(&lane->lock);
}

bool kernel_lane_is_main(const kernel_lane_t *lane) {
    return lane->is_main;
}

static void free_lane(kernel_lane_t *lane) {
    pthread_cond_destroy(&lane->pushed);
    pthread_mutex_destroy(&lane->lock);
    free(lane->subshell);
    free(lane);
}

/* The session's names, before the first cell: `env` and the API. */
static void prepare(void) {
    free(session_call_new("prepare", "", "{}", NULL, 0));
}

static void *run(void *data) {
    kernel_lane_t *lane = data;
    kernel_request_t *request;
    if (lane->is_main)
        prepare();
    while ((request = take(lane)) != NULL) {
        if (lane->closed || request->aborted)
            kernel_serve_abort(lane->kernel, request);
        else
            kernel_serve(lane->kernel, lane, request);
        done(lane);
    }
    free_lane(lane);
    return NULL;
}

static size_t count_locked(const kernel_t *kernel) {
    size_t count = 0;
    for (kernel_lane_t *lane = kernel->lanes; lane != NULL; lane = lane->next)
        count++;
    return count;
}

kernel_lane_t *kernel_lane_new(kernel_t *kernel, bool is_main, const char *subshell) {
    kernel_lane_t *lane = kernel_allocate(sizeof *lane);
    *lane = (kernel_lane_t){.kernel = kernel,
                            .is_main = is_main,
                            .subshell = subshell ? kernel_format_new("%s", subshell) : NULL,
                            .lock = PTHREAD_MUTEX_INITIALIZER,
                            .pushed = PTHREAD_COND_INITIALIZER};
    lane->last = &lane->first;
    pthread_mutex_lock(&kernel->lock);
    bool started =
        count_locked(kernel) < MOST_SUBSHELLS && kernel_thread_start(&lane->thread, run, lane) == 0;
    if (started) {
        pthread_detach(lane->thread);
        lane->next = kernel->lanes;
        kernel->lanes = lane;
    }
    pthread_mutex_unlock(&kernel->lock);
    if (started)
        return lane;
    free_lane(lane);
    return NULL;
}

void kernel_lane_push(kernel_lane_t *lane, kernel_request_t *request) {
    pthread_mutex_lock(&lane->lock);
    request->next = NULL;
    *lane->last = request;
    lane->last = &request->next;
    pthread_cond_signal(&lane->pushed);
    pthread_mutex_unlock(&lane->lock);
}

bool kernel_lane_is_idle(kernel_lane_t *lane) {
    pthread_mutex_lock(&lane->lock);
    bool idle = lane->first == NULL && lane->current == NULL;
    pthread_mutex_unlock(&lane->lock);
    return idle;
}

/* The place in kernel->lanes that holds the subshell's lane; *place is NULL when there is none. */
static kernel_lane_t **find_locked(kernel_t *kernel, const char *subshell) {
    kernel_lane_t **place = &kernel->lanes;
    while (*place != NULL &&
           ((*place)->subshell == NULL || strcmp((*place)->subshell, subshell) != 0))
        place = &(*place)->next;
    return place;
}

bool kernel_lane_delete(kernel_t *kernel, const char *subshell) {
    pthread_mutex_lock(&kernel->lock);
    kernel_lane_t **place = find_locked(kernel, subshell), *lane = *place;
    if (lane != NULL) {
        *place = lane->next;
        pthread_mutex_lock(&lane->lock);
        lane->closed = true;
        if (lane->current != NULL)
            session_interrupt_thread(lane->thread);
        pthread_cond_signal(&lane->pushed);
        pthread_mutex_unlock(&lane->lock); /* from here on it may be gone */
    }
    pthread_mutex_unlock(&kernel->lock);
    return lane != NULL;
}

bool kernel_lane_offer(kernel_t *kernel, const char *subshell, kernel_request_t *request) {
    pthread_mutex_lock(&kernel->lock);
    kernel_lane_t *lane = *find_locked(kernel, subshell);
    if (lane != NULL)
        kernel_lane_push(lane, request);
    pthread_mutex_unlock(&kernel->lock);
    return lane != NULL;
}

json_t *kernel_lane_list_new(kernel_t *kernel) {
    json_t *list = json_array();
    pthread_mutex_lock(&kernel->lock);
    for (kernel_lane_t *lane = kernel->lanes; lane != NULL; lane = lane->next)
        if (lane->subshell != NULL)
            json_array_insert_new(list, 0, json_string(lane->subshell)); /* oldest first */
    pthread_mutex_unlock(&kernel->lock);
    return list;
}

kernel_request_t *kernel_lane_find_new(kernel_t *kernel, const char *header) {
    kernel_request_t *found = NULL;
    pthread_mutex_lock(&kernel->lock);
    for (kernel_lane_t *lane = kernel->lanes; lane != NULL && found == NULL; lane = lane->next) {
        pthread_mutex_lock(&lane->lock);
        if (lane->current != NULL && strcmp(lane->current->header, header) == 0)
            found = kernel_request_keep(lane->current);
        pthread_mutex_unlock(&lane->lock);
    }
    pthread_mutex_unlock(&kernel->lock);
    return found;
}

void kernel_lane_interrupt_all(kernel_t *kernel) {
    pthread_mutex_lock(&kernel->lock);
    for (kernel_lane_t *lane = kernel->lanes; lane != NULL; lane = lane->next) {
        pthread_mutex_lock(&lane->lock);
        if (lane->subshell != NULL && lane->current != NULL)
            session_interrupt_thread(lane->thread);
        pthread_mutex_unlock(&lane->lock);
    }
    pthread_mutex_unlock(&kernel->lock);
}
