/* runtime_emit.c - writes what leaves a chain.
 *
 * Cost of one record: its flags byte and one encoding of the value. Key and value of a keyed
 * record are written in place, their lengths are filled in afterwards; no Row is made. A tagged
 * record costs in addition a comparison of pointers for each side output of the chain. */
#include "runtime/runtime_emit.h"

#include "runtime/runtime_watch.h"

int runtime_encode_failed(runtime_chain_t *chain, runtime_encoder_t *encoder,
                          const runtime_type_t *type, int step, PyObject *record) {
    char who[300];
    snprintf(who, sizeof who, "operator '%s'%s", chain->steps[step].name,
             encoder->canonical ? ", key" : "");
    runtime_encode_raise(encoder, type, who);
    return runtime_chain_fail(chain, step, record, "output");
}

int runtime_chain_check_closely(runtime_chain_t *chain, const runtime_type_t *type, int step,
                                PyObject *record, PyObject *value) {
    runtime_encoder_t encoder;
    if (value == Py_None)
        return 0;
    chain->scratch.length = 0;
    runtime_encoder_init(&encoder, &chain->scratch);
    encoder.check_only = true;
    if (__builtin_expect(runtime_encode(&encoder, type, value) == 0, 1))
        return 0;
    return runtime_encode_failed(chain, &encoder, type, step, record);
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

/* A record without a key in the form of one end; extra are flags, side is a side output's number
 * when they say so. */
static inline int put_record(runtime_encoder_t *encoder, const runtime_end_t *end,
                             const runtime_travel_t *travel, PyObject *value, unsigned extra,
                             int side) {
    runtime_buffer_t *out = encoder->out;
    const runtime_type_t *type = end->type;
    bool typed = end->mode == RUNTIME_TYPED;
    bool null =
        typed && value == Py_None && type->kind != RUNTIME_ANY && type->kind != RUNTIME_PICKLED;
    if (put_head(out, travel, extra | (null ? RUNTIME_IS_NULL : 0)) < 0)
        return -1;
    if (extra & RUNTIME_IS_SIDE)
        runtime_put_u16(out, (uint16_t)side);
    if (typed)
        return null ? 0 : runtime_encode(encoder, type, value);
    runtime_put_u32(out, 0);
    size_t length_at = out->length;
    runtime_put_u32(out, 0);
    int result = put_present(encoder, type, value);
    runtime_patch_u32(out, length_at, out->length - length_at - 4);
    return result;
}

/* The chain's result, a record without a key. */
int runtime_emit(runtime_chain_t *chain, const runtime_travel_t *travel) {
    runtime_buffer_t *out = &chain->output;
    size_t start = out->length;
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, out);
    if (__builtin_expect(put_record(&encoder, &chain->out, travel, travel->value, 0, 0) == 0, 1))
        return 0;
    out->length = start;
    return runtime_encode_failed(chain, &encoder, chain->out.type, chain->step_count - 1,
                                 travel->record == NULL ? travel->value : travel->record);
}

/* The number of the side output that a step sends a tag's values to; -1: nobody reads it; -2 with
 * an error. A tag is one object as a rule, so its name is looked at once. */
static int find_side(runtime_chain_t *chain, int step, PyObject *tag) {
    for (int i = 0; i < chain->side_count; i++)
        if (chain->sides[i].step == step && chain->sides[i].seen == tag)
            return i;
    if (chain->side_count == 0)
        return -1;
    PyObject *id = PyObject_GetAttrString(tag, "tag_id");
    if (id == NULL)
        return -2;
    int found = -1;
    for (int i = 0; i < chain->side_count && found == -1; i++) {
        if (chain->sides[i].step != step)
            continue;
        int same = PyObject_RichCompareBool(chain->sides[i].id, id, Py_EQ);
        if (same != 0)
            found = same < 0 ? -2 : i;
    }
    Py_DECREF(id);
    if (found >= 0)
        Py_XSETREF(chain->sides[found].seen, Py_NewRef(tag));
    return found;
}

int runtime_emit_side(runtime_chain_t *chain, const runtime_travel_t *travel, PyObject *tagged,
                      PyObject *record) {
    const char *name = chain->steps[travel->step].name;
    if (PyTuple_GET_SIZE(tagged) < 2) {
        PyErr_Format(PyExc_TypeError,
                     "operator '%s': a result for a side output is a tuple of an OutputTag and a "
                     "value, found a tuple without a value",
                     name);
        return runtime_chain_fail(chain, travel->step, record, "output");
    }
    int side = find_side(chain, travel->step, PyTuple_GET_ITEM(tagged, 0));
    if (side == -1 && chain->untaken == NULL)
        return 0;
    if (side == -1 && runtime_watch_untaken(chain, travel->step, tagged, travel->has_timestamp,
                                            travel->timestamp) == 0)
        return 0;
    if (side < 0)
        return runtime_chain_fail(chain, travel->step, record, "output");
    runtime_buffer_t *out = &chain->output;
    size_t start = out->length;
    runtime_encoder_t encoder;
    runtime_encoder_init(&encoder, out);
    const runtime_end_t *end = &chain->sides[side].out;
    if (put_record(&encoder, end, travel, PyTuple_GET_ITEM(tagged, 1), RUNTIME_IS_SIDE, side) == 0)
        return 0;
    out->length = start;
    const char *id = PyUnicode_AsUTF8(chain->sides[side].id);
    char who[300];
    snprintf(who, sizeof who, "operator '%s', side output '%s'", name, id == NULL ? "?" : id);
    runtime_encode_raise(&encoder, end->type, who);
    return runtime_chain_fail(chain, travel->step, record, "output");
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
