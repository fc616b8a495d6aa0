/* host_text.c - strings, lists of strings, small files. Out of memory ends the process. */
#include "host/host_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void *checked(void *memory) {
    if (memory == NULL) {
        static const char text[] = "pyflink-shell: out of memory\n";
        ssize_t ignored = write(2, text, sizeof text - 1);
        (void)ignored;
        _exit(1);
    }
    return memory;
}

static char *vformat_new(const char *format, va_list arguments) {
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    return checked(text);
}

char *host_format_new(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = vformat_new(format, arguments);
    va_end(arguments);
    return text;
}

void host_list_add(host_list_t *list, char *item) {
    if (list->count + 2 > list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 16;
        list->items = checked(realloc(list->items, list->capacity * sizeof *list->items));
    }
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

void host_list_addf(host_list_t *list, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    host_list_add(list, vformat_new(format, arguments));
    va_end(arguments);
}

void host_list_add_words(host_list_t *list, const char *words) {
    while (words != NULL && *words != '\0') {
        while (isspace((unsigned char)*words))
            words++;
        const char *end = words;
        while (*end != '\0' && !isspace((unsigned char)*end))
            end++;
        if (end > words)
            host_list_addf(list, "%.*s", (int)(end - words), words);
        words = end;
    }
}

static int compare(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void host_list_sort(host_list_t *list) {
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare);
}

void host_list_clear(host_list_t *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (host_list_t){0};
}

bool host_file_exists(const char *path) {
    struct stat status;
    return path != NULL && stat(path, &status) == 0;
}

char *host_file_read_new(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    size_t size = 0, capacity = 4096;
    char *text = checked(malloc(capacity));
    size_t got;
    while ((got = fread(text + size, 1, capacity - size - 1, file)) > 0) {
        size += got;
        if (size + 1 == capacity) {
            capacity *= 2;
            text = checked(realloc(text, capacity));
        }
    }
    fclose(file);
    text[size] = '\0';
    return text;
}

/* FNV-1a: names of files, nothing that an attacker chooses. */
unsigned long long host_hash(unsigned long long hash, const void *data, size_t size) {
    const unsigned char *byte = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3ULL;
    return hash;
}

void host_warn(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = vformat_new(format, arguments);
    va_end(arguments);
    fprintf(stderr, "pyflink-shell: warning: %s\n", text);
    free(text);
}
