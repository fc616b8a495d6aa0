/* runtime_any.c - any Python object as self-describing bytes, between two of our operators.
 *
 * One tag byte, then:
 *   N T F       None, True, False
 *   1 2 4 8     int that fits this many bytes and no fewer
 *   I           u32 n, n bytes two's complement big-endian: any larger int
 *   f           f64
 *   s b         str (the wire form of a STRING), bytes (u32 n, n bytes)
 *   t l         tuple, list: u32 n, n values          d   dict: u32 n, n times key and value
 *   R           Row: u8 kind, u8 has names, u32 n, n values, n names if it has them (each a value)
 *   P           u32 n, n bytes of a pickle: everything else
 *
 * Java never reads this. Only objects of exactly these classes are written in these forms, so that
 * a subclass stays what it is. Equal keys must give equal bytes: there is one form for each value,
 * and for keys -0.0 becomes 0.0.
 *
 * A pickle keeps two things that this form would lose: one mutable object that is reachable twice
 * stays one object, and an object that contains itself works. So when a list, dict or Row inside
 * the value is referenced by anybody besides its container, the whole value is pickled.
 *
 * Cost: one tag and one comparison of the class for each part; keys of dicts come from a small
 * table of strings made before, which also saves hashing them. */
#include "runtime/runtime_codec.h"

/* Deeper values are pickled, which has a limit of its own. Decoding never recurses deeper. */
#define ANY_DEPTH 64

/* encode_value's "cannot be written in this form": pickle the whole value. */
#define NEEDS_PICKLE 1

static int encode_value(runtime_encoder_t *encoder, PyObject *value, int depth);

static int put_tag_u32(runtime_buffer_t *out, char tag, size_t n) {
    if (n > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a value has more than 4294967295 parts");
        return -1;
    }
    if (runtime_reserve(out, 5) < 0)
        return -1;
    runtime_put_u8(out, (uint8_t)tag);
    runtime_put_u32(out, (uint32_t)n);
    return 0;
}

static int encode_int(runtime_encoder_t *encoder, PyObject *value) {
    static const runtime_type_t big = {.kind = RUNTIME_BIG_INT};
    runtime_buffer_t *out = encoder->out;
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (runtime_reserve(out, 9) < 0)
        return -1;
    if (overflow) {
        runtime_put_u8(out, 'I');
        return runtime_encode_big_int(encoder, &big, value);
    }
    if (number == (int8_t)number) {
        runtime_put_u8(out, '1');
        runtime_put_u8(out, (uint8_t)number);
    } else if (number == (int16_t)number) {
        runtime_put_u8(out, '2');
        runtime_put_u16(out, (uint16_t)number);
    } else if (number == (int32_t)number) {
        runtime_put_u8(out, '4');
        runtime_put_u32(out, (uint32_t)number);
    } else {
        runtime_put_u8(out, '8');
        runtime_put_u64(out, (uint64_t)number);
    }
    return 0;
}

static int encode_items(runtime_encoder_t *encoder, PyObject **items, Py_ssize_t count, int depth) {
    for (Py_ssize_t i = 0; i < count; i++) {
        int result = encode_value(encoder, items[i], depth + 1);
        if (result != 0)
            return result;
    }
    return 0;
}

static int encode_dict(runtime_encoder_t *encoder, PyObject *dict, int depth) {
    if (put_tag_u32(encoder->out, 'd', (size_t)PyDict_GET_SIZE(dict)) < 0)
        return -1;
    Py_ssize_t position = 0;
    PyObject *key, *value;
    /* No Python code runs in here, because anything unusual ends with NEEDS_PICKLE. */
    while (PyDict_Next(dict, &position, &key, &value)) {
        int result = encode_value(encoder, key, depth + 1);
        if (result == 0)
            result = encode_value(encoder, value, depth + 1);
        if (result != 0)
            return result;
    }
    return 0;
}

static int encode_row(runtime_encoder_t *encoder, const runtime_types_t *types, PyObject *row,
                      int depth) {
    PyObject *values = RUNTIME_SLOT(row, types->row_values);
    PyObject *names = RUNTIME_SLOT(row, types->row_fields);
    if (values == NULL || !PyList_CheckExact(values))
        return NEEDS_PICKLE;
    Py_ssize_t count = PyList_GET_SIZE(values);
    if (names != NULL && (!PyList_CheckExact(names) || PyList_GET_SIZE(names) != count))
        return NEEDS_PICKLE;
    int kind = runtime_row_kind(types, row);
    if (kind < 0 || runtime_reserve(encoder->out, 7) < 0)
        return -1;
    runtime_put_u8(encoder->out, 'R');
    runtime_put_u8(encoder->out, (uint8_t)kind);
    runtime_put_u8(encoder->out, names != NULL);
    runtime_put_u32(encoder->out, (uint32_t)count);
    int result = encode_items(encoder, &PyList_GET_ITEM(values, 0), count, depth);
    if (result == 0 && names != NULL)
        result = encode_items(encoder, &PyList_GET_ITEM(names, 0), count, depth);
    return result;
}

/* True when a mutable part may also be reachable in another way. */
static inline bool may_be_shared(const runtime_encoder_t *encoder, PyObject *value, int depth) {
    return depth > 0 && Py_REFCNT(value) != 1 && !encoder->canonical;
}

static int encode_value(runtime_encoder_t *encoder, PyObject *value, int depth) {
    PyTypeObject *type = Py_TYPE(value);
    runtime_buffer_t *out = encoder->out;
    if (type == &PyUnicode_Type) {
        if (runtime_reserve(out, 1) < 0)
            return -1;
        runtime_put_u8(out, 's');
        return runtime_encode_string(out, value);
    }
    if (type == &PyLong_Type)
        return encode_int(encoder, value);
    if (type == &PyFloat_Type) {
        double real = PyFloat_AS_DOUBLE(value);
        if (encoder->canonical && real == 0.0)
            real = 0.0;
        else if (encoder->canonical && real != real)
            real = (double)__builtin_nan("");
        if (runtime_reserve(out, 9) < 0)
            return -1;
        runtime_put_u8(out, 'f');
        runtime_put_f64(out, real);
        return 0;
    }
    if (value == Py_None || type == &PyBool_Type) {
        if (runtime_reserve(out, 1) < 0)
            return -1;
        runtime_put_u8(out, value == Py_None ? 'N' : value == Py_True ? 'T' : 'F');
        return 0;
    }
    if (type == &PyBytes_Type) {
        size_t length = (size_t)PyBytes_GET_SIZE(value);
        if (put_tag_u32(out, 'b', length) < 0 || runtime_reserve(out, length) < 0)
            return -1;
        memcpy(out->data + out->length, PyBytes_AS_STRING(value), length);
        out->length += length;
        return 0;
    }
    if (depth >= ANY_DEPTH)
        return NEEDS_PICKLE;
    if (type == &PyTuple_Type) {
        if (put_tag_u32(out, 't', (size_t)PyTuple_GET_SIZE(value)) < 0)
            return -1;
        return encode_items(encoder, &PyTuple_GET_ITEM(value, 0), PyTuple_GET_SIZE(value), depth);
    }
    if (may_be_shared(encoder, value, depth))
        return NEEDS_PICKLE;
    if (type == &PyDict_Type)
        return encode_dict(encoder, value, depth);
    if (type == &PyList_Type) {
        if (put_tag_u32(out, 'l', (size_t)PyList_GET_SIZE(value)) < 0)
            return -1;
        return encode_items(encoder, &PyList_GET_ITEM(value, 0), PyList_GET_SIZE(value), depth);
    }
    const runtime_types_t *types = runtime_types();
    if (types == NULL || runtime_reserve(out, 1) < 0)
        return -1;
    if (type == types->row)
        return encode_row(encoder, types, value, depth);
    if (!encoder->canonical)
        return NEEDS_PICKLE;
    runtime_put_u8(out, 'P');
    if ((PyObject *)type != types->decimal)
        return runtime_encode_pickled_key(out, value);
    PyObject *canonical = runtime_canonical_decimal(value);
    int result = canonical == NULL ? -1 : runtime_encode_pickled_key(out, canonical);
    Py_XDECREF(canonical);
    return result;
}

int runtime_encode_any(runtime_encoder_t *encoder, PyObject *value) {
    size_t start = encoder->out->length;
    int result = encode_value(encoder, value, 0);
    if (result != NEEDS_PICKLE)
        return result;
    encoder->out->length = start;
    if (runtime_reserve(encoder->out, 1) < 0)
        return -1;
    runtime_put_u8(encoder->out, 'P');
    return runtime_encode_pickled(encoder->out, value);
}

/* ---- decoding --------------------------------------------------------------------------- */

/* Short strings that were keys of dicts lately, found by their bytes. The GIL guards it. */
#define KNOWN_KEYS 512
#define KNOWN_KEY_BYTES 32
static PyObject *known_keys[KNOWN_KEYS];

/* A dict's key at in->next; the tag is not read yet. */
static PyObject *decode_key(runtime_input_t *in) {
    uint32_t head;
    const uint8_t *at = in->next;
    if ((size_t)(in->end - at) < 5 || at[0] != 's')
        return NULL;
    memcpy(&head, at + 1, 4);
    size_t length = head >> 2;
    if ((head & 3) != 0 || length == 0 || length > KNOWN_KEY_BYTES ||
        (size_t)(in->end - at) - 5 < length)
        return NULL;
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[5 + i]) * 16777619u;
    PyObject **slot = &known_keys[(hash ^ hash >> 15) % KNOWN_KEYS];
    if (*slot == NULL || PyUnicode_GET_LENGTH(*slot) != (Py_ssize_t)length ||
        memcmp(PyUnicode_DATA(*slot), at + 5, length) != 0) {
        PyObject *key = PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, at + 5, (Py_ssize_t)length);
        if (key == NULL || !PyUnicode_IS_ASCII(key)) {
            /* Malformed or out of memory: the ordinary way reports it. */
            Py_XDECREF(key);
            PyErr_Clear();
            return NULL;
        }
        Py_XSETREF(*slot, key);
    }
    in->next = at + 5 + length;
    return Py_NewRef(*slot);
}

static PyObject *decode_value(runtime_input_t *in, int depth);

static PyObject *decode_sequence(runtime_input_t *in, int depth, bool tuple) {
    size_t count;
    if (runtime_get_length(in, &count) < 0)
        return NULL;
    PyObject *result = tuple ? PyTuple_New((Py_ssize_t)count) : PyList_New((Py_ssize_t)count);
    for (size_t i = 0; result != NULL && i < count; i++) {
        PyObject *item = decode_value(in, depth + 1);
        if (item == NULL)
            Py_CLEAR(result);
        else if (tuple)
            PyTuple_SET_ITEM(result, (Py_ssize_t)i, item);
        else
            PyList_SET_ITEM(result, (Py_ssize_t)i, item);
    }
    return result;
}

static PyObject *decode_dict(runtime_input_t *in, int depth) {
    size_t count;
    if (runtime_get_length(in, &count) < 0)
        return NULL;
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict != NULL && i < count; i++) {
        PyObject *key = decode_key(in);
        if (key == NULL)
            key = decode_value(in, depth + 1);
        PyObject *value = key == NULL ? NULL : decode_value(in, depth + 1);
        if (value == NULL || PyDict_SetItem(dict, key, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return dict;
}

static PyObject *decode_any_row(runtime_input_t *in, int depth) {
    const runtime_types_t *types = runtime_types();
    uint8_t kind, has_names;
    uint32_t count;
    if (types == NULL || runtime_get_u8(in, &kind) < 0 || runtime_get_u8(in, &has_names) < 0 ||
        runtime_get_u32(in, &count) < 0)
        return NULL;
    if (kind > 3 || has_names > 1 || (size_t)(in->end - in->next) < count)
        return runtime_malformed("a row's head is wrong");
    PyObject *values = PyList_New(count);
    PyObject *names = values != NULL && has_names ? PyList_New(count) : NULL;
    if (values == NULL || (has_names && names == NULL))
        goto failed;
    for (uint32_t i = 0; i < count; i++) {
        PyObject *item = decode_value(in, depth + 1);
        if (item == NULL)
            goto failed;
        PyList_SET_ITEM(values, i, item);
    }
    for (uint32_t i = 0; has_names && i < count; i++) {
        PyObject *item = decode_key(in);
        if (item == NULL && (item = decode_value(in, depth + 1)) == NULL)
            goto failed;
        PyList_SET_ITEM(names, i, item);
    }
    PyObject *row = runtime_row_new(types, values, names, kind);
    Py_XDECREF(names);
    return row;
failed:
    Py_XDECREF(values);
    Py_XDECREF(names);
    return NULL;
}

static PyObject *decode_value(runtime_input_t *in, int depth) {
    static const runtime_type_t of_pickled = {.kind = RUNTIME_PICKLED};
    static const runtime_type_t of_bytes = {.kind = RUNTIME_BYTES};
    static const runtime_type_t of_double = {.kind = RUNTIME_DOUBLE, .width = 8};
    static const runtime_type_t of_long = {.kind = RUNTIME_LONG, .width = 8};
    static const runtime_type_t of_int = {.kind = RUNTIME_INT, .width = 4};
    static const runtime_type_t of_short = {.kind = RUNTIME_SHORT, .width = 2};
    static const runtime_type_t of_byte = {.kind = RUNTIME_BYTE, .width = 1};
    uint8_t tag;
    if (runtime_get_u8(in, &tag) < 0)
        return NULL;
    if (depth > ANY_DEPTH)
        return runtime_malformed("values are nested too deep");
    switch (tag) {
    case 'N':
        return Py_NewRef(Py_None);
    case 'T':
        return Py_NewRef(Py_True);
    case 'F':
        return Py_NewRef(Py_False);
    case '1':
        return runtime_decode(in, &of_byte);
    case '2':
        return runtime_decode(in, &of_short);
    case '4':
        return runtime_decode(in, &of_int);
    case '8':
        return runtime_decode(in, &of_long);
    case 'I':
        return runtime_decode_big_int(in);
    case 'f':
        return runtime_decode(in, &of_double);
    case 's':
        return runtime_decode_string(in);
    case 'b':
        return runtime_decode(in, &of_bytes);
    case 't':
        return decode_sequence(in, depth, true);
    case 'l':
        return decode_sequence(in, depth, false);
    case 'd':
        return decode_dict(in, depth);
    case 'R':
        return decode_any_row(in, depth);
    case 'P':
        return runtime_decode(in, &of_pickled);
    default:
        return runtime_malformed("a value has an unknown tag");
    }
}

PyObject *runtime_decode_any(runtime_input_t *in) {
    return decode_value(in, 0);
}

/* Skipping walks over the values with a count of those still to come instead of recursion. */
int runtime_skip_any(runtime_input_t *in) {
    uint64_t left = 1;
    while (left-- > 0) {
        uint8_t tag, head[2];
        uint32_t n;
        size_t bytes = 0;
        if (runtime_get_u8(in, &tag) < 0)
            return -1;
        switch (tag) {
        case 'N':
        case 'T':
        case 'F':
            break;
        case '1':
        case '2':
        case '4':
        case '8':
            bytes = tag - '0';
            break;
        case 'f':
            bytes = 8;
            break;
        case 's':
            if (runtime_get_u32(in, &n) < 0)
                return -1;
            bytes = n >> 2;
            break;
        case 'I':
        case 'b':
        case 'P':
            if (runtime_get_length(in, &bytes) < 0)
                return -1;
            break;
        case 't':
        case 'l':
        case 'd':
        case 'R':
            head[1] = 0;
            if (tag == 'R' &&
                (runtime_get_u8(in, &head[0]) < 0 || runtime_get_u8(in, &head[1]) < 0))
                return -1;
            if (runtime_get_u32(in, &n) < 0)
                return -1;
            left += tag == 'd' || head[1] ? 2 * (uint64_t)n : n;
            break;
        default:
            runtime_malformed("a value has an unknown tag");
            return -1;
        }
        if ((size_t)(in->end - in->next) < bytes) {
            runtime_malformed("a value is longer than the input");
            return -1;
        }
        in->next += bytes;
    }
    return 0;
}
