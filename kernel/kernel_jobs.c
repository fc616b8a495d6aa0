/* kernel_jobs.c - hands the states of jobs to the Python side, which shows them below their cells.
 *
 * They come on the session's output thread, which must not wait for Python, so a thread of its own
 * does. When Python is slow, only the newest state of each job waits for it. */
#include "kernel/kernel.h"

#include <stdlib.h>
#include <string.h>

typedef struct status {
    struct status *next;
    json_int_t job;
    char *cell, *content;
} status_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static status_t *first; /* in the order in which they came */

static status_t *take(void) {
    pthread_mutex_lock(&lock);
    while (first == NULL)
        pthread_cond_wait(&changed, &lock);
    status_t *status = first;
    first = status->next;
    pthread_mutex_unlock(&lock);
    return status;
}

static void *run(void *unused) {
    for (;;) {
        status_t *status = take();
        free(session_call_late_new("job_status", status->cell, status->content));
        free(status->content);
        free(status->cell);
        free(status);
    }
    return NULL;
}

int kernel_jobs_start(void) {
    pthread_t thread;
    if (kernel_thread_start(&thread, run, NULL) != 0)
        return -1;
    return pthread_detach(thread) == 0 ? 0 : -1;
}

static json_int_t number_of(const char *content) {
    json_t *json = json_loads(content, 0, NULL);
    json_int_t number = json_integer_value(json_object_get(json, "job"));
    json_decref(json);
    return number;
}

void kernel_jobs_put(const char *cell, const char *content) {
    json_int_t job = number_of(content);
    char *copy = kernel_format_new("%s", content);
    pthread_mutex_lock(&lock);
    status_t **place = &first;
    while (*place != NULL && (*place)->job != job)
        place = &(*place)->next;
    if (*place != NULL) {
        free((*place)->content);
        (*place)->content = copy;
    } else {
        *place = kernel_allocate(sizeof **place);
        **place = (status_t){.job = job, .cell = kernel_format_new("%s", cell), .content = copy};
    }
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}
