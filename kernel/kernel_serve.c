/* kernel_serve.c - requests that the session answers: busy, the call, the reply, idle.
 *
 * Contents go to the session and back as text. What a cell prints takes the same way out as its
 * reply (kernel.c), and the session hands all of it over before its call returns, so that `idle`
 * is the last message of a request. */
#include "kernel/kernel.h"

#include "kernel/kernel_log.h"

#include <stdlib.h>
#include <string.h>

/* Types with their names in the session; all but comm messages are answered. */
static const struct {
    const char *type, *op;
} known[] = {
    {"execute_request", "execute"}, {"complete_request", "complete"},
    {"inspect_request", "inspect"}, {"is_complete_request", "is_complete"},
    {"history_request", "history"}, {"comm_info_request", "comm_info"},
    {"comm_open", "comm_open"},     {"comm_msg", "comm_msg"},
    {"comm_close", "comm_close"},   {"debug_request", "debug"},
};

static const char *op_of(const char *type) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].type, type) == 0)
            return known[i].op;
    return NULL;
}

char *kernel_reply_type_new(const char *type) {
    static const char ending[] = "_request";
    size_t size = strlen(type), cut = sizeof ending - 1;
    if (size <= cut || strcmp(type + size - cut, ending) != 0)
        return NULL;
    return kernel_format_new("%.*s_reply", (int)(size - cut), type);
}

static void reply(const kernel_request_t *request, const char *content) {
    char *type = kernel_reply_type_new(request->wire.type);
    if (type != NULL)
        kernel_channel_reply(request, type, content);
    free(type);
}

static char *error_new(const char *name, const char *text) {
    kernel_text_t content = {0};
    kernel_text_string(&content, "{\"status\":\"error\",\"traceback\":[],\"ename\":");
    kernel_text_json(&content, name, strlen(name));
    kernel_text_string(&content, ",\"evalue\":");
    kernel_text_json(&content, text, strlen(text));
    kernel_text_string(&content, "}");
    return kernel_text_take(&content);
}

void kernel_serve_error(kernel_t *kernel, const kernel_request_t *request, const char *name,
                        const char *text) {
    char *content = error_new(name, text);
    kernel_iopub_status(&kernel->iopub, request->header, "busy");
    reply(request, content);
    kernel_iopub_status(&kernel->iopub, request->header, "idle");
    free(content);
}

/* The count that the last execute_reply carried, for those that are not run. */
static atomic_llong last_count;

void kernel_serve_abort(kernel_t *kernel, const kernel_request_t *request) {
    char *content = kernel_format_new("{\"status\":\"aborted\",\"execution_count\":%lld}",
                                      (long long)atomic_load(&last_count));
    kernel_iopub_status(&kernel->iopub, request->header, "busy");
    reply(request, content);
    kernel_iopub_status(&kernel->iopub, request->header, "idle");
    free(content);
}

/* What the session is given: the content alone, or with more of the message where its Python side
 * (python/_pyflink_kernel) needs that. All of it is text that came over the wire; whether it is
 * JSON is seen there. */
static char *content_new(const kernel_request_t *request, const char *op) {
    const char *content = request->content;
    if (strcmp(op, "execute") == 0) {
        size_t blank = strspn(content, " \t\r\n");
        if (content[blank] != '{')
            return kernel_format_new("%s", content);
        const char *rest = content + blank + 1;
        bool empty = rest[strspn(rest, " \t\r\n")] == '}';
        return kernel_format_new("{\"parent_header\":%s%s%s", request->header, empty ? "" : ",",
                                 rest);
    }
    if (strcmp(op, "debug") != 0 && (strncmp(op, "comm_", 5) != 0 || strcmp(op, "comm_info") == 0))
        return kernel_format_new("%s", content);
    return kernel_format_new("{\"header\":%s,\"metadata\":%.*s,\"content\":%s}", request->header,
                             (int)request->wire.metadata.size, request->wire.metadata.data,
                             content);
}

static char *call_new(const kernel_request_t *request, const char *op, bool main) {
    size_t count = request->frames.count - request->wire.buffers;
    session_buffer_t *buffers = kernel_allocate(count * sizeof *buffers);
    for (size_t i = 0; i < count; i++) {
        zmq_msg_t *frame = &request->frames.items[request->wire.buffers + i];
        buffers[i] = (session_buffer_t){zmq_msg_data(frame), zmq_msg_size(frame)};
    }
    char *(*call)(const char *, const char *, const char *, const session_buffer_t *, size_t) =
        main ? session_call_new : session_call_here_new;
    char *content = content_new(request, op);
    char *answer = call(op, request->header, content, buffers, count);
    free(content);
    free(buffers);
    return answer;
}

/* Whether a reply says that the cell failed, and keeps its count. */
static bool failed(const char *content) {
    json_t *reply = json_loads(content, JSON_ALLOW_NUL, NULL);
    const char *status = json_string_value(json_object_get(reply, "status"));
    bool result = status != NULL && strcmp(status, "error") == 0;
    json_t *count = json_object_get(reply, "execution_count");
    if (json_is_integer(count))
        atomic_store(&last_count, json_integer_value(count));
    json_decref(reply);
    return result;
}

static bool stops_on_error(const kernel_request_t *request) {
    json_t *content = kernel_request_content(request);
    bool stops = !json_is_false(json_object_get(content, "stop_on_error"));
    json_decref(content);
    return stops;
}

/* debugpy takes the thread that imports it for one of the program's, and ends when that has no
 * others; so Python's main thread does it, as soon as it is free. */
static void prepare_debugger(const kernel_request_t *request) {
    json_t *content = kernel_request_content(request);
    const char *command = json_string_value(json_object_get(content, "command"));
    if (command != NULL && strcmp(command, "initialize") == 0)
        free(session_call_new("debug_prepare", request->header, "{}", NULL, 0));
    json_decref(content);
}

static void answer(kernel_lane_t *lane, const kernel_request_t *request, const char *op) {
    bool main = kernel_lane_is_main(lane);
    if (strcmp(op, "debug") == 0 && !main)
        prepare_debugger(request);
    char *content = call_new(request, op, main);
    if (content == NULL)
        content = error_new("KernelClosed", "the kernel is ending");
    /* What the client sends after it has the reply is a new beginning. */
    if (strcmp(op, "execute") == 0 && failed(content) && stops_on_error(request))
        kernel_lane_abort_waiting(lane);
    reply(request, content);
    free(content);
}

void kernel_serve(kernel_t *kernel, kernel_lane_t *lane, const kernel_request_t *request) {
    const char *op = op_of(request->wire.type);
    if (kernel_answer(kernel, request))
        return;
    if (op == NULL) {
        kernel_log("a message of unknown type was ignored: %.100s", request->wire.type);
        return;
    }
    kernel_iopub_status(&kernel->iopub, request->header, "busy");
    answer(lane, request, op);
    kernel_iopub_status(&kernel->iopub, request->header, "idle");
}
