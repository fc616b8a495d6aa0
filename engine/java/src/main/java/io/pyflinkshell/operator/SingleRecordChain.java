// A Python step that Java asks about one record at a time.
// A record costs its encoding, a JNI call and taking the GIL: for where Java cannot wait for more.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import java.lang.ref.Cleaner;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Belongs to one thread. Who uses it is not told when the job ends, so its native part goes when
 * Java's collector finds it.
 */
final class SingleRecordChain {
  private static final int BUFFER_BYTES = 4096;
  private static final Cleaner CLEANER = Cleaner.create();

  private final long handle;
  private final ChainInput writer;
  private final StreamRecord<Object> record = new StreamRecord<>(null);
  private ByteBuffer input;
  private ByteBuffer output;

  /** Opens a step that passes records of {@code type} on. */
  SingleRecordChain(int kind, String name, byte[] payload, TypeInformation<?> type) {
    writer = ChainInput.of(new InputSpec(type, null));
    handle = NativeChain.create();
    long native_ = handle;
    // Not on the cleaner's thread, which all cleaners share: this waits for the GIL.
    CLEANER.register(this, () -> CompletableFuture.runAsync(() -> end(native_)));
    byte[] schema = TypeSchema.of(type);
    NativeChain.open(
        handle,
        null,
        name,
        // Not known here.
        -1,
        -1,
        new int[] {kind},
        new String[] {name},
        new byte[][] {payload},
        new byte[][] {null},
        new int[] {NativeChain.TYPED},
        new byte[][] {schema},
        new byte[][] {null},
        NativeChain.TYPED,
        schema,
        null,
        null,
        null,
        false,
        BUFFER_BYTES);
    input = NativeChain.input(handle).order(ByteOrder.LITTLE_ENDIAN);
    output = NativeChain.output(handle).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void end(long handle) {
    try {
      NativeChain.close(handle);
    } finally {
      NativeChain.free(handle);
    }
  }

  /** What the step makes of a record, at the beginning of the buffer; good until the next call. */
  ByteBuffer process(Object value, long timestamp) {
    record.replace(value, timestamp);
    while (true) {
      input.clear();
      try {
        writer.write(input, record);
        return run();
      } catch (BufferOverflowException e) {
        int larger = Math.multiplyExact(input.capacity(), 2);
        input = NativeChain.growInput(handle, larger).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
  }

  /** What the step answers to a byte that is no record. */
  ByteBuffer control(int flags) {
    input.clear();
    input.put((byte) flags);
    return run();
  }

  private ByteBuffer run() {
    long result = NativeChain.run(handle, input.position());
    if ((result & NativeChain.OUTPUT_MOVED) != 0) {
      output = NativeChain.output(handle).order(ByteOrder.LITTLE_ENDIAN);
    }
    output.clear().limit((int) result);
    if ((result & NativeChain.MORE) != 0) {
      // One record leaves nothing behind but an error, which is thrown now.
      NativeChain.run(handle, 0);
    }
    return output;
  }
}
