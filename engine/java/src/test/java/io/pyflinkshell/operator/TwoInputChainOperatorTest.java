// Two inputs in one batch: order, watermarks, status, barriers and ends, with a chain in plain
// Java.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TwoInputChainOperatorTest {
  private FakeChain chain;
  private AbstractStreamOperatorTestHarness<Long> harness;
  private TwoInputStreamOperator<Long, Long, Long> operator;

  @BeforeEach
  @SuppressWarnings("unchecked")
  void open() throws Exception {
    ChainOperatorFactory.opener =
        (operator, spec, state, bytes) -> chain = new FakeChain(spec, state);
    ChainSpec spec =
        new ChainSpec(
            new PythonStep(PythonStep.CO_MAP, "Co-Map", new byte[0], Types.LONG),
            new InputSpec(Types.LONG, null),
            new InputSpec(Types.LONG, null));
    harness =
        new AbstractStreamOperatorTestHarness<>(
            new TwoInputChainOperatorFactory<Long, Long, Long>(spec), 1, 1, 0);
    harness.setup(LongSerializer.INSTANCE);
    harness.open();
    operator = (TwoInputStreamOperator<Long, Long, Long>) harness.getOperator();
  }

  @AfterEach
  void close() throws Exception {
    ChainOperatorFactory.opener = NativeCalls::open;
    harness.close();
  }

  private void first(long value) throws Exception {
    operator.processElement1(new StreamRecord<>(value));
  }

  private void second(long value) throws Exception {
    operator.processElement2(new StreamRecord<>(value, value * 10));
  }

  private void end(int input) throws Exception {
    ((BoundedMultiInput) operator).endInput(input);
  }

  private List<Object> values() {
    List<Object> values = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      values.add(
          element instanceof StreamRecord ? ((StreamRecord<?>) element).getValue() : element);
    }
    return values;
  }

  @Test
  void recordsOfBothInputsKeepTheirOrder() throws Exception {
    for (long i = 1; i <= 3000; i++) {
      if (i % 3 == 0) {
        second(i);
      } else {
        first(i);
      }
    }
    end(2);
    end(1);
    List<Object> output = new ArrayList<>(harness.getOutput());
    assertEquals(3000, output.size());
    for (int i = 1; i <= 3000; i++) {
      StreamRecord<?> record = (StreamRecord<?>) output.get(i - 1);
      assertEquals(i % 3 == 0 ? -i : i + 1L, record.getValue());
      assertEquals(i % 3 == 0, record.hasTimestamp());
      assertTrue(!record.hasTimestamp() || record.getTimestamp() == i * 10L);
    }
    assertTrue(Collections.frequency(chain.calls, "run") < 1500);
  }

  @Test
  void theLowerWatermarkFollowsTheRecords() throws Exception {
    first(1);
    operator.processWatermark1(new Watermark(10));
    second(2);
    first(3);
    operator.processWatermark2(new Watermark(5));
    second(4);
    operator.processWatermark2(new Watermark(20));
    assertEquals(List.of(2L, -2L, 4L, new Watermark(5), -4L, new Watermark(10)), values());
  }

  @Test
  void recordsComeBeforeTheStatusThatFollowsThem() throws Exception {
    first(1);
    second(2);
    operator.processWatermarkStatus1(WatermarkStatus.IDLE);
    second(3);
    first(4);
    operator.processWatermarkStatus2(WatermarkStatus.IDLE);
    second(5);
    operator.processWatermarkStatus2(WatermarkStatus.ACTIVE);
    List<Object> expected = new ArrayList<>();
    Collections.addAll(expected, 2L, -2L, -3L, 5L, WatermarkStatus.IDLE);
    Collections.addAll(expected, -5L, WatermarkStatus.ACTIVE);
    assertEquals(expected, values());
  }

  @Test
  void anIdleInputHoldsNoWatermarkBack() throws Exception {
    operator.processWatermark1(new Watermark(7));
    second(1);
    first(2);
    operator.processWatermarkStatus2(WatermarkStatus.IDLE);
    assertEquals(List.of(-1L, 3L, new Watermark(7)), values());
  }

  @Test
  void aBarrierLeavesNothingInTheBatch() throws Exception {
    first(1);
    second(2);
    first(3);
    harness.prepareSnapshotPreBarrier(1);
    assertEquals(List.of(2L, -2L, 4L), values());
    harness.snapshot(1, 1);
  }

  @Test
  void theChainEndsWithTheLastInput() throws Exception {
    first(1);
    second(2);
    second(3);
    end(1);
    assertEquals(List.of(2L, -2L, -3L), values());
    assertFalse(chain.calls.contains("end"));
    second(4);
    second(5);
    end(2);
    assertEquals(List.of(2L, -2L, -3L, -4L, -5L), values());
    assertEquals(1, Collections.frequency(chain.calls, "end"));
  }

  @Test
  void failuresReachTheTask() throws Exception {
    chain.failure = new IllegalArgumentException("from the function");
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          for (long i = 0; i < 2000; i++) {
            second(i);
          }
        });
  }
}
