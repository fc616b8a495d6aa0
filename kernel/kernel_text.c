/* kernel_text.c - text that grows, JSON strings, names and times of messages. */
#include "kernel/kernel_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

void *kernel_allocate(size_t size) {
    void *memory = malloc(size ? size : 1);
    if (memory == NULL) {
        fputs("pyflink-kernel: out of memory\n", stderr);
        abort();
    }
    return memory;
}

char *kernel_copy_new(const char *text, size_t size) {
    char *copy = kernel_allocate(size + 1);
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *kernel_format_new(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

static char *reserve(kernel_text_t *text, size_t more) {
    if (text->capacity - text->size <= more) {
        size_t capacity = text->capacity ? text->capacity : 64;
        while (capacity - text->size <= more)
            capacity *= 2;
        char *data = realloc(text->data, capacity);
        if (data == NULL)
            abort();
        text->data = data;
        text->capacity = capacity;
    }
    return text->data + text->size;
}

void kernel_text_add(kernel_text_t *text, const char *data, size_t size) {
    char *end = reserve(text, size);
    if (size > 0)
        memcpy(end, data, size);
    end[size] = '\0';
    text->size += size;
}

void kernel_text_string(kernel_text_t *text, const char *string) {
    kernel_text_add(text, string, strlen(string));
}

void kernel_text_addf(kernel_text_t *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *more = NULL;
    if (vasprintf(&more, format, arguments) < 0)
        abort();
    va_end(arguments);
    kernel_text_string(text, more);
    free(more);
}

/* Length of the UTF-8 sequence at `data`, or 0 when there is none that JSON may hold. */
static size_t utf8_length(const unsigned char *data, size_t size) {
    unsigned char first = data[0];
    size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((data[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (first == 0xe0 && data[1] < 0xa0) || (first == 0xf0 && data[1] < 0x90);
    bool surrogate = first == 0xed && data[1] > 0x9f;
    bool beyond = first == 0xf4 && data[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

static void add_escape(kernel_text_t *text, unsigned char byte) {
    static const char letters[] = "btn\0fr"; /* 8 to 13; 11 has none */
    char escape[8];
    if (byte == '"' || byte == '\\')
        snprintf(escape, sizeof escape, "\\%c", byte);
    else if (byte >= 8 && byte <= 13 && letters[byte - 8] != '\0')
        snprintf(escape, sizeof escape, "\\%c", letters[byte - 8]);
    else
        snprintf(escape, sizeof escape, "\\u%04x", byte);
    kernel_text_string(text, escape);
}

void kernel_text_json(kernel_text_t *text, const char *data, size_t size) {
    const unsigned char *bytes = (const unsigned char *)data;
    size_t plain = 0; /* what before `at` is not yet added begins here */
    kernel_text_add(text, "\"", 1);
    for (size_t at = 0; at < size;) {
        unsigned char byte = bytes[at];
        if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
            at++;
            continue;
        }
        size_t length = byte >= 0x80 ? utf8_length(bytes + at, size - at) : 0;
        if (length > 0) {
            at += length;
            continue;
        }
        kernel_text_add(text, data + plain, at - plain);
        if (byte >= 0x80)
            kernel_text_string(text, "\xef\xbf\xbd");
        else
            add_escape(text, byte);
        plain = ++at;
    }
    kernel_text_add(text, data + plain, size - plain);
    kernel_text_add(text, "\"", 1);
}

char *kernel_text_take(kernel_text_t *text) {
    if (text->data == NULL)
        kernel_text_add(text, "", 0);
    char *data = text->data;
    *text = (kernel_text_t){0};
    return data;
}

void kernel_text_clear(kernel_text_t *text) {
    free(text->data);
    *text = (kernel_text_t){0};
}

void kernel_uuid(char uuid[KERNEL_UUID_SIZE]) {
    unsigned char random[16];
    size_t got = 0;
    while (got < sizeof random) {
        ssize_t more = getrandom(random + got, sizeof random - got, 0);
        if (more < 0 && errno != EINTR)
            abort(); /* keys must never be guessable */
        got += more > 0 ? (size_t)more : 0;
    }
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(uuid + 2 * i, 3, "%02x", random[i]);
}

void kernel_date(char date[KERNEL_DATE_SIZE]) {
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    size_t length = strftime(date, KERNEL_DATE_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(date + length, KERNEL_DATE_SIZE - length, ".%06dZ",
             (int)(now.tv_nsec / 1000 % 1000000));
}

uint64_t kernel_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
