// Records on their way to an event loop and results back, without Python.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.junit.jupiter.api.Test;

class AsyncCallsTest {
  private final AsyncCalls calls =
      new AsyncCalls(
          new AsyncSpec("async", new byte[0], new InputSpec(Types.LONG, null), Types.LONG));

  /** All futures are equal, which must not matter. */
  private static class Future implements ResultFuture<Object> {
    final List<Object> told = new ArrayList<>();

    @Override
    public void complete(Collection<Object> values) {
      told.add(values);
    }

    @Override
    public void completeExceptionally(Throwable error) {
      told.add(error);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Future;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /** Number, late, value of each record. */
  private static List<Long> read(ByteBuffer buffer) {
    ByteBuffer in = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    in.clear().limit(in.getInt(0)).position(4);
    List<Long> read = new ArrayList<>();
    while (in.hasRemaining()) {
      read.add((long) in.getInt());
      read.add((long) in.get());
      assertEquals(0, in.get());
      read.add(in.getLong());
    }
    return read;
  }

  private static ByteBuffer results(int number, Long... values) {
    ByteBuffer out = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(number).putInt(values.length);
    for (Long value : values) {
      out.put((byte) (value == null ? ChainInput.NULL : 0));
      if (value != null) {
        out.putLong(value);
      }
    }
    out.flip();
    return out;
  }

  @Test
  void theLoopIsWokenOnce() {
    assertNull(calls.take());
    assertTrue(calls.invoke(7L, new Future()));
    assertFalse(calls.invoke(8L, new Future()));
    assertEquals(Arrays.asList(1L, 0L, 7L, 2L, 0L, 8L), read(calls.take()));
    assertNull(calls.take());
    assertTrue(calls.invoke(9L, new Future()));
    assertEquals(Arrays.asList(3L, 0L, 9L), read(calls.take()));
  }

  @Test
  void theBufferGrows() {
    List<Long> expected = new ArrayList<>();
    for (long i = 1; i <= 20_000; i++) {
      calls.invoke(i * 10, new Future());
      expected.addAll(Arrays.asList(i, 0L, i * 10));
    }
    assertEquals(expected, read(calls.take()));
  }

  @Test
  void resultsFindTheirRecords() {
    Future first = new Future();
    Future second = new Future();
    calls.invoke(7L, first);
    calls.invoke(8L, second);
    calls.completed(results(2, 80L, null));
    calls.completed(results(1));
    assertEquals(List.of(Arrays.asList(80L, null)), second.told);
    assertEquals(List.of(Collections.emptyList()), first.told);
    // A second answer is nobody's.
    calls.completed(results(1, 1L));
    calls.failed(2, new Exception());
    assertEquals(1, first.told.size() + second.told.size() - 1);
  }

  @Test
  void timeIsOverForWhatIsInFlightOnly() {
    Future first = new Future();
    Future second = new Future();
    calls.invoke(7L, first);
    calls.invoke(8L, second);
    calls.take();
    calls.completed(results(1, 70L));
    assertFalse(calls.timeOut(7L, first));
    assertTrue(calls.timeOut(8L, second));
    assertEquals(Arrays.asList(2L, 1L, 8L), read(calls.take()));
  }

  @Test
  void aTaskThatEndsWantsNoResults() {
    calls.invoke(
        7L,
        new Future() {
          @Override
          public void complete(Collection<Object> values) {
            throw new RejectedExecutionException();
          }
        });
    calls.completed(results(1, 1L));
  }

  @Test
  void aLoopThatEndsFailsWhatIsInFlight() {
    Future first = new Future();
    Exception error = new Exception();
    calls.invoke(7L, first);
    calls.failAll(error);
    assertEquals(List.of(error), first.told);
  }
}
