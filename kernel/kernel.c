/* kernel.c - puts the kernel together: threads, where requests go, and what the session's output
 * becomes. */
#include "kernel/kernel.h"

#include <stdlib.h>
#include <string.h>

/* Which lane a shell request is for: JEP 91 puts the subshell's id into the header. */
static void receive_shell(void *data, kernel_request_t *request) {
    kernel_t *kernel = data;
    const char *subshell = json_string_value(json_object_get(request->wire.fields, "subshell_id"));
    if (subshell != NULL) {
        if (kernel_lane_offer(kernel, subshell, request))
            return;
        kernel_serve_error(kernel, request, "SubshellError", "there is no such subshell");
        kernel_request_drop(request);
    } else if (kernel_lane_is_idle(kernel->main_lane) && kernel_answer(kernel, request)) {
        kernel_request_drop(request); /* nothing it could overtake */
    } else {
        kernel_lane_push(kernel->main_lane, request);
    }
}

static void receive_control(void *data, kernel_request_t *request) {
    kernel_t *kernel = data;
    if (kernel_answer(kernel, request))
        kernel_request_drop(request);
    else
        kernel_lane_push(kernel->control_lane, request);
}

static int start_channel(kernel_t *kernel, kernel_channel_t *channel, const char *name,
                         void *socket, kernel_receive_t receive) {
    *channel = (kernel_channel_t){.name = name,
                                  .socket = socket,
                                  .signer = kernel->signer,
                                  .receive = receive,
                                  .data = kernel};
    return kernel_channel_start(channel);
}

int kernel_start(kernel_t *kernel, void *sockets[KERNEL_SOCKETS]) {
    pthread_mutex_init(&kernel->lock, NULL);
    kernel->heartbeat = sockets[KERNEL_HEARTBEAT];
    kernel->iopub = (kernel_iopub_t){.socket = sockets[KERNEL_IOPUB], .signer = kernel->signer};
    if (kernel_iopub_start(&kernel->iopub) != 0 ||
        (kernel->main_lane = kernel_lane_new(kernel, true, NULL)) == NULL ||
        (kernel->control_lane = kernel_lane_new(kernel, false, NULL)) == NULL)
        return -1;
    kernel_iopub_status(&kernel->iopub, NULL, "starting");
    if (start_channel(kernel, &kernel->shell, "shell", sockets[KERNEL_SHELL], receive_shell) != 0 ||
        start_channel(kernel, &kernel->control, "control", sockets[KERNEL_CONTROL],
                      receive_control) != 0 ||
        start_channel(kernel, &kernel->input, "stdin", sockets[KERNEL_STDIN],
                      kernel_input_receive) != 0 ||
        kernel_jobs_start() != 0)
        return -1;
    return kernel_heartbeat_start(kernel);
}

void kernel_stop(kernel_t *kernel) {
    kernel_input_close();
    kernel_channel_stop(&kernel->input);
    kernel_channel_stop(&kernel->control);
    kernel_channel_stop(&kernel->shell);
    kernel_iopub_stop(&kernel->iopub);
}

/* ---- what cells cause: on the session's output thread ---------------------------------------- */

static void stream(void *data, const char *cell, bool error, const char *text, size_t size) {
    kernel_t *kernel = data;
    kernel_iopub_stream(&kernel->iopub, cell, error ? "stderr" : "stdout", text, size);
}

/* A type that ends with "+metadata" brings the message's metadata in its first buffer. */
static bool has_metadata(const char *type, size_t *length) {
    static const char ending[] = "+metadata";
    *length = strlen(type);
    if (*length < sizeof ending || strcmp(type + *length - sizeof ending + 1, ending) != 0)
        return false;
    *length -= sizeof ending - 1;
    return true;
}

static void message(void *data, const char *cell, const char *type, const char *content,
                    const session_buffer_t *buffers, size_t count) {
    kernel_t *kernel = data;
    if (strcmp(type, "job_status") == 0) {
        kernel_jobs_put(cell, content);
        return;
    }
    size_t length;
    char *metadata = NULL;
    if (has_metadata(type, &length) && count > 0) {
        metadata = kernel_copy_new(buffers->bytes, buffers->length);
        buffers++;
        count--;
    }
    char *name = kernel_copy_new(type, length);
    kernel_message_t *message = kernel_message_new(
        kernel->signer, NULL, name, name, *cell != '\0' ? cell : NULL, metadata, content, NULL);
    for (size_t i = 0; i < count; i++)
        kernel_message_attach(message, buffers[i].bytes, buffers[i].length);
    kernel_iopub_put(&kernel->iopub, message);
    free(name);
    free(metadata);
}

session_sink_t kernel_sink(kernel_t *kernel) {
    return (session_sink_t){
        .data = kernel, .stream = stream, .message = message, .input = kernel_input};
}
