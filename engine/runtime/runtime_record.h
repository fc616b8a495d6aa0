/* runtime_record.h - reads the records at the ends of a chain. Inline, for it is done for each
 * record. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_RECORD_H
#define PYFLINK_SHELL_RUNTIME_RECORD_H

#include "runtime/runtime_emit.h"

/* The key's bytes lie in the input; empty, of a stream without keys. */
typedef struct {
    const uint8_t *bytes;
    size_t length;
} runtime_record_key_t;

/* The value of the record at in, a new reference, and its key's bytes when the input is keyed.
 * NULL with an error. */
static inline PyObject *runtime_read_record(runtime_chain_t *chain, runtime_input_t *in,
                                            runtime_travel_t *travel, runtime_record_key_t *key) {
    uint8_t flags, nulls;
    if (runtime_get_u8(in, &flags) < 0)
        return NULL;
    chain->origin = (flags & RUNTIME_FROM_SECOND) != 0;
    const runtime_end_t *from = &chain->in[chain->origin];
    const runtime_type_t *type = from->type;
    if (type == NULL)
        return runtime_malformed("a record is from an input that the chain does not have");
    travel->has_timestamp = flags & RUNTIME_HAS_TIMESTAMP;
    if (travel->has_timestamp && runtime_get_i64(in, &travel->timestamp) < 0)
        return NULL;
    if (flags & RUNTIME_IS_NULL)
        return Py_NewRef(Py_None);
    if (from->mode == RUNTIME_ENCODED) {
        uint32_t key_length, value_length;
        if (runtime_get_u32(in, &key_length) < 0 || runtime_get_u32(in, &value_length) < 0)
            return NULL;
        size_t left = (size_t)(in->end - in->next);
        if (left < key_length || left - key_length < value_length || value_length == 0)
            return runtime_malformed("a key or value is longer than the input");
        key->bytes = in->next;
        key->length = key_length;
        runtime_input_t value = {in->next + key_length, in->next + key_length + value_length};
        in->next = value.end;
        if (*value.next++ == 0)
            return Py_NewRef(Py_None);
        return runtime_decode(&value, type);
    }
    if (from->key == NULL)
        return runtime_decode(in, type);
    if (in->end - in->next < 2)
        return runtime_malformed("it ends inside a keyed record");
    nulls = in->next[1]; /* after the row kind */
    in->next += 2;
    key->bytes = in->next;
    if (!(nulls & 1) && runtime_skip(in, type->fields[0]) < 0)
        return NULL;
    key->length = (size_t)(in->next - key->bytes);
    return nulls & 2 ? Py_NewRef(Py_None) : runtime_decode(in, type->fields[1]);
}

#endif
