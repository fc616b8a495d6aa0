/* options.c - the command line of pyflink-kernel, parsed without any side effect.
 *
 * What is not the kernel's own goes to the shell's parser: both take the same options of the
 * engine. */
#include "kernel/options.h"

#include "kernel/kernel_text.h"
#include "repl/python_options.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char kernel_usage_text[] =
    "usage: pyflink-kernel [-f FILE] [OPTION]...\n"
    "       pyflink-kernel install [--user | --prefix DIR | --sys-prefix] [--name NAME]\n"
    "                              [--display-name TEXT] [--env NAME=VALUE]... [OPTION]...\n";

const char kernel_help_text[] =
    "A Jupyter kernel that runs Flink's Python DataStream programs in one process with the JVM.\n"
    "\n"
    "  -f FILE                 the connection file; it is made when it does not exist, and has a\n"
    "                          name in Jupyter's run-time folder when none is given\n"
    "  -h, --help              show this and end\n"
    "  -V, --version           show the versions and end\n"
    "\n"
    "install makes the kernel known to Jupyter:\n"
    "      --user              for this user\n"
    "      --prefix DIR        below DIR/share/jupyter\n"
    "      --sys-prefix        for the environment of the Python that is used\n"
    "                          (without any of these: for all users, below /usr/local)\n"
    "      --name NAME         the kernel's name (pyflink)\n"
    "      --display-name TEXT what notebooks show (PyFlink)\n"
    "      --env NAME=VALUE    a variable for the kernel's environment, as often as needed\n"
    "\n"
    "Other options are those of pyflink-shell: -D KEY=VALUE, -j JARS, --python PROGRAM,\n"
    "--python-path PATH, -pyfs FILES, --java-trace and more; install keeps them for the kernel.\n";

static const char *const environment_option = "--env";

/* The value of option `name` at argv[*i], which may be attached with '='; NULL: another option. */
static char *value_of(int argc, char **argv, int *i, const char *name, kernel_options_t *options) {
    size_t length = strlen(name);
    char *word = argv[*i];
    if (strncmp(word, name, length) != 0)
        return NULL;
    if (name[1] == '-' && word[length] == '=')
        return word + length + 1;
    if (name[1] != '-' && word[length] != '\0')
        return word + length;
    if (word[length] != '\0')
        return NULL;
    if (*i + 1 < argc)
        return argv[++*i];
    if (options->error == NULL)
        options->error = kernel_format_new("option '%s' needs a value", name);
    return word + length;
}

static bool is_name(const char *name) {
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789._-");
    return good > 0 && name[good] == '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void check_environment(kernel_options_t *options, char *value) {
    const char *equals = strchr(value, '=');
    if (options->error == NULL && (equals == NULL || equals == value))
        options->error = kernel_format_new("--env %s: this is not NAME=VALUE", value);
    repl_strings_append(&options->environment, value);
}

/* An option of install at argv[*i]. */
static bool install_option(int argc, char **argv, int *i, kernel_options_t *options) {
    char *value;
    if (strcmp(argv[*i], "--user") == 0)
        options->place = KERNEL_USER;
    else if (strcmp(argv[*i], "--sys-prefix") == 0)
        options->place = KERNEL_SYS_PREFIX;
    else if ((value = value_of(argc, argv, i, "--prefix", options)) != NULL) {
        options->place = KERNEL_PREFIX;
        options->prefix = value;
    } else if ((value = value_of(argc, argv, i, "--name", options)) != NULL) {
        options->name = value;
        if (options->error == NULL && !is_name(value))
            options->error = kernel_format_new(
                "--name %s: a name has letters, digits, '.', '_' and '-' only", value);
    } else if ((value = value_of(argc, argv, i, "--display-name", options)) != NULL)
        options->display_name = value;
    else if ((value = value_of(argc, argv, i, environment_option, options)) != NULL)
        check_environment(options, value);
    else
        return false;
    return true;
}

static void parse_engine(kernel_options_t *options) {
    repl_options_parse((int)options->arguments.count, options->arguments.items, &options->engine);
    if (options->engine.mode == REPL_USAGE)
        options->error = kernel_format_new("%s", options->engine.error);
    else if (options->engine.mode != REPL_INTERACTIVE)
        options->error = kernel_format_new("a kernel runs cells, no program");
}

static bool is_plain(kernel_options_t *options, const char *word) {
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        options->mode = KERNEL_HELP;
    else if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
        options->mode = KERNEL_VERSION;
    else
        return false;
    return true;
}

void kernel_options_parse(int argc, char **argv, kernel_options_t *options) {
    static char default_name[] = "pyflink", default_display_name[] = "PyFlink";
    *options = (kernel_options_t){.name = default_name, .display_name = default_display_name};
    repl_strings_append(&options->arguments, argv[0]);
    int i = 1;
    if (argc > 1 && strcmp(argv[1], "install") == 0) {
        options->mode = KERNEL_INSTALL;
        i++;
    }
    for (; i < argc && options->error == NULL; i++) {
        char *value;
        if (is_plain(options, argv[i]))
            return;
        if (options->mode == KERNEL_INSTALL && install_option(argc, argv, &i, options))
            continue;
        if (options->mode == KERNEL_RUN &&
            (value = value_of(argc, argv, &i, "-f", options)) != NULL)
            options->connection_file = value;
        else
            repl_strings_append(&options->arguments, argv[i]);
    }
    if (options->error == NULL)
        parse_engine(options);
    if (options->error != NULL)
        options->mode = KERNEL_USAGE;
}

void kernel_options_clear(kernel_options_t *options) {
    repl_options_clear(&options->engine);
    free(options->arguments.items);
    free(options->environment.items);
    free(options->error);
    *options = (kernel_options_t){0};
}
