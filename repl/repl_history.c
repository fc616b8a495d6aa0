/* repl_history.c - the history of blocks in a file that several shells share.
 *
 * It is readline's format with a time before each entry, which lets an entry have many lines.
 * Each block is appended at once, under a lock on a file beside it, so that no shell loses what
 * another one wrote; now and then the file is cut to its bound. */
#include "repl/repl_history.h"

#include "host/host_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <readline/history.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_SIZE 10000
#define CUT_EVERY 100 /* blocks */

static char *path, *lock_path;
static int size = DEFAULT_SIZE;

/* mkdir -p of the folder that a file lies in. */
static void make_folder(const char *file) {
    char *copy = host_format_new("%s", file);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            break;
        *slash = '/';
    }
    free(copy);
}

static char *find_path_new(void) {
    const char *own = getenv("PYFLINK_SHELL_HISTORY");
    if (own != NULL)
        return *own ? host_format_new("%s", own) : NULL;
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state != NULL && *state == '/')
        return host_format_new("%s/pyflink-shell/history", state);
    if (home != NULL && *home == '/')
        return host_format_new("%s/.local/state/pyflink-shell/history", home);
    return NULL;
}

/* The descriptor of the lock, or -1: then the file is used without one. */
static int lock_file(int how) {
    int descriptor = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0 && flock(descriptor, how) != 0) {
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

static void unlock_file(int descriptor) {
    if (descriptor >= 0)
        close(descriptor);
}

void repl_history_read(void) {
    using_history();
    history_comment_char = '#';
    history_write_timestamps = 1;
    history_multiline_entries = 1;
    const char *bound = getenv("PYFLINK_SHELL_HISTSIZE");
    if (bound != NULL && *bound != '\0')
        size = atoi(bound) > 0 ? atoi(bound) : 0;
    stifle_history(size);
    path = size > 0 ? find_path_new() : NULL;
    if (path == NULL)
        return;
    lock_path = host_format_new("%s.lock", path);
    make_folder(path);
    int descriptor = lock_file(LOCK_SH);
    read_history(path);
    unlock_file(descriptor);
}

void repl_history_add(const char *block) {
    static int added;
    HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    if (last != NULL && strcmp(last->line, block) == 0)
        return;
    add_history(block);
    if (path == NULL)
        return;
    mode_t before = umask(0077); /* the file is made by readline */
    int descriptor = lock_file(LOCK_EX);
    if (access(path, F_OK) != 0) {
        int made = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (made >= 0)
            close(made);
    }
    append_history(1, path);
    if (++added % CUT_EVERY == 0)
        history_truncate_file(path, size);
    unlock_file(descriptor);
    umask(before);
}
