/* session_cell.c - which cell a thread works for, and the front end's tag of each cell. */
#include "session/session_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Tags of so many cells are known; output of older ones goes to the latest cell. */
#define KEPT 1024

static _Thread_local session_cell_t this_cell __attribute__((tls_model("initial-exec")));
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *tags[KEPT];
static _Atomic(session_cell_t) latest;
static _Atomic(session_cell_t (*)(JNIEnv *)) job_lookup;

session_cell_t session_cell_begin(const char *tag) {
    char *copy = strdup(tag ? tag : "");
    pthread_mutex_lock(&lock);
    session_cell_t cell = atomic_load(&latest) + 1;
    free(tags[cell % KEPT]);
    tags[cell % KEPT] = copy;
    atomic_store(&latest, cell);
    pthread_mutex_unlock(&lock);
    return cell;
}

char *session_cell_tag_new(session_cell_t cell) {
    pthread_mutex_lock(&lock);
    session_cell_t newest = atomic_load(&latest);
    bool known = cell > 0 && cell <= newest && cell > newest - KEPT;
    const char *tag = tags[(known ? cell : newest) % KEPT];
    char *copy = strdup(tag ? tag : "");
    pthread_mutex_unlock(&lock);
    return copy;
}

session_cell_t session_cell_find(const char *tag) {
    pthread_mutex_lock(&lock);
    session_cell_t newest = atomic_load(&latest), found = newest;
    for (session_cell_t cell = newest; cell > 0 && cell > newest - KEPT; cell--)
        if (tag != NULL && strcmp(tags[cell % KEPT], tag) == 0) {
            found = cell;
            break;
        }
    pthread_mutex_unlock(&lock);
    return found;
}

session_cell_t session_cell_of_caller(void) {
    return this_cell != 0 ? this_cell : session_cell_latest();
}

session_cell_t session_cell_enter(session_cell_t cell) {
    session_cell_t before = this_cell;
    this_cell = cell;
    return before;
}

session_cell_t session_cell_latest(void) {
    return atomic_load(&latest);
}

void session_cell_set_lookup(session_cell_t (*lookup)(JNIEnv *env)) {
    atomic_store(&job_lookup, lookup);
}

session_cell_t session_cell_current(void) {
    if (this_cell != 0)
        return this_cell;
    session_cell_t (*lookup)(JNIEnv *) = atomic_load(&job_lookup);
    JNIEnv *env = lookup ? host_jvm_env_if_attached() : NULL;
    session_cell_t cell = env ? lookup(env) : 0;
    if (cell != 0) /* a task has a thread of its own, so the answer holds until that ends */
        this_cell = cell;
    return cell != 0 ? cell : session_cell_latest();
}
