/* repl_terminal.c - what the shell writes: output of cells, above the prompt when one is shown.
 *
 * A progress line is the last line of the screen while a job runs; it is erased before anything
 * else is written and drawn again by the next report. */
#include "repl/repl_terminal.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define KEPT_BACK 8192 /* of an unfinished line, while the prompt is shown */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool interactive, colors, capable;
static const repl_prompt_t *shown;
static bool in_line;     /* the cursor does not stand at the start of a line */
static bool progress_on; /* a progress line is on the screen */
static bool clear_next;  /* clear_output(wait=True) */
static struct {
    char *bytes;
    size_t length;
    bool error;
} kept;

void repl_terminal_init(bool wanted) {
    interactive = wanted;
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool dumb = term == NULL || *term == '\0' || strcmp(term, "dumb") == 0;
    capable = wanted && isatty(1) && !dumb;
    colors = capable && (no_color == NULL || *no_color == '\0');
}

bool repl_terminal_colors(void) {
    return colors;
}

bool repl_terminal_is_capable(void) {
    return capable;
}

static struct winsize size(void) {
    struct winsize window = {0};
    if (ioctl(1, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
        window = (struct winsize){.ws_row = 24, .ws_col = 80};
    return window;
}

int repl_terminal_columns(void) {
    return size().ws_col;
}

int repl_terminal_rows(void) {
    return size().ws_row;
}

void repl_terminal_lock(void) {
    pthread_mutex_lock(&lock);
}

void repl_terminal_unlock(void) {
    pthread_mutex_unlock(&lock);
}

static void put_all(int descriptor, const char *text, size_t length) {
    while (length > 0) {
        ssize_t done = write(descriptor, text, length);
        if (done < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (done < 0) {
            /* Nobody reads any more: as a program of python3 ends with a broken pipe. */
            if (errno == EPIPE || errno == EIO) {
                session_interrupt();
                session_close(1);
            }
            return;
        }
        text += done;
        length -= (size_t)done;
    }
}

void repl_terminal_put(bool error, const char *text, size_t length) {
    if (length == 0)
        return;
    put_all(error ? 2 : 1, text, length);
    in_line = text[length - 1] != '\n';
}

static void put(const char *text) {
    repl_terminal_put(false, text, strlen(text));
}

static void erase_progress(void) {
    if (progress_on)
        put("\r\033[K");
    if (progress_on)
        in_line = false;
    progress_on = false;
}

void repl_terminal_fresh_line(void) {
    erase_progress();
    if (interactive && in_line)
        put("\n");
}

static void begin(void) {
    if (shown != NULL)
        shown->hide();
    erase_progress();
}

static void end(void) {
    if (shown != NULL)
        shown->show();
}

/* Above the prompt only whole lines are shown; the rest waits for its end. */
static void write_text(bool error, const char *text, size_t length) {
    const char *newline = memrchr(text, '\n', length);
    size_t whole = shown == NULL ? length : newline != NULL ? (size_t)(newline + 1 - text) : 0;
    if (kept.length > 0 && (whole > 0 || kept.error != error || kept.length > KEPT_BACK)) {
        repl_terminal_put(kept.error, kept.bytes, kept.length);
        if (whole == 0 && shown != NULL)
            put("\n");
        kept.length = 0;
    }
    repl_terminal_put(error, text, whole);
    if (whole < length) {
        char *bytes = realloc(kept.bytes, kept.length + length - whole);
        if (bytes == NULL)
            return;
        memcpy(bytes + kept.length, text + whole, length - whole);
        kept.bytes = bytes;
        kept.length += length - whole;
        kept.error = error;
    }
}

void repl_terminal_prompt(const repl_prompt_t *prompt) {
    shown = prompt;
    if (prompt == NULL && kept.length > 0) {
        repl_terminal_put(kept.error, kept.bytes, kept.length);
        kept.length = 0;
    }
}

static void clear_cell(void) {
    if (clear_next && capable)
        put("\r\033[K");
    clear_next = false;
}

void repl_terminal_stream(void *data, const char *cell, bool error, const char *text,
                          size_t length) {
    repl_terminal_lock();
    /* Text without a line end would redraw the prompt for nothing. */
    bool redraw =
        shown == NULL || memchr(text, '\n', length) != NULL || kept.length + length > KEPT_BACK;
    if (redraw)
        begin();
    clear_cell();
    write_text(error, text, length);
    if (redraw)
        end();
    repl_terminal_unlock();
}

/* ---- messages ------------------------------------------------------------------------------ */

static const char *plain_text(json_t *content) {
    return json_string_value(json_object_get(json_object_get(content, "data"), "text/plain"));
}

static void show_result(json_t *content) {
    const char *text = plain_text(content);
    if (text == NULL || !interactive)
        return;
    json_int_t count = json_integer_value(json_object_get(content, "execution_count"));
    char head[96];
    snprintf(
        head, sizeof head,
        colors ? "\033[31mOut[\033[1m%lld\033[0;31m]:\033[0m " : "Out[%lld]: ", (long long)count);
    repl_terminal_fresh_line();
    put(head);
    if (strchr(text, '\n') != NULL)
        put("\n");
    put(text);
    put("\n\n");
}

static void show_error(json_t *content) {
    size_t index;
    json_t *line;
    const char *name = json_string_value(json_object_get(content, "ename"));
    if (interactive && shown == NULL && name != NULL && strcmp(name, "KeyboardInterrupt") == 0)
        in_line = true; /* the terminal itself has shown ^C */
    repl_terminal_fresh_line();
    json_array_foreach(json_object_get(content, "traceback"), index, line) {
        const char *text = json_string_value(line);
        if (text == NULL)
            continue;
        repl_terminal_put(!interactive, text, strlen(text));
        repl_terminal_put(!interactive, "\n", 1);
    }
    if (interactive)
        put("\n");
}

static void show_display(json_t *content) {
    const char *text = plain_text(content);
    if (text == NULL)
        return;
    repl_terminal_fresh_line();
    put(text);
    put("\n");
}

/* "job 3 'name': 1,234,567 records, 45,678/s, 12 %" */
static void group(char *out, size_t capacity, json_int_t number) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)number);
    size_t end = 0;
    for (int i = 0; i < length && end + 2 < capacity; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[end++] = ',';
        out[end++] = digits[i];
    }
    out[end] = '\0';
}

static void show_progress(json_t *content) {
    if (!capable || shown != NULL || in_line)
        return;
    if (!json_is_true(json_object_get(content, "foreground")))
        return;
    const char *state = json_string_value(json_object_get(content, "state"));
    if (state == NULL || strcmp(state, "RUNNING") != 0 ||
        !json_is_true(json_object_get(content, "bounded")))
        return;
    char records[48], rate[48], percent[16] = "", line[256];
    group(records, sizeof records, json_integer_value(json_object_get(content, "records")));
    group(rate, sizeof rate, json_integer_value(json_object_get(content, "rate")));
    json_t *part = json_object_get(content, "percent");
    if (json_is_integer(part))
        snprintf(percent, sizeof percent, ", %lld %%", (long long)json_integer_value(part));
    int length =
        snprintf(line, sizeof line, "job %lld '%.40s': %s records, %s/s%s",
                 (long long)json_integer_value(json_object_get(content, "job")),
                 json_string_value(json_object_get(content, "name")), records, rate, percent);
    int columns = repl_terminal_columns();
    if (length >= columns)
        line[columns > 1 ? columns - 1 : 0] = '\0';
    put(line);
    progress_on = true;
}

void repl_terminal_message(void *data, const char *cell, const char *type, const char *content,
                           const session_buffer_t *buffers, size_t count) {
    json_t *json = json_loads(content, 0, NULL);
    if (json == NULL)
        return;
    repl_terminal_lock();
    if (strcmp(type, "job_status") == 0) {
        erase_progress();
        show_progress(json);
    } else if (strcmp(type, "clear_output") == 0) {
        clear_next = true;
        if (!json_is_true(json_object_get(json, "wait")) && shown == NULL)
            clear_cell();
    } else {
        begin();
        clear_cell();
        if (strcmp(type, "execute_result") == 0)
            show_result(json);
        else if (strcmp(type, "error") == 0)
            show_error(json);
        else if (strcmp(type, "display_data") == 0 || strcmp(type, "update_display_data") == 0)
            show_display(json);
        end();
    }
    repl_terminal_unlock();
    json_decref(json);
}
