/* runtime_window.c - puts values into windows, and calls the function when they fire.
 *
 * Cost of a value that is put into a window: copying the key and the window's bytes, one look-up of
 * both (runtime_state.c), and the call of the user's function, or one append to a list. Nothing is
 * encoded: contents are Python objects until they are written back, and those of a window that
 * ended before that are never written. A value that is in several windows is decoded once. Firing
 * adds one more look-up and, when there is a window function, a call of a Python function that
 * makes the window and the context. */
#include "runtime/runtime_window.h"

static PyTypeObject windows_type;

/* ---- the current window ---------------------------------------------------------------------- */

int runtime_windows_enter(runtime_windows_t *windows, const uint8_t *key, size_t key_length,
                          const uint8_t *window, size_t window_length) {
    runtime_buffer_t *current = &windows->current;
    size_t old = current->length - windows->window_length - 4;
    if (windows->one_key && (old != key_length || memcmp(current->data, key, key_length) != 0))
        runtime_keyed_forget_all(windows->keyed);
    current->length = 0;
    if (runtime_reserve(current, key_length + window_length + 4) < 0)
        return -1;
    memcpy(current->data, key, key_length);
    if (window_length > 0)
        memcpy(current->data + key_length, window, window_length);
    current->length = key_length + window_length;
    runtime_put_u32(current, (uint32_t)window_length);
    windows->window_length = window_length;
    runtime_keyed_set(windows->keyed, current->data, current->length);
    return 0;
}

void runtime_windows_follow(runtime_windows_t *windows) {
    const uint8_t *key = windows->keyed->key;
    size_t length = windows->keyed->key_length - 4;
    uint32_t window_length;
    memcpy(&window_length, key + length, 4);
    runtime_keyed_set(windows->keys, key, length - window_length);
}

/* The bytes of the current window; a new reference. */
static PyObject *current_window(runtime_windows_t *windows) {
    const uint8_t *key = windows->keyed->key;
    if (key == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "there is no current window");
        return NULL;
    }
    size_t end = windows->keyed->key_length - 4;
    uint32_t length;
    memcpy(&length, key + end, 4);
    return PyBytes_FromStringAndSize((const char *)key + end - length, length);
}

/* ---- contents -------------------------------------------------------------------------------- */

static int contents_state(const runtime_windows_t *windows) {
    return ((runtime_state_object_t *)windows->contents)->state;
}

/* The loaded slot of the current window's contents. NULL with an error. */
static runtime_slot_t *contents_slot(runtime_windows_t *windows) {
    int state = contents_state(windows);
    runtime_slot_t *slot = runtime_keyed_slot(windows->keyed, state);
    if (slot != NULL && !(slot->flags & RUNTIME_SLOT_LOADED) &&
        runtime_slot_load(windows->keyed, state, slot) < 0)
        return NULL;
    return slot;
}

/* What the current window holds: a new list, a value or an accumulator; *contents is NULL when it
 * holds nothing. */
static int get_contents(runtime_windows_t *windows, PyObject **contents) {
    *contents = NULL;
    if (windows->is_list) {
        if ((*contents = runtime_list_elements(windows->contents)) == NULL)
            return -1;
        if (PyList_GET_SIZE(*contents) == 0)
            Py_CLEAR(*contents);
        return 0;
    }
    runtime_slot_t *slot = contents_slot(windows);
    if (slot == NULL)
        return -1;
    Py_XINCREF(slot->value);
    *contents = slot->value;
    return 0;
}

/* Steals value. */
static int set_contents(runtime_windows_t *windows, PyObject *value) {
    int state = contents_state(windows);
    runtime_keyed_t *keyed = windows->keyed;
    runtime_slot_t *slot = NULL;
    if (runtime_state_check(keyed, state, keyed->states[state].type, value) < 0 ||
        (slot = runtime_keyed_slot(keyed, state)) == NULL) {
        Py_DECREF(value);
        return -1;
    }
    Py_XSETREF(slot->value, value);
    slot->flags |= RUNTIME_SLOT_LOADED | RUNTIME_SLOT_DIRTY;
    keyed->entry->dirty = true;
    return 0;
}

static int clear_contents(runtime_windows_t *windows) {
    runtime_slot_t *slot = contents_slot(windows);
    if (slot == NULL || runtime_slot_clear(windows->keyed, contents_state(windows), slot) < 0)
        return -1;
    runtime_keyed_forget(windows->keyed);
    return 0;
}

static int add_value(runtime_windows_t *windows, PyObject *value) {
    if (windows->is_list)
        return runtime_list_append(windows->contents, value);
    runtime_slot_t *slot = contents_slot(windows);
    if (slot == NULL)
        return -1;
    PyObject *old = slot->value, *result;
    Py_XINCREF(old);
    if (windows->is_reduce) {
        PyObject *args[3] = {NULL, old, value};
        result = old == NULL ? Py_NewRef(value)
                             : PyObject_Vectorcall(windows->add, args + 1,
                                                   2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    } else {
        PyObject *args[3] = {NULL, value, old};
        if (old == NULL)
            args[2] = old = PyObject_CallNoArgs(windows->create);
        result = old == NULL ? NULL
                             : PyObject_Vectorcall(windows->add, args + 1,
                                                   2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    }
    Py_XDECREF(old);
    return result == NULL ? -1 : set_contents(windows, result);
}

/* One more is put into what was merged so far. Steals both; NULL with an error. */
static PyObject *merge_two(runtime_windows_t *windows, PyObject *merged, PyObject *more) {
    if (merged == NULL || more == NULL)
        return merged == NULL ? more : merged;
    PyObject *result;
    if (windows->is_list) {
        Py_ssize_t end = PyList_GET_SIZE(merged);
        result = PyList_SetSlice(merged, end, end, more) < 0 ? NULL : Py_NewRef(merged);
    } else {
        result = PyObject_CallFunctionObjArgs(windows->is_reduce ? windows->add : windows->merge,
                                              merged, more, NULL);
    }
    Py_DECREF(merged);
    Py_DECREF(more);
    return result;
}

static int set_merged(runtime_windows_t *windows, PyObject *merged) {
    if (!windows->is_list)
        return set_contents(windows, merged);
    int result = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(merged) && result == 0; i++)
        result = runtime_list_append(windows->contents, PyList_GET_ITEM(merged, i));
    Py_DECREF(merged);
    return result;
}

/* ---- commands -------------------------------------------------------------------------------- */

static int get_window(runtime_input_t *in, runtime_record_key_t *window) {
    uint8_t length;
    if (runtime_get_u8(in, &length) < 0)
        return -1;
    if (in->end - in->next < length) {
        runtime_malformed("it ends inside a window");
        return -1;
    }
    window->bytes = in->next;
    window->length = length;
    in->next += length;
    return 0;
}

/* A key that Java wrote becomes the current one. */
static int get_key(runtime_chain_t *chain, runtime_input_t *in, runtime_record_key_t *key) {
    runtime_windows_t *windows = chain->windows;
    if (runtime_get_length(in, &key->length) < 0)
        return -1;
    key->bytes = in->next;
    in->next += key->length;
    if (runtime_key_from_java(windows->keyed, &windows->canonical, &key->bytes, &key->length) < 0)
        return -1;
    runtime_keyed_set(windows->keys, key->bytes, key->length);
    return 0;
}

static int enter(runtime_windows_t *windows, const runtime_record_key_t *key,
                 const runtime_record_key_t *window) {
    return runtime_windows_enter(windows, key->bytes, key->length, window->bytes, window->length);
}

/* The pair that an evictor's window holds. Steals value; NULL with an error. */
static PyObject *with_timestamp(const runtime_travel_t *travel, PyObject *value) {
    if (!travel->has_timestamp)
        return Py_BuildValue("NO", value, Py_None);
    return Py_BuildValue("NL", value, (long long)travel->timestamp);
}

static int command_add(runtime_chain_t *chain, runtime_input_t *in, runtime_travel_t *travel) {
    runtime_windows_t *windows = chain->windows;
    runtime_record_key_t window, key = {(const uint8_t *)"", 0};
    PyObject *value;
    if (get_window(in, &window) < 0 ||
        (value = runtime_read_record(chain, in, travel, &key)) == NULL)
        return runtime_chain_fail(chain, -1, NULL, "input");
    if (windows->is_timed && (value = with_timestamp(travel, value)) == NULL)
        return runtime_chain_fail(chain, 0, NULL, "call");
    Py_XSETREF(windows->value, value);
    runtime_keyed_set(windows->keys, key.bytes, key.length);
    if (enter(windows, &key, &window) < 0 || add_value(windows, value) < 0)
        return runtime_chain_fail(chain, 0, value, "call");
    return 0;
}

/* The key is still in windows->current, also when another batch began meanwhile. */
static int command_again(runtime_chain_t *chain, runtime_input_t *in) {
    runtime_windows_t *windows = chain->windows;
    runtime_record_key_t window;
    size_t key_length = windows->current.length - windows->window_length - 4;
    if (windows->value == NULL || get_window(in, &window) < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    windows->canonical.length = 0;
    if (runtime_reserve(&windows->canonical, key_length) < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    memcpy(windows->canonical.data, windows->current.data, key_length);
    runtime_record_key_t key = {windows->canonical.data, key_length};
    runtime_keyed_set(windows->keys, key.bytes, key.length);
    if (enter(windows, &key, &window) < 0 || add_value(windows, windows->value) < 0)
        return runtime_chain_fail(chain, 0, windows->value, "call");
    return 0;
}

/* Calls the window function; its results follow. Steals contents. */
static int call_emit(runtime_chain_t *chain, const runtime_travel_t *at, PyObject *contents,
                     const runtime_record_key_t *window) {
    runtime_windows_t *windows = chain->windows;
    PyObject *items = NULL, *key = runtime_keyed_key(windows->keys);
    PyObject *bytes = key == NULL ? NULL
                                  : PyBytes_FromStringAndSize((const char *)window->bytes,
                                                              (Py_ssize_t)window->length);
    if (bytes != NULL)
        items = PyObject_CallFunctionObjArgs(windows->emit, key, bytes, contents, NULL);
    Py_XDECREF(key);
    Py_XDECREF(bytes);
    int result = 0;
    runtime_travel_t travel = {
        .value = contents, .timestamp = at->timestamp, .has_timestamp = at->has_timestamp};
    if (items == NULL)
        result = runtime_chain_fail(chain, 0, contents, "call");
    else if (items == Py_None)
        Py_DECREF(items);
    else
        result = runtime_chain_push(chain, &travel, items);
    Py_DECREF(contents);
    return result;
}

/* Without a window function the result goes on by itself. Steals contents. */
static int send_result(runtime_chain_t *chain, runtime_travel_t *travel, PyObject *contents) {
    const runtime_chain_step_t *step = &chain->steps[0];
    PyObject *result = contents;
    if (chain->windows->result != NULL &&
        (result = PyObject_CallOneArg(chain->windows->result, contents)) == NULL) {
        int failed = runtime_chain_fail(chain, 0, contents, "call");
        Py_DECREF(contents);
        return failed;
    }
    int outcome = 1;
    travel->step = 0;
    if (runtime_is_tagged(chain, result))
        outcome = runtime_emit_side(chain, travel, result, contents);
    else if (step->type != NULL && runtime_chain_check(chain, step->type, 0, contents, result) < 0)
        outcome = -1;
    if (chain->windows->result != NULL)
        Py_DECREF(contents);
    if (outcome != 1) {
        Py_DECREF(result);
        return outcome;
    }
    travel->value = result;
    travel->record = NULL;
    travel->step = 1;
    return 1;
}

static int command_fire(runtime_chain_t *chain, runtime_input_t *in, runtime_travel_t *travel) {
    runtime_windows_t *windows = chain->windows;
    runtime_record_key_t holder, window, key;
    uint8_t has_timestamp;
    PyObject *contents;
    if (get_window(in, &holder) < 0 || get_window(in, &window) < 0 ||
        runtime_get_u8(in, &has_timestamp) < 0 || runtime_get_i64(in, &travel->timestamp) < 0 ||
        get_key(chain, in, &key) < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    travel->has_timestamp = has_timestamp;
    if (enter(windows, &key, &holder) < 0 || get_contents(windows, &contents) < 0)
        return runtime_chain_fail(chain, 0, NULL, "state");
    if (contents == NULL)
        return 0;
    if (windows->emit == NULL)
        return send_result(chain, travel, contents);
    if (windows->result != NULL) {
        PyObject *result = PyObject_CallOneArg(windows->result, contents);
        if (result == NULL) {
            int failed = runtime_chain_fail(chain, 0, contents, "call");
            Py_DECREF(contents);
            return failed;
        }
        Py_SETREF(contents, result);
    }
    return call_emit(chain, travel, contents, &window);
}

static int command_clear(runtime_chain_t *chain, runtime_input_t *in) {
    runtime_record_key_t window, key;
    if (get_window(in, &window) < 0 || get_key(chain, in, &key) < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    if (enter(chain->windows, &key, &window) < 0 || clear_contents(chain->windows) < 0)
        return runtime_chain_fail(chain, 0, NULL, "state");
    return 0;
}

static int command_end(runtime_chain_t *chain, runtime_input_t *in) {
    runtime_windows_t *windows = chain->windows;
    runtime_record_key_t window, key;
    if (get_window(in, &window) < 0 || get_key(chain, in, &key) < 0 ||
        enter(windows, &key, &window) < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    if (windows->clear == NULL)
        return 0;
    PyObject *object = runtime_keyed_key(windows->keys), *result = NULL;
    PyObject *bytes = object == NULL ? NULL : current_window(windows);
    if (bytes != NULL)
        result = PyObject_CallFunctionObjArgs(windows->clear, object, bytes, NULL);
    Py_XDECREF(object);
    Py_XDECREF(bytes);
    if (result == NULL)
        return runtime_chain_fail(chain, 0, NULL, "call");
    Py_DECREF(result);
    if (windows->keyed->entry != NULL)
        runtime_keyed_forget(windows->keyed);
    return 0;
}

static int command_merge(runtime_chain_t *chain, runtime_input_t *in) {
    runtime_windows_t *windows = chain->windows;
    runtime_record_key_t target, window, key;
    uint32_t count;
    PyObject *merged = NULL, *more;
    if (get_window(in, &target) < 0 || get_key(chain, in, &key) < 0 ||
        runtime_get_u32(in, &count) < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    for (uint32_t i = 0; i < count; i++) {
        if (get_window(in, &window) < 0) {
            Py_XDECREF(merged);
            return runtime_chain_fail(chain, -1, NULL, "input");
        }
        if (enter(windows, &key, &window) < 0 || get_contents(windows, &more) < 0)
            goto failed;
        if (more == NULL)
            continue;
        merged = merge_two(windows, merged, more);
        if (merged == NULL || clear_contents(windows) < 0)
            goto failed;
    }
    if (merged == NULL)
        return 0;
    if (enter(windows, &key, &target) < 0)
        goto failed;
    if (!windows->is_list) {
        if (get_contents(windows, &more) < 0)
            goto failed;
        if ((merged = merge_two(windows, more, merged)) == NULL)
            goto failed;
    }
    if (set_merged(windows, merged) == 0)
        return 0;
    merged = NULL;
failed:
    Py_XDECREF(merged);
    return runtime_chain_fail(chain, 0, NULL, "call");
}

static int command_late(runtime_chain_t *chain, runtime_input_t *in, runtime_travel_t *travel) {
    runtime_record_key_t key = {(const uint8_t *)"", 0};
    PyObject *value = runtime_read_record(chain, in, travel, &key);
    if (value == NULL)
        return runtime_chain_fail(chain, -1, NULL, "input");
    travel->step = 0;
    int result = 0;
    if (chain->windows->late != NULL) {
        PyObject *tagged = PyTuple_Pack(2, chain->windows->late, value);
        result = tagged == NULL ? runtime_chain_fail(chain, 0, value, "output")
                                : runtime_emit_side(chain, travel, tagged, value);
        Py_XDECREF(tagged);
    }
    Py_DECREF(value);
    return result;
}

int runtime_window_command(runtime_chain_t *chain, runtime_travel_t *travel) {
    runtime_input_t in = {chain->input + chain->input_next, chain->input + chain->input_end};
    uint8_t flags = *in.next++;
    int result;
    if (chain->windows == NULL || chain->windows->contents == NULL) {
        runtime_malformed("windows for a chain that keeps none");
        return runtime_chain_fail(chain, -1, NULL, "input");
    }
    switch (flags & 0x1fu) {
    case RUNTIME_WINDOW_ADD:
        result = command_add(chain, &in, travel);
        break;
    case RUNTIME_WINDOW_AGAIN:
        result = command_again(chain, &in);
        break;
    case RUNTIME_WINDOW_FIRE:
        result = command_fire(chain, &in, travel);
        break;
    case RUNTIME_WINDOW_CLEAR:
        result = command_clear(chain, &in);
        break;
    case RUNTIME_WINDOW_END:
        result = command_end(chain, &in);
        break;
    case RUNTIME_WINDOW_MERGE:
        result = command_merge(chain, &in);
        break;
    case RUNTIME_WINDOW_LATE:
        result = command_late(chain, &in, travel);
        break;
    default:
        runtime_malformed("an unknown command for windows");
        return runtime_chain_fail(chain, -1, NULL, "input");
    }
    chain->input_next = (size_t)(in.next - chain->input);
    return result;
}

/* ---- the object ------------------------------------------------------------------------------ */

static PyObject *windows_enter(PyObject *object, PyObject *window) {
    runtime_windows_t *windows = (runtime_windows_t *)object;
    runtime_keyed_t *keys = windows->keys;
    char *bytes;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(window, &bytes, &length) < 0)
        return NULL;
    if (keys->key == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "there is no current key");
        return NULL;
    }
    /* The key may be a part of what is overwritten. */
    windows->canonical.length = 0;
    if (runtime_reserve(&windows->canonical, keys->key_length) < 0)
        return NULL;
    memcpy(windows->canonical.data, keys->key, keys->key_length);
    size_t key_length = keys->key_length;
    const uint8_t *start = windows->current.data, *end = start + windows->current.capacity;
    bool within = start != NULL && keys->key >= start && keys->key < end;
    if (runtime_windows_enter(windows, windows->canonical.data, key_length, (const uint8_t *)bytes,
                              (size_t)length) < 0)
        return NULL;
    if (within)
        keys->key = windows->current.data;
    Py_RETURN_NONE;
}

static PyObject *windows_current(PyObject *object, PyObject *unused) {
    return current_window((runtime_windows_t *)object);
}

static PyObject *windows_key(PyObject *object, PyObject *unused) {
    return runtime_keyed_key(((runtime_windows_t *)object)->keys);
}

/* A state object of windows that keeps one value. NULL with an error. */
static runtime_state_object_t *one_value(runtime_windows_t *windows, PyObject *object) {
    runtime_state_object_t *state = (runtime_state_object_t *)object;
    if (state->keyed == windows->keyed &&
        windows->keyed->states[state->state].kind == RUNTIME_VALUE_STATE)
        return state;
    PyErr_SetString(PyExc_TypeError, "this is no state of windows that keeps one value");
    return NULL;
}

static PyObject *windows_load(PyObject *object, PyObject *args) {
    runtime_windows_t *windows = (runtime_windows_t *)object;
    PyObject *given, *otherwise;
    if (!PyArg_ParseTuple(args, "OO:load", &given, &otherwise))
        return NULL;
    runtime_state_object_t *state = one_value(windows, given);
    runtime_slot_t *slot = state == NULL ? NULL : runtime_keyed_slot(windows->keyed, state->state);
    if (slot == NULL || (!(slot->flags & RUNTIME_SLOT_LOADED) &&
                         runtime_slot_load(windows->keyed, state->state, slot) < 0))
        return NULL;
    PyObject *value = Py_NewRef(slot->value == NULL ? otherwise : slot->value);
    if (!windows->keyed->states[state->state].kept)
        slot->flags &= (uint8_t)~RUNTIME_SLOT_LOADED;
    return value;
}

static PyObject *windows_store(PyObject *object, PyObject *args) {
    runtime_windows_t *windows = (runtime_windows_t *)object;
    PyObject *given, *value;
    if (!PyArg_ParseTuple(args, "OO:store", &given, &value))
        return NULL;
    runtime_state_object_t *state = one_value(windows, given);
    if (state == NULL || runtime_state_check(windows->keyed, state->state,
                                             windows->keyed->states[state->state].type, value) < 0)
        return NULL;
    runtime_slot_t *slot = runtime_keyed_slot(windows->keyed, state->state);
    if (slot == NULL)
        return NULL;
    slot->flags |= RUNTIME_SLOT_LOADED;
    Py_XSETREF(slot->value, Py_NewRef(value));
    if (runtime_slot_changed(windows->keyed, state->state, slot) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static void keep(PyObject **place, PyObject *object) {
    Py_XSETREF(*place, object == Py_None ? NULL : Py_NewRef(object));
}

static PyObject *windows_configure(PyObject *object, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"contents", "kind", "create", "add",  "result",
                            "merge",    "emit", "clear",  "late", NULL};
    runtime_windows_t *windows = (runtime_windows_t *)object;
    PyObject *contents, *create = Py_None, *add = Py_None, *result = Py_None, *merge = Py_None,
                        *emit = Py_None, *clear = Py_None, *late = Py_None;
    const char *kind;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "Os|OOOOOOO:configure", names, &contents, &kind,
                                     &create, &add, &result, &merge, &emit, &clear, &late))
        return NULL;
    windows->is_timed = strcmp(kind, "timed") == 0;
    windows->is_list = windows->is_timed || strcmp(kind, "list") == 0;
    windows->is_reduce = strcmp(kind, "reduce") == 0;
    if ((windows->is_list ? emit : add) == Py_None) {
        PyErr_SetString(PyExc_SystemError, "windows without a function");
        return NULL;
    }
    keep(&windows->contents, contents);
    keep(&windows->create, create);
    keep(&windows->add, add);
    keep(&windows->result, result);
    keep(&windows->merge, merge);
    keep(&windows->emit, emit);
    keep(&windows->clear, clear);
    keep(&windows->late, late);
    Py_RETURN_NONE;
}

static PyObject *windows_keyed(PyObject *object, void *unused) {
    return Py_NewRef((PyObject *)((runtime_windows_t *)object)->keyed);
}

static PyObject *windows_timers(PyObject *object, void *unused) {
    return Py_NewRef((PyObject *)((runtime_windows_t *)object)->timers);
}

static void drop_functions(runtime_windows_t *windows) {
    Py_CLEAR(windows->contents);
    Py_CLEAR(windows->create);
    Py_CLEAR(windows->add);
    Py_CLEAR(windows->result);
    Py_CLEAR(windows->merge);
    Py_CLEAR(windows->emit);
    Py_CLEAR(windows->clear);
    Py_CLEAR(windows->late);
    Py_CLEAR(windows->value);
}

static void dealloc(PyObject *object) {
    runtime_windows_t *windows = (runtime_windows_t *)object;
    drop_functions(windows);
    Py_XDECREF(windows->keyed);
    Py_XDECREF(windows->keys);
    Py_XDECREF(windows->timers);
    runtime_buffer_free(&windows->current);
    runtime_buffer_free(&windows->canonical);
    Py_TYPE(object)->tp_free(object);
}

static PyMethodDef methods[] = {
    {"enter", windows_enter, METH_O,
     PyDoc_STR("enter(window) -> None\n\nMake a window, given as bytes, the current one of the "
               "current key.")},
    {"current", windows_current, METH_NOARGS,
     PyDoc_STR("current() -> bytes\n\nThe current window.")},
    {"key", windows_key, METH_NOARGS, PyDoc_STR("key() -> object\n\nThe current key.")},
    {"load", windows_load, METH_VARARGS,
     PyDoc_STR("load(state, default) -> object\n\nWhat a state of one value keeps for the current "
               "window: of an\naggregating state the accumulator.")},
    {"store", windows_store, METH_VARARGS,
     PyDoc_STR("store(state, value) -> None\n\nSets what load() gives.")},
    {"configure", (PyCFunction)(void (*)(void))windows_configure, METH_VARARGS | METH_KEYWORDS,
     PyDoc_STR("configure(contents, kind, create, add, result, merge, emit, clear, late)\n\n"
               "What Flink's window operator works with. kind: 'list', 'timed' (a list of\n"
               "pairs of record and timestamp), 'reduce' or 'aggregate'.")},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef getters[] = {
    {"keyed", windows_keyed, NULL, "The KeyedContext of keys and windows.", NULL},
    {"timers", windows_timers, NULL,
     "The TimerService; of the current window in Python's operator.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyTypeObject windows_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_pyflink_engine.Windows",
    .tp_basicsize = sizeof(runtime_windows_t),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = PyDoc_STR("The windows of an operator."),
    .tp_dealloc = dealloc,
    .tp_methods = methods,
    .tp_getset = getters,
};

runtime_windows_t *runtime_windows_new(runtime_chain_t *chain, const runtime_backend_t *backend) {
    if (PyType_Ready(&windows_type) < 0)
        return NULL;
    runtime_windows_t *windows = (runtime_windows_t *)windows_type.tp_alloc(&windows_type, 0);
    if (windows == NULL)
        return NULL;
    bool python = chain->steps[0].kind == RUNTIME_PYTHON_WINDOW_STEP;
    windows->one_key = chain->batch_mode;
    windows->keys = (runtime_keyed_t *)Py_NewRef((PyObject *)chain->keyed);
    static const uint8_t none[4];
    if ((windows->keyed = runtime_keyed_new(backend)) == NULL ||
        runtime_reserve(&windows->current, sizeof none) < 0)
        goto failed;
    memcpy(windows->current.data, none, sizeof none);
    windows->current.length = sizeof none;
    windows->keyed->key_type = chain->keyed->key_type;
    windows->keyed->limit = chain->keyed->limit;
    windows->keyed->canonical = chain->keyed->canonical;
    runtime_timers_t **timers = python ? &chain->timers : &chain->times;
    if ((*timers = runtime_timers_new(python ? windows->keyed : NULL, &chain->output)) == NULL)
        goto failed;
    windows->timers = (runtime_timers_t *)Py_NewRef((PyObject *)*timers);
    return windows;
failed:
    Py_DECREF(windows);
    return NULL;
}

void runtime_windows_detach(runtime_windows_t *windows) {
    runtime_keyed_detach(windows->keyed);
    drop_functions(windows);
}

int runtime_window_init_module(PyObject *module) {
    if (PyType_Ready(&windows_type) < 0)
        return -1;
    Py_INCREF(&windows_type);
    if (PyModule_AddObject(module, "Windows", (PyObject *)&windows_type) < 0) {
        Py_DECREF(&windows_type);
        return -1;
    }
    return 0;
}
