/* kernel_wire.c - reads and checks the frames of a message; makes headers.
 *
 * Only the header is parsed here. The content goes on as text to whom it concerns, so a message of
 * 100 MB costs one hash over it. */
#include "kernel/kernel_wire.h"

#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A header travels back with each answer and is kept for late output. */
#define LARGEST_HEADER (64u << 10)

static bool is_delimiter(kernel_bytes_t frame) {
    return frame.size == strlen(KERNEL_DELIMITER) &&
           memcmp(frame.data, KERNEL_DELIMITER, frame.size) == 0;
}

static const char *string_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static bool read_header(kernel_wire_t *wire) {
    if (wire->header.size > LARGEST_HEADER)
        return false;
    wire->fields = json_loadb(wire->header.data, wire->header.size, 0, NULL);
    wire->type = string_of(wire->fields, "msg_type");
    wire->id = string_of(wire->fields, "msg_id");
    wire->session = string_of(wire->fields, "session");
    if (*wire->type != '\0' && *wire->id != '\0')
        return true;
    kernel_wire_clear(wire);
    return false;
}

kernel_wire_result_t kernel_wire_read(kernel_signer_t *signer, const kernel_bytes_t *frames,
                                      size_t count, kernel_wire_t *wire) {
    *wire = (kernel_wire_t){0};
    while (wire->identities < count && !is_delimiter(frames[wire->identities]))
        wire->identities++;
    if (count < 2 + KERNEL_SIGNED_PARTS || wire->identities > count - 2 - KERNEL_SIGNED_PARTS)
        return KERNEL_WIRE_SHORT;
    const kernel_bytes_t *parts = frames + wire->identities + 2;
    switch (kernel_verify(signer, parts, parts[-1])) {
    case KERNEL_FORGED:
        return KERNEL_WIRE_FORGED;
    case KERNEL_REPLAYED:
        return KERNEL_WIRE_REPLAYED;
    case KERNEL_GENUINE:
        break;
    }
    wire->header = parts[0];
    wire->parent = parts[1];
    wire->metadata = parts[2];
    wire->content = parts[3];
    wire->buffers = wire->identities + 2 + KERNEL_SIGNED_PARTS;
    return read_header(wire) ? KERNEL_WIRE_GOOD : KERNEL_WIRE_MALFORMED;
}

void kernel_wire_clear(kernel_wire_t *wire) {
    json_decref(wire->fields);
    *wire = (kernel_wire_t){0};
}

const char *kernel_wire_reason(kernel_wire_result_t result) {
    static const char *const reasons[] = {
        [KERNEL_WIRE_GOOD] = "good",
        [KERNEL_WIRE_SHORT] = "frames are missing",
        [KERNEL_WIRE_FORGED] = "its signature is wrong",
        [KERNEL_WIRE_REPLAYED] = "it was sent before",
        [KERNEL_WIRE_MALFORMED] = "its header is no JSON object with msg_id and msg_type",
    };
    return reasons[result];
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char session[KERNEL_UUID_SIZE];
static char *user; /* as JSON */

static void begin_session(void) {
    kernel_uuid(session);
    const char *name = getenv("USER");
    struct passwd *entry = name == NULL || *name == '\0' ? getpwuid(getuid()) : NULL;
    if (name == NULL || *name == '\0')
        name = entry ? entry->pw_name : "kernel";
    kernel_text_t text = {0};
    kernel_text_json(&text, name, strlen(name));
    user = kernel_text_take(&text);
}

char *kernel_wire_header_new(const char *type, char id[KERNEL_ID_SIZE]) {
    static atomic_ullong number;
    char own_id[KERNEL_ID_SIZE], date[KERNEL_DATE_SIZE];
    pthread_once(&once, begin_session);
    if (id == NULL)
        id = own_id;
    snprintf(id, KERNEL_ID_SIZE, "%s_%llu", session, atomic_fetch_add(&number, 1));
    kernel_date(date);
    kernel_text_t text = {0};
    kernel_text_addf(&text, "{\"msg_id\":\"%s\",\"msg_type\":", id);
    kernel_text_json(&text, type, strlen(type));
    kernel_text_addf(&text,
                     ",\"username\":%s,\"session\":\"%s\",\"date\":\"%s\",\"version\":\"%s\"}",
                     user, session, date, KERNEL_PROTOCOL);
    return kernel_text_take(&text);
}
