/* session_output.c - the bounded queue between those who cause output and the front end.
 *
 * One thread hands everything over, so what the sink sees has one order. Text that is written for
 * the same cell and stream while the sink is busy, or within a few milliseconds after it was, goes
 * there in one call: a write costs a lock and a copy. At most LIMIT bytes wait; who wants to add
 * more waits for room, a job as well as a cell, and is let in in the order of the lock. */
#include "session/session_internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIMIT (1u << 20)      /* bytes that wait at most, apart from one write that is larger */
#define CHUNK (64u << 10)     /* a call of the sink has about so many at most */
#define GATHER_NANOS 8000000L /* how long text is gathered after a call of the sink */
#define ASK_NANOS 50000000L   /* how often `stop` is asked */
#define OUTPUT_STACK (1u << 20)

typedef struct entry {
    struct entry *next;
    session_cell_t cell;
    char *type; /* of a message; NULL for text */
    session_stream_t stream;
    char *bytes; /* text, or the message's content with a NUL */
    size_t length, capacity;
    session_buffer_t *buffers; /* copies */
    size_t buffer_count;
} entry_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed, room;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static entry_t *head, *tail;
static size_t waiting;        /* bytes in the queue */
static uint64_t added, taken; /* entries ever */
static unsigned flushing;     /* threads that wait in session_output_flush */
static bool open_, stopping;
static session_sink_t target;
static pthread_t output_thread;

static void init_once(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_cond_init(&room, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct timespec after(long nanos) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += nanos;
    time.tv_sec += time.tv_nsec / 1000000000L;
    time.tv_nsec %= 1000000000L;
    return time;
}

static void *must(void *memory) {
    if (memory == NULL)
        abort();
    return memory;
}

static void entry_free(entry_t *entry) {
    for (size_t i = 0; i < entry->buffer_count; i++)
        free((void *)entry->buffers[i].bytes);
    free(entry->buffers);
    free(entry->type);
    free(entry->bytes);
    free(entry);
}

static void append(entry_t *entry) {
    if (tail != NULL)
        tail->next = entry;
    else
        head = entry;
    tail = entry;
    waiting += entry->length;
    added++;
    pthread_cond_signal(&changed);
}

/* With the lock. */
static void add_text(session_cell_t cell, session_stream_t stream, const char *text,
                     size_t length) {
    entry_t *last = tail;
    if (last != NULL && last->type == NULL && last->cell == cell && last->stream == stream &&
        last->length + length <= CHUNK) {
        if (last->length + length > last->capacity) {
            last->capacity = (last->length + length) * 2;
            last->bytes = must(realloc(last->bytes, last->capacity));
        }
        memcpy(last->bytes + last->length, text, length);
        last->length += length;
        waiting += length;
        return;
    }
    entry_t *entry = must(calloc(1, sizeof *entry));
    entry->cell = cell;
    entry->stream = stream;
    entry->capacity = length;
    entry->bytes = must(malloc(length + 1));
    memcpy(entry->bytes, text, length);
    entry->length = length;
    append(entry);
}

static bool has_room(size_t length) {
    return waiting == 0 || waiting + length <= LIMIT ||
           pthread_equal(pthread_self(), output_thread);
}

int session_output_try(session_cell_t cell, session_stream_t stream, const char *text,
                       size_t length) {
    int result = -1;
    pthread_mutex_lock(&lock);
    if (!open_ || has_room(length)) {
        if (open_)
            add_text(cell, stream, text, length);
        result = 0;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

/* With the lock: waits until `length` bytes fit. */
static int wait_for_room(size_t length, bool (*stop)(void)) {
    while (open_ && !has_room(length)) {
        struct timespec until = after(ASK_NANOS);
        pthread_cond_timedwait(&room, &lock, &until);
        if (stop == NULL)
            continue;
        pthread_mutex_unlock(&lock);
        bool stopped = stop();
        pthread_mutex_lock(&lock);
        if (stopped)
            return -1;
    }
    return 0;
}

int session_output_write(session_cell_t cell, session_stream_t stream, const char *text,
                         size_t length, bool (*stop)(void)) {
    if (length == 0)
        return 0;
    pthread_mutex_lock(&lock);
    int result = wait_for_room(length, stop);
    if (result == 0 && open_)
        add_text(cell, stream, text, length);
    pthread_mutex_unlock(&lock);
    return result;
}

void session_output_message(session_cell_t cell, const char *type, const char *content,
                            const session_buffer_t *buffers, size_t count) {
    entry_t *entry = must(calloc(1, sizeof *entry));
    entry->cell = cell;
    entry->type = must(strdup(type));
    entry->bytes = must(strdup(content));
    entry->length = strlen(content);
    if (count > 0)
        entry->buffers = must(calloc(count, sizeof *entry->buffers));
    for (size_t i = 0; i < count; i++) {
        void *copy = must(malloc(buffers[i].length + 1));
        memcpy(copy, buffers[i].bytes, buffers[i].length);
        entry->buffers[i] = (session_buffer_t){copy, buffers[i].length};
        entry->buffer_count++;
        entry->length += buffers[i].length;
    }
    pthread_mutex_lock(&lock);
    wait_for_room(entry->length, NULL);
    if (open_)
        append(entry);
    else
        entry_free(entry);
    pthread_mutex_unlock(&lock);
}

static void hand_over(entry_t *entry) {
    char *tag = session_cell_tag_new(entry->cell);
    if (entry->type == NULL)
        target.stream(target.data, tag, entry->stream == SESSION_ERR, entry->bytes, entry->length);
    else
        target.message(target.data, tag, entry->type, entry->bytes, entry->buffers,
                       entry->buffer_count);
    free(tag);
    entry_free(entry);
}

static void *run(void *unused) {
    pthread_mutex_lock(&lock);
    for (;;) {
        while (head == NULL && !stopping)
            pthread_cond_wait(&changed, &lock);
        if (head == NULL)
            break;
        entry_t *entry = head;
        head = entry->next;
        if (head == NULL)
            tail = NULL;
        size_t length = entry->length;
        pthread_mutex_unlock(&lock);
        hand_over(entry);
        pthread_mutex_lock(&lock);
        waiting -= length;
        taken++;
        pthread_cond_broadcast(&room);
        struct timespec until = after(GATHER_NANOS);
        while (flushing == 0 && !stopping && waiting < CHUNK &&
               pthread_cond_timedwait(&changed, &lock, &until) != ETIMEDOUT)
            ;
    }
    open_ = false;
    pthread_cond_broadcast(&room);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int session_output_start(const session_sink_t *sink) {
    pthread_once(&once, init_once);
    target = *sink;
    sigset_t ours, before;
    host_signals_set(&ours);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, OUTPUT_STACK);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    pthread_mutex_lock(&lock);
    int failed = pthread_create(&output_thread, &attributes, run, NULL);
    open_ = failed == 0;
    pthread_mutex_unlock(&lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failed == 0 ? 0 : -1;
}

bool session_output_is_open(void) {
    pthread_mutex_lock(&lock);
    bool result = open_;
    pthread_mutex_unlock(&lock);
    return result;
}

void session_output_flush(void) {
    pthread_mutex_lock(&lock);
    if (open_ && !pthread_equal(pthread_self(), output_thread)) {
        uint64_t mine = added;
        flushing++;
        pthread_cond_signal(&changed);
        while (open_ && taken < mine)
            pthread_cond_wait(&room, &lock);
        flushing--;
    }
    pthread_mutex_unlock(&lock);
}

void session_output_stop(void) {
    pthread_mutex_lock(&lock);
    bool running = open_ && !stopping;
    stopping = true;
    if (running)
        pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    if (running)
        pthread_join(output_thread, NULL);
}

void session_flush(void) {
    session_output_flush();
}
