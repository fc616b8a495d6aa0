/* kernel_answer.c - requests that need no Python: they are answered while a cell runs, and before
 * Python is up. */
#include "config.h"
#include "kernel/kernel.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *object_new(const char *status) {
    json_t *object = json_object();
    json_object_set_new(object, "status", json_string(status));
    return object;
}

static json_t *error_new(const char *name, const char *text) {
    json_t *object = object_new("error");
    json_object_set_new(object, "ename", json_string(name));
    json_object_set_new(object, "evalue", json_string(text));
    json_object_set_new(object, "traceback", json_array());
    return object;
}

/* "3.11.7" of "3.11.7 (main, ...) [GCC ...]" */
static char *python_version_new(void) {
    const char *version = Py_GetVersion(); /* may be called before Python is initialised */
    return kernel_copy_new(version, strcspn(version, " "));
}

static json_t *language_new(const char *version) {
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:i}, s:s}", "name", "python", "version",
                     version, "mimetype", "text/x-python", "file_extension", ".py",
                     "pygments_lexer", "ipython3", "codemirror_mode", "name", "ipython", "version",
                     3, "nbconvert_exporter", "python");
}

static json_t *kernel_info(kernel_t *kernel, const kernel_request_t *request) {
    char *version = python_version_new();
    char *banner = kernel_format_new("pyflink-shell %s: Flink %s, Python %s, one process\n"
                                     "env is a StreamExecutionEnvironment; %%jobs lists jobs; "
                                     "Tab completes, ? explains.",
                                     PACKAGE_VERSION, FLINK_VERSION, version);
    json_t *content = object_new("ok");
    json_object_set_new(content, "protocol_version", json_string(KERNEL_PROTOCOL));
    json_object_set_new(content, "implementation", json_string("pyflink-kernel"));
    json_object_set_new(content, "implementation_version", json_string(PACKAGE_VERSION));
    json_object_set_new(content, "language_info", language_new(version));
    json_object_set_new(content, "banner", json_string(banner));
    json_object_set_new(content, "debugger", json_true());
    json_object_set_new(content, "supported_features",
                        json_pack("[s, s]", "debugger", "kernel subshells"));
    json_object_set_new(
        content, "help_links",
        json_pack("[{s:s, s:s}, {s:s, s:s}]", "text", "PyFlink", "url",
                  "https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/dev/python/"
                  "overview/",
                  "text", "Python", "url", "https://docs.python.org/3/"));
    free(banner);
    free(version);
    return content;
}

static json_t *shutdown(kernel_t *kernel, const kernel_request_t *request) {
    json_t *asked = kernel_request_content(request), *content = object_new("ok");
    bool restart = json_is_true(json_object_get(asked, "restart"));
    json_object_set_new(content, "restart", json_boolean(restart));
    json_decref(asked);
    char *text = json_dumps(content, JSON_COMPACT);
    kernel_iopub_send(&kernel->iopub, request->header, "shutdown_reply", text);
    free(text);
    atomic_store(&kernel->closing, kernel_milliseconds());
    return content;
}

/* As the terminal would do it: to what `!command` started as well, if the group is ours. */
static json_t *interrupt(kernel_t *kernel, const kernel_request_t *request) {
    if (!session_busy())
        kernel_lane_interrupt_all(kernel);
    kill(getpgrp() == getpid() ? 0 : getpid(), SIGINT);
    return object_new("ok");
}

static json_t *create_subshell(kernel_t *kernel, const kernel_request_t *request) {
    char uuid[KERNEL_UUID_SIZE];
    kernel_uuid(uuid);
    if (kernel_lane_new(kernel, false, uuid) == NULL)
        return error_new("SubshellError", "too many subshells, or no thread is left");
    json_t *content = object_new("ok");
    json_object_set_new(content, "subshell_id", json_string(uuid));
    return content;
}

static json_t *delete_subshell(kernel_t *kernel, const kernel_request_t *request) {
    json_t *asked = kernel_request_content(request);
    const char *subshell = json_string_value(json_object_get(asked, "subshell_id"));
    bool found = subshell != NULL && kernel_lane_delete(kernel, subshell);
    json_decref(asked);
    return found ? object_new("ok") : error_new("SubshellError", "there is no such subshell");
}

static json_t *list_subshell(kernel_t *kernel, const kernel_request_t *request) {
    json_t *content = object_new("ok");
    json_object_set_new(content, "subshell_id", kernel_lane_list_new(kernel));
    return content;
}

static json_t *connect(kernel_t *kernel, const kernel_request_t *request) {
    const int *ports = kernel->connection.ports;
    json_t *content = object_new("ok");
    json_object_set_new(content, "shell_port", json_integer(ports[KERNEL_SHELL]));
    json_object_set_new(content, "iopub_port", json_integer(ports[KERNEL_IOPUB]));
    json_object_set_new(content, "stdin_port", json_integer(ports[KERNEL_STDIN]));
    json_object_set_new(content, "control_port", json_integer(ports[KERNEL_CONTROL]));
    json_object_set_new(content, "hb_port", json_integer(ports[KERNEL_HEARTBEAT]));
    return content;
}

static const struct {
    const char *type;
    json_t *(*answer)(kernel_t *kernel, const kernel_request_t *request);
} answers[] = {
    {"kernel_info_request", kernel_info},
    {"shutdown_request", shutdown},
    {"interrupt_request", interrupt},
    {"create_subshell_request", create_subshell},
    {"delete_subshell_request", delete_subshell},
    {"list_subshell_request", list_subshell},
    {"connect_request", connect},
};

bool kernel_answer(kernel_t *kernel, const kernel_request_t *request) {
    size_t i = 0, count = sizeof answers / sizeof *answers;
    while (i < count && strcmp(answers[i].type, request->wire.type) != 0)
        i++;
    if (i == count)
        return false;
    kernel_iopub_status(&kernel->iopub, request->header, "busy");
    json_t *content = answers[i].answer(kernel, request);
    char *text = json_dumps(content, JSON_COMPACT);
    char *type = kernel_reply_type_new(request->wire.type);
    kernel_channel_reply(request, type, text);
    kernel_iopub_status(&kernel->iopub, request->header, "idle");
    free(type);
    free(text);
    json_decref(content);
    if (atomic_load(&kernel->closing) != 0)
        session_close(0);
    return true;
}
