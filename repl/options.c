/* options.c - the command line of pyflink-shell, parsed without any side effect.
 *
 * Options come before what is run; everything after -f FILE, -m MODULE, -c CODE or - belongs to
 * the program, as with python3. */
#include "repl/options.h"

#include "repl/python_options.h"

#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char repl_usage_text[] = "usage: pyflink-shell [OPTION]... [local | -f FILE | -m MODULE | "
                               "-c CODE | -] [ARGUMENT]...\n";

const char repl_help_text[] =
    "Runs Apache Flink's Python DataStream programs in one process with the JVM.\n"
    "\n"
    "  -f FILE                 run a script (a .py file, or a folder or zip with __main__.py)\n"
    "  -m MODULE               run a module, like python3 -m\n"
    "  -c CODE                 run the code in CODE\n"
    "  -                       run what standard input gives\n"
    "  local                   the interactive shell, as without any of these\n"
    "  -i                      the interactive shell after the program of -f, -m or -c\n"
    "      --no-banner         begin the interactive shell without its greeting\n"
    "  -pym, --pyModule MODULE run a module; as with `flink run`, more options can follow\n"
    "  -D KEY=VALUE            set an option of Flink, as often as needed\n"
    "  -j, --jars JARS         add jars, separated by commas; patterns and URLs work\n"
    "      --python PROGRAM    the python3 whose packages are used\n"
    "      --python-path PATH  put folders (separated by colons) first on sys.path\n"
    "  -pyfs, --pyFiles FILES  modules, folders, zips, wheels and eggs for the program and its\n"
    "                          functions, separated by commas\n"
    "  -pyarch, --pyArchives FILES\n"
    "                          zip and tar files, separated by commas; functions find FILE in the\n"
    "                          folder FILE, or for FILE#NAME in NAME, below their current one\n"
    "  -pyreq, --pyRequirements FILE[#FOLDER]\n"
    "                          install what a requirements file names, from FOLDER when given\n"
    "  -pyexec, --pyExecutable PROGRAM\n"
    "                          a python3 of the same version whose packages functions use, too\n"
    "  -pyclientexec, --pyClientExecutable PROGRAM\n"
    "                          the same as --python\n"
    "  -pypath, --pyPythonPath PATH\n"
    "                          folders, separated by colons, for sys.path of functions\n"
    "  -s, --fromSavepoint PATH\n"
    "                          start jobs from a savepoint, or from a checkpoint that was kept\n"
    "  -n, --allowNonRestoredState\n"
    "                          drop its state of operators that the program no longer has\n"
    "  -rm, --restoreMode MODE\n"
    "                          whose its files are then: claim, no_claim (as without) or legacy\n"
    "      --java-trace        show Java's stack trace with errors\n"
    "      --build-class-archive[=DIR]\n"
    "                          make the archive that lets the JVM start faster, and end\n"
    "  -h, --help              show this and end\n"
    "  -V, --version           show the versions and end\n"
    "\n"
    "Environment: JAVA_HOME (the JVM, 11 or newer; else java on PATH), VIRTUAL_ENV,\n"
    "PYFLINK_SHELL_HEAP (largest Java heap, as 2g), PYFLINK_SHELL_JVM_OPTS (more JVM options),\n"
    "PYFLINK_SHELL_LOG (file for the whole log), PYFLINK_SHELL_CLASS_ARCHIVE=off,\n"
    "PYFLINK_SHELL_HISTORY and PYFLINK_SHELL_HISTSIZE (file and length of the shell's history),\n"
    "PYFLINK_SHELL_STARTUP or PYTHONSTARTUP (file to run when the shell starts), NO_COLOR.\n";

static char *format_new(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

static bool is_url(const char *text) {
    const char *colon = strstr(text, "://");
    return colon != NULL && strcspn(text, "/:") == (size_t)(colon - text);
}

/* "a.jar,lib/x*.jar,file:///b.jar" */
static char *add_jars(repl_strings_t *jars, const char *value) {
    char *copy = format_new("%s", value), *rest = copy, *item, *error = NULL;
    while (error == NULL && (item = strsep(&rest, ",")) != NULL) {
        glob_t found = {0};
        if (*item == '\0')
            continue;
        if (is_url(item)) {
            repl_strings_append(jars, format_new("%s", item));
        } else if (glob(item, GLOB_TILDE, NULL, &found) == 0) {
            for (size_t i = 0; i < found.gl_pathc; i++) {
                char resolved[PATH_MAX];
                repl_strings_append(jars, format_new("%s", realpath(found.gl_pathv[i], resolved)
                                                               ? resolved
                                                               : found.gl_pathv[i]));
            }
        } else {
            error = format_new("--jars: there is no file %s", item);
        }
        globfree(&found);
    }
    free(copy);
    return error;
}

static void add_folders(repl_strings_t *folders, char *value) {
    char *item;
    while ((item = strsep(&value, ":")) != NULL)
        if (*item != '\0')
            repl_strings_append(folders, item);
}

static char *add_flink_option(repl_strings_t *list, char *value) {
    const char *equal = strchr(value, '=');
    if (equal == NULL || equal == value)
        return format_new("-D %s: KEY=VALUE is needed", value);
    repl_strings_append(list, value);
    return NULL;
}

/* One option that takes a value; `value` is NULL when there is none. */
typedef enum {
    O_NONE,
    O_FILE,
    O_MODULE,
    O_CODE,
    O_FLINK,
    O_JARS,
    O_PYTHON,
    O_PATH,
    O_RUN_FILE,
    O_RUN_MODULE,
    O_RUN_SAVEPOINT,
    O_RUN_RESTORE_MODE,
    O_RUN_PYTHON /* and the repl_python_option_t */
} option_t;

static const struct {
    char letter;
    const char *name;
    option_t option;
} with_value[] = {
    {'f', "--file", O_FILE},   {'m', "--module", O_MODULE},  {'c', "--command", O_CODE},
    {'D', NULL, O_FLINK},      {'j', "--jars", O_JARS},      {0, "--jar", O_JARS},
    {0, "--python", O_PYTHON}, {0, "--python-path", O_PATH},
};

/* Spelled as `flink run` does. Its long form of -py is --python, which means something else here.
 */
static const struct {
    const char *name, *long_name;
    option_t option;
} as_flink_run[] = {
    {"-py", NULL, O_RUN_FILE},
    {"-pym", "--pyModule", O_RUN_MODULE},
    {"-s", "--fromSavepoint", O_RUN_SAVEPOINT},
    {"-claimMode", "--claimMode", O_RUN_RESTORE_MODE},
    {"-rm", "--restoreMode", O_RUN_RESTORE_MODE},
    {"-pyfs", "--pyFiles", O_RUN_PYTHON + REPL_PYTHON_FILES},
    {"-pyarch", "--pyArchives", O_RUN_PYTHON + REPL_PYTHON_ARCHIVES},
    {"-pyreq", "--pyRequirements", O_RUN_PYTHON + REPL_PYTHON_REQUIREMENTS},
    {"-pyexec", "--pyExecutable", O_RUN_PYTHON + REPL_PYTHON_EXECUTABLE},
    {"-pyclientexec", "--pyClientExecutable", O_RUN_PYTHON + REPL_PYTHON_CLIENT},
    {"-pypath", "--pyPythonPath", O_RUN_PYTHON + REPL_PYTHON_PATH},
};

static bool is_long(const char *word, const char *name, char **value) {
    size_t length = name ? strlen(name) : 0;
    if (length == 0 || strncmp(word, name, length) != 0 ||
        (word[length] != '\0' && word[length] != '='))
        return false;
    *value = word[length] == '=' ? (char *)word + length + 1 : NULL;
    return true;
}

static option_t find_as_flink_run(char *word, char **value) {
    for (size_t i = 0; i < sizeof as_flink_run / sizeof *as_flink_run; i++)
        if (strcmp(word, as_flink_run[i].name) == 0 ||
            is_long(word, as_flink_run[i].long_name, value))
            return as_flink_run[i].option;
    return O_NONE;
}

/* Finds the option that `word` begins; *value is what is attached to it ("-Da=b", "--jars=x"). */
static option_t find(char *word, char **value) {
    *value = NULL;
    option_t option = find_as_flink_run(word, value);
    if (option != O_NONE)
        return option;
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++) {
        if (with_value[i].letter && word[1] == with_value[i].letter) {
            if (word[2] != '\0')
                *value = word + 2;
            return with_value[i].option;
        }
        if (is_long(word, with_value[i].name, value))
            return with_value[i].option;
    }
    return O_NONE;
}

/* Takes over `option`, "key=value". */
static void add_owned_option(repl_options_t *options, char *option) {
    repl_strings_append(&options->owned, option);
    repl_strings_append(&options->flink_options, option);
}

static char *add_savepoint(repl_options_t *options, const char *value) {
    if (*value == '\0')
        return format_new("-s: the path of a checkpoint or savepoint is needed");
    char *path = repl_absolute_new(value);
    add_owned_option(options, format_new("execution.savepoint.path=%s", path));
    free(path);
    return NULL;
}

static void set_program(repl_options_t *options, repl_mode_t mode, char *flag, char *target) {
    options->mode = mode;
    options->target = target;
    if (flag != NULL)
        repl_strings_append(&options->python_argv, flag);
    repl_strings_append(&options->python_argv, target);
}

/* Returns true when the rest of argv belongs to the program. */
static bool apply(repl_options_t *options, option_t option, char *value) {
    switch (option) {
    case O_FILE:
        set_program(options, REPL_SCRIPT, NULL, value);
        return true;
    case O_MODULE:
        set_program(options, REPL_MODULE, "-m", value);
        return true;
    case O_CODE:
        set_program(options, REPL_COMMAND, "-c", value);
        return true;
    case O_FLINK:
        options->error = add_flink_option(&options->flink_options, value);
        return false;
    case O_JARS:
        options->error = add_jars(&options->jars, value);
        return false;
    case O_PYTHON:
        options->python = value;
        return false;
    case O_PATH:
        add_folders(&options->python_path, value);
        return false;
    case O_RUN_FILE:
    case O_RUN_MODULE:
        if (options->mode != REPL_INTERACTIVE)
            options->error = format_new("-py and -pym cannot be given together, or twice");
        else if (option == O_RUN_FILE)
            set_program(options, REPL_SCRIPT, NULL, value);
        else
            set_program(options, REPL_MODULE, "-m", value);
        return false; /* as with `flink run`, more options can follow */
    case O_RUN_SAVEPOINT:
        options->error = add_savepoint(options, value);
        return false;
    case O_RUN_RESTORE_MODE:
        add_owned_option(options, format_new("execution.savepoint-restore-mode=%s", value));
        return false;
    case O_NONE:
        break;
    default:
        options->error =
            repl_python_option_new(options, (repl_python_option_t)(option - O_RUN_PYTHON), value);
    }
    return false;
}

static bool is_drop_state(const char *word) {
    return strcmp(word, "-n") == 0 || strcmp(word, "--allowNonRestoredState") == 0;
}

/* Options without a value. Returns false when `word` is none of them. */
static bool apply_plain(repl_options_t *options, char *word) {
    static char drop_state[] = "execution.savepoint.ignore-unclaimed-state=true";
    static char build[] = "--build-class-archive", train[] = "--train-class-archive=";
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        options->mode = REPL_HELP;
    else if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
        options->mode = REPL_VERSION;
    else if (strcmp(word, "-i") == 0)
        options->interactive = true;
    else if (strcmp(word, "--no-banner") == 0)
        options->no_banner = true;
    else if (strcmp(word, "--java-trace") == 0)
        options->java_trace = true;
    else if (is_drop_state(word))
        repl_strings_append(&options->flink_options, drop_state);
    else if (strncmp(word, build, sizeof build - 1) == 0 &&
             (word[sizeof build - 1] == '\0' || word[sizeof build - 1] == '=')) {
        options->mode = REPL_BUILD_ARCHIVE;
        options->target = word[sizeof build - 1] ? word + sizeof build : NULL;
    } else if (strncmp(word, train, sizeof train - 1) == 0) {
        options->mode = REPL_TRAIN;
        options->target = word + sizeof train - 1;
    } else
        return false;
    return true;
}

/* After -py or -pym only these options are ours; the first other word begins the program's. */
static bool is_the_programs(const repl_options_t *options, char *word) {
    char *value;
    if (options->mode != REPL_SCRIPT && options->mode != REPL_MODULE)
        return false;
    option_t option = word[0] == '-' ? find(word, &value) : O_NONE;
    return !is_drop_state(word) && option != O_FLINK && option != O_JARS && option < O_RUN_FILE;
}

void repl_options_parse(int argc, char **argv, repl_options_t *options) {
    *options = (repl_options_t){.mode = REPL_INTERACTIVE};
    repl_strings_append(&options->python_argv, argv[0]);
    int i = 1;
    bool local = false;
    for (bool program = false; i < argc && !program && options->error == NULL; i++) {
        char *word = argv[i], *value;
        if (is_the_programs(options, word)) {
            i += strcmp(word, "--") == 0;
            break;
        }
        if (strcmp(word, "-") == 0) {
            set_program(options, REPL_STDIN, NULL, word);
            program = true;
        } else if (strcmp(word, "local") == 0 && options->mode == REPL_INTERACTIVE && !local) {
            local = true;
        } else if (word[0] != '-') {
            options->error = format_new("unexpected argument '%s' (a script is run with -f)", word);
        } else if (!apply_plain(options, word)) {
            option_t option = find(word, &value);
            if (option == O_NONE) {
                options->error = format_new("unknown option '%s'", word);
            } else if (value == NULL && i + 1 >= argc) {
                options->error = format_new("option '%s' needs a value", word);
            } else {
                if (value == NULL)
                    value = argv[++i];
                program = apply(options, option, value);
            }
        }
        if (options->mode == REPL_HELP || options->mode == REPL_VERSION)
            return;
    }
    for (; i < argc && options->error == NULL; i++)
        repl_strings_append(&options->python_argv, argv[i]);
    if (options->error != NULL)
        options->mode = REPL_USAGE;
}

void repl_options_clear(repl_options_t *options) {
    for (size_t i = 0; i < options->jars.count; i++)
        free(options->jars.items[i]);
    for (size_t i = 0; i < options->owned.count; i++)
        free(options->owned.items[i]);
    free(options->owned.items);
    free(options->jars.items);
    free(options->flink_options.items);
    free(options->python_path.items);
    free(options->python_argv.items);
    free(options->error);
    *options = (repl_options_t){0};
}
