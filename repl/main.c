/* main.c - pyflink-shell: runs a Python DataStream program in this process. */
#include "config.h"
#include "host/host_internal.h"
#include "repl/options.h"
#include "repl/repl_session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

static int show_version(void) {
    host_java_home_t java;
    char *error = host_java_home_find(&java);
    printf("pyflink-shell %s (Flink %s, Python %s, Java %s)\n", PACKAGE_VERSION, FLINK_VERSION,
           PY_VERSION,
           error          ? "not found"
           : java.version ? java.version
                          : "of unknown version");
    free(error);
    host_java_home_clear(&java);
    return 0;
}

static char train_flag[] = "-c";
static char train_code[] = "import _pyflink_host; _pyflink_host.train()";

static int run(void *data) {
    repl_options_t *options = data;
    host_jvm_options_t jvm = {.flink_options = (const char *const *)options->flink_options.items,
                              .jars = (const char *const *)options->jars.items,
                              .java_trace = options->java_trace};
    char *train_argv[] = {options->python_argv.items[0], train_flag, train_code, NULL};
    host_python_options_t python = {.python = options->python,
                                    .python_path = options->python_path.items,
                                    .argc = (int)options->python_argv.count,
                                    .argv = options->python_argv.items};
    bool session = options->mode == REPL_INTERACTIVE || options->interactive;
    if (options->mode == REPL_TRAIN) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody else would remove the file */
        jvm.archive_output = options->target;
        python.argc = 3;
        python.argv = train_argv;
    }
    jvm.session = session;
    if (host_jvm_start(&jvm) != 0)
        return 1;
    if (session) {
        python.argc = 1;
        return repl_session_main(&python);
    }
    return host_python_main(&python);
}

int main(int argc, char **argv) {
    static repl_options_t options;
    if (!host_process_open_streams())
        return 1;
    repl_options_parse(argc, argv, &options);
    switch (options.mode) {
    case REPL_USAGE:
        fprintf(stderr, "pyflink-shell: %s\n%sTry 'pyflink-shell --help'.\n", options.error,
                repl_usage_text);
        return 2;
    case REPL_HELP:
        printf("%s%s", repl_usage_text, repl_help_text);
        return 0;
    case REPL_VERSION:
        return show_version();
    case REPL_BUILD_ARCHIVE:
        return host_archive_build(options.target, false) == 0 ? 0 : 1;
    default:
        host_process_prepare();
        if (options.mode == REPL_INTERACTIVE || options.interactive)
            repl_session_begin(&options);
        host_run(run, &options);
    }
}
