/* python_options.c - what `flink run` calls its Python options: -pyfs, -pyarch, -pyreq and others.
 */
#include "repl/python_options.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *option, *key;
    char separator; /* between several values; 0: the last one counts */
    bool second;    /* "FILE#SECOND": a second file, otherwise just a name */
    bool files;     /* values are files */
} kinds[] = {
    [REPL_PYTHON_FILES] = {"-pyfs", "python.files", ',', false, true},
    [REPL_PYTHON_ARCHIVES] = {"-pyarch", "python.archives", ',', false, true},
    [REPL_PYTHON_REQUIREMENTS] = {"-pyreq", "python.requirements", 0, true, true},
    [REPL_PYTHON_EXECUTABLE] = {"-pyexec", "python.executable", 0, false, false},
    [REPL_PYTHON_CLIENT] = {"-pyclientexec", "python.client.executable", 0, false, false},
    [REPL_PYTHON_PATH] = {"-pypath", "python.pythonpath", ':', false, false},
};

static char *format_new(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

void repl_strings_append(repl_strings_t *list, char *item) {
    list->items = realloc(list->items, (list->count + 2) * sizeof *list->items);
    if (list->items == NULL)
        abort();
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

/* An absolute path, or the URI as it is. Links are kept: the name is the module's. */
char *repl_absolute_new(const char *path) {
    char folder[PATH_MAX];
    if (strncmp(path, "file:", 5) == 0 || strstr(path, "://") != NULL || *path == '/' ||
        getcwd(folder, sizeof folder) == NULL)
        return format_new("%s", path);
    return format_new("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path);
}

/* Replaces `*path`, which is owned, by the absolute one; an error text when there is no file. */
static char *look_up(const char *option, char **path) {
    char *absolute = repl_absolute_new(*path), *error = NULL;
    if (*absolute == '/' && access(absolute, F_OK) != 0)
        error = format_new("%s: there is no file %s", option, *path);
    free(*path);
    *path = absolute;
    return error;
}

/* "FILE" or "FILE#NAME" or "FILE#SECOND" with absolute paths in *result. */
static char *one_file(int kind, const char *item, char **result) {
    const char *mark = strchr(item, '#');
    char *file = format_new("%.*s", (int)strcspn(item, "#"), item);
    char *rest = mark == NULL ? NULL : format_new("%s", mark + 1);
    char *error = look_up(kinds[kind].option, &file);
    if (error == NULL && rest != NULL && kinds[kind].second)
        error = look_up(kinds[kind].option, &rest);
    *result = rest == NULL ? format_new("%s", file) : format_new("%s#%s", file, rest);
    free(file);
    free(rest);
    return error;
}

static char *absolute_values(int kind, const char *value, char **result) {
    char *copy = format_new("%s", value), *rest = copy, *item, *error = NULL;
    const char separator[] = {kinds[kind].separator, '\0'};
    *result = format_new("%s", "");
    while (error == NULL && (item = strsep(&rest, separator)) != NULL) {
        char *absolute = NULL, *longer = NULL;
        if (*item == '\0')
            continue;
        error = one_file(kind, item, &absolute);
        longer = format_new("%s%s%s", *result, **result ? separator : "", absolute);
        free(*result);
        free(absolute);
        *result = longer;
    }
    free(copy);
    return error;
}

char *repl_python_option_new(repl_options_t *options, repl_python_option_t kind,
                             const char *value) {
    const char *key = kinds[kind].key;
    const char separator[] = {kinds[kind].separator, '\0'};
    char *new = NULL, *error = NULL;
    if (kinds[kind].files)
        error = absolute_values(kind, value, &new);
    else
        new = format_new("%s", value);
    if (error == NULL && *new == '\0')
        error = format_new("%s: a value is needed", kinds[kind].option);
    if (error != NULL) {
        free(new);
        return error;
    }
    /* Given twice: the values of both, where there can be several. */
    const char *before = NULL;
    size_t length = strlen(key);
    for (size_t i = 0; i < options->owned.count && kinds[kind].separator != 0; i++)
        if (strncmp(options->owned.items[i], key, length) == 0 &&
            options->owned.items[i][length] == '=')
            before = options->owned.items[i] + length + 1;
    char *option = format_new("%s=%s%s%s", key, before ? before : "", before ? separator : "", new);
    free(new);
    repl_strings_append(&options->owned, option);
    repl_strings_append(&options->flink_options, option);
    if (kind == REPL_PYTHON_CLIENT)
        options->python = option + length + 1;
    return NULL;
}
