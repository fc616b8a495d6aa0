/* kernel_connection.h - the connection file, read or made, and the sockets that it names.
 *
 * Ownership: a kernel_connection_t owns its strings until kernel_connection_clear; the sockets
 * belong to the caller. */
#ifndef PYFLINK_SHELL_KERNEL_CONNECTION_H
#define PYFLINK_SHELL_KERNEL_CONNECTION_H

#include <stdbool.h>

enum { KERNEL_SHELL, KERNEL_IOPUB, KERNEL_STDIN, KERNEL_CONTROL, KERNEL_HEARTBEAT, KERNEL_SOCKETS };

typedef struct {
    char *path;
    char *transport; /* "tcp" or "ipc" */
    char *ip;        /* for ipc: the beginning of the sockets' paths */
    char *key;
    char *scheme; /* of signatures: "hmac-sha256" */
    int ports[KERNEL_SOCKETS];
    bool made; /* this process made the file and removes it */
} kernel_connection_t;

/* Reads `path`. When it does not exist, or is NULL (then a name in Jupyter's run-time folder is
 * chosen), the connection is a new one on the loopback address, with a key of 122 random bits or
 * more. Returns NULL or an error text that the caller frees. */
char *kernel_connection_read(kernel_connection_t *connection, const char *path);

/* Binds all sockets; a port 0 is replaced by a free one. Then the file is written if it did not
 * exist or ports were chosen: readable for its owner alone. NULL or an error text, see above. */
char *kernel_connection_bind(kernel_connection_t *connection, void *context,
                             void *sockets[KERNEL_SOCKETS]);

/* Removes the file if this process made it. */
void kernel_connection_clear(kernel_connection_t *connection);

#endif
