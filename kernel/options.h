/* options.h - the command line of pyflink-kernel.
 *
 * Ownership: strings point into argv, except for `error` and what `engine` owns. */
#ifndef PYFLINK_SHELL_KERNEL_OPTIONS_H
#define PYFLINK_SHELL_KERNEL_OPTIONS_H

#include "repl/options.h"

typedef enum {
    KERNEL_RUN,
    KERNEL_INSTALL,
    KERNEL_HELP,
    KERNEL_VERSION,
    KERNEL_USAGE
} kernel_mode_t;

typedef enum { KERNEL_SYSTEM, KERNEL_USER, KERNEL_PREFIX, KERNEL_SYS_PREFIX } kernel_place_t;

typedef struct {
    kernel_mode_t mode;
    char *error;              /* for KERNEL_USAGE, owned */
    char *connection_file;    /* -f, or NULL */
    repl_options_t engine;    /* -D, -j, --python and the shell's other options */
    repl_strings_t arguments; /* these options as they were given */
    kernel_place_t place;     /* the rest is of install */
    char *prefix, *name, *display_name;
    repl_strings_t environment; /* "NAME=VALUE" */
} kernel_options_t;

extern const char kernel_usage_text[], kernel_help_text[];

void kernel_options_parse(int argc, char **argv, kernel_options_t *options);
void kernel_options_clear(kernel_options_t *options);

#endif
