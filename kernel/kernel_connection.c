/* kernel_connection.c - the connection file and the sockets that it names. */
#include "kernel/kernel_connection.h"

#include "kernel/kernel_folder.h"
#include "kernel/kernel_text.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

static const struct {
    const char *port;
    int type;
} kinds[KERNEL_SOCKETS] = {
    [KERNEL_SHELL] = {"shell_port", ZMQ_ROUTER},  [KERNEL_IOPUB] = {"iopub_port", ZMQ_XPUB},
    [KERNEL_STDIN] = {"stdin_port", ZMQ_ROUTER},  [KERNEL_CONTROL] = {"control_port", ZMQ_ROUTER},
    [KERNEL_HEARTBEAT] = {"hb_port", ZMQ_ROUTER},
};

#define SEND_LIMIT 10000 /* messages for one client */
#define LINGER 1000      /* milliseconds for what is not sent at the end */
#define HIGHEST_PORT 65535

static char *take_string(const json_t *file, const char *name, const char *otherwise,
                         char **value) {
    const json_t *item = json_object_get(file, name);
    if (item != NULL && !json_is_string(item))
        return kernel_format_new("\"%s\" is no string", name);
    *value = kernel_format_new("%s", item ? json_string_value(item) : otherwise);
    return NULL;
}

static char *take_ports(const json_t *file, int ports[KERNEL_SOCKETS]) {
    for (int i = 0; i < KERNEL_SOCKETS; i++) {
        const json_t *item = json_object_get(file, kinds[i].port);
        json_int_t port = json_integer_value(item);
        if ((item != NULL && !json_is_integer(item)) || port < 0 || port > HIGHEST_PORT)
            return kernel_format_new("\"%s\" is no port", kinds[i].port);
        ports[i] = (int)port;
    }
    return NULL;
}

static char *take_all(kernel_connection_t *connection, const json_t *file) {
    char *error = take_string(file, "transport", "tcp", &connection->transport);
    bool ipc = error == NULL && strcmp(connection->transport, "ipc") == 0;
    if (error == NULL && !ipc && strcmp(connection->transport, "tcp") != 0)
        error = kernel_format_new("transport \"%s\" is neither tcp nor ipc", connection->transport);
    if (error == NULL)
        error = take_string(file, "ip", ipc ? "kernel-ipc" : "127.0.0.1", &connection->ip);
    if (error == NULL)
        error = take_string(file, "key", "", &connection->key);
    if (error == NULL)
        error = take_string(file, "signature_scheme", "hmac-sha256", &connection->scheme);
    if (error == NULL)
        error = take_ports(file, connection->ports);
    return error;
}

static void choose_all(kernel_connection_t *connection) {
    char uuid[KERNEL_UUID_SIZE];
    kernel_uuid(uuid);
    connection->transport = kernel_format_new("tcp");
    connection->ip = kernel_format_new("127.0.0.1");
    connection->key = kernel_format_new("%s", uuid);
    connection->scheme = kernel_format_new("hmac-sha256");
    connection->made = true;
}

char *kernel_connection_read(kernel_connection_t *connection, const char *path) {
    *connection = (kernel_connection_t){0};
    if (path == NULL) {
        char *folder = kernel_folder_runtime_new();
        connection->path = kernel_format_new("%s/kernel-%d.json", folder, (int)getpid());
        free(folder);
    } else {
        connection->path = kernel_format_new("%s", path);
    }
    if (path == NULL || access(path, F_OK) != 0) {
        choose_all(connection);
        return NULL;
    }
    json_error_t problem;
    json_t *file = json_load_file(path, 0, &problem);
    char *error;
    if (!json_is_object(file))
        error = kernel_format_new("%s is no connection file: %s", path,
                                  file ? "it is no JSON object" : problem.text);
    else if ((error = take_all(connection, file)) != NULL) {
        char *longer = kernel_format_new("%s is no connection file: %s", path, error);
        free(error);
        error = longer;
    }
    json_decref(file);
    return error;
}

static char *address_new(const kernel_connection_t *connection, int port) {
    if (strcmp(connection->transport, "ipc") == 0)
        return kernel_format_new("ipc://%s-%d", connection->ip, port);
    const char *ip = *connection->ip == '\0' ? "*" : connection->ip;
    bool six = strchr(ip, ':') != NULL && *ip != '[';
    char *number = port == 0 ? kernel_format_new("*") : kernel_format_new("%d", port);
    char *address = kernel_format_new(six ? "tcp://[%s]:%s" : "tcp://%s:%s", ip, number);
    free(number);
    return address;
}

/* The first number whose path is free. */
static int free_ipc_port(const kernel_connection_t *connection) {
    int port = 1;
    for (bool taken = true; taken; port += taken) {
        char *path = kernel_format_new("%s-%d", connection->ip, port);
        taken = access(path, F_OK) == 0;
        free(path);
    }
    return port;
}

static int bound_port(void *socket) {
    char address[256] = "";
    size_t size = sizeof address;
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, address, &size) != 0)
        return 0;
    const char *colon = strrchr(address, ':');
    return colon ? atoi(colon + 1) : 0;
}

static void set_options(void *socket, int type, bool six) {
    static const int limit = SEND_LIMIT, linger = LINGER, yes = 1;
    zmq_setsockopt(socket, ZMQ_SNDHWM, &limit, sizeof limit);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (six)
        zmq_setsockopt(socket, ZMQ_IPV6, &yes, sizeof yes);
    if (type == ZMQ_ROUTER) /* a client that comes back under its name gets its answers */
        zmq_setsockopt(socket, ZMQ_ROUTER_HANDOVER, &yes, sizeof yes);
}

static char *bind_one(kernel_connection_t *connection, void *context, int kind, void **socket) {
    bool ipc = strcmp(connection->transport, "ipc") == 0;
    int *port = &connection->ports[kind];
    *socket = zmq_socket(context, kinds[kind].type);
    if (*socket == NULL)
        return kernel_format_new("no socket: %s", zmq_strerror(zmq_errno()));
    set_options(*socket, kinds[kind].type, strchr(connection->ip, ':') != NULL);
    if (ipc && *port == 0)
        *port = free_ipc_port(connection);
    char *address = address_new(connection, *port), *error = NULL;
    mode_t before = umask(077); /* a socket file is its owner's alone */
    if (zmq_bind(*socket, address) != 0)
        error = kernel_format_new("cannot listen at %s: %s", address, zmq_strerror(zmq_errno()));
    umask(before);
    free(address);
    if (error == NULL && *port == 0)
        *port = bound_port(*socket);
    return error;
}

static int write_all(int file, const char *text) {
    for (size_t size = strlen(text); size > 0;) {
        ssize_t written = write(file, text, size);
        if (written < 0 && errno != EINTR)
            return -1;
        text += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

static char *text_new(const kernel_connection_t *connection) {
    json_t *file = json_object();
    for (int i = 0; i < KERNEL_SOCKETS; i++)
        json_object_set_new(file, kinds[i].port, json_integer(connection->ports[i]));
    json_object_set_new(file, "ip", json_string(connection->ip));
    json_object_set_new(file, "key", json_string(connection->key));
    json_object_set_new(file, "transport", json_string(connection->transport));
    json_object_set_new(file, "signature_scheme", json_string(connection->scheme));
    json_object_set_new(file, "kernel_name", json_string("pyflink"));
    char *text = json_dumps(file, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(file);
    return text;
}

/* Beside its place and then moved there: nobody reads half a file, and its mode is ours. */
static char *write_file(const kernel_connection_t *connection) {
    char *folder = kernel_folder_of_new(connection->path);
    int failed = kernel_folder_make(folder, 0700);
    char *beside = kernel_format_new("%s.%d", connection->path, (int)getpid());
    char *text = text_new(connection), *error = NULL;
    int file = -1;
    if (failed != 0 || text == NULL)
        goto done;
    failed = -1;
    unlink(beside);
    file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0 && write_all(file, text) == 0 && write_all(file, "\n") == 0 &&
        rename(beside, connection->path) == 0)
        failed = 0;
done:
    if (failed != 0)
        error = kernel_format_new("cannot write %s: %s", connection->path, strerror(errno));
    if (file >= 0)
        close(file);
    if (failed != 0)
        unlink(beside);
    free(text);
    free(beside);
    free(folder);
    return error;
}

char *kernel_connection_bind(kernel_connection_t *connection, void *context,
                             void *sockets[KERNEL_SOCKETS]) {
    char *error = NULL;
    bool changed = connection->made;
    for (int i = 0; i < KERNEL_SOCKETS && error == NULL; i++) {
        changed = changed || connection->ports[i] == 0;
        error = bind_one(connection, context, i, &sockets[i]);
    }
    if (error == NULL && changed)
        error = write_file(connection);
    return error;
}

void kernel_connection_clear(kernel_connection_t *connection) {
    if (connection->made && connection->path != NULL)
        unlink(connection->path);
    free(connection->path);
    free(connection->transport);
    free(connection->ip);
    free(connection->key);
    free(connection->scheme);
    *connection = (kernel_connection_t){0};
}
