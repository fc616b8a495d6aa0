/* runtime_chain_life.c - makes and ends chains, and keeps what is said about their errors. */
#include "runtime/runtime_window.h"
#include "runtime/runtime_watch.h"

runtime_chain_t *runtime_chain_new(int step_count, size_t buffer_bytes) {
    runtime_chain_t *chain = PyMem_Calloc(1, sizeof *chain);
    if (chain == NULL)
        return (runtime_chain_t *)PyErr_NoMemory();
    if (buffer_bytes < 1024)
        buffer_bytes = 1024;
    chain->step_count = step_count;
    chain->parallelism = 1;
    chain->failed.step = -1;
    chain->untaken = runtime_watch_list();
    chain->steps = PyMem_Calloc((size_t)step_count + 1, sizeof *chain->steps);
    chain->frames = PyMem_Calloc((size_t)step_count + 1, sizeof *chain->frames);
    if (chain->steps == NULL || chain->frames == NULL) {
        PyErr_NoMemory();
    } else if (runtime_chain_grow_input(chain, buffer_bytes) == 0 &&
               runtime_buffer_grow(&chain->output, buffer_bytes + buffer_bytes / 8) == 0 &&
               runtime_buffer_grow(&chain->scratch, 256) == 0) {
        chain->output_limit = buffer_bytes;
        return chain;
    }
    runtime_chain_free(chain);
    return NULL;
}

static int bad_chain(const char *text) {
    PyErr_Format(PyExc_SystemError, "a native chain %s", text);
    return -1;
}

static int check_input(const runtime_end_t *in) {
    if (in->type == NULL)
        return bad_chain("has no type for its input");
    bool keyed_rows = in->mode == RUNTIME_TYPED && in->key != NULL;
    if (keyed_rows && (in->type->kind != RUNTIME_ROW || in->type->count != 2))
        return bad_chain("reads keyed records that are no rows of key and value");
    return 0;
}

static int load_tag_type(runtime_chain_t *chain) {
    if (chain->tag_type != NULL)
        return 0;
    PyObject *module = PyImport_ImportModule("pyflink.datastream.output_tag");
    PyObject *type = module == NULL ? NULL : PyObject_GetAttrString(module, "OutputTag");
    Py_XDECREF(module);
    if (type == NULL)
        return -1;
    if (!PyType_Check(type)) {
        Py_DECREF(type);
        return bad_chain("finds an OutputTag that is no class");
    }
    chain->tag_type = (PyTypeObject *)type;
    return 0;
}

/* What the other kinds make is only looked at when somebody reads a side output of theirs, as the
 * peer does; a process function's tagged results never are results of its main output. */
static bool always_routes(runtime_step_kind_t kind) {
    switch (kind) {
    case RUNTIME_MAP_STEP:
    case RUNTIME_FLAT_MAP_STEP:
    case RUNTIME_FILTER_STEP:
    case RUNTIME_KEY_BY_STEP:
    case RUNTIME_VALUES_STEP:
    case RUNTIME_REDUCE_STEP:
    case RUNTIME_ASSIGN_TIMESTAMPS_STEP:
    case RUNTIME_PARTITION_STEP:
    case RUNTIME_WATERMARKS_STEP:
    case RUNTIME_CO_MAP_STEP:
    case RUNTIME_CO_FLAT_MAP_STEP:
        return false;
    case RUNTIME_PROCESS_STEP:
    case RUNTIME_CO_PROCESS_STEP:
    case RUNTIME_BROADCAST_STEP:
    case RUNTIME_INTERVAL_JOIN_STEP:
    case RUNTIME_KEYED_PROCESS_STEP:
    case RUNTIME_WINDOW_STEP:
    case RUNTIME_PYTHON_WINDOW_STEP:
        break;
    }
    return true;
}

int runtime_chain_ready(runtime_chain_t *chain) {
    const runtime_end_t *out = &chain->out;
    if (chain->step_count < 1)
        return bad_chain("has no steps");
    for (int i = 0; i < chain->step_count; i++) {
        const runtime_chain_step_t *step = &chain->steps[i];
        if (step->kind < RUNTIME_MAP_STEP || step->kind > RUNTIME_LAST_STEP_KIND)
            return bad_chain("has a step of an unknown kind");
        bool keyed = step->kind == RUNTIME_VALUES_STEP || step->kind == RUNTIME_REDUCE_STEP ||
                     step->kind == RUNTIME_KEYED_PROCESS_STEP || runtime_is_window_step(step->kind);
        if (keyed && i != 0)
            return bad_chain("has a keyed step that is not the first");
        if (step->kind == RUNTIME_KEY_BY_STEP && (i != chain->step_count - 1 || out->key == NULL))
            return bad_chain("has a key_by that is not the last step, or no type for its key");
        if (step->kind == RUNTIME_PARTITION_STEP &&
            (i != chain->step_count - 1 || out->key == NULL || step->second == NULL))
            return bad_chain("has a partitioner that is not the last step, or not whole");
        if (step->kind == RUNTIME_WATERMARKS_STEP &&
            (i != chain->step_count - 1 || out->key != NULL || step->second == NULL))
            return bad_chain(
                "has a generator of watermarks that is not the last step, or not whole");
        if (runtime_is_co_step(step->kind) && (i != 0 || step->second == NULL))
            return bad_chain("has a step on two inputs that is not the first, or not whole");
        if (always_routes(step->kind)) {
            if (load_tag_type(chain) < 0)
                return -1;
            chain->steps[i].routes = true;
        }
        if (step->function == NULL && step->kind != RUNTIME_VALUES_STEP)
            return bad_chain("has a step without a function");
    }
    int inputs = runtime_is_co_step(chain->steps[0].kind) ? 2 : 1;
    if (out->type == NULL)
        return bad_chain("has no type for its output");
    for (int i = 0; i < inputs; i++)
        if (check_input(&chain->in[i]) < 0)
            return -1;
    if (out->key != NULL && out->mode == RUNTIME_TYPED &&
        (out->type->kind != RUNTIME_ROW || out->type->count != 2))
        return bad_chain("writes keyed records that are no rows of key and value");
    /* The last step's declared type is the output's, so encoding checks it. */
    runtime_chain_step_t *last = &chain->steps[chain->step_count - 1];
    runtime_type_free(last->type);
    last->type = NULL;
    /* What holds anything needs no check. */
    for (int i = 0; i < chain->step_count; i++) {
        runtime_type_t **type = &chain->steps[i].type;
        if (*type != NULL && ((*type)->kind == RUNTIME_ANY || (*type)->kind == RUNTIME_PICKLED)) {
            runtime_type_free(*type);
            *type = NULL;
        }
    }
    runtime_step_kind_t before = chain->step_count > 1 ? last[-1].kind : RUNTIME_KEY_BY_STEP;
    if (last->kind == RUNTIME_KEY_BY_STEP &&
        (before == RUNTIME_MAP_STEP || before == RUNTIME_FLAT_MAP_STEP ||
         runtime_is_co_step(before))) {
        chain->late_type = last[-1].type;
        last[-1].type = NULL;
    }
    return 0;
}

int runtime_chain_add_side(runtime_chain_t *chain, int step, PyObject *id, runtime_mode_t mode,
                           runtime_type_t *type) {
    runtime_side_t *sides = NULL;
    if (step < 0 || step >= chain->step_count || chain->side_count == UINT16_MAX)
        bad_chain("has a side output that cannot be");
    else if (load_tag_type(chain) == 0 &&
             (sides = PyMem_Realloc(chain->sides,
                                    ((size_t)chain->side_count + 1) * sizeof *sides)) == NULL)
        PyErr_NoMemory();
    if (sides == NULL) {
        runtime_type_free(type);
        return -1;
    }
    chain->sides = sides;
    runtime_side_t *side = &sides[chain->side_count++];
    memset(side, 0, sizeof *side);
    side->step = step;
    side->id = Py_NewRef(id);
    side->out.mode = mode;
    side->out.type = type;
    chain->steps[step].routes = true;
    return 0;
}

int runtime_chain_partitions(runtime_chain_t *chain, Py_ssize_t count) {
    PyObject *partitions = PyLong_FromSsize_t(count);
    if (partitions == NULL)
        return -1;
    Py_XSETREF(chain->partitions, partitions);
    chain->partition_count = count;
    return 0;
}

int runtime_chain_grow_input(runtime_chain_t *chain, size_t capacity) {
    if (capacity <= chain->input_capacity)
        return 0;
    uint8_t *input = PyMem_RawRealloc(chain->input, capacity);
    if (input == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    chain->input = input;
    chain->input_capacity = capacity;
    return 0;
}

void runtime_chain_drop_rest(runtime_chain_t *chain) {
    chain->input_next = chain->input_end;
    while (chain->depth > 0) {
        runtime_frame_t *frame = &chain->frames[--chain->depth];
        Py_CLEAR(frame->items);
        Py_CLEAR(frame->record);
    }
}

int runtime_chain_close(runtime_chain_t *chain) {
    PyObject *type = NULL, *value = NULL, *traceback = NULL;
    if (chain->keyed != NULL)
        runtime_keyed_set(chain->keyed, NULL, 0);
    if (chain->windows != NULL)
        runtime_keyed_set(chain->windows->keyed, NULL, 0);
    /* Suspended generators end before the functions that made them are closed. */
    runtime_chain_drop_rest(chain);
    for (int i = 0; i < chain->step_count; i++) {
        PyObject *close = chain->steps[i].close;
        if (close == NULL)
            continue;
        chain->steps[i].close = NULL;
        PyObject *result = PyObject_CallNoArgs(close);
        Py_DECREF(close);
        if (result == NULL && type == NULL) {
            runtime_chain_fail(chain, i, NULL, "close");
            PyErr_Fetch(&type, &value, &traceback);
        } else if (result == NULL) {
            PyErr_WriteUnraisable(NULL); /* only one error can be thrown */
        }
        Py_XDECREF(result);
    }
    if (type == NULL)
        return 0;
    PyErr_Restore(type, value, traceback);
    return -1;
}

static void free_end(runtime_end_t *end) {
    runtime_type_free(end->type);
    runtime_type_free(end->key);
}

void runtime_chain_free(runtime_chain_t *chain) {
    if (chain == NULL)
        return;
    for (int i = 0; i < chain->depth; i++) {
        Py_XDECREF(chain->frames[i].items);
        Py_XDECREF(chain->frames[i].record);
    }
    for (int i = 0; chain->steps != NULL && i < chain->step_count; i++) {
        runtime_chain_step_t *step = &chain->steps[i];
        PyMem_Free(step->name);
        Py_XDECREF(step->function);
        Py_XDECREF(step->second);
        Py_XDECREF(step->close);
        Py_XDECREF(step->context);
        Py_XDECREF(step->second_context);
        Py_XDECREF(step->on_timer);
        Py_XDECREF(step->timer_context);
        runtime_type_free(step->type);
    }
    PyMem_Free(chain->steps);
    PyMem_Free(chain->frames);
    for (int i = 0; i < chain->side_count; i++) {
        Py_XDECREF(chain->sides[i].id);
        Py_XDECREF(chain->sides[i].seen);
        free_end(&chain->sides[i].out);
    }
    PyMem_Free(chain->sides);
    Py_XDECREF((PyObject *)chain->tag_type);
    Py_XDECREF(chain->untaken);
    free_end(&chain->in[0]);
    free_end(&chain->in[1]);
    free_end(&chain->out);
    runtime_type_free(chain->late_type);
    if (chain->timers != NULL)
        runtime_timers_detach(chain->timers);
    Py_XDECREF(chain->timers);
    Py_XDECREF(chain->times);
    if (chain->keyed != NULL)
        runtime_keyed_detach(chain->keyed);
    Py_XDECREF(chain->keyed);
    if (chain->windows != NULL)
        runtime_windows_detach(chain->windows);
    Py_XDECREF(chain->windows);
    if (chain->broadcast != NULL)
        runtime_keyed_detach(chain->broadcast);
    Py_XDECREF(chain->broadcast);
    Py_XDECREF(chain->broadcast_states);
    Py_XDECREF(chain->batch_result);
    Py_XDECREF(chain->partitions);
    Py_XDECREF(chain->failed.record);
    PyMem_RawFree(chain->input);
    runtime_buffer_free(&chain->output);
    runtime_buffer_free(&chain->scratch);
    runtime_buffer_free(&chain->batch_key);
    PyMem_Free(chain);
}

/* SystemExit, KeyboardInterrupt and GeneratorExit would end the session when they are raised again
 * where the job was started; a function may only end its job. */
static void contain_exit(const char *name) {
    if (!PyErr_ExceptionMatches(PyExc_SystemExit) &&
        !PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) &&
        !PyErr_ExceptionMatches(PyExc_GeneratorExit))
        return;
    PyObject *type, *cause, *traceback;
    PyErr_Fetch(&type, &cause, &traceback);
    PyErr_NormalizeException(&type, &cause, &traceback);
    /* The new error shows where it was; once is enough. */
    PyException_SetTraceback(cause, Py_None);
    PyErr_Format(PyExc_RuntimeError,
                 "operator '%s': the function raised %R; it ends the job, not the process", name,
                 cause);
    PyObject *new_type, *value, *new_traceback;
    PyErr_Fetch(&new_type, &value, &new_traceback);
    PyErr_NormalizeException(&new_type, &value, &new_traceback);
    PyException_SetCause(value, cause);
    if (traceback != NULL)
        PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(new_traceback);
    PyErr_Restore(new_type, value, traceback);
}

runtime_outcome_t runtime_chain_fail(runtime_chain_t *chain, int step, PyObject *record,
                                     const char *what) {
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_SystemError, "a native chain failed without an error (%s)", what);
    const char *name = chain->steps[step < 0 ? 0 : step].name;
    contain_exit(name == NULL ? "" : name);
    chain->failed.step = step;
    runtime_step_kind_t first = chain->steps[0].kind;
    bool from_input = step == 0 && record != NULL && runtime_is_co_step(first) &&
                      first != RUNTIME_INTERVAL_JOIN_STEP;
    chain->failed.input = from_input ? chain->origin + 1 : 0;
    Py_XINCREF(record);
    Py_XSETREF(chain->failed.record, record);
    chain->failed.what = what;
    return RUNTIME_ERROR;
}
