// Watermarks of a generator at the end of a chain, in Flink's harness with a chain in plain Java.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainWatermarksTest {
  private static final int COMMAND = Timers.CONTROL | ChainWatermarks.WATERMARKS;

  /**
   * Passes longs on. Negative ones are commands after their record: -1 marks idle, -2 active.
   * Others emit their own value. Each periodic call emits the number of calls times 1,000.
   */
  private static final class Generator extends FakeChain {
    private final ByteBuffer out =
        ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private int periodic;

    Generator(ChainSpec spec, KeyedStateAccess state) {
      super(spec, state);
    }

    @Override
    public ByteBuffer output() {
      return out;
    }

    @Override
    public long run(int bytes) {
      ByteBuffer in = input().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      in.clear().limit(bytes);
      out.clear();
      while (in.hasRemaining()) {
        int flags = in.get() & 0xff;
        if (flags == COMMAND) {
          command(0, ++periodic * 1000L);
          continue;
        }
        long timestamp = in.getLong();
        long value = in.getLong();
        out.put((byte) flags).putLong(timestamp).putLong(value);
        command(value < 0 ? (int) -value : 0, value);
      }
      return out.position();
    }

    private void command(int what, long timestamp) {
      out.put((byte) (COMMAND | what)).putLong(timestamp);
    }
  }

  @BeforeEach
  void fakeChain() {
    ChainOperatorFactory.opener = (operator, spec, state, bytes) -> new Generator(spec, state);
  }

  @AfterEach
  void nativeChain() {
    ChainOperatorFactory.opener = NativeCalls::open;
  }

  private static OneInputStreamOperatorTestHarness<Long, Long> harness(
      WatermarkStrategy<Object> strategy) throws Exception {
    PythonStep step =
        new PythonStep(PythonStep.WATERMARKS, "Watermarks", new byte[0], Types.LONG)
            .withStrategy(strategy);
    ChainSpec spec = new ChainSpec(Collections.singletonList(step), Types.LONG, null, null);
    OneInputStreamOperatorTestHarness<Long, Long> harness =
        new OneInputStreamOperatorTestHarness<>(
            new PythonChainOperatorFactory<>(spec), LongSerializer.INSTANCE);
    harness.getExecutionConfig().setAutoWatermarkInterval(10);
    harness.open();
    return harness;
  }

  private static List<Object> output(OneInputStreamOperatorTestHarness<Long, Long> harness) {
    List<Object> output = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      output.add(
          element instanceof StreamRecord ? ((StreamRecord<?>) element).getValue() : element);
    }
    harness.getOutput().clear();
    return output;
  }

  private static void process(OneInputStreamOperatorTestHarness<Long, Long> harness, long... values)
      throws Exception {
    for (long value : values) {
      harness.processElement(new StreamRecord<>(value, value));
    }
  }

  @Test
  void watermarksStandBetweenTheirRecords() throws Exception {
    try (OneInputStreamOperatorTestHarness<Long, Long> harness =
        harness(PythonWatermarks.strategy())) {
      process(harness, 5, 3, 7, -1, -2, -1, 8);
      harness.endInput();
      // One that is not above the last has no effect, and one that is marks active.
      assertEquals(
          Arrays.asList(
              5L,
              new Watermark(5),
              3L,
              7L,
              new Watermark(7),
              -1L,
              WatermarkStatus.IDLE,
              -2L,
              WatermarkStatus.ACTIVE,
              -1L,
              WatermarkStatus.IDLE,
              8L,
              WatermarkStatus.ACTIVE,
              new Watermark(8)),
          output(harness));
    }
  }

  @Test
  void periodicWatermarksComeAfterWhatWaits() throws Exception {
    try (OneInputStreamOperatorTestHarness<Long, Long> harness =
        harness(PythonWatermarks.strategy())) {
      process(harness, 1, 2);
      harness.setProcessingTime(10);
      assertEquals(
          Arrays.asList(1L, new Watermark(1), 2L, new Watermark(2), new Watermark(1000)),
          output(harness));
      harness.setProcessingTime(20);
      harness.setProcessingTime(30);
      assertEquals(Arrays.asList(new Watermark(2000), new Watermark(3000)), output(harness));
    }
  }

  @Test
  void onlyTheLastWatermarkOfOthersCounts() throws Exception {
    try (OneInputStreamOperatorTestHarness<Long, Long> harness =
        harness(PythonWatermarks.strategy())) {
      process(harness, 1);
      harness.processWatermark(500);
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      harness.processWatermark(Long.MAX_VALUE);
      assertEquals(Arrays.asList(1L, new Watermark(1), Watermark.MAX_WATERMARK), output(harness));
    }
  }

  @Test
  void javasIdlenessStandsAround() throws Exception {
    WatermarkStrategy<Object> strategy =
        PythonWatermarks.strategy().withIdleness(Duration.ofMillis(25));
    try (OneInputStreamOperatorTestHarness<Long, Long> harness = harness(strategy)) {
      process(harness, 1);
      harness.setProcessingTime(10);
      assertEquals(Arrays.asList(1L, new Watermark(1), new Watermark(1000)), output(harness));
      for (int time = 20; time <= 200; time += 10) {
        harness.setProcessingTime(time);
      }
      List<Object> idle = output(harness);
      assertEquals(WatermarkStatus.IDLE, idle.get(idle.size() - 1));
      process(harness, 70_000);
      harness.endInput();
      assertEquals(
          Arrays.asList(70_000L, WatermarkStatus.ACTIVE, new Watermark(70_000)), output(harness));
    }
  }

  @Test
  void elsewhereTheStrategyIsRefused() {
    assertThrows(
        UnsupportedOperationException.class,
        () -> PythonWatermarks.strategy().createWatermarkGenerator(null));
  }
}
