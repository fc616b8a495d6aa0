// The states of the operator in Flink's backend: every kind, typed and not, restored, with a time
// to live.
package io.pyflinkshell.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.types.EncodedRecord;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedStatesTest {
  private static final int VALUE = 1;
  private static final int LIST = 2;
  private static final int MAP = 3;
  private static final int REDUCING = 4;
  private static final int AGGREGATING = 5;

  private KeyedStates states;
  private StateTtlConfig ttl;
  private TypeInformation<?> valueType = Types.LONG;

  @AfterEach
  void nativeChain() {
    ChainOperatorFactory.opener = NativeCalls::open;
  }

  private KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness(
      StateBackend backend) throws Exception {
    ChainOperatorFactory.opener =
        (operator, spec, access, bytes) -> {
          states = (KeyedStates) access;
          try {
            states.register(VALUE, "value", valueType, null, ttl);
            states.register(LIST, "list", Types.STRING, null, ttl);
            states.register(MAP, "map", Types.LONG, Types.STRING, ttl);
            states.register(REDUCING, "sum", Types.LONG, null, ttl);
            states.register(AGGREGATING, "mean", Types.LONG, null, ttl);
            states.register(VALUE, "any", PickledBytesTypeInfo.INSTANCE, null, ttl);
            states.register(
                MAP, "anymap", PickledBytesTypeInfo.INSTANCE, PickledBytesTypeInfo.INSTANCE, ttl);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return new FakeChain(spec, access);
        };
    return KeyedHarness.of(PythonStep.MAP, backend, 4, 1, 0);
  }

  private static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static byte[] text(String value) {
    ByteBuffer out = ByteBuffer.allocate(4 + value.length()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(value.length() << 2);
    out.put(value.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return out.array();
  }

  /** u32 length of each part, then the part. */
  private static byte[] parts(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(int32(part.length));
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** An entry of PUT; value null removes the key. */
  private static byte[] entry(byte[] key, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(int32(key.length));
    out.writeBytes(int32(value == null ? -1 : value.length));
    out.writeBytes(key);
    if (value != null) {
      out.writeBytes(value);
    }
    return out.toByteArray();
  }

  private static byte[] change(int kind, int state, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(kind);
    out.writeBytes(int32(state));
    out.writeBytes(parts(data));
    return out.toByteArray();
  }

  private void apply(long key, byte[]... changes) throws Exception {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(parts(int64(key)));
    for (byte[] change : changes) {
      frame.writeBytes(change);
    }
    states.apply(parts(frame.toByteArray()));
  }

  private byte[] read(long key, int state) throws Exception {
    return states.ask(KeyedStateAccess.READ, state, int64(key), null);
  }

  private byte[] readEntry(long key, int state, byte[] mapKey) throws Exception {
    return states.ask(KeyedStateAccess.READ_ENTRY, state, int64(key), mapKey);
  }

  private static StateBackend backend(String name) {
    return name.equals("hashmap") ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
  }

  private void fill() throws Exception {
    for (long key = 0; key < 3; key++) {
      apply(
          key,
          change(BoundState.WRITE, 0, int64(key * 10)),
          change(BoundState.APPEND, 1, parts(text("a"), text("b" + key))),
          change(BoundState.PUT, 2, entry(text("x"), int64(key))),
          change(BoundState.PUT, 2, entry(text("gone"), int64(9))),
          change(BoundState.PUT, 2, entry(text("gone"), null)),
          change(BoundState.WRITE, 3, int64(key + 3)),
          change(BoundState.WRITE, 4, int64(key + 4)),
          change(BoundState.WRITE, 5, new byte[] {(byte) key, 1, 2}),
          change(BoundState.PUT, 6, entry(new byte[] {7}, new byte[] {8, (byte) key})));
      apply(key, change(BoundState.APPEND, 1, parts(text("c"))));
    }
  }

  private void check() throws Exception {
    for (long key = 0; key < 3; key++) {
      assertArrayEquals(int64(key * 10), read(key, 0));
      assertArrayEquals(parts(text("a"), text("b" + key), text("c")), read(key, 1));
      assertArrayEquals(int64(key), readEntry(key, 2, text("x")));
      assertNull(readEntry(key, 2, text("gone")));
      assertArrayEquals(int64(key + 3), read(key, 3));
      assertArrayEquals(int64(key + 4), read(key, 4));
      assertArrayEquals(new byte[] {(byte) key, 1, 2}, read(key, 5));
      assertArrayEquals(new byte[] {8, (byte) key}, readEntry(key, 6, new byte[] {7}));
      assertNotNull(states.ask(KeyedStateAccess.HAS_ENTRIES, 2, int64(key), null));
    }
    for (int state : new int[] {0, 1, 3, 4, 5}) {
      assertNull(read(99, state));
    }
    assertNull(states.ask(KeyedStateAccess.HAS_ENTRIES, 2, int64(99), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void everyKindIsStoredAndRestored(String backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(backend(backend))) {
      harness.open();
      assertEquals(backend.equals("rocksdb"), states.onDisk());
      fill();
      check();
      snapshot = harness.snapshot(1, 1);
    }
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(backend(backend))) {
      harness.initializeState(snapshot);
      harness.open();
      check();
      apply(
          1,
          change(BoundState.CLEAR, 0, new byte[0]),
          change(BoundState.CLEAR, 1, new byte[0]),
          change(BoundState.CLEAR, 2, new byte[0]),
          change(BoundState.CLEAR, 3, new byte[0]),
          change(BoundState.CLEAR, 4, new byte[0]));
      for (int state : new int[] {0, 1, 3, 4}) {
        assertNull(read(1, state));
      }
      assertNull(readEntry(1, 2, text("x")));
      assertNotNull(read(2, 0));
    }
  }

  /** What a Java program, such as one of the State Processor API, finds in a snapshot. */
  @Test
  void declaredTypesAreStoredAsJavaStoresThem() throws Exception {
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(new HashMapStateBackend())) {
      harness.open();
      fill();
      PythonChainOperator<?> operator = (PythonChainOperator<?>) harness.getOperator();
      operator.setCurrentKey(2L);
      assertEquals(
          20L,
          operator
              .getKeyedStateBackend()
              .getPartitionedState(
                  VoidNamespace.INSTANCE,
                  VoidNamespaceSerializer.INSTANCE,
                  new ValueStateDescriptor<>("value", Types.LONG))
              .value());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void mapsAreReadInParts(String backend) throws Exception {
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(backend(backend))) {
      harness.open();
      int count = 1234;
      for (int i = 0; i < count; i++) {
        apply(5, change(BoundState.PUT, 2, entry(text("k" + i), int64(i))));
      }
      List<Long> values = new ArrayList<>();
      byte[] part = states.ask(KeyedStateAccess.ITERATE, 2, int64(5), null);
      int calls = 1;
      while (true) {
        ByteBuffer in = BoundState.little(part);
        int number = in.getInt();
        while (in.hasRemaining()) {
          int keyLength = in.getInt();
          int valueLength = in.getInt();
          in.position(in.position() + keyLength);
          values.add(in.getLong());
          assertEquals(8, valueLength);
        }
        if (number == 0) {
          break;
        }
        // Another key in between does not disturb the iterator.
        read(6, 0);
        part = states.ask(KeyedStateAccess.NEXT, 2, int64(5), int32(number));
        calls++;
      }
      assertEquals(count, values.size());
      assertEquals((long) count * (count - 1) / 2, values.stream().mapToLong(v -> v).sum());
      assertTrue(calls > 2 && calls < 10, "calls: " + calls);
    }
  }

  @Test
  void stateExpires() throws Exception {
    ttl =
        StateTtlConfig.newBuilder(Duration.ofMillis(100))
            .setUpdateType(StateTtlConfig.UpdateType.OnReadAndWrite)
            .build();
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(new HashMapStateBackend())) {
      harness.setStateTtlProcessingTime(1000);
      harness.open();
      fill();
      check();
      harness.setStateTtlProcessingTime(1090);
      assertNotNull(read(0, 0));
      harness.setStateTtlProcessingTime(1150);
      assertNotNull(read(0, 0));
      for (int state = 0; state < 6; state++) {
        if (state != 2) {
          assertNull(read(1, state), "state " + state);
        }
      }
      assertNull(readEntry(1, 2, text("x")));
      assertNull(states.ask(KeyedStateAccess.HAS_ENTRIES, 2, int64(1), null));
      byte[] entries = states.ask(KeyedStateAccess.ITERATE, 2, int64(1), null);
      assertArrayEquals(int32(0), entries);
    }
  }

  @Test
  void anotherTypeThanTheStoredOneNamesTheState() throws Exception {
    OperatorSubtaskState snapshot;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(new HashMapStateBackend())) {
      harness.open();
      fill();
      snapshot = harness.snapshot(1, 1);
    }
    valueType = Types.STRING;
    try (KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        harness(new HashMapStateBackend())) {
      harness.initializeState(snapshot);
      Exception e = assertThrows(IllegalStateException.class, harness::open);
      assertTrue(e.getCause().getMessage().contains("state 'value'"), e.getCause().getMessage());
      assertTrue(e.getCause().getMessage().contains("String"), e.getCause().getMessage());
    }
  }
}
