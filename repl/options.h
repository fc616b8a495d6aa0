/* options.h - the command line of pyflink-shell, parsed without any side effect.
 *
 * Ownership: the parsed options own their arrays (repl_options_clear), whose strings point into
 * argv except those of `jars`, `owned` and `error`, which are owned. */
#ifndef PYFLINK_SHELL_REPL_OPTIONS_H
#define PYFLINK_SHELL_REPL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    REPL_INTERACTIVE,   /* nothing to run was given */
    REPL_SCRIPT,        /* -f FILE */
    REPL_MODULE,        /* -m MODULE */
    REPL_COMMAND,       /* -c CODE */
    REPL_STDIN,         /* - */
    REPL_HELP,          /* --help */
    REPL_VERSION,       /* --version */
    REPL_BUILD_ARCHIVE, /* --build-class-archive[=DIR] */
    REPL_TRAIN,         /* internal: the run whose classes go into the archive */
    REPL_USAGE          /* wrong; `error` says what */
} repl_mode_t;

typedef struct {
    char **items; /* NULL-terminated */
    size_t count;
} repl_strings_t;

typedef struct {
    repl_mode_t mode;
    const char *target; /* file, module, code or folder, by mode */
    const char *python; /* --python, or NULL */
    bool java_trace;
    bool interactive; /* -i: the prompt comes after the program */
    bool no_banner;
    repl_strings_t flink_options; /* "key=value" */
    repl_strings_t jars;          /* absolute paths and URLs */
    repl_strings_t python_path;
    repl_strings_t owned;       /* what flink_options hold besides the words of argv */
    repl_strings_t python_argv; /* what python3 would be given; [0] is the program */
    char *error;
} repl_options_t;

/* Parses argv; files named with --jars, -pyfs and the like are looked up, nothing else is. */
void repl_options_parse(int argc, char **argv, repl_options_t *options);
void repl_options_clear(repl_options_t *options);

extern const char repl_usage_text[]; /* one line for wrong usage */
extern const char repl_help_text[];  /* the whole help */

#endif
