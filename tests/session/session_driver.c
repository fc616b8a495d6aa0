/* session_driver.c - a front end for tests of engine/session: requests come as lines, everything
 * that the sink is given goes out as lines.
 *
 * In:  call OP CELL CONTENT   queued, answered in order
 *      here OP CELL CONTENT   on a thread of its own
 *      interrupt | close CODE | slow MILLIS (the sink sleeps so long for each call)
 *      answer TEXT            to a question; "answer" alone is the end of input
 * Out: reply OP CELL JSON | stream CELL out|err JSON-ish text with \n as \\n
 *      message CELL TYPE BUFFERS JSON | input CELL PROMPT */
#include "session/session.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static FILE *out;
static atomic_int slow;

typedef struct call {
    struct call *next;
    char *line;
} call_t;
static call_t *calls, *last_call;
static bool input_ended;
static char *given;
static bool has_given;

static void emit(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void emit(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&lock);
    vfprintf(out, format, arguments);
    fputc('\n', out);
    fflush(out);
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

static void on_stream(void *data, const char *cell, bool error, const char *text, size_t length) {
    if (atomic_load(&slow) > 0)
        usleep((useconds_t)atomic_load(&slow) * 1000);
    pthread_mutex_lock(&lock);
    fprintf(out, "stream %s %s ", cell, error ? "err" : "out");
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\n')
            fputs("\\n", out);
        else
            fputc(text[i], out);
    fputc('\n', out);
    fflush(out);
    pthread_mutex_unlock(&lock);
}

static void on_message(void *data, const char *cell, const char *type, const char *content,
                       const session_buffer_t *buffers, size_t count) {
    emit("message %s %s %zu %s", cell, type, count, content);
}

static char *on_input(void *data, const char *cell, const char *prompt, bool password) {
    emit("input %s %s%s", cell, password ? "(password) " : "", prompt);
    pthread_mutex_lock(&lock);
    struct timespec until;
    while (!has_given && !session_interrupted() && !session_is_closing()) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 20000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&changed, &lock, &until);
    }
    char *line = has_given ? given : NULL;
    has_given = false;
    pthread_mutex_unlock(&lock);
    return line;
}

static void on_idle_interrupt(void *data) {
    ssize_t ignored = write(1, "idle_interrupt\n", 15);
    (void)ignored;
}

static void on_ready(void *data) {
    emit("ready");
}

static void *run_call(void *data) {
    call_t *call = data;
    char *rest = call->line, *way = strsep(&rest, " "), *op = strsep(&rest, " ");
    char *cell = strsep(&rest, " ");
    char *(*run)(const char *, const char *, const char *, const session_buffer_t *, size_t) =
        strcmp(way, "here") == 0 ? session_call_here_new : session_call_new;
    session_buffer_t buffer = {"\0\1\2", 3};
    bool comm = op != NULL && strncmp(op, "comm_m", 6) == 0;
    char *reply = run(op, cell, rest ? rest : "{}", &buffer, comm);
    emit("reply %s %s %s", op, cell, reply ? reply : "(ended)");
    free(reply);
    free(call->line);
    free(call);
    return NULL;
}

static void *run_calls(void *unused) {
    for (;;) {
        pthread_mutex_lock(&lock);
        while (calls == NULL && !input_ended)
            pthread_cond_wait(&changed, &lock);
        call_t *call = calls;
        if (call != NULL)
            calls = call->next;
        pthread_mutex_unlock(&lock);
        if (call == NULL)
            break;
        run_call(call);
    }
    session_close(0);
    return NULL;
}

static void add_call(char *line) {
    call_t *call = calloc(1, sizeof *call);
    call->line = strdup(line);
    if (strncmp(line, "here ", 5) == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, run_call, call);
        pthread_detach(thread);
        return;
    }
    pthread_mutex_lock(&lock);
    if (calls == NULL)
        calls = call;
    else
        last_call->next = call;
    last_call = call;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void *read_lines(void *unused) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (strncmp(line, "call ", 5) == 0 || strncmp(line, "here ", 5) == 0)
            add_call(line);
        else if (strcmp(line, "interrupt") == 0)
            session_interrupt();
        else if (strncmp(line, "close ", 6) == 0)
            session_close(atoi(line + 6));
        else if (strncmp(line, "slow ", 5) == 0)
            atomic_store(&slow, atoi(line + 5));
        else if (strncmp(line, "answer", 6) == 0) {
            pthread_mutex_lock(&lock);
            given = line[6] == ' ' ? strdup(line + 7) : NULL;
            has_given = true;
            pthread_cond_broadcast(&changed);
            pthread_mutex_unlock(&lock);
        }
    }
    free(line);
    pthread_mutex_lock(&lock);
    input_ended = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static char **settings;

static int run(void *data) {
    host_jvm_options_t jvm = {.session = true};
    if (host_jvm_start(&jvm) != 0)
        return 1;
    char *argv[] = {data, NULL};
    host_python_options_t python = {.python = getenv("TEST_PYTHON"), .argc = 1, .argv = argv};
    session_sink_t sink = {.stream = on_stream,
                           .message = on_message,
                           .input = on_input,
                           .idle_interrupt = on_idle_interrupt,
                           .ready = on_ready};
    const char *front_end = getenv("TEST_FRONT_END");
    session_options_t options = {.python = &python,
                                 .sink = &sink,
                                 .front_end = front_end ? front_end : "kernel",
                                 .capture_output = getenv("TEST_CAPTURE") != NULL,
                                 .settings = (const char *const *)settings};
    return session_main(&options);
}

int main(int argc, char **argv) {
    out = fdopen(dup(1), "w");
    settings = argv + 1;
    pthread_t threads[2];
    sigset_t all, before; /* only the first thread takes signals */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_create(&threads[0], NULL, read_lines, NULL);
    pthread_create(&threads[1], NULL, run_calls, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    host_run(run, argv[0]);
}
