/* kernel_wire.h - Jupyter's wire protocol: what the frames of a message say, and if they may be
 * believed. Knows neither sockets nor Python.
 *
 * Ownership: a kernel_wire_t points into the frames that it was read from, except for `fields`,
 * which kernel_wire_clear releases. */
#ifndef PYFLINK_SHELL_KERNEL_WIRE_H
#define PYFLINK_SHELL_KERNEL_WIRE_H

#include "kernel/kernel_sign.h"

#include <jansson.h>

#define KERNEL_DELIMITER "<IDS|MSG>"
#define KERNEL_PROTOCOL "5.5"

typedef struct {
    size_t identities; /* how many frames come before the delimiter */
    kernel_bytes_t header, parent, metadata, content;
    size_t buffers;                  /* index of the first frame after the content */
    json_t *fields;                  /* the header, an object */
    const char *type, *id, *session; /* of the header; never NULL */
} kernel_wire_t;

typedef enum {
    KERNEL_WIRE_GOOD,
    KERNEL_WIRE_SHORT,     /* no delimiter, or frames are missing */
    KERNEL_WIRE_FORGED,    /* the signature is another message's, or none */
    KERNEL_WIRE_REPLAYED,  /* the signature was seen before */
    KERNEL_WIRE_MALFORMED, /* the header is no object with msg_id and msg_type */
} kernel_wire_result_t;

/* Reads a message. Only after KERNEL_WIRE_GOOD *wire has to be cleared. */
kernel_wire_result_t kernel_wire_read(kernel_signer_t *signer, const kernel_bytes_t *frames,
                                      size_t count, kernel_wire_t *wire);
void kernel_wire_clear(kernel_wire_t *wire);

/* Why a message was dropped, for a line in the log. */
const char *kernel_wire_reason(kernel_wire_result_t result);

/* A header of the kernel's own: {"msg_id": ..., "msg_type": type, ...}. `id` (may be NULL) receives
 * the msg_id. */
#define KERNEL_ID_SIZE 64
char *kernel_wire_header_new(const char *type, char id[KERNEL_ID_SIZE]);

#endif
