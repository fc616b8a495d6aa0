/* kernel_text.h - text that grows, JSON strings, names and times of messages.
 *
 * Ownership: a kernel_text_t owns its bytes until kernel_text_clear or kernel_text_take; functions
 * named ..._new return memory that the caller frees with free(). Running out of memory ends the
 * process: there is nobody left who could be told. */
#ifndef PYFLINK_SHELL_KERNEL_TEXT_H
#define PYFLINK_SHELL_KERNEL_TEXT_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *data; /* NUL-terminated once anything was added */
    size_t size;
    size_t capacity;
} kernel_text_t;

typedef struct {
    const char *data;
    size_t size;
} kernel_bytes_t;

void *kernel_allocate(size_t size); /* never NULL */
char *kernel_copy_new(const char *text, size_t size);
char *kernel_format_new(const char *format, ...) __attribute__((format(printf, 1, 2)));

void kernel_text_add(kernel_text_t *text, const char *data, size_t size);
void kernel_text_string(kernel_text_t *text, const char *string);
void kernel_text_addf(kernel_text_t *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds `data` as a JSON string with its quotes. What is no UTF-8 becomes U+FFFD. */
void kernel_text_json(kernel_text_t *text, const char *data, size_t size);
char *kernel_text_take(kernel_text_t *text); /* the bytes, now the caller's; never NULL */
void kernel_text_clear(kernel_text_t *text);

#define KERNEL_UUID_SIZE 33
void kernel_uuid(char uuid[KERNEL_UUID_SIZE]); /* 32 hexadecimal digits, random */

#define KERNEL_DATE_SIZE 32
void kernel_date(char date[KERNEL_DATE_SIZE]); /* now, as "2024-01-31T12:00:00.000000Z" */

uint64_t kernel_milliseconds(void); /* of a clock that never goes back */

#endif
