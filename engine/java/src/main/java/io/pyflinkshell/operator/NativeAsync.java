// The native methods behind asynchronous functions; the engine registers them at JVM start.
package io.pyflinkshell.operator;

/** A handle is good from create to free. Only {@link #run} and interrupt wait for the GIL. */
final class NativeAsync {
  private NativeAsync() {}

  static native long create();

  /** Opens the function and runs its event loop on the calling thread until it is stopped. */
  static native void run(
      long handle,
      AsyncCalls calls,
      Object runtimeContext,
      String operatorName,
      int subtask,
      int parallelism,
      byte[] payload,
      int inMode,
      byte[] inSchema,
      byte[] outSchema);

  /** There is something to take. */
  static native void wake(long handle);

  /** Lets run cancel all coroutines, close the function and return. */
  static native void stop(long handle);

  /** Raises an exception in whatever keeps the loop busy. */
  static native void interrupt(long handle);

  static native void free(long handle);
}
