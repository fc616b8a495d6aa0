// The native methods behind a chain of Python functions; the engine registers them at JVM start.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;

/**
 * All methods but {@link #cancel} belong to the task's thread. A handle is good from create to
 * free. What run, endInput and flushState return: the number of bytes in the output buffer, plus
 * {@link #MORE} and {@link #OUTPUT_MOVED}.
 */
final class NativeChain {
  /** The output buffer is full: emit what is there, then call run with 0 bytes. */
  static final long MORE = 1L << 62;

  /** The output buffer was replaced: ask for it again before reading it. */
  static final long OUTPUT_MOVED = 1L << 61;

  static final int TYPED = 0;
  static final int ENCODED = 1;

  private NativeChain() {}

  static native long create();

  /** Loads the functions and opens them; not to be used further when it throws, only freed. */
  static native void open(
      long handle,
      Object runtimeContext,
      String operatorName,
      int subtask,
      int parallelism,
      int[] kinds,
      String[] names,
      byte[][] payloads,
      byte[][] outSchemas,
      int[] inModes,
      byte[][] inSchemas,
      byte[][] inKeySchemas,
      int outMode,
      byte[] outSchema,
      byte[] outKeySchema,
      KeyedStateAccess state,
      BroadcastStates broadcastStates,
      boolean batchMode,
      int bufferBytes);

  /** How many partitions the last step of the chain chooses from. */
  static native void partitions(long handle, int count);

  /** Somebody reads what the step tags with this name. The calls number the side outputs. */
  static native void sideOutput(long handle, int step, String id, int mode, byte[] schema);

  static native ByteBuffer input(long handle);

  static native ByteBuffer output(long handle);

  static native ByteBuffer growInput(long handle, int minCapacity);

  static native long run(long handle, int inBytes);

  static native long endInput(long handle);

  static native long flushState(long handle);

  static native void cancel(long handle);

  /** Closes the functions. */
  static native void close(long handle);

  static native void free(long handle);
}
