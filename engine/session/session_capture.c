/* session_capture.c - what C code and child processes write to the descriptors 1 and 2 goes to the
 * latest cell. */
#include "session/session_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536
#define READER_STACK (1u << 20)

static int originals[3] = {0, 1, 2};
static int pipes[3] = {-1, -1, -1}; /* the ends that are read */

int session_capture_original(int number) {
    return originals[number];
}

/* How many bytes at the end begin a character that is not whole yet. */
static size_t unfinished(const char *text, size_t length) {
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)text[length - back];
        if ((byte & 0xc0) == 0x80)
            continue;
        size_t needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return needed > back ? back : 0;
    }
    return 0;
}

static void *read_pipe(void *data) {
    int number = (int)(intptr_t)data;
    static char pieces[2][PIECE];
    char *piece = pieces[number - 1];
    size_t length = 0;
    for (;;) {
        ssize_t got = read(pipes[number], piece + length, PIECE - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return NULL;
        length += (size_t)got;
        size_t rest = unfinished(piece, length);
        session_output_write(session_cell_latest(), number == 2 ? SESSION_ERR : SESSION_OUT, piece,
                             length - rest, NULL);
        memmove(piece, piece + length - rest, rest);
        length = rest;
    }
}

static int capture(int number) {
    int ends[2];
    originals[number] = fcntl(number, F_DUPFD_CLOEXEC, 10);
    if (originals[number] < 0 || pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pipes[number] = ends[0];
    if (dup2(ends[1], number) < 0)
        return -1;
    close(ends[1]);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, READER_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    sigset_t ours, before;
    host_signals_set(&ours);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    int failed = pthread_create(&thread, &attributes, read_pipe, (void *)(intptr_t)number);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failed == 0 ? 0 : -1;
}

int session_capture_start(void) {
    if (capture(1) != 0 || capture(2) != 0) {
        host_warn("cannot capture output: %s", strerror(errno));
        return -1;
    }
    return 0;
}
