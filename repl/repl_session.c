/* repl_session.c - the interactive shell: a front end of engine/session.
 *
 * A thread of its own reads blocks and has them run, one after the other; it starts before Python
 * and the JVM do, so that the prompt is there at once. Without a terminal the same thread runs
 * what standard input gives as one program in the session. */
#include "repl/repl_session.h"

#include "config.h"
#include "repl/repl_history.h"
#include "repl/repl_prompt.h"
#include "repl/repl_terminal.h"

#include <ctype.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INTERRUPTED "KeyboardInterrupt\n"
#define SHELL_STACK (8u << 20)

static const repl_options_t *options;
static bool terminal; /* both ends are a terminal: there is a prompt */
static json_int_t count = 1;
static char *next_input; /* what a magic such as %load puts into the next prompt */

/* ---- requests ------------------------------------------------------------------------------ */

/* Steals content. New reference, or NULL when the session has ended. */
static json_t *call_new(const char *op, json_t *content) {
    char cell[32];
    snprintf(cell, sizeof cell, "%lld", (long long)count);
    char *text = json_dumps(content, 0);
    json_decref(content);
    char *reply = text ? session_call_new(op, cell, text, NULL, 0) : NULL;
    free(text);
    json_t *json = reply ? json_loads(reply, 0, NULL) : NULL;
    free(reply);
    return json;
}

static void show_page(const char *text) {
    int lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    const char *pager = getenv("PAGER");
    char *command = host_format_new("LESS=${LESS--R} %s",
                                    pager && *pager ? pager : "$(command -v less || echo more)");
    FILE *pipe = NULL;
    if (repl_terminal_is_capable() && lines >= repl_terminal_rows() - 1)
        pipe = popen(command, "we");
    free(command);
    if (pipe != NULL) {
        fputs(text, pipe);
        if (pclose(pipe) == 0)
            return;
    }
    session_write("", false, text, strlen(text));
    if (*text != '\0' && text[strlen(text) - 1] != '\n')
        session_write("", false, "\n", 1);
    session_flush();
}

static void take_payload(json_t *reply) {
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(reply, "payload"), index, item) {
        const char *source = json_string_value(json_object_get(item, "source"));
        if (source == NULL)
            continue;
        if (strcmp(source, "page") == 0) {
            json_t *data = json_object_get(item, "data");
            const char *text = json_string_value(json_object_get(data, "text/plain"));
            if (text != NULL)
                show_page(text);
        } else if (strcmp(source, "set_next_input") == 0) {
            const char *text = json_string_value(json_object_get(item, "text"));
            free(next_input);
            next_input = text ? strdup(text) : NULL;
        }
    }
}

static void run_block(const char *block) {
    json_t *reply = call_new("execute", json_pack("{s:s,s:b,s:b,s:b}", "code", block, "silent", 0,
                                                  "store_history", 1, "allow_stdin", 1));
    if (reply == NULL)
        return;
    json_int_t ran = json_integer_value(json_object_get(reply, "execution_count"));
    if (ran > 0)
        count = ran + 1;
    take_payload(reply);
    json_decref(reply);
}

/* ---- blocks -------------------------------------------------------------------------------- */

static bool is_blank(const char *text) {
    while (isspace((unsigned char)*text))
        text++;
    return *text == '\0';
}

/* Whether a block is whole; *indent is what the next line begins with. */
static bool is_complete(const char *block, char **indent) {
    json_t *content = json_pack("{s:s}", "code", block);
    char *text = content ? json_dumps(content, 0) : NULL;
    char *answer = text ? session_call_here_new("is_complete", "", text, NULL, 0) : NULL;
    json_t *reply = answer ? json_loads(answer, 0, NULL) : NULL;
    const char *status = json_string_value(json_object_get(reply, "status"));
    const char *spaces = json_string_value(json_object_get(reply, "indent"));
    bool complete = status == NULL || strcmp(status, "incomplete") != 0;
    *indent = complete ? NULL : strdup(spaces ? spaces : "");
    json_decref(reply);
    json_decref(content);
    free(answer);
    free(text);
    return complete;
}

static char *append_line(char *block, char *line) {
    char *longer = host_format_new("%s%s\n", block, line);
    free(block);
    free(line);
    return longer;
}

/* The length of the UTF-8 sequence that a text begins with; 0 when it begins with none. */
static size_t sequence(const unsigned char *text) {
    unsigned char c = *text;
    size_t length = c < 0x80                ? 1
                    : c >= 0xc2 && c < 0xe0 ? 2
                    : c >= 0xe0 && c < 0xf0 ? 3
                    : c >= 0xf0 && c < 0xf5 ? 4
                                            : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (c == 0xe0 && text[1] < 0xa0) || (c == 0xf0 && text[1] < 0x90);
    bool beyond = (c == 0xed && text[1] > 0x9f) || (c == 0xf4 && text[1] > 0x8f);
    return overlong || beyond ? 0 : length;
}

/* Bytes that are no UTF-8 become U+FFFD, which Python then complains about. Takes line. */
static char *repair(char *line) {
    char *text = malloc(3 * strlen(line) + 1), *end = text;
    if (text == NULL)
        abort();
    for (const char *at = line; *at != '\0';) {
        size_t length = sequence((const unsigned char *)at);
        end = length > 0 ? mempcpy(end, at, length) : stpcpy(end, "\xef\xbf\xbd");
        at += length > 0 ? length : 1;
    }
    *end = '\0';
    free(line);
    return text;
}

static void trim_end(char *block) {
    size_t length = strlen(block);
    while (length > 0 && isspace((unsigned char)block[length - 1]))
        block[--length] = '\0';
}

/* Reads a block. NULL when there is none: *how says why. */
static char *read_block_new(repl_read_t *how) {
    char first[48], more[48], *block = strdup(""), *indent = NULL;
    int width = snprintf(first, sizeof first, "In [%lld]: ", (long long)count);
    snprintf(more, sizeof more, "%*s", width, "...: ");
    indent = next_input;
    next_input = NULL;
    for (bool going = true; going;) {
        char *line = NULL;
        repl_ask_t ask = {
            .text = *block ? more : first, .color = "\033[32m", .initial = indent, .before = block};
        *how = repl_prompt_read_new(&ask, &line);
        free(indent);
        indent = NULL;
        if (*how != REPL_LINE) {
            free(line);
            bool dropped = *block != '\0' && *how == REPL_END;
            free(block);
            if (dropped)
                *how = REPL_INTERRUPTED;
            return NULL;
        }
        line = repair(line);
        if (*block == '\0' && is_blank(line)) {
            free(line);
            continue;
        }
        /* The last line of a block tells that it is whole by being empty. */
        if (is_blank(line))
            *line = '\0';
        block = append_line(block, line);
        /* With the end of its last line a block would always look whole. */
        char *asked = strndup(block, strlen(block) - 1);
        going = !is_complete(asked, &indent);
        free(asked);
    }
    free(indent);
    trim_end(block);
    return block;
}

static void end_of_input(repl_read_t how) {
    if (how == REPL_END)
        session_close(0);
}

static void serve_terminal(void) {
    while (!session_is_closing()) {
        repl_read_t how;
        char *block = read_block_new(&how);
        if (block == NULL) {
            if (how == REPL_INTERRUPTED)
                session_write("", false, INTERRUPTED, sizeof INTERRUPTED - 1);
            session_flush();
            end_of_input(how);
            continue;
        }
        repl_terminal_lock();
        repl_history_add(block);
        repl_terminal_unlock();
        if (repl_prompt_missed())
            session_write("", false, "^C\n" INTERRUPTED, sizeof "^C\n" INTERRUPTED - 1);
        else
            run_block(block);
        free(block);
    }
}

/* ---- start --------------------------------------------------------------------------------- */

static void show_banner(void) {
    host_java_home_t java;
    char *error = host_java_home_find(&java);
    const char *version = error ? "not found" : java.version ? java.version : "of unknown version";
    printf("pyflink-shell %s · Flink %s, Python %s, Java %s\n", PACKAGE_VERSION, FLINK_VERSION,
           PY_VERSION, version);
    printf("env is the streaming environment, stream.show() shows its first records; %%jobs lists "
           "jobs,\n%%flink lists commands, name? explains, Tab completes, Ctrl-D ends.\n\n");
    fflush(stdout);
    free(error);
    host_java_home_clear(&java);
}

static json_t *program_new(void) {
    json_t *args = json_array();
    for (size_t i = 0; i < options->python_argv.count; i++)
        if (i > 0 || options->mode == REPL_STDIN)
            json_array_append_new(args, json_string(options->python_argv.items[i]));
    static const char *const kinds[] = {
        [REPL_SCRIPT] = "script", [REPL_MODULE] = "module", [REPL_COMMAND] = "command"};
    return json_pack("{s:s,s:s,s:o}", "kind", kinds[options->mode], "target", options->target,
                     "args", args);
}

static char *read_all_new(FILE *file) {
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    char piece[65536];
    size_t got;
    while (memory != NULL && (got = fread(piece, 1, sizeof piece, file)) > 0)
        fwrite(piece, 1, got, memory);
    if (memory == NULL || fclose(memory) != 0)
        abort();
    return text;
}

static void run_program(json_t *program) {
    json_t *reply = call_new("run_file", program);
    json_t *code = json_object_get(reply, "exit_code");
    if (json_is_integer(code) && (!terminal || !json_is_null(code)))
        if (!terminal || json_is_true(json_object_get(reply, "exit")))
            session_close((int)json_integer_value(code));
    json_decref(reply);
}

static void *serve(void *unused) {
    if (options->mode != REPL_INTERACTIVE)
        run_program(program_new());
    if (terminal) {
        serve_terminal();
    } else {
        char *text = read_all_new(stdin);
        run_program(json_pack("{s:s,s:s,s:[s]}", "kind", "input", "target", text, "args", ""));
        free(text);
        session_close(0);
    }
    return NULL;
}

void repl_session_begin(const repl_options_t *chosen) {
    options = chosen;
    terminal = isatty(0) && (isatty(1) || isatty(2));
    repl_terminal_init(terminal);
    sigset_t all, before; /* the first thread takes the signals */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    if (terminal) {
        repl_prompt_init();
        if (!options->no_banner)
            show_banner();
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, SHELL_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, serve, NULL) != 0)
        abort();
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- the sink ------------------------------------------------------------------------------ */

static char *ask_input(void *data, const char *cell, const char *prompt, bool password) {
    if (!terminal) { /* the program is what standard input held */
        session_write(cell, false, prompt, strlen(prompt));
        return NULL;
    }
    /* Only the last line of a prompt is readline's. */
    const char *last = strrchr(prompt, '\n');
    if (last != NULL)
        repl_terminal_stream(NULL, cell, false, prompt, (size_t)(last + 1 - prompt));
    repl_ask_t ask = {
        .text = last ? last + 1 : prompt, .password = password, .stop = session_interrupted};
    char *line;
    return repl_prompt_read_new(&ask, &line) == REPL_LINE ? line : NULL;
}

static void idle_interrupt(void *data) {
    repl_prompt_signal(SIGINT);
}

static bool take_signal(void *data, int number) {
    return (number == SIGTSTP || number == SIGWINCH) && repl_prompt_signal(number);
}

int repl_session_main(const host_python_options_t *python) {
    static session_sink_t sink = {.stream = repl_terminal_stream,
                                  .message = repl_terminal_message,
                                  .input = ask_input,
                                  .idle_interrupt = idle_interrupt,
                                  .signal = take_signal};
    const char *settings[] = {repl_terminal_colors() ? "colors=Neutral" : "colors=NoColor",
                              terminal ? "interactive=1" : "interactive=", NULL};
    session_options_t session = {.python = python,
                                 .sink = &sink,
                                 .front_end = "shell",
                                 .terminal = terminal && isatty(1),
                                 .settings = settings};
    return session_main(&session);
}
