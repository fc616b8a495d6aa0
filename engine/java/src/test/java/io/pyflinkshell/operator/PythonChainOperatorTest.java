// Order, batching, state and end of the operator, in Flink's harness with a chain in plain Java.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.graph.EncodedKeySelector;
import io.pyflinkshell.types.EncodedRecord;
import io.pyflinkshell.types.EncodedRecordSerializer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PythonChainOperatorTest {
  private FakeChain chain;

  @BeforeEach
  void fakeChain() {
    ChainOperatorFactory.opener =
        (operator, spec, state, bytes) -> chain = new FakeChain(spec, state);
  }

  @AfterEach
  void nativeChain() {
    ChainOperatorFactory.opener = NativeCalls::open;
  }

  private static ChainSpec map() {
    return new ChainSpec(
        Collections.singletonList(new PythonStep(PythonStep.MAP, "Map", new byte[0], Types.LONG)),
        Types.LONG,
        null,
        null);
  }

  private static OneInputStreamOperatorTestHarness<Long, Long> mapHarness() throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new PythonChainOperatorFactory<>(map()), LongSerializer.INSTANCE);
  }

  private static List<Object> values(OneInputStreamOperatorTestHarness<?, Long> harness) {
    List<Object> values = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      values.add(
          element instanceof StreamRecord ? ((StreamRecord<?>) element).getValue() : element);
    }
    return values;
  }

  @Test
  void recordsKeepOrderTimestampsAndNulls() throws Exception {
    try (OneInputStreamOperatorTestHarness<Long, Long> harness = mapHarness()) {
      harness.open();
      for (long i = 0; i < 3000; i++) {
        harness.processElement(i % 3 == 0 ? new StreamRecord<>(i) : new StreamRecord<>(i, i * 10));
      }
      harness.processElement(new StreamRecord<>(null, 5));
      harness.endInput();
      List<Object> output = new ArrayList<>(harness.getOutput());
      assertEquals(3001, output.size());
      for (int i = 0; i < 3000; i++) {
        StreamRecord<?> record = (StreamRecord<?>) output.get(i);
        assertEquals(i + 1L, record.getValue());
        assertEquals(i % 3 != 0, record.hasTimestamp());
        assertTrue(i % 3 == 0 || record.getTimestamp() == i * 10L);
      }
      assertEquals(null, ((StreamRecord<?>) output.get(3000)).getValue());
      assertTrue(Collections.frequency(chain.calls, "run") < 3000);
    }
    assertEquals(1, Collections.frequency(chain.calls, "close"));
  }

  @Test
  void watermarksAndStatusStayBehindTheirRecords() throws Exception {
    try (OneInputStreamOperatorTestHarness<Long, Long> harness = mapHarness()) {
      harness.open();
      harness.processElement(1L, 1);
      harness.processElement(2L, 2);
      harness.processWatermark(2);
      harness.processElement(3L, 3);
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      harness.processElement(4L, 4);
      harness.prepareSnapshotPreBarrier(1);
      List<Object> expected = new ArrayList<>();
      Collections.addAll(expected, 2L, 3L, new Watermark(2), 4L, WatermarkStatus.IDLE, 5L);
      assertEquals(expected, values(harness));
    }
  }

  @Test
  void aPauseFlushes() throws Exception {
    try (OneInputStreamOperatorTestHarness<Long, Long> harness = mapHarness()) {
      harness.open();
      harness.processElement(1L, 0);
      harness.processElement(2L, 0);
      harness.processElement(3L, 0);
      long deadline = System.nanoTime() + 5_000_000_000L;
      while (harness.getOutput().size() < 3 && System.nanoTime() < deadline) {
        harness.getTaskMailbox().createBatch();
        harness.getTaskMailbox().tryTakeFromBatch().ifPresent(this::run);
        Thread.sleep(1);
      }
      assertEquals(List.of(2L, 3L, 4L), values(harness));
    }
  }

  private void run(org.apache.flink.streaming.runtime.tasks.mailbox.Mail mail) {
    try {
      mail.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void failuresReachTheTaskAndCloseOnce() throws Exception {
    OneInputStreamOperatorTestHarness<Long, Long> harness = mapHarness();
    harness.open();
    chain.failure = new IllegalArgumentException("from the function");
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          for (long i = 0; i < 2000; i++) {
            harness.processElement(i, 0);
          }
        });
    harness.close();
    assertEquals(1, Collections.frequency(chain.calls, "close"));
  }

  @Test
  void aFailedOpenNeedsNoClose() throws Exception {
    ChainOperatorFactory.opener =
        (operator, spec, state, bytes) -> {
          throw new IllegalArgumentException("open failed");
        };
    OneInputStreamOperatorTestHarness<Long, Long> harness = mapHarness();
    assertThrows(IllegalArgumentException.class, harness::open);
    harness.close();
  }

  @Test
  void largeRecordsGrowTheBuffer() throws Exception {
    ChainSpec spec =
        new ChainSpec(
            Collections.singletonList(
                new PythonStep(PythonStep.MAP, "Map", new byte[0], Types.LONG)),
            Types.STRING,
            null,
            null);
    ChainOperatorFactory.opener =
        (operator, s, state, bytes) ->
            chain =
                new FakeChain(s, state) {
                  @Override
                  public long run(int inBytes) {
                    calls.add("run");
                    return 0;
                  }
                };
    try (OneInputStreamOperatorTestHarness<String, Long> harness =
        new OneInputStreamOperatorTestHarness<>(new PythonChainOperatorFactory<>(spec))) {
      harness.open();
      harness.processElement(new StreamRecord<>("a"));
      harness.processElement(new StreamRecord<>("b".repeat(5000)));
      harness.processElement(new StreamRecord<>("c"));
      harness.endInput();
      assertTrue(chain.calls.contains("grow"));
    }
  }

  private static EncodedRecord record(long key, long value) {
    ByteBuffer data = ByteBuffer.allocate(25).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(8).putInt(9).putLong(key).put((byte) 1).putLong(value);
    return new EncodedRecord(data.array(), 8);
  }

  private static KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> sums()
      throws Exception {
    ChainSpec spec =
        new ChainSpec(
                Collections.singletonList(
                    new PythonStep(PythonStep.REDUCE, "Reduce", new byte[0], Types.LONG)),
                Types.LONG,
                Types.LONG,
                null)
            .withInEncoded(0, true);
    @SuppressWarnings("unchecked")
    TypeInformation<Object> keyType = (TypeInformation<Object>) (TypeInformation<?>) Types.LONG;
    KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new PythonChainOperatorFactory<>(spec), new EncodedKeySelector(Types.LONG), keyType);
    harness.getExecutionConfig().setMaxParallelism(1);
    harness.setup(LongSerializer.INSTANCE);
    return harness;
  }

  @Test
  void stateIsWrittenAtCheckpointsAndRestored() throws Exception {
    OperatorSubtaskState snapshot;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness = sums()) {
      harness.open();
      for (int i = 0; i < 500; i++) {
        harness.processElement(new StreamRecord<>(record(i % 7, 1)));
      }
      harness.prepareSnapshotPreBarrier(1);
      assertEquals(500, harness.getOutput().size());
      snapshot = harness.snapshot(1, 1);
      assertTrue(chain.calls.contains("flushState"));
    }
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness = sums()) {
      harness.initializeState(snapshot);
      harness.open();
      harness.processElement(new StreamRecord<>(record(3, 1)));
      harness.processElement(new StreamRecord<>(record(100, 1)));
      harness.endInput();
      // 500 records over 7 keys: key 3 had 72.
      assertEquals(List.of(72L, 1L), values(harness));
    }
  }

  @Test
  void encodedRecordsAreImmutable() {
    EncodedRecord record = record(1, 2);
    assertEquals(record, EncodedRecordSerializer.INSTANCE.copy(record));
    assertFalse(record.toString().isEmpty());
  }

  @Test
  void aReduceWithoutKeysKeepsItsResultInOperatorState() throws Exception {
    ChainSpec spec =
        new ChainSpec(
                Collections.singletonList(
                    new PythonStep(PythonStep.REDUCE, "Reduce", new byte[0], Types.LONG)),
                Types.LONG,
                null,
                null)
            .withInEncoded(0, true);
    OperatorSubtaskState snapshot;
    try (OneInputStreamOperatorTestHarness<EncodedRecord, Long> harness = whole(spec)) {
      harness.open();
      harness.processElement(new StreamRecord<>(record(0, 3)));
      harness.processElement(new StreamRecord<>(record(0, 4)));
      harness.prepareSnapshotPreBarrier(1);
      assertEquals(List.of(3L, 7L), values(harness));
      snapshot = harness.snapshot(1, 1);
    }
    try (OneInputStreamOperatorTestHarness<EncodedRecord, Long> harness = whole(spec)) {
      harness.initializeState(snapshot);
      harness.open();
      harness.processElement(new StreamRecord<>(record(0, 5)));
      harness.endInput();
      assertEquals(List.of(12L), values(harness));
    }
  }

  private static OneInputStreamOperatorTestHarness<EncodedRecord, Long> whole(ChainSpec spec)
      throws Exception {
    return new OneInputStreamOperatorTestHarness<>(
        new PythonChainOperatorFactory<>(spec), EncodedRecordSerializer.INSTANCE);
  }
}
