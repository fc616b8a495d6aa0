/* bridge_units.c - UTF-16 from and to Python's one-, two- and four-byte strings, in plain C. */
#include "bridge/bridge_units.h"

#include <string.h>

size_t bridge_utf16_length(int kind, const void *data, size_t length) {
    if (kind != 4)
        return length;
    const uint32_t *in = data;
    size_t units = length;
    for (size_t i = 0; i < length; i++)
        units += in[i] > 0xFFFF;
    return units;
}

void bridge_utf16_write(int kind, const void *data, size_t length, uint16_t *out) {
    if (kind == 1) {
        const uint8_t *in = data;
        for (size_t i = 0; i < length; i++)
            out[i] = in[i];
    } else if (kind == 2) {
        memcpy(out, data, length * 2);
    } else {
        const uint32_t *in = data;
        for (size_t i = 0; i < length; i++) {
            uint32_t c = in[i];
            if (c > 0xFFFF) {
                c -= 0x10000;
                *out++ = (uint16_t)(0xD800 | (c >> 10));
                *out++ = (uint16_t)(0xDC00 | (c & 0x3FF));
            } else {
                *out++ = (uint16_t)c;
            }
        }
    }
}

uint16_t bridge_utf16_or(const uint16_t *units, size_t count) {
    uint16_t all = 0;
    for (size_t i = 0; i < count; i++)
        all |= units[i];
    return all;
}

bool bridge_utf16_has_pair(const uint16_t *units, size_t count) {
    for (size_t i = 0; i + 1 < count; i++)
        if ((units[i] & 0xFC00) == 0xD800 && (units[i + 1] & 0xFC00) == 0xDC00)
            return true;
    return false;
}
