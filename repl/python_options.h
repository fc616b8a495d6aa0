/* python_options.h - what `flink run` calls its Python options: -pyfs, -pyarch, -pyreq and others.
 *
 * They become Flink options (python.files and so on), with absolute paths: the program may change
 * its folder. Ownership: what is returned is an error text that the caller frees, or NULL. */
#ifndef PYFLINK_SHELL_REPL_PYTHON_OPTIONS_H
#define PYFLINK_SHELL_REPL_PYTHON_OPTIONS_H

#include "repl/options.h"

typedef enum {
    REPL_PYTHON_FILES,
    REPL_PYTHON_ARCHIVES,
    REPL_PYTHON_REQUIREMENTS,
    REPL_PYTHON_EXECUTABLE,
    REPL_PYTHON_CLIENT,
    REPL_PYTHON_PATH
} repl_python_option_t;

/* Adds the Flink option for `value`, to one of the same kind that was given before. */
char *repl_python_option_new(repl_options_t *options, repl_python_option_t kind, const char *value);

/* The absolute form of a path; a URI stays what it is. New string. */
char *repl_absolute_new(const char *path);

/* list.append(item), NULL-terminated. */
void repl_strings_append(repl_strings_t *list, char *item);

#endif
