/* fuzz_wire.c - throws bytes at the reader of the wire protocol.
 *
 * usage: fuzz_wire [-n COUNT] [-s SEED] FOLDER
 *
 * Takes the files in FOLDER as a corpus and mutates them. A file holds frames, each with its length
 * in two bytes before it. Two of three inputs are signed after the mutation, so that what lies
 * behind the check of the signature is reached, too. Built with sanitizers by `make fuzz`; also has
 * LLVMFuzzerTestOneInput, for a clang with libFuzzer (-DUSE_LIBFUZZER). */
#include "kernel/kernel_wire.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FRAMES 64
#define LARGEST (16u << 10)

typedef struct {
    unsigned char bytes[LARGEST];
    size_t size;
} input_t;

static kernel_signer_t *signers[3]; /* a usual one, one with a longer hash, one without a key */
static unsigned long long counts[8];

static size_t split(const unsigned char *bytes, size_t size, kernel_bytes_t *frames) {
    size_t count = 0;
    for (size_t at = 0; at + 2 <= size && count < MOST_FRAMES;) {
        size_t length = (size_t)(bytes[at] << 8 | bytes[at + 1]);
        at += 2;
        if (length > size - at)
            length = size - at;
        frames[count++] = (kernel_bytes_t){(const char *)bytes + at, length};
        at += length;
    }
    return count;
}

/* Puts the right signature behind the first delimiter. */
static void sign(kernel_signer_t *signer, kernel_bytes_t *frames, size_t count, char *signature) {
    for (size_t i = 0; i + 2 + KERNEL_SIGNED_PARTS <= count; i++) {
        if (frames[i].size != strlen(KERNEL_DELIMITER) ||
            memcmp(frames[i].data, KERNEL_DELIMITER, frames[i].size) != 0)
            continue;
        if (!kernel_sign(signer, frames + i + 2, signature))
            abort();
        frames[i + 1] = (kernel_bytes_t){signature, strlen(signature)};
        return;
    }
}

static void use(const kernel_wire_t *wire, size_t count) {
    kernel_text_t text = {0};
    if (wire->buffers > count || *wire->type == '\0' || *wire->id == '\0')
        abort();
    kernel_text_json(&text, wire->content.data, wire->content.size);
    json_t *back = json_loadb(text.data, text.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (!json_is_string(back)) /* whatever it was, it has become JSON */
        abort();
    json_decref(back);
    kernel_text_clear(&text);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
    kernel_bytes_t frames[MOST_FRAMES];
    char signature[KERNEL_SIGNATURE_SIZE];
    if (signers[0] == NULL) {
        signers[0] = kernel_signer_new("hmac-sha256", "key");
        signers[1] = kernel_signer_new("hmac-sha512", "another key");
        signers[2] = kernel_signer_new("hmac-sha256", "");
    }
    size_t count = size > 0 ? split(bytes + 1, size - 1, frames) : 0;
    unsigned char choice = size > 0 ? bytes[0] : 0;
    kernel_signer_t *signer = signers[choice % 3];
    if (choice % 9 < 6)
        sign(signer, frames, count, signature);
    /* As from a socket: each frame in memory of its own, so that reading past its end is seen. */
    char *copies[MOST_FRAMES];
    for (size_t i = 0; i < count; i++) {
        copies[i] = malloc(frames[i].size);
        if (frames[i].size > 0)
            memcpy(copies[i], frames[i].data, frames[i].size);
        frames[i].data = copies[i];
    }
    kernel_wire_t wire;
    kernel_wire_result_t result = kernel_wire_read(signer, frames, count, &wire);
    counts[result]++;
    if (result == KERNEL_WIRE_GOOD) {
        use(&wire, count);
        kernel_wire_clear(&wire);
    }
    for (size_t i = 0; i < count; i++)
        free(copies[i]);
    return 0;
}

#ifndef USE_LIBFUZZER
static unsigned long long state;

static unsigned long long next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static size_t below(size_t limit) {
    return limit ? (size_t)(next_random() % limit) : 0;
}

static const char *const words[] = {
    "<IDS|MSG>",
    "\0\11<IDS|MSG>",
    "{\"msg_id\":\"",
    "\"msg_type\":",
    "\"execute_request\"",
    "\\ud800",
    "\\u0000",
    "\xff\xfe",
    "[[[[[[[[[[",
    "1e999",
    "{}",
    "\"",
    "null",
    "-0",
    "99999999999999999999",
};

static void put(input_t *input, size_t at, const void *bytes, size_t size) {
    if (size > LARGEST - input->size)
        size = LARGEST - input->size;
    memmove(input->bytes + at + size, input->bytes + at, input->size - at);
    memcpy(input->bytes + at, bytes, size);
    input->size += size;
}

static void cut(input_t *input, size_t at, size_t size) {
    if (size > input->size - at)
        size = input->size - at;
    memmove(input->bytes + at, input->bytes + at + size, input->size - at - size);
    input->size -= size;
}

/* Mostly the length of the frame around `at` follows, so that the other frames stay what they are.
 * `more` may be negative. */
static void resize(input_t *input, size_t at, int more) {
    size_t begin = 1, length = 0;
    while (begin + 2 <= input->size) {
        length = (size_t)(input->bytes[begin] << 8 | input->bytes[begin + 1]);
        if (at <= begin + 2 + length)
            break;
        begin += 2 + length;
    }
    if (begin + 2 > at || begin + 2 > input->size || below(8) == 0)
        return;
    long now = (long)length + more;
    now = now < (long)(at - begin - 2) ? (long)(at - begin - 2) : now;
    input->bytes[begin] = (unsigned char)(now >> 8);
    input->bytes[begin + 1] = (unsigned char)now;
}

static void mutate(input_t *input, const input_t *other) {
    unsigned char byte = (unsigned char)next_random();
    size_t at = below(input->size + 1), word = below(sizeof words / sizeof *words);
    size_t from = below(other->size + 1);
    switch (below(7)) {
    case 0:
        if (at < input->size)
            input->bytes[at] = byte;
        break;
    case 1:
        if (at < input->size)
            input->bytes[at] ^= (unsigned char)(1u << below(8));
        break;
    case 2:
        resize(input, at, 1);
        put(input, at, &byte, 1);
        break;
    case 3: {
        size_t size = 1 + below(below(2) ? 4 : 64);
        resize(input, at, -(int)size);
        cut(input, at, size);
        break;
    }
    case 4: { /* the second word begins with a NUL */
        size_t size = word == 1 ? 11 : strlen(words[word]);
        resize(input, at, (int)size);
        put(input, at, words[word], size);
        break;
    }
    case 5: {
        static unsigned char piece[256];
        size_t size = below(sizeof piece);
        size = size < other->size - from ? size : other->size - from;
        memcpy(piece, other->bytes + from, size);
        resize(input, at, (int)size);
        put(input, at, piece, size);
        break;
    }
    default:
        if (input->size > 0)
            input->bytes[0] = byte; /* who signs, and whether */
    }
}

static size_t load(const char *folder, input_t **corpus) {
    size_t count = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (file == NULL)
            continue;
        *corpus = realloc(*corpus, (count + 1) * sizeof **corpus);
        (*corpus)[count].size = fread((*corpus)[count].bytes, 1, LARGEST, file);
        fclose(file);
        count++;
    }
    if (directory != NULL)
        closedir(directory);
    return count;
}

int main(int argc, char **argv) {
    unsigned long long total = 100000, seed = 1;
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2)
        *(argv[i][1] == 'n' ? &total : &seed) = strtoull(argv[i + 1], NULL, 10);
    input_t *corpus = NULL;
    size_t count = i < argc ? load(argv[i], &corpus) : 0;
    if (count == 0) {
        fputs("usage: fuzz_wire [-n COUNT] [-s SEED] FOLDER\n", stderr);
        return 2;
    }
    state = seed * 0x9e3779b97f4a7c15ULL + 1;
    for (size_t c = 0; c < count; c++)
        LLVMFuzzerTestOneInput(corpus[c].bytes, corpus[c].size);
    static input_t input;
    for (unsigned long long done = 0; done < total; done++) {
        const input_t *begin = &corpus[below(count)];
        memcpy(input.bytes, begin->bytes, begin->size);
        input.size = begin->size;
        for (size_t times = 1 + below(below(3) ? 3 : 12); times > 0; times--)
            mutate(&input, &corpus[below(count)]);
        LLVMFuzzerTestOneInput(input.bytes, input.size);
    }
    printf("%llu inputs:", total);
    for (int result = KERNEL_WIRE_GOOD; result <= KERNEL_WIRE_MALFORMED; result++)
        printf(" %llu %s%s", counts[result], kernel_wire_reason((kernel_wire_result_t)result),
               result == KERNEL_WIRE_MALFORMED ? "\n" : ",");
    for (int s = 0; s < 3; s++)
        kernel_signer_free(signers[s]);
    free(corpus);
    return 0;
}
#endif
