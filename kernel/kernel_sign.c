/* kernel_sign.c - signatures of messages by libcrypto's HMAC, and the memory of those seen. */
#include "kernel/kernel_sign.h"

#include "kernel/kernel_seen.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kernel_signer {
    EVP_MD_CTX *start; /* the keyed hash before any data; NULL without a key */
    kernel_seen_t *seen;
    pthread_mutex_t lock; /* of `seen` */
};

kernel_signer_t *kernel_signer_new(const char *scheme, const char *key) {
    if (strncmp(scheme, "hmac-", 5) != 0)
        return NULL;
    const EVP_MD *hash = EVP_get_digestbyname(scheme + 5);
    if (hash == NULL || EVP_MD_size(hash) > (KERNEL_SIGNATURE_SIZE - 1) / 2)
        return NULL;
    kernel_signer_t *signer = kernel_allocate(sizeof *signer);
    *signer = (kernel_signer_t){.lock = PTHREAD_MUTEX_INITIALIZER};
    if (*key == '\0')
        return signer;
    EVP_PKEY *secret =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL, (const unsigned char *)key, strlen(key));
    signer->start = EVP_MD_CTX_new();
    signer->seen = kernel_seen_new();
    bool good = secret != NULL && signer->start != NULL &&
                EVP_DigestSignInit(signer->start, NULL, hash, NULL, secret) == 1;
    EVP_PKEY_free(secret);
    if (!good) {
        kernel_signer_free(signer);
        return NULL;
    }
    return signer;
}

void kernel_signer_free(kernel_signer_t *signer) {
    if (signer == NULL)
        return;
    EVP_MD_CTX_free(signer->start);
    kernel_seen_free(signer->seen);
    free(signer);
}

bool kernel_sign(kernel_signer_t *signer, const kernel_bytes_t parts[KERNEL_SIGNED_PARTS],
                 char signature[KERNEL_SIGNATURE_SIZE]) {
    signature[0] = '\0';
    if (signer->start == NULL)
        return true;
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t size = sizeof digest;
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    bool good = hash != NULL && EVP_MD_CTX_copy_ex(hash, signer->start) == 1;
    for (int i = 0; good && i < KERNEL_SIGNED_PARTS; i++)
        good = EVP_DigestSignUpdate(hash, parts[i].data, parts[i].size) == 1;
    good = good && EVP_DigestSignFinal(hash, digest, &size) == 1;
    EVP_MD_CTX_free(hash);
    for (size_t i = 0; good && i < size; i++)
        snprintf(signature + 2 * i, 3, "%02x", digest[i]);
    return good;
}

kernel_verdict_t kernel_verify(kernel_signer_t *signer,
                               const kernel_bytes_t parts[KERNEL_SIGNED_PARTS],
                               kernel_bytes_t signature) {
    char expected[KERNEL_SIGNATURE_SIZE];
    if (signer->start == NULL)
        return KERNEL_GENUINE;
    if (!kernel_sign(signer, parts, expected))
        return KERNEL_FORGED;
    size_t size = strlen(expected);
    if (signature.size != size || CRYPTO_memcmp(signature.data, expected, size) != 0)
        return KERNEL_FORGED;
    pthread_mutex_lock(&signer->lock);
    bool fresh = kernel_seen_add(signer->seen, expected, size);
    pthread_mutex_unlock(&signer->lock);
    return fresh ? KERNEL_GENUINE : KERNEL_REPLAYED;
}
