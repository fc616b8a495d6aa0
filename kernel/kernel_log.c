/* kernel_log.c - lines on the first standard error, not too many of them. */
#include "kernel/kernel_log.h"

#include "kernel/kernel_text.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINES_PER_SECOND 20

static int output = STDERR_FILENO;

void kernel_log_init(void) {
    int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (copy >= 0)
        output = copy;
}

/* How many lines were left out before this one, or -1 to leave this one out as well. */
static int may_write(void) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t second;
    static int written, left_out;
    int result = -1;
    pthread_mutex_lock(&lock);
    uint64_t now = kernel_milliseconds() / 1000;
    if (now != second) {
        second = now;
        written = 0;
    }
    if (written++ < LINES_PER_SECOND) {
        result = left_out;
        left_out = 0;
    } else {
        left_out++;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

void kernel_log(const char *format, ...) {
    int left_out = may_write();
    if (left_out < 0)
        return;
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    if (left_out > 0)
        dprintf(output, "pyflink-kernel: %d more like this\n", left_out);
    dprintf(output, "pyflink-kernel: %s\n", text ? text : "");
    free(text);
}
