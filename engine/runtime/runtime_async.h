/* runtime_async.h - the native side of asynchronous functions: records to an event loop of Python's
 * asyncio and results back.
 *
 * The loop runs on a thread of its own, one for each parallel instance. The task's thread writes
 * records into Java's buffers and wakes the loop through an eventfd; it never needs the GIL. The
 * loop takes what has gathered (AsyncCalls.take), and hands back results (AsyncCalls.completed),
 * many at a time and without the GIL.
 *
 * Records in: u32 length of the whole, then each as i32 number, u8 1 when its time is over, the
 * record. Results out: each as i32 number, u32 count, and the values as typed records. */
#ifndef PYFLINK_SHELL_RUNTIME_ASYNC_H
#define PYFLINK_SHELL_RUNTIME_ASYNC_H

#include "runtime/runtime.h"

/* Registers the natives of io.pyflinkshell.operator.NativeAsync. 0, or -1 with a Java exception. */
int runtime_async_on_jvm(JNIEnv *env);

#endif
