/* main.c - pyflink-kernel: a Jupyter kernel in one process with the JVM. */
#include "config.h"
#include "host/host_internal.h"
#include "kernel/kernel.h"
#include "kernel/kernel_install.h"
#include "kernel/kernel_log.h"
#include "kernel/options.h"

#include <stdio.h>
#include <stdlib.h>

static kernel_t kernel;
static void *sockets[KERNEL_SOCKETS];

/* Before Python is there: clients find open sockets within milliseconds. NULL or an error text. */
static char *listen_at(const char *path) {
    char *error = kernel_connection_read(&kernel.connection, path);
    if (error != NULL)
        return error;
    kernel.signer = kernel_signer_new(kernel.connection.scheme, kernel.connection.key);
    if (kernel.signer == NULL)
        return kernel_format_new("%s: there is no signature scheme %s", kernel.connection.path,
                                 kernel.connection.scheme);
    kernel.context = zmq_ctx_new();
    error = kernel_connection_bind(&kernel.connection, kernel.context, sockets);
    if (error == NULL && kernel.connection.made)
        kernel_log("to connect a client: --existing %s", kernel.connection.path);
    return error;
}

static int run(void *data) {
    kernel_options_t *options = data;
    const repl_options_t *engine = &options->engine;
    host_jvm_options_t jvm = {.flink_options = (const char *const *)engine->flink_options.items,
                              .jars = (const char *const *)engine->jars.items,
                              .java_trace = engine->java_trace,
                              .session = true};
    host_python_options_t python = {.python = engine->python,
                                    .python_path = engine->python_path.items,
                                    .argc = (int)engine->python_argv.count,
                                    .argv = engine->python_argv.items};
    session_sink_t sink = kernel_sink(&kernel);
    session_options_t session = {
        .python = &python, .sink = &sink, .front_end = "kernel", .capture_output = true};
    if (kernel_start(&kernel, sockets) != 0) {
        kernel_log("no thread can be made");
        return 1;
    }
    if (host_jvm_start(&jvm) != 0)
        return 1;
    int code = session_main(&session);
    kernel_stop(&kernel);
    kernel_connection_clear(&kernel.connection);
    return code;
}

static int start(kernel_options_t *options) {
    kernel_log_init();
    host_process_prepare();
    char *error = listen_at(options->connection_file);
    if (error != NULL) {
        kernel_log("%s", error);
        kernel_connection_clear(&kernel.connection);
        return 1;
    }
    host_run(run, options);
}

int main(int argc, char **argv) {
    static kernel_options_t options;
    if (!host_process_open_streams())
        return 1;
    kernel_options_parse(argc, argv, &options);
    switch (options.mode) {
    case KERNEL_USAGE:
        fprintf(stderr, "pyflink-kernel: %s\n%sTry 'pyflink-kernel --help'.\n", options.error,
                kernel_usage_text);
        return 2;
    case KERNEL_HELP:
        printf("%s%s", kernel_usage_text, kernel_help_text);
        return 0;
    case KERNEL_VERSION:
        printf("pyflink-kernel %s (Flink %s, Python %s, protocol %s)\n", PACKAGE_VERSION,
               FLINK_VERSION, PY_VERSION, KERNEL_PROTOCOL);
        return 0;
    case KERNEL_INSTALL:
        return kernel_install(&options);
    case KERNEL_RUN:
        break;
    }
    return start(&options);
}
