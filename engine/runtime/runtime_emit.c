/* runtime_emit.c - writes what leaves a chain.
 *
 * Cost of one record: its flags byte and one encoding of the value. Key and value of a keyed
 * record are written in place, their lengths are filled in afterwards; no Row is made. */
#include "runtime/runtime_emit.h"

int runtime_encode_failed(runtime_chain_t *chain, runtime_encoder_t *encoder,
                          const runtime_type_t *type, int step, PyObject *record) {
    char who[300];
    snprintf(who, sizeof who, "operator '%s'%s", chain->steps[step].name,
             encoder->canonical ? ", key" : "");
    runtime_encode_raise(encoder, type, who);
    return runtime_chain_fail(chain, step, record, "output");
}

static inline int put_head(runtime_buffer_t *out, const runtime_travel_t *travel, unsigned flags) {
    if (runtime_reserve(out, 24) < 0)
        return -1;
    if (travel->has_timestamp) {
        runtime_put_u8(out, (uint8_t)(flags | RUNTIME_HAS_TIMESTAMP));
        runtime_put_u64(out, (uint64_t)travel->timestamp);
    } else {
        runtime_put_u8(out, (uint8_t)flags);
    }
    return 0;
}

/* A present byte and the value. */
static inline int put_present(runtime_encoder_t *encoder, const runtime_type_t *type,
                              PyObject *value) {
    if (value == Py_None && type->kind != RUNTIME_ANY) {
        runtime_put_u8(encoder->out, 0);
        return 0;
    }
    runtime_put_u8(encoder->out, 1);
    return runtime_encode(encoder, type, value);
}

/* The chain's result, a record without a key. */
int runtime_emit(runtime_chain_t *chain, const runtime_travel_t *travel) {
    runtime_buffer_t *out = &chain->output;
    const runtime_type_t *type = chain->out.type;
    PyObject *value = travel->value;
    size_t start = out->length;
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, out);
    int result;
    if (chain->out.mode == RUNTIME_TYPED) {
        bool null = value == Py_None && type->kind != RUNTIME_ANY && type->kind != RUNTIME_PICKLED;
        result = put_head(out, travel, null ? RUNTIME_IS_NULL : 0);
        if (result == 0 && !null)
            result = runtime_encode(&encoder, type, value);
    } else if ((result = put_head(out, travel, 0)) == 0) {
        runtime_put_u32(out, 0);
        size_t length_at = out->length;
        runtime_put_u32(out, 0);
        result = put_present(&encoder, type, value);
        runtime_patch_u32(out, length_at, out->length - length_at - 4);
    }
    if (__builtin_expect(result == 0, 1))
        return 0;
    out->length = start;
    return runtime_encode_failed(chain, &encoder, type, chain->step_count - 1,
                                 travel->record == NULL ? value : travel->record);
}

/* KEY_BY's result: key and value go straight to where a Row of both would put them. */
int runtime_emit_keyed(runtime_chain_t *chain, const runtime_travel_t *travel, PyObject *key) {
    runtime_buffer_t *out = &chain->output;
    const runtime_type_t *type = chain->out.type, *key_type = chain->out.key;
    PyObject *value = travel->value;
    size_t start = out->length;
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, out);
    int step = travel->step;
    if (put_head(out, travel, 0) < 0)
        goto failed;
    encoder.canonical = true;
    bool no_key =
        key == Py_None && key_type->kind != RUNTIME_ANY && key_type->kind != RUNTIME_PICKLED;
    if (chain->out.mode == RUNTIME_TYPED) {
        const runtime_type_t *value_type = type->fields[1];
        bool no_value = value == Py_None && value_type->kind != RUNTIME_ANY &&
                        value_type->kind != RUNTIME_PICKLED;
        runtime_put_u8(out, 0);
        runtime_put_u8(out, (uint8_t)(no_key | no_value << 1));
        if (!no_key && runtime_encode(&encoder, key_type, key) < 0)
            goto failed;
        encoder.canonical = false;
        if (!no_value && runtime_encode(&encoder, value_type, value) < 0)
            goto failed;
        return 0;
    }
    if (no_key && runtime_mismatch(&encoder, key_type, key, NULL) < 0)
        goto failed;
    size_t head = out->length;
    runtime_put_u32(out, 0);
    runtime_put_u32(out, 0);
    if (runtime_encode(&encoder, key_type, key) < 0)
        goto failed;
    encoder.canonical = false;
    size_t value_at = out->length;
    if (runtime_reserve(out, 1) < 0 || put_present(&encoder, type, value) < 0)
        goto failed;
    runtime_patch_u32(out, head, value_at - head - 8);
    runtime_patch_u32(out, head + 4, out->length - value_at);
    return 0;
failed:
    out->length = start;
    if (encoder.canonical)
        return runtime_encode_failed(chain, &encoder, key_type, step, value);
    if (chain->late_type == NULL)
        return runtime_encode_failed(chain, &encoder, type, step, value);
    return runtime_encode_failed(chain, &encoder, chain->late_type, step - 1, travel->record);
}
