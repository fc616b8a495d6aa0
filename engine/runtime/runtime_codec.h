/* runtime_codec.h - values between Python objects and the bytes that Java shares with us.
 *
 * Wire form, little-endian, one value of a type (the letters are those of runtime_schema.h):
 *   z b h c i l f d      fixed width, two's complement or IEEE 754
 *   s                    u32 (byteLength << 2 | kind), bytes; kind 0 ASCII, 1 LATIN-1, 2 UTF-16LE
 *   N                    u32 n, n bytes two's complement big-endian
 *   D                    i32 scale, then the unscaled value as N
 *   E e / M m / W w t    i32 epoch day / i64 nano of day / i64 second, i32 nano
 *   p B                  u32 n, n bytes
 *   [x                   u32 n, n packed values
 *   Ax Lx                u32 n, n times (u8 present, value if present)
 *   Kxy                  u32 n, n times (u8 present, key, u8 present, value)
 *   T                    null bitmap, then the fields that are not null
 *   R                    u8 row kind, null bitmap, then the fields that are not null
 *   o                    runtime_any.c
 *
 * Ownership: a decoder never keeps a pointer into its input. An encoder only appends; after a
 * failure the bytes written so far are garbage that the caller cuts off. All functions need the
 * GIL. Decoding checks every length: malformed input raises ValueError. */
#ifndef PYFLINK_SHELL_RUNTIME_CODEC_H
#define PYFLINK_SHELL_RUNTIME_CODEC_H

#include "runtime/runtime_schema.h"

#include <string.h>

#if PY_VERSION_HEX < 0x030a0000 && !defined(PYFLINK_SHELL_NEWREF)
#define PYFLINK_SHELL_NEWREF
static inline PyObject *Py_NewRef(PyObject *object) {
    Py_INCREF(object);
    return object;
}
#endif

/* Record flags. */
#define RUNTIME_HAS_TIMESTAMP 1u
#define RUNTIME_IS_NULL 2u
#define RUNTIME_FROM_SECOND 4u /* of a chain with two inputs */
#define RUNTIME_IS_PAIR 16u    /* of an interval join: a record of each input follows */
#define RUNTIME_IS_SIDE 8u     /* u16 number of the side output, after the timestamp */

/* ---- buffers ---------------------------------------------------------------------------- */

typedef struct {
    uint8_t *data; /* PyMem_RawMalloc */
    size_t length;
    size_t capacity;
} runtime_buffer_t;

/* Makes room for more bytes after the end. -1 with MemoryError. */
int runtime_buffer_grow(runtime_buffer_t *buffer, size_t more);
void runtime_buffer_free(runtime_buffer_t *buffer);

static inline int runtime_reserve(runtime_buffer_t *buffer, size_t more) {
    if (__builtin_expect(buffer->capacity - buffer->length >= more, 1))
        return 0;
    return runtime_buffer_grow(buffer, more);
}

/* The put functions expect that the room was reserved. All hosts of Flink that we build for are
 * little-endian, so a plain copy is the wire form. */
#define RUNTIME_PUT(suffix, ctype)                                                                 \
    static inline void runtime_put_##suffix(runtime_buffer_t *buffer, ctype value) {               \
        memcpy(buffer->data + buffer->length, &value, sizeof value);                               \
        buffer->length += sizeof value;                                                            \
    }
RUNTIME_PUT(u8, uint8_t)
RUNTIME_PUT(u16, uint16_t)
RUNTIME_PUT(u32, uint32_t)
RUNTIME_PUT(u64, uint64_t)
RUNTIME_PUT(f32, float)
RUNTIME_PUT(f64, double)
#undef RUNTIME_PUT

static inline void runtime_patch_u32(runtime_buffer_t *buffer, size_t at, size_t value) {
    uint32_t small = (uint32_t)value;
    memcpy(buffer->data + at, &small, sizeof small);
}

/* ---- decoding --------------------------------------------------------------------------- */

typedef struct {
    const uint8_t *next;
    const uint8_t *end;
} runtime_input_t;

/* Raises ValueError: the input is malformed. Always NULL / -1. */
void *runtime_malformed(const char *what);

#define RUNTIME_GET(suffix, ctype)                                                                 \
    static inline int runtime_get_##suffix(runtime_input_t *in, ctype *value) {                    \
        if (__builtin_expect((size_t)(in->end - in->next) < sizeof *value, 0)) {                   \
            runtime_malformed("it ends inside a value");                                           \
            return -1;                                                                             \
        }                                                                                          \
        memcpy(value, in->next, sizeof *value);                                                    \
        in->next += sizeof *value;                                                                 \
        return 0;                                                                                  \
    }
RUNTIME_GET(u8, uint8_t)
RUNTIME_GET(u16, uint16_t)
RUNTIME_GET(u32, uint32_t)
RUNTIME_GET(i32, int32_t)
RUNTIME_GET(i64, int64_t)
RUNTIME_GET(f32, float)
RUNTIME_GET(f64, double)
#undef RUNTIME_GET

/* A length that is followed by so many bytes. */
static inline int runtime_get_length(runtime_input_t *in, size_t *length) {
    uint32_t n;
    if (runtime_get_u32(in, &n) < 0)
        return -1;
    if ((size_t)(in->end - in->next) < n) {
        runtime_malformed("a length is larger than the input");
        return -1;
    }
    *length = n;
    return 0;
}

/* The next value; new reference. NULL with an error. */
PyObject *runtime_decode(runtime_input_t *in, const runtime_type_t *type);

/* Moves behind the next value without making it. */
int runtime_skip(runtime_input_t *in, const runtime_type_t *type);

/* Helpers of the decoders. */
PyObject *runtime_decode_string(runtime_input_t *in);
PyObject *runtime_decode_big_int(runtime_input_t *in);
PyObject *runtime_decode_big_dec(runtime_input_t *in);
PyObject *runtime_decode_time(runtime_input_t *in, char kind);
PyObject *runtime_decode_primitive_array(runtime_input_t *in, const runtime_type_t *type);
PyObject *runtime_decode_any(runtime_input_t *in);
int runtime_skip_any(runtime_input_t *in);

/* The Decimal that stands for all that are equal to it where keys are compared as bytes; new
 * reference. NULL with an error. */
PyObject *runtime_canonical_decimal(PyObject *value);

/* The double whose shortest text is that of a float. */
double runtime_float_as_printed(float value);

/* ---- encoding --------------------------------------------------------------------------- */

/* Where in a value the part is that does not fit, innermost first. */
typedef struct {
    enum { RUNTIME_AT_FIELD, RUNTIME_AT_ELEMENT, RUNTIME_AT_KEY, RUNTIME_AT_VALUE } what;
    Py_ssize_t index;
    const char *name; /* of a row's field, owned by the type; NULL: by index */
} runtime_step_in_t;

typedef struct {
    runtime_buffer_t *out;
    bool canonical;  /* keys: one form for values that are equal */
    bool to_utc;     /* times with a zone are moved to UTC; else they lose their zone */
    bool check_only; /* the bytes are thrown away: leave out what cannot fail */
    /* The failure, when encoding returned -1 without a Python error. */
    const runtime_type_t *expected;
    PyObject *found;    /* strong reference */
    const char *reason; /* instead of "expects TYPE", or NULL */
    int depth;
    runtime_step_in_t path[RUNTIME_MAX_DEPTH + 1];
} runtime_encoder_t;

static inline void runtime_encoder_init(runtime_encoder_t *encoder, runtime_buffer_t *out) {
    encoder->out = out;
    encoder->canonical = encoder->to_utc = encoder->check_only = false;
    encoder->expected = NULL;
    encoder->found = NULL;
    encoder->reason = NULL;
    encoder->depth = 0;
}

/* Appends value. 0, or -1: either a Python error is set or the failure is noted in the encoder.
 * In both cases call runtime_encode_raise next. value may not be None, except for ANY and
 * PICKLED. */
int runtime_encode(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value);

/* Turns a noted failure into a TypeError (OverflowError when the value is out of range):
 * "WHO: field f1 of the declared type TUPLE<INT, STRING> expects INT, found str 'abc'". A Python
 * error that is already set stays. who may be NULL. Always -1. */
int runtime_encode_raise(runtime_encoder_t *encoder, const runtime_type_t *root, const char *who);

/* Notes that value does not fit; reason NULL: it is of the wrong type. Always -1. */
int runtime_mismatch(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value,
                     const char *reason);

/* Adds the place of a failed part to the path. Always -1. */
int runtime_at(runtime_encoder_t *encoder, int what, Py_ssize_t index, const char *name);

/* Prefix of the reasons that make an OverflowError. */
#define RUNTIME_OUT_OF_RANGE "is out of range for "

/* Helpers of the encoders. */
int runtime_encode_string(runtime_buffer_t *out, PyObject *value);
int runtime_encode_big_int(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value);
int runtime_encode_big_dec(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value);
int runtime_encode_time(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value);
int runtime_encode_primitive_array(runtime_encoder_t *encoder, const runtime_type_t *type,
                                   PyObject *value);
int runtime_encode_bytes(runtime_encoder_t *encoder, const runtime_type_t *type, PyObject *value);
int runtime_encode_any(runtime_encoder_t *encoder, PyObject *value);
/* Writes the pickle of plain data. 1; 0: value is not plain and nothing was written; -1: error. */
int runtime_encode_plain_pickle(runtime_buffer_t *out, PyObject *value);
int runtime_encode_pickled(runtime_buffer_t *out, PyObject *value);
int runtime_encode_pickled_key(runtime_buffer_t *out, PyObject *value);

/* The int that equals value, which is no int itself; new reference. NULL with a TypeError or
 * ValueError (OverflowError: an infinity) when there is none, or with what value's own code raised.
 */
PyObject *runtime_whole_number(PyObject *value);

/* A list or tuple as it is; other sequences (arrays, numpy's, ranges) as a list; NULL without an
 * error when value is none of them. New reference. */
PyObject *runtime_as_sequence(PyObject *value);

/* ---- the Python classes that values are made of -------------------------------------------- */

typedef struct {
    PyTypeObject *row;
    Py_ssize_t row_fields, row_values, row_kind; /* offsets of Row's slots */
    PyObject *kinds[4];                          /* RowKind: INSERT UPDATE_BEFORE … DELETE */
    PyTypeObject *instant;
    Py_ssize_t instant_seconds, instant_nanos;
    PyObject *decimal, *dumps, *loads, *protocol, *pickler, *bytes_io;
} runtime_types_t;

/* Imports them once; NULL with an error. Kept until the process ends. */
const runtime_types_t *runtime_types(void);

/* A slot of an object of one of these classes, by its offset. */
#define RUNTIME_SLOT(object, offset) (*(PyObject **)((char *)(object) + (offset)))

/* A Row; steals values (a list), borrows names (a list or NULL). kind is 0 to 3. */
PyObject *runtime_row_new(const runtime_types_t *types, PyObject *values, PyObject *names,
                          unsigned kind);

/* The number of a row's kind, -1 with an error. */
int runtime_row_kind(const runtime_types_t *types, PyObject *row);

#endif
