/* runtime_watermarks.h - the last step of a chain whose watermarks a Python generator makes.
 *
 * The generator's on_event is called when its record stands in the output already; what it says to
 * its WatermarkOutput follows there, between the records, as
 *   u8 RUNTIME_CONTROL | RUNTIME_WATERMARKS | what, i64 timestamp
 * and Java applies it when it comes to it. The time for on_periodic_emit stands in the input as
 *   u8 RUNTIME_CONTROL | RUNTIME_WATERMARKS
 *
 * Ownership: a WatermarkOutput is a Python object, which functions may keep; it works only while
 * one of the two is running. Everything needs the GIL. */
#ifndef PYFLINK_SHELL_RUNTIME_WATERMARKS_H
#define PYFLINK_SHELL_RUNTIME_WATERMARKS_H

#include "runtime/runtime_emit.h"

/* A flag of what is no record, and is no time or timer. */
#define RUNTIME_WATERMARKS 0x10u

enum { RUNTIME_EMIT_WATERMARK = 0, RUNTIME_MARK_IDLE = 1, RUNTIME_MARK_ACTIVE = 2 };

/* What the generator of the step gets as its output. NULL with an error. */
PyObject *runtime_watermark_output_new(void);

/* Emits the record and calls on_event. 0, or -1: the chain has failed. */
int runtime_watermarks_event(runtime_chain_t *chain, const runtime_travel_t *travel);

/* Calls on_periodic_emit. 0, or -1: the chain has failed. */
int runtime_watermarks_periodic(runtime_chain_t *chain);

#endif
