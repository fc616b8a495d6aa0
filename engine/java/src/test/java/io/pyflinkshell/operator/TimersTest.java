// Timers of the operator: order, what comes back, processing time, restart. The chain in plain Java
// registers a timer for each record, and runs those that fire as C does.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.types.EncodedRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimersTest {
  private static final int EVENT = 0;
  private static final int REGISTER = 2;
  private static final int DELETE = 4;
  private static final int RETURN = 6;

  private final List<Integer> batches = new ArrayList<>();
  private int domain = EVENT;
  private long watermark;

  @BeforeEach
  void timerChain() {
    ChainOperatorFactory.opener = (operator, spec, state, bytes) -> new TimerChain();
  }

  @AfterEach
  void nativeChain() {
    ChainOperatorFactory.opener = NativeCalls::open;
  }

  /**
   * A record (key, time) registers a timer. One that fires emits its time; when it is a multiple of
   * 100 it also registers one 10 later, and gives back what is later than that.
   */
  private final class TimerChain implements ChainCalls {
    private ByteBuffer input = buffer(1 << 15);
    private ByteBuffer output = buffer(1 << 16);

    private ByteBuffer buffer(int capacity) {
      return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void command(int command, long time, long key) {
      output.put((byte) (0x80 | command | domain)).putLong(time).putInt(8).putLong(key);
    }

    @Override
    public long run(int inBytes) {
      ByteBuffer in = input.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      in.clear().limit(inBytes);
      output.clear();
      long lowest = Long.MAX_VALUE;
      int timers = 0;
      while (in.hasRemaining()) {
        int flags = in.get() & 0xff;
        if (flags == 0x80) {
          watermark = in.getLong();
          in.getLong();
        } else if ((flags & 0x40) != 0) {
          assertEquals(domain, flags & 1);
          long time = in.getLong();
          in.getInt();
          long key = in.getLong();
          timers++;
          if (time > lowest) {
            command(RETURN, time, key);
            continue;
          }
          assertTrue(domain != EVENT || watermark >= time);
          output.put((byte) 1).putLong(time).putLong(key * 1_000_000 + time);
          if (time % 100 == 0) {
            command(REGISTER, time + 10, key);
            command(REGISTER, time + 11, key);
            command(DELETE, time + 11, key);
            lowest = Math.min(lowest, time + 10);
          }
        } else {
          in.position(in.position() + ((flags & 1) != 0 ? 8 : 0) + 8);
          long key = in.getLong();
          in.get();
          command(REGISTER, in.getLong(), key);
        }
      }
      if (timers > 0) {
        batches.add(timers);
      }
      return output.position();
    }

    @Override
    public ByteBuffer input() {
      return input;
    }

    @Override
    public ByteBuffer output() {
      return output;
    }

    @Override
    public ByteBuffer growInput(int minCapacity) {
      input = buffer(minCapacity);
      return input;
    }

    @Override
    public long endInput() {
      return 0;
    }

    @Override
    public long flushState() {
      return 0;
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }

  private static KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness(
      int parallelism, int subtask) throws Exception {
    return KeyedHarness.of(
        PythonStep.KEYED_PROCESS, new HashMapStateBackend(), 8, parallelism, subtask);
  }

  @Test
  void timersFireInOrderBeforeTheirWatermark() throws Exception {
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(1, 0)) {
      harness.open();
      for (long time : new long[] {205, 100, 103, 300, 103, 400}) {
        harness.processElement(new StreamRecord<>(KeyedHarness.record(1, time), time));
      }
      harness.processWatermark(300);
      harness.processWatermark(Long.MAX_VALUE);
      assertEquals(
          List.of(
              "1000100@100",
              "1000103@103",
              "1000110@110",
              "1000205@205",
              "1000300@300",
              "Watermark",
              "1000310@310",
              "1000400@400",
              "1000410@410",
              "Watermark"),
          KeyedHarness.output(harness));
    }
  }

  @Test
  void manyTimersOfManyKeys() throws Exception {
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(1, 0)) {
      harness.open();
      int count = 20_000;
      for (int i = 0; i < count; i++) {
        long time = 1 + (i * 7919L) % count * 2;
        harness.processElement(new StreamRecord<>(KeyedHarness.record(i % 50, time), 0));
      }
      harness.processWatermark(3 * count);
      List<String> output = KeyedHarness.output(harness);
      assertEquals(count + 1, output.size());
      for (int i = 1; i < count; i++) {
        assertTrue(time(output.get(i - 1)) <= time(output.get(i)));
      }
      // They share batches: no crossing for each timer.
      assertTrue(batches.size() < count / 100, () -> batches.size() + " batches");
    }
  }

  /** Even when most of a batch comes back again and again, the work stays linear. */
  @Test
  void timersThatComeBackMakeSmallBatches() throws Exception {
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(1, 0)) {
      harness.open();
      int count = 3000;
      for (int i = 0; i < count; i++) {
        harness.processElement(new StreamRecord<>(KeyedHarness.record(i, 100L * (i + 1)), 0));
      }
      harness.processWatermark(Long.MAX_VALUE);
      assertEquals(2 * count + 1, harness.getOutput().size());
      int handled = batches.stream().mapToInt(Integer::intValue).sum();
      assertTrue(handled < 12 * count, () -> handled + " for " + count);
    }
  }

  private static long time(String output) {
    return Long.parseLong(output.substring(output.indexOf('@') + 1));
  }

  @Test
  void processingTimeTimersFireWithTheClock() throws Exception {
    domain = 1;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(1, 0)) {
      harness.setProcessingTime(1);
      harness.open();
      for (long time : new long[] {100, 205, 150, 300}) {
        harness.processElement(new StreamRecord<>(KeyedHarness.record(2, time)));
      }
      harness.prepareSnapshotPreBarrier(1);
      harness.setProcessingTime(220);
      runMails(harness);
      harness.setProcessingTime(221);
      runMails(harness);
      List<String> output = KeyedHarness.output(harness);
      assertEquals(List.of("2000100@100", "2000110@110", "2000150@150", "2000205@205"), output);
    }
  }

  private static void runMails(AbstractStreamOperatorTestHarness<Long> harness) throws Exception {
    harness.getTaskMailbox().createBatch();
    while (true) {
      Mail mail = harness.getTaskMailbox().tryTakeFromBatch().orElse(null);
      if (mail == null) {
        return;
      }
      mail.run();
    }
  }

  @Test
  void timersSurviveRestartAndRescaling() throws Exception {
    OperatorSubtaskState snapshot;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(1, 0)) {
      harness.open();
      for (long key = 0; key < 20; key++) {
        harness.processElement(new StreamRecord<>(KeyedHarness.record(key, 101 + key)));
      }
      harness.prepareSnapshotPreBarrier(1);
      snapshot = harness.snapshot(1, 1);
    }
    List<String> all = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(snapshot, 8, 1, 2, subtask);
      try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
          harness(2, subtask)) {
        harness.initializeState(part);
        harness.open();
        harness.processWatermark(1000);
        List<String> output = KeyedHarness.output(harness);
        assertTrue(output.size() > 1);
        all.addAll(output.subList(0, output.size() - 1));
      }
    }
    assertEquals(20, all.size());
    for (long key = 0; key < 20; key++) {
      assertTrue(all.contains(key * 1_000_000 + 101 + key + "@" + (101 + key)));
    }
  }
}
