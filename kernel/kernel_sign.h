/* kernel_sign.h - signatures of messages: made, checked in constant time, and never taken twice.
 *
 * Ownership: kernel_signer_new's result is freed by kernel_signer_free. All functions may be called
 * from several threads at once. */
#ifndef PYFLINK_SHELL_KERNEL_SIGN_H
#define PYFLINK_SHELL_KERNEL_SIGN_H

#include "kernel/kernel_text.h"

#include <stdbool.h>

#define KERNEL_SIGNED_PARTS 4     /* header, parent header, metadata, content */
#define KERNEL_SIGNATURE_SIZE 129 /* hexadecimal digits of the longest hash, and NUL */

typedef struct kernel_signer kernel_signer_t;

/* `scheme` is "hmac-" and the name of a hash. An empty key means that nothing is signed. NULL when
 * the hash is unknown. */
kernel_signer_t *kernel_signer_new(const char *scheme, const char *key);
void kernel_signer_free(kernel_signer_t *signer);

/* Writes the signature of the parts ("" without a key). False only when libcrypto fails. */
bool kernel_sign(kernel_signer_t *signer, const kernel_bytes_t parts[KERNEL_SIGNED_PARTS],
                 char signature[KERNEL_SIGNATURE_SIZE]);

typedef enum { KERNEL_GENUINE, KERNEL_FORGED, KERNEL_REPLAYED } kernel_verdict_t;

/* Whether the signature belongs to the parts and was not seen among the last 65,536. */
kernel_verdict_t kernel_verify(kernel_signer_t *signer,
                               const kernel_bytes_t parts[KERNEL_SIGNED_PARTS],
                               kernel_bytes_t signature);

#endif
