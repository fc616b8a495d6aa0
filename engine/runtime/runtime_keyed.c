/* runtime_keyed.c - what a chain has when its input is keyed: state, contexts, timers that fire. */
#include "runtime/runtime_broadcast.h"
#include "runtime/runtime_join.h"
#include "runtime/runtime_window.h"
#include "runtime/runtime_emit.h"
#include "runtime/runtime_watermarks.h"

/* The combination so far. Its type is the chain's, which outlives all uses of this state. */
static int add_reduce_state(runtime_chain_t *chain) {
    bool rows = chain->in[0].mode == RUNTIME_TYPED && chain->in[0].key != NULL;
    runtime_state_t spec = {.kind = RUNTIME_VALUE_STATE, .kept = true, .nullable = true};
    const runtime_type_t *type = rows ? chain->in[0].type->fields[1] : chain->in[0].type;
    static const char name[] = "reduce";
    if ((spec.name = PyMem_Malloc(sizeof name)) == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(spec.name, name, sizeof name);
    spec.type = (runtime_type_t *)type;
    spec.borrowed = true;
    chain->reduce_state = runtime_keyed_add(chain->keyed, &spec);
    return chain->reduce_state < 0 ? -1 : 0;
}

int runtime_chain_use_keys(runtime_chain_t *chain, const runtime_backend_t *backend, size_t limit) {
    /* Two inputs that are both keyed have one type of keys, and it looks the same. */
    const runtime_end_t *in = &chain->in[chain->in[0].key == NULL];
    bool reduces = chain->steps[0].kind == RUNTIME_REDUCE_STEP && !chain->batch_mode;
    if (in->key == NULL && !reduces)
        return 0;
    if ((chain->keyed = runtime_keyed_new(backend)) == NULL)
        return -1;
    chain->keyed->key_type = in->key;
    if (limit > 0)
        chain->keyed->limit = limit;
    chain->keyed->canonical = in->mode == RUNTIME_ENCODED;
    chain->keyed->one_key = chain->batch_mode;
    if (runtime_is_window_step(chain->steps[0].kind) &&
        (chain->windows = runtime_windows_new(chain, backend)) == NULL)
        return -1;
    return reduces ? add_reduce_state(chain) : 0;
}

int runtime_chain_make_contexts(runtime_chain_t *chain) {
    for (int i = 0; i < chain->step_count; i++) {
        runtime_chain_step_t *step = &chain->steps[i];
        if (step->kind == RUNTIME_WATERMARKS_STEP &&
            (step->context = runtime_watermark_output_new()) == NULL)
            return -1;
        bool co = step->kind == RUNTIME_CO_PROCESS_STEP;
        bool broadcast = step->kind == RUNTIME_BROADCAST_STEP;
        if (step->kind == RUNTIME_INTERVAL_JOIN_STEP) {
            if ((step->context = runtime_join_context(chain)) == NULL)
                return -1;
            continue;
        }
        bool keyed = step->kind == RUNTIME_KEYED_PROCESS_STEP ||
                     step->kind == RUNTIME_PYTHON_WINDOW_STEP ||
                     (broadcast && chain->in[0].key != NULL) ||
                     (co && chain->in[0].key != NULL && chain->in[1].key != NULL);
        if (step->kind != RUNTIME_PROCESS_STEP && !co && !keyed && !broadcast)
            continue;
        if (keyed && chain->keyed == NULL) {
            PyErr_SetString(PyExc_SystemError, "a keyed step on an input without keys");
            return -1;
        }
        runtime_timers_t **timers = keyed ? &chain->timers : &chain->times;
        if (*timers == NULL &&
            (*timers = runtime_timers_new(keyed ? chain->keyed : NULL, &chain->output)) == NULL)
            return -1;
        if (broadcast) {
            if (runtime_broadcast_contexts(chain, keyed) < 0)
                return -1;
            continue;
        }
        step->context =
            runtime_context_new(keyed ? RUNTIME_KEYED_CONTEXT : RUNTIME_PROCESS_CONTEXT, *timers);
        if (step->context == NULL)
            return -1;
        if (keyed && (step->timer_context =
                          runtime_context_new(RUNTIME_ON_TIMER_CONTEXT, chain->timers)) == NULL)
            return -1;
    }
    return 0;
}

/* Calls on_timer; what it returns goes on like what process_element returns. */
static int fire(runtime_chain_t *chain, const runtime_timer_t *timer) {
    const runtime_chain_step_t *step = &chain->steps[0];
    if (step->on_timer == NULL)
        return 0;
    if (chain->windows != NULL)
        runtime_windows_follow(chain->windows);
    runtime_context_set(step->timer_context, true, timer->timestamp);
    runtime_context_set_domain(step->timer_context, timer->domain);
    PyObject *timestamp = PyLong_FromLongLong(timer->timestamp);
    PyObject *args[3] = {NULL, timestamp, step->timer_context};
    PyObject *result = timestamp == NULL
                           ? NULL
                           : PyObject_Vectorcall(step->on_timer, args + 1,
                                                 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_XDECREF(timestamp);
    if (result == NULL)
        return runtime_chain_fail(chain, 0, step->timer_context, "call");
    if (result == Py_None) {
        Py_DECREF(result);
        return 0;
    }
    runtime_travel_t travel = {.value = step->timer_context,
                               .timestamp = timer->timestamp,
                               .has_timestamp = true,
                               .step = 0};
    return runtime_chain_push(chain, &travel, result);
}

int runtime_chain_control(runtime_chain_t *chain) {
    runtime_timers_t *timers = chain->timers != NULL ? chain->timers : chain->times;
    runtime_timer_t timer;
    int fires = -1;
    if (chain->input[chain->input_next] & RUNTIME_WATERMARKS) {
        chain->input_next++;
        return runtime_watermarks_periodic(chain);
    }
    if (timers == NULL)
        runtime_malformed("times for a chain that has no use for them");
    else
        fires =
            runtime_timers_take(timers, chain->input, &chain->input_next, chain->input_end, &timer);
    if (fires < 0)
        return runtime_chain_fail(chain, -1, NULL, "input");
    if (chain->times != NULL && chain->times != timers) {
        chain->times->watermark = timers->watermark;
        chain->times->processing_time = timers->processing_time;
    }
    if (fires && chain->broadcast != NULL)
        runtime_broadcast_next(chain);
    return fires ? fire(chain, &timer) : 0;
}
