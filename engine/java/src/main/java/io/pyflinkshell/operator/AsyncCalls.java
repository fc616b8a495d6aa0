// The records of an asynchronous function on their way to its event loop, and the results back.
// A record costs its encoding into a native buffer, two entries in maps, and what Flink's operator
// does; waking the loop is shared by all records that come while it is busy.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.ValueCodec;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * The task's thread fills one of two buffers while the loop reads the other. The upper methods are
 * the task's, the lower ones the loop's.
 */
final class AsyncCalls {
  private static final int HEADER = 4;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ChainInput writer;
  private final ValueCodec codec;
  private final StreamRecord<Object> record = new StreamRecord<>(null);
  private final CompletableFuture<Void> opened = new CompletableFuture<>();

  private ByteBuffer filling = buffer(BUFFER_BYTES);
  private ByteBuffer reading = buffer(BUFFER_BYTES);
  private int lastNumber;
  private int unanswered;

  /** What is in flight, by number and back. */
  private final Map<Integer, ResultFuture<Object>> futures = new HashMap<>();

  private final Map<ResultFuture<Object>, Integer> numbers = new IdentityHashMap<>();

  AsyncCalls(AsyncSpec spec) {
    writer = ChainInput.of(spec.input);
    codec = ValueCodec.of(spec.outType);
  }

  private static ByteBuffer buffer(int capacity) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(HEADER);
    return buffer;
  }

  /** Done when the function is open, or failed when that failed. */
  CompletableFuture<Void> whenOpened() {
    return opened;
  }

  /** See {@link InFlight}. */
  synchronized boolean anyUnanswered() {
    return unanswered > 0;
  }

  /** Adds a record; true when the loop has to be woken. */
  synchronized boolean invoke(Object value, ResultFuture<Object> future) {
    // Only what is in flight has to differ.
    lastNumber = lastNumber == Integer.MAX_VALUE ? 1 : lastNumber + 1;
    int number = lastNumber;
    futures.put(number, future);
    numbers.put(future, number);
    unanswered++;
    return add(number, 0, value);
  }

  /** Says that a record's time is over; true when the loop has to be woken. */
  synchronized boolean timeOut(Object value, ResultFuture<Object> future) {
    Integer number = numbers.get(future);
    return number != null && add(number, 1, value);
  }

  private boolean add(int number, int late, Object value) {
    int start = filling.position();
    while (true) {
      try {
        filling.putInt(number);
        filling.put((byte) late);
        writer.write(filling, record.replace(value));
        return start == HEADER;
      } catch (BufferOverflowException e) {
        filling.position(start);
        ByteBuffer larger = buffer(Math.multiplyExact(filling.capacity(), 2));
        filling.flip().position(HEADER);
        larger.put(filling);
        filling = larger;
      }
    }
  }

  /** The function is open. */
  void opened() {
    opened.complete(null);
  }

  /** What has gathered, its length in front; null when there is nothing. Good until the next. */
  synchronized ByteBuffer take() {
    if (filling.position() == HEADER) {
      return null;
    }
    ByteBuffer full = filling;
    full.putInt(0, full.position());
    filling = reading;
    filling.clear().position(HEADER);
    reading = full;
    return full;
  }

  /** Results of some records; see runtime_async.h. */
  void completed(ByteBuffer results) {
    ByteBuffer in = results.order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      int number = in.getInt();
      int count = in.getInt();
      List<Object> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add((in.get() & ChainInput.NULL) != 0 ? null : codec.read(in));
      }
      ResultFuture<Object> future = remove(number);
      try {
        if (future != null) {
          future.complete(values);
        }
      } catch (RejectedExecutionException e) {
        // The task is ending and does not want the results any more.
        return;
      }
      answered(future);
    }
  }

  /** The function failed for a record. */
  void failed(int number, Throwable error) {
    ResultFuture<Object> future = remove(number);
    try {
      if (future != null) {
        future.completeExceptionally(error);
      }
    } catch (RejectedExecutionException e) {
      // The task is ending already; it was told of the failure before.
      return;
    }
    answered(future);
  }

  private synchronized void answered(ResultFuture<Object> future) {
    if (future != null) {
      unanswered--;
    }
  }

  /** The loop has ended, and nobody will answer for what is in flight. */
  void failAll(Throwable error) {
    List<Integer> left;
    synchronized (this) {
      left = new ArrayList<>(futures.keySet());
    }
    left.forEach(number -> failed(number, error));
  }

  private synchronized ResultFuture<Object> remove(int number) {
    ResultFuture<Object> future = futures.remove(number);
    if (future != null) {
      numbers.remove(future);
    }
    return future;
  }
}
