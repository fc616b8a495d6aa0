/* runtime_chain.c - runs the Python functions of a fused operator over a batch of records.
 *
 * Cost of one record besides the calls of the functions: decoding its value (one switch), for each
 * step one switch and one vectorcall without a tuple of arguments, encoding the result. Lists and
 * tuples that a flat_map returns are walked by index, without an iterator object. Nothing is
 * looked up by name and nothing is allocated but the objects that the functions see. */
#include "runtime/runtime_broadcast.h"
#include "runtime/runtime_call.h"
#include "runtime/runtime_join.h"
#include "runtime/runtime_reduce.h"
#include "runtime/runtime_window.h"
#include "runtime/runtime_watermarks.h"

/* ---- steps ------------------------------------------------------------------------------- */

/* A KEY_BY function failed. When it got what does not fit its declared type, that is the error. */
static int check_late(runtime_chain_t *chain, const runtime_travel_t *travel) {
    PyObject *type, *value, *traceback;
    if (chain->late_type == NULL)
        return 0;
    PyErr_Fetch(&type, &value, &traceback);
    int result = runtime_chain_check(chain, chain->late_type, travel->step - 1, travel->record,
                                     travel->value);
    if (result == 0) {
        PyErr_Restore(type, value, traceback);
        return 0;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return result;
}

/* Keeps what a FLAT_MAP or PROCESS returned; its items travel on from the next step. Steals
 * items. */
int runtime_chain_push(runtime_chain_t *chain, const runtime_travel_t *travel, PyObject *items) {
    Py_ssize_t index = 0;
    if (!PyList_CheckExact(items) && !PyTuple_CheckExact(items)) {
        index = -1;
        PyObject *iterator = PyObject_GetIter(items);
        if (iterator == NULL) {
            const runtime_chain_step_t *step = &chain->steps[travel->step];
            if (PyErr_ExceptionMatches(PyExc_TypeError) && Py_TYPE(items)->tp_iter == NULL) {
                PyErr_Clear();
                PyErr_Format(PyExc_TypeError,
                             "operator '%s': the function must return an iterable (a list, a "
                             "generator, ...), found %s %R",
                             step->name, Py_TYPE(items)->tp_name, items);
            }
            Py_DECREF(items);
            return runtime_chain_fail(chain, travel->step, travel->value, "result");
        }
        Py_SETREF(items, iterator);
    }
    runtime_frame_t *frame = &chain->frames[chain->depth++];
    frame->items = items;
    frame->index = index;
    frame->record = Py_NewRef(travel->value);
    frame->timestamp = travel->timestamp;
    frame->has_timestamp = travel->has_timestamp;
    frame->step = travel->step;
    return 0;
}

static void pop_items(runtime_chain_t *chain) {
    runtime_frame_t *frame = &chain->frames[--chain->depth];
    Py_CLEAR(frame->items);
    Py_CLEAR(frame->record);
}

static int assign_timestamp(runtime_chain_t *chain, runtime_travel_t *travel, PyObject *function) {
    PyObject *before = PyLong_FromLongLong(travel->has_timestamp ? travel->timestamp : INT64_MIN);
    PyObject *result = before == NULL ? NULL : runtime_call_two(function, travel->value, before);
    Py_XDECREF(before);
    if (result == NULL)
        return -1;
    int overflow = 0;
    long long timestamp = 0;
    if (PyLong_Check(result))
        timestamp = PyLong_AsLongLongAndOverflow(result, &overflow);
    if (!PyLong_Check(result) || overflow) {
        PyErr_Format(PyExc_TypeError,
                     "operator '%s': extract_timestamp must return milliseconds as an int, found "
                     "%s %R",
                     chain->steps[travel->step].name, Py_TYPE(result)->tp_name, result);
        Py_DECREF(result);
        return -1;
    }
    Py_DECREF(result);
    travel->timestamp = timestamp;
    travel->has_timestamp = true;
    return 0;
}

/* What a step on two inputs calls for the record that is on its way. */
static inline PyObject *function_of(const runtime_chain_t *chain,
                                    const runtime_chain_step_t *step) {
    return chain->origin == 0 ? step->function : step->second;
}

/* As runtime_chain_push, of a step that may return None for no items. */
static int push_items_or_none(runtime_chain_t *chain, const runtime_travel_t *travel,
                              PyObject *items) {
    if (items != Py_None)
        return runtime_chain_push(chain, travel, items);
    Py_DECREF(items);
    return 0;
}

/* The number of the partition that a value goes to, an int. NULL with an error. */
static PyObject *partition_of(runtime_chain_t *chain, const runtime_chain_step_t *step,
                              PyObject *value) {
    PyObject *key = runtime_call_one(step->function, value);
    if (key == NULL)
        return NULL;
    PyObject *result = runtime_call_two(step->second, key, chain->partitions);
    Py_DECREF(key);
    if (result == NULL)
        return NULL;
    Py_ssize_t number = -1;
    if (PyIndex_Check(result) && (number = PyNumber_AsSsize_t(result, NULL)) == -1 &&
        PyErr_Occurred()) {
        Py_DECREF(result);
        return NULL;
    }
    if (!PyIndex_Check(result) || number < 0 || number >= chain->partition_count) {
        PyErr_Format(PyIndex_Check(result) ? PyExc_ValueError : PyExc_TypeError,
                     "operator '%s': the partitioner must return an int from 0 to %zd, the number "
                     "of one of %zd partitions, found %s %R",
                     step->name, chain->partition_count - 1, chain->partition_count,
                     Py_TYPE(result)->tp_name, result);
        Py_DECREF(result);
        return NULL;
    }
    Py_DECREF(result);
    return PyLong_FromSsize_t(number);
}

/* What a MAP or CO_MAP made travels on. 0; 1: it is for a side output; -1: it does not fit. Steals
 * result. */
static inline int take_result(runtime_chain_t *chain, runtime_travel_t *travel,
                              const runtime_chain_step_t *step, PyObject *result) {
    Py_XSETREF(travel->record, travel->value);
    travel->value = result;
    if (step->routes && runtime_is_tagged(chain, result))
        return 1;
    return step->type == NULL
               ? 0
               : runtime_chain_check(chain, step->type, travel->step, travel->record, result);
}

/* Takes a record through the steps until it leaves the chain, is dropped, or becomes an iterable
 * whose items follow. Consumes travel->value and
 * travel->record. */
static int advance(runtime_chain_t *chain, runtime_travel_t *travel) {
    PyObject *result;
    int outcome = -1, taken;
    for (; travel->step < chain->step_count; travel->step++) {
        const runtime_chain_step_t *step = &chain->steps[travel->step];
        switch (step->kind) {
        case RUNTIME_MAP_STEP:
            if ((result = runtime_call_one(step->function, travel->value)) == NULL)
                goto failed;
            if ((taken = take_result(chain, travel, step, result)) > 0)
                goto side;
            if (taken < 0)
                goto done;
            break;
        case RUNTIME_FILTER_STEP: {
            if ((result = runtime_call_one(step->function, travel->value)) == NULL)
                goto failed;
            int keep = result == Py_True ? 1 : result == Py_False ? 0 : PyObject_IsTrue(result);
            Py_DECREF(result);
            if (keep < 0)
                goto failed;
            if (!keep) {
                outcome = 0;
                goto done;
            }
            if (step->routes && runtime_is_tagged(chain, travel->value))
                goto side;
            break;
        }
        case RUNTIME_FLAT_MAP_STEP:
            if ((result = runtime_call_one(step->function, travel->value)) == NULL)
                goto failed;
            outcome = runtime_chain_push(chain, travel, result);
            goto done;
        case RUNTIME_PROCESS_STEP:
        case RUNTIME_KEYED_PROCESS_STEP:
        case RUNTIME_PYTHON_WINDOW_STEP:
            runtime_context_set(step->context, travel->has_timestamp, travel->timestamp);
            result = runtime_call_two(step->function, travel->value, step->context);
            if (result == NULL)
                goto failed;
            outcome = push_items_or_none(chain, travel, result);
            goto done;
        case RUNTIME_CO_MAP_STEP:
            if ((result = runtime_call_one(function_of(chain, step), travel->value)) == NULL)
                goto failed;
            if (result == Py_None) {
                Py_DECREF(result);
                outcome = 0;
                goto done;
            }
            if ((taken = take_result(chain, travel, step, result)) > 0)
                goto side;
            if (taken < 0)
                goto done;
            break;
        case RUNTIME_CO_FLAT_MAP_STEP:
            if ((result = runtime_call_one(function_of(chain, step), travel->value)) == NULL)
                goto failed;
            outcome = push_items_or_none(chain, travel, result);
            goto done;
        case RUNTIME_CO_PROCESS_STEP:
            runtime_context_set(step->context, travel->has_timestamp, travel->timestamp);
            result = runtime_call_two(function_of(chain, step), travel->value, step->context);
            if (result == NULL)
                goto failed;
            outcome = push_items_or_none(chain, travel, result);
            goto done;
        case RUNTIME_BROADCAST_STEP: {
            PyObject *context = chain->origin ? step->second_context : step->context;
            runtime_context_set(context, travel->has_timestamp, travel->timestamp);
            result = runtime_call_two(function_of(chain, step), travel->value, context);
            if (result == NULL)
                goto failed;
            outcome = push_items_or_none(chain, travel, result);
            goto done;
        }
        case RUNTIME_INTERVAL_JOIN_STEP:
            if ((result = runtime_join_call(step, travel->value)) == NULL)
                goto failed;
            outcome = push_items_or_none(chain, travel, result);
            goto done;
        case RUNTIME_KEY_BY_STEP:
            if ((result = runtime_call_one(step->function, travel->value)) == NULL) {
                if (check_late(chain, travel) < 0)
                    goto done;
                goto failed;
            }
            outcome = runtime_emit_keyed(chain, travel, result);
            Py_DECREF(result);
            goto done;
        case RUNTIME_PARTITION_STEP:
            if ((result = partition_of(chain, step, travel->value)) == NULL)
                goto failed;
            outcome = runtime_emit_keyed(chain, travel, result);
            Py_DECREF(result);
            goto done;
        case RUNTIME_WATERMARKS_STEP:
            outcome = runtime_watermarks_event(chain, travel);
            goto done;
        case RUNTIME_ASSIGN_TIMESTAMPS_STEP:
            if (assign_timestamp(chain, travel, step->function) < 0)
                goto failed;
            break;
        case RUNTIME_VALUES_STEP:
        case RUNTIME_WINDOW_STEP:
        case RUNTIME_REDUCE_STEP: /* done where the record's bytes are read */
            break;
        }
    }
    outcome = runtime_emit(chain, travel);
    goto done;
side:
    outcome = runtime_emit_side(chain, travel, travel->value,
                                travel->record == NULL ? travel->value : travel->record);
    goto done;
failed:
    outcome = runtime_chain_fail(chain, travel->step, travel->value, "call");
done:
    Py_DECREF(travel->value);
    Py_XDECREF(travel->record);
    return outcome;
}

/* The next item of the innermost iterable. 1: travel holds it; 2: it went to a side output; 0: it
 * is exhausted; -1: error. */
static int next_item(runtime_chain_t *chain, runtime_travel_t *travel) {
    runtime_frame_t *frame = &chain->frames[chain->depth - 1];
    PyObject *item;
    if (frame->index < 0) {
        item = Py_TYPE(frame->items)->tp_iternext(frame->items);
        if (item == NULL) {
            if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_StopIteration))
                return runtime_chain_fail(chain, frame->step, frame->record, "iteration");
            PyErr_Clear();
            return 0;
        }
    } else if (PyList_CheckExact(frame->items)) {
        if (frame->index >= PyList_GET_SIZE(frame->items))
            return 0;
        item = Py_NewRef(PyList_GET_ITEM(frame->items, frame->index++));
    } else {
        if (frame->index >= PyTuple_GET_SIZE(frame->items))
            return 0;
        item = Py_NewRef(PyTuple_GET_ITEM(frame->items, frame->index++));
    }
    if (chain->steps[frame->step].routes && runtime_is_tagged(chain, item)) {
        travel->timestamp = frame->timestamp;
        travel->has_timestamp = frame->has_timestamp;
        travel->step = frame->step;
        int result = runtime_emit_side(chain, travel, item, frame->record);
        Py_DECREF(item);
        return result < 0 ? -1 : 2;
    }
    const runtime_type_t *type = chain->steps[frame->step].type;
    if (type != NULL && runtime_chain_check(chain, type, frame->step, frame->record, item) < 0) {
        Py_DECREF(item);
        return -1;
    }
    travel->value = item;
    travel->record = Py_NewRef(frame->record);
    travel->timestamp = frame->timestamp;
    travel->has_timestamp = frame->has_timestamp;
    travel->step = frame->step + 1;
    return 1;
}

/* ---- input ------------------------------------------------------------------------------- */

/* Reads the next record. 1: travel holds a value; 0: nothing to send on yet; -1: error. */
static int next_record(runtime_chain_t *chain, runtime_travel_t *travel) {
    runtime_input_t in = {chain->input + chain->input_next, chain->input + chain->input_end};
    runtime_record_key_t key = {(const uint8_t *)"", 0}; /* of a stream without keys */
    if (*in.next & RUNTIME_CONTROL)
        return *in.next & RUNTIME_WINDOW ? runtime_window_command(chain, travel)
                                         : runtime_chain_control(chain);
    bool joins = chain->steps[0].kind == RUNTIME_INTERVAL_JOIN_STEP;
    bool pair = joins && *in.next & RUNTIME_IS_PAIR;
    PyObject *value = pair ? runtime_join_read(chain, &in, travel, &key)
                           : runtime_read_record(chain, &in, travel, &key);
    if (value == NULL)
        return runtime_chain_fail(chain, -1, NULL, "input");
    chain->input_next = (size_t)(in.next - chain->input);
    travel->value = value;
    travel->record = NULL;
    travel->step = 0;
    if (chain->keyed != NULL)
        runtime_keyed_set(chain->keyed, key.bytes, key.length);
    if (chain->windows != NULL &&
        runtime_windows_enter(chain->windows, key.bytes, key.length, NULL, 0) < 0) {
        Py_DECREF(value);
        return runtime_chain_fail(chain, -1, NULL, "input");
    }
    if (chain->broadcast != NULL) {
        runtime_broadcast_next(chain);
        if (chain->origin && chain->keyed != NULL)
            runtime_keyed_set(chain->keyed, NULL, 0);
    }
    if (joins && !pair)
        return runtime_join_late(chain, travel);
    if (chain->steps[0].kind != RUNTIME_REDUCE_STEP)
        return 1;
    return chain->batch_mode ? runtime_reduce_sorted(chain, travel, &key)
                             : runtime_reduce_streaming(chain, travel);
}

static runtime_outcome_t drive(runtime_chain_t *chain) {
    if (chain->keyed != NULL)
        runtime_keyed_enter(chain->keyed);
    if (chain->windows != NULL)
        runtime_keyed_enter(chain->windows->keyed);
    if (chain->broadcast != NULL)
        runtime_broadcast_enter(chain);
    for (;;) {
        runtime_travel_t travel;
        int got;
        bool from_items = chain->depth > 0;
        if (!from_items && chain->input_next == chain->input_end) {
            if (chain->keyed != NULL)
                runtime_keyed_set(chain->keyed, NULL, 0);
            if (chain->windows != NULL)
                runtime_keyed_set(chain->windows->keyed, NULL, 0);
            if (chain->broadcast != NULL)
                runtime_broadcast_leave(chain);
            return RUNTIME_DONE;
        }
        if (chain->output.length >= chain->output_limit)
            return RUNTIME_MORE;
        got = from_items ? next_item(chain, &travel) : next_record(chain, &travel);
        if (got == 1)
            got = advance(chain, &travel);
        else if (got == 0 && from_items)
            pop_items(chain);
        if (got < 0)
            return RUNTIME_ERROR;
    }
}

runtime_outcome_t runtime_chain_run(runtime_chain_t *chain, size_t length) {
    chain->output.length = 0;
    if (length > 0) {
        bool rest = chain->input_next != chain->input_end || chain->depth > 0;
        if (rest && chain->untaken != NULL) {
            runtime_chain_drop_rest(chain);
        } else if (rest) {
            PyErr_SetString(PyExc_SystemError, "new input while the last one is not done");
            return runtime_chain_fail(chain, -1, NULL, "input");
        }
        if (length > chain->input_capacity) {
            PyErr_SetString(PyExc_SystemError, "more input than the buffer holds");
            return runtime_chain_fail(chain, -1, NULL, "input");
        }
        chain->input_next = 0;
        chain->input_end = length;
        if (chain->timers != NULL)
            runtime_timers_begin(chain->timers);
    }
    return drive(chain);
}

runtime_outcome_t runtime_chain_end_input(runtime_chain_t *chain) {
    runtime_travel_t travel;
    chain->output.length = 0;
    if (runtime_reduce_take(chain, &travel) && advance(chain, &travel) < 0)
        return RUNTIME_ERROR;
    return drive(chain);
}

runtime_outcome_t runtime_chain_flush_state(runtime_chain_t *chain) {
    chain->output.length = 0;
    if (chain->broadcast != NULL && runtime_keyed_write_all(chain->broadcast) < 0)
        return runtime_chain_fail(chain, 0, NULL, "state");
    if (chain->keyed == NULL)
        return RUNTIME_DONE;
    int result = runtime_keyed_flush(chain->keyed, &chain->output, chain->output_limit);
    if (result == 0 && chain->windows != NULL)
        result = runtime_keyed_flush(chain->windows->keyed, &chain->output, chain->output_limit);
    if (result < 0)
        return runtime_chain_fail(chain, 0, NULL, "state");
    return result ? RUNTIME_MORE : RUNTIME_DONE;
}
