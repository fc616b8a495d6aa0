// Flink's window operator over contents that the chain keeps: lateness, merging, counts, restart.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.types.EncodedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingProcessingTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.CountTrigger;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.ProcessingTimeTrigger;
import org.apache.flink.streaming.api.windowing.triggers.PurgingTrigger;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowChainOperatorTest {
  private static final int MAX_PARALLELISM = 8;

  private WindowChain chain;

  @BeforeEach
  void windowChain() {
    ChainOperatorFactory.opener = (operator, spec, state, bytes) -> chain = new WindowChain(state);
  }

  @AfterEach
  void nativeChain() {
    ChainOperatorFactory.opener = NativeCalls::open;
  }

  private static WindowSpec spec(
      String bytes, WindowAssigner<?, ?> assigner, Trigger<?, ?> trigger, long lateness) {
    return WindowSpec.flink(bytes, assigner, trigger, lateness, true, true);
  }

  private static WindowSpec tumbling(long lateness) {
    return spec(
        "TIME", TumblingEventTimeWindows.of(millis(10)), EventTimeTrigger.create(), lateness);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness(
      WindowSpec spec, StateBackend backend, int parallelism, int subtask) throws Exception {
    PythonStep step =
        new PythonStep(PythonStep.WINDOW, "Windows", new byte[0], Types.LONG).withWindows(spec);
    return KeyedHarness.of(step, backend, MAX_PARALLELISM, parallelism, subtask);
  }

  private static KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness(
      WindowSpec spec) throws Exception {
    return harness(spec, new HashMapStateBackend(), 1, 0);
  }

  private static void send(
      KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness,
      long key,
      long value,
      long timestamp)
      throws Exception {
    harness.processElement(new StreamRecord<>(KeyedHarness.record(key, value), timestamp));
  }

  @Test
  void aLateRecordGivesAnotherResultOrLeavesByTheSide() throws Exception {
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(tumbling(5))) {
      harness.open();
      send(harness, 1, 100, 3);
      send(harness, 1, 10, 9);
      send(harness, 2, 7, 4);
      send(harness, 1, 1, 12);
      harness.processWatermark(11);
      send(harness, 1, 1000, 2);
      harness.processWatermark(14);
      send(harness, 1, 5, 5);
      harness.processWatermark(Long.MAX_VALUE);
      List<String> output = KeyedHarness.output(harness);
      List<String> first = new ArrayList<>(output.subList(0, 2));
      Collections.sort(first);
      assertEquals(List.of("110@9", "7@9"), first);
      // The late result has the time of the record that caused it.
      assertEquals(
          List.of(
              "Watermark", "1110@2", "Watermark", "-5@-9223372036854775808", "1@19", "Watermark"),
          output.subList(2, output.size()));
      Collections.sort(chain.ends);
      assertEquals(List.of("1:0-10", "1:10-20", "2:0-10"), chain.ends);
    }
  }

  @Test
  void aRecordInSeveralWindowsIsSentOnce() throws Exception {
    WindowSpec sliding =
        spec(
            "TIME",
            SlidingEventTimeWindows.of(millis(10), millis(5)),
            EventTimeTrigger.create(),
            0);
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(sliding)) {
      harness.open();
      send(harness, 1, 1, 3);
      send(harness, 1, 10, 7);
      send(harness, 1, 100, 11);
      harness.processWatermark(Long.MAX_VALUE);
      assertEquals(
          List.of("1@4", "11@9", "110@14", "100@19", "Watermark"), KeyedHarness.output(harness));
    }
  }

  @Test
  void sessionsMerge() throws Exception {
    WindowSpec sessions =
        spec("TIME", EventTimeSessionWindows.withGap(millis(5)), EventTimeTrigger.create(), 0);
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(sessions)) {
      harness.open();
      send(harness, 1, 1, 1);
      send(harness, 1, 10, 9);
      send(harness, 2, 7, 2);
      send(harness, 1, 100, 5);
      send(harness, 1, 1000, 30);
      harness.processWatermark(Long.MAX_VALUE);
      assertEquals(List.of("7@6", "111@13", "1000@34", "Watermark"), KeyedHarness.output(harness));
    }
  }

  @Test
  void windowsOfCountsKeepTheKeyWhenABatchRunsInBetween() throws Exception {
    WindowSpec counts =
        spec("COUNT", new CountWindows(3, 2, "seen"), PurgingTrigger.of(CountTrigger.of(3)), 0);
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(counts)) {
      harness.open();
      long expected = 0;
      for (int i = 0; i < 3000; i++) {
        send(harness, i % 7, 1, i);
      }
      harness.processWatermark(Long.MAX_VALUE);
      for (int key = 0; key < 7; key++) {
        long records = 3000 / 7 + (key < 3000 % 7 ? 1 : 0);
        expected += (records - 1) / 2;
      }
      List<String> output = KeyedHarness.output(harness);
      assertEquals(expected + 1, output.size());
      assertTrue(output.subList(0, output.size() - 1).stream().allMatch(o -> o.startsWith("3@")));
    }
  }

  @Test
  void processingTimeWindowsFireWithTheClock() throws Exception {
    WindowSpec clock =
        spec(
            "TIME",
            TumblingProcessingTimeWindows.of(millis(100)),
            ProcessingTimeTrigger.create(),
            0);
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(clock)) {
      harness.setProcessingTime(1);
      harness.open();
      send(harness, 1, 1, 0);
      send(harness, 1, 10, 0);
      harness.setProcessingTime(120);
      runMails(harness);
      send(harness, 1, 100, 0);
      harness.setProcessingTime(300);
      runMails(harness);
      assertEquals(List.of("11@99", "100@199"), KeyedHarness.output(harness));
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void windowsSurviveRestartAndRescaling(boolean rocksDb) throws Exception {
    WindowSpec sessions =
        spec("TIME", EventTimeSessionWindows.withGap(millis(5)), EventTimeTrigger.create(), 0);
    StateBackend backend = rocksDb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    OperatorSubtaskState snapshot;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(sessions, backend, 1, 0)) {
      harness.open();
      for (long key = 0; key < 20; key++) {
        send(harness, key, 1, key);
        send(harness, key, 10, key + 8);
      }
      harness.prepareSnapshotPreBarrier(1);
      snapshot = harness.snapshot(1, 1);
    }
    List<String> all = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              snapshot, MAX_PARALLELISM, 1, 2, subtask);
      try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
          harness(sessions, backend, 2, subtask)) {
        harness.initializeState(part);
        harness.open();
        List<Long> own = new ArrayList<>();
        for (long key = 0; key < 20; key++) {
          if (owns(key, subtask)) {
            own.add(key);
            // Closes the gap between the two sessions of the restored state.
            send(harness, key, 100, key + 4);
          }
        }
        harness.processWatermark(Long.MAX_VALUE);
        List<String> output = KeyedHarness.output(harness);
        assertTrue(own.size() > 1);
        assertEquals(own.size() + 1, output.size());
        all.addAll(output.subList(0, own.size()));
      }
    }
    assertEquals(20, all.size());
    assertTrue(all.stream().allMatch(result -> result.startsWith("111@")), all::toString);
  }

  private static boolean owns(long key, int subtask) {
    return org.apache.flink.runtime.state.KeyGroupRangeAssignment.assignKeyToParallelOperator(
            key, MAX_PARALLELISM, 2)
        == subtask;
  }
}
