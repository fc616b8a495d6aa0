/* runtime_timers.c - registers, deletes and fires timers, and gives the current times.
 *
 * Cost of registering a timer: one append to the output. In a batch of timers the first command
 * also makes an index of the batch, which costs a hash for each of its timers; every further one
 * a look-up when its time lies within the batch. */
#include "runtime/runtime_timers.h"

#include <time.h>

static uint64_t hash_of(int64_t timestamp, const uint8_t *key, size_t length) {
    uint64_t hash = (uint64_t)timestamp * 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ key[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

/* The timer at input[at]; *next is behind it. */
static int read_timer(const uint8_t *input, size_t at, size_t end, int64_t *timestamp,
                      const uint8_t **key, size_t *length, size_t *next) {
    runtime_input_t in = {input + at + 1, input + end};
    if (runtime_get_i64(&in, timestamp) < 0 || runtime_get_length(&in, length) < 0)
        return -1;
    *key = in.next;
    *next = (size_t)(in.next + *length - input);
    return 0;
}

static int make_index(runtime_timers_t *timers) {
    size_t count = 0, next, length;
    int64_t timestamp;
    const uint8_t *key;
    timers->largest = INT64_MIN;
    for (size_t at = timers->next; at < timers->end; at = next, count++) {
        if (read_timer(timers->input, at, timers->end, &timestamp, &key, &length, &next) < 0)
            return -1;
        if (timestamp > timers->largest)
            timers->largest = timestamp;
    }
    size_t mask = 15;
    while (mask < count * 2)
        mask = mask * 2 + 1;
    uint32_t *index = PyMem_Calloc(mask + 1, sizeof *index);
    if (index == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t at = timers->next; at < timers->end; at = next) {
        read_timer(timers->input, at, timers->end, &timestamp, &key, &length, &next);
        size_t place = hash_of(timestamp, key, length) & mask;
        while (index[place] != 0)
            place = (place + 1) & mask;
        index[place] = (uint32_t)at + 1;
    }
    PyMem_Free(timers->index);
    timers->index = index;
    timers->mask = mask;
    return 0;
}

/* The flags of a timer of the current key that has yet to fire in this batch, or NULL. */
static uint8_t *waiting(runtime_timers_t *timers, int64_t wanted) {
    int64_t timestamp;
    const uint8_t *key;
    size_t length, next;
    size_t place = hash_of(wanted, timers->key, timers->key_length) & timers->mask;
    for (; timers->index[place] != 0; place = (place + 1) & timers->mask) {
        size_t at = timers->index[place] - 1;
        if (at < timers->next)
            continue;
        read_timer(timers->input, at, timers->end, &timestamp, &key, &length, &next);
        if (timestamp == wanted && length == timers->key_length &&
            memcmp(key, timers->key, length) == 0)
            return &timers->input[at];
    }
    return NULL;
}

static int append(runtime_timers_t *timers, unsigned command, int64_t timestamp, const uint8_t *key,
                  size_t length) {
    runtime_buffer_t *out = timers->output;
    if (runtime_reserve(out, 13 + length) < 0)
        return -1;
    runtime_put_u8(out, (uint8_t)(RUNTIME_CONTROL | command));
    runtime_put_u64(out, (uint64_t)timestamp);
    runtime_put_u32(out, (uint32_t)length);
    memcpy(out->data + out->length, key, length);
    out->length += length;
    return 0;
}

static int check_usable(runtime_timers_t *timers) {
    runtime_keyed_t *keyed = timers->keyed;
    if (keyed == NULL) {
        PyErr_SetString(PyExc_Exception, "timers need a keyed stream: call key_by() on it first");
        return -1;
    }
    if (keyed->thread != PyThread_get_thread_ident())
        return runtime_keyed_wrong_thread(keyed);
    if (keyed->key == NULL || timers->output == NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "timers can only be set while a record or a timer is processed");
        return -1;
    }
    return 0;
}

static PyObject *command(PyObject *object, PyObject *argument, unsigned command,
                         runtime_domain_t domain) {
    runtime_timers_t *timers = (runtime_timers_t *)object;
    long long timestamp = PyLong_AsLongLong(argument);
    if ((timestamp == -1 && PyErr_Occurred()) || check_usable(timers) < 0)
        return NULL;
    if (timers->input != NULL && timers->domain == domain) {
        if (timers->index == NULL && make_index(timers) < 0)
            return NULL;
        if (timestamp <= timers->largest) {
            uint8_t *flags = waiting(timers, timestamp);
            if (flags != NULL) {
                if (command == RUNTIME_DELETE)
                    *flags |= RUNTIME_FIRED_DELETED;
                else
                    *flags &= (uint8_t)~RUNTIME_FIRED_DELETED;
                Py_RETURN_NONE;
            }
            if (command == RUNTIME_REGISTER && timestamp < timers->lowest)
                timers->lowest = timestamp;
        }
    }
    if (append(timers, command | domain, timestamp, timers->keyed->key, timers->keyed->key_length) <
        0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *register_event(PyObject *object, PyObject *timestamp) {
    return command(object, timestamp, RUNTIME_REGISTER, RUNTIME_EVENT_TIME);
}

static PyObject *register_processing(PyObject *object, PyObject *timestamp) {
    return command(object, timestamp, RUNTIME_REGISTER, RUNTIME_PROCESSING_TIME);
}

static PyObject *delete_event(PyObject *object, PyObject *timestamp) {
    return command(object, timestamp, RUNTIME_DELETE, RUNTIME_EVENT_TIME);
}

static PyObject *delete_processing(PyObject *object, PyObject *timestamp) {
    return command(object, timestamp, RUNTIME_DELETE, RUNTIME_PROCESSING_TIME);
}

static PyObject *current_watermark(PyObject *object, PyObject *unused) {
    return PyLong_FromLongLong(((runtime_timers_t *)object)->watermark);
}

static PyObject *current_processing_time(PyObject *object, PyObject *unused) {
    int64_t given = ((runtime_timers_t *)object)->processing_time;
    if (given != INT64_MIN)
        return PyLong_FromLongLong(given);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return PyLong_FromLongLong((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* ---- firing ---------------------------------------------------------------------------------- */

/* Whether Java's codec gives keys of a type the very bytes that C's canonical form has. */
static bool same_form(const runtime_type_t *type) {
    switch (type->kind) {
    case RUNTIME_ANY:
    case RUNTIME_BOOLEAN:
    case RUNTIME_BYTE:
    case RUNTIME_SHORT:
    case RUNTIME_INT:
    case RUNTIME_LONG:
    case RUNTIME_STRING:
        return true;
    default:
        return false;
    }
}

int runtime_key_from_java(runtime_keyed_t *keyed, runtime_buffer_t *buffer, const uint8_t **key,
                          size_t *length) {
    if (!keyed->canonical || same_form(keyed->key_type))
        return 0;
    runtime_input_t in = {*key, *key + *length};
    PyObject *object = runtime_decode(&in, keyed->key_type);
    if (object == NULL)
        return -1;
    runtime_encoder_t encoder;
    buffer->length = 0;
    runtime_encoder_init(&encoder, buffer);
    encoder.canonical = true;
    int result = runtime_reserve(buffer, 24);
    if (result == 0 && runtime_encode(&encoder, keyed->key_type, object) < 0)
        result = runtime_encode_raise(&encoder, keyed->key_type, "key of a timer");
    Py_DECREF(object);
    size_t rest = (size_t)(in.end - in.next);
    if (result == 0 && (result = runtime_reserve(buffer, rest)) == 0) {
        memcpy(buffer->data + buffer->length, in.next, rest);
        buffer->length += rest;
        *key = buffer->data;
        *length = buffer->length;
    }
    return result;
}

static int set_key(runtime_timers_t *timers) {
    const uint8_t *key = timers->key;
    size_t length = timers->key_length;
    if (runtime_key_from_java(timers->keyed, &timers->canonical, &key, &length) < 0)
        return -1;
    runtime_keyed_set(timers->keyed, key, length);
    return 0;
}

int runtime_timers_set_key(runtime_timers_t *timers, const uint8_t *key, size_t length) {
    timers->key = key;
    timers->key_length = length;
    return set_key(timers);
}

/* Gives the timers from at on back to Java. */
static int give_back(runtime_timers_t *timers, size_t at) {
    int64_t timestamp;
    const uint8_t *key;
    size_t length, next;
    for (; at < timers->end; at = next) {
        uint8_t flags = timers->input[at];
        if (read_timer(timers->input, at, timers->end, &timestamp, &key, &length, &next) < 0)
            return -1;
        if (!(flags & RUNTIME_FIRED_DELETED) &&
            append(timers, RUNTIME_RETURN | (flags & 1u), timestamp, key, length) < 0)
            return -1;
    }
    return 0;
}

static int take_times(runtime_timers_t *timers, uint8_t *input, size_t *next, size_t end) {
    runtime_input_t in = {input + *next + 1, input + end};
    if (runtime_get_i64(&in, &timers->watermark) < 0 ||
        runtime_get_i64(&in, &timers->processing_time) < 0)
        return -1;
    *next = (size_t)(in.next - input);
    return 0;
}

int runtime_timers_take(runtime_timers_t *timers, uint8_t *input, size_t *next, size_t end,
                        runtime_timer_t *timer) {
    size_t at = *next;
    uint8_t flags = input[at];
    if (!(flags & RUNTIME_FIRED))
        return take_times(timers, input, next, end);
    if (timers->keyed == NULL) {
        runtime_malformed("a timer on a stream without keys");
        return -1;
    }
    if (read_timer(input, at, end, &timer->timestamp, &timers->key, &timers->key_length, next) < 0)
        return -1;
    timers->input = input;
    timers->next = *next;
    timers->end = end;
    timers->domain = timer->domain = flags & 1u ? RUNTIME_PROCESSING_TIME : RUNTIME_EVENT_TIME;
    if (flags & RUNTIME_FIRED_DELETED)
        return 0;
    if (timer->timestamp > timers->lowest) {
        *next = end;
        return give_back(timers, at);
    }
    return set_key(timers) < 0 ? -1 : 1;
}

void runtime_timers_begin(runtime_timers_t *timers) {
    timers->input = NULL;
    timers->lowest = INT64_MAX;
    PyMem_Free(timers->index);
    timers->index = NULL;
}

/* ---- the object ------------------------------------------------------------------------------ */

static void dealloc(PyObject *object) {
    runtime_timers_t *timers = (runtime_timers_t *)object;
    Py_XDECREF(timers->keyed);
    PyMem_Free(timers->index);
    runtime_buffer_free(&timers->canonical);
    Py_TYPE(object)->tp_free(object);
}

static PyMethodDef methods[] = {
    {"current_processing_time", current_processing_time, METH_NOARGS,
     PyDoc_STR("current_processing_time() -> int\n\nThe clock in milliseconds since 1970.")},
    {"current_watermark", current_watermark, METH_NOARGS,
     PyDoc_STR("current_watermark() -> int\n\nThe event time in milliseconds since 1970; -2**63\n"
               "before the first watermark.")},
    {"register_processing_time_timer", register_processing, METH_O,
     PyDoc_STR("register_processing_time_timer(timestamp) -> None\n\n"
               "Call on_timer() with the current key when the clock reaches a time (ms).")},
    {"register_event_time_timer", register_event, METH_O,
     PyDoc_STR("register_event_time_timer(timestamp) -> None\n\n"
               "Call on_timer() with the current key when the watermark reaches a time (ms).")},
    {"delete_processing_time_timer", delete_processing, METH_O,
     PyDoc_STR("delete_processing_time_timer(timestamp) -> None\n\n"
               "Forget the current key's timer for this time.")},
    {"delete_event_time_timer", delete_event, METH_O,
     PyDoc_STR("delete_event_time_timer(timestamp) -> None\n\n"
               "Forget the current key's timer for this time.")},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject timers_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.TimerService",
    .tp_basicsize = sizeof(runtime_timers_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("The current times; on keyed streams it also takes timers."),
    .tp_dealloc = dealloc,
    .tp_methods = methods,
};

runtime_timers_t *runtime_timers_new(runtime_keyed_t *keyed, runtime_buffer_t *output) {
    if (PyType_Ready(&timers_type) < 0)
        return NULL;
    runtime_timers_t *timers = (runtime_timers_t *)timers_type.tp_alloc(&timers_type, 0);
    if (timers == NULL)
        return NULL;
    timers->keyed = keyed;
    Py_XINCREF(keyed);
    timers->output = output;
    timers->watermark = timers->processing_time = INT64_MIN;
    timers->lowest = INT64_MAX;
    return timers;
}

void runtime_timers_detach(runtime_timers_t *timers) {
    runtime_timers_begin(timers);
    timers->output = NULL;
}

int runtime_timers_init_module(PyObject *module) {
    if (PyType_Ready(&timers_type) < 0)
        return -1;
    Py_INCREF(&timers_type);
    if (PyModule_AddObject(module, "TimerService", (PyObject *)&timers_type) < 0) {
        Py_DECREF(&timers_type);
        return -1;
    }
    return 0;
}
