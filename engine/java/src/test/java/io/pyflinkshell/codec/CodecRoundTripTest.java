// Every type of the wire format goes to bytes and back with random values, and bytes to the schema.
package io.pyflinkshell.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecRoundTripTest {
  private static final int ROUNDS = 200;

  static Stream<TypeInformation<?>> types() {
    return RandomValues.types().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void valuesSurvive(TypeInformation<?> type) {
    Random random = new Random(42);
    ValueCodec codec = ValueCodec.of(type);
    for (boolean direct : new boolean[] {true, false}) {
      ByteBuffer buffer =
          (direct ? ByteBuffer.allocateDirect(1 << 20) : ByteBuffer.allocate(1 << 20));
      buffer.order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < ROUNDS; i++) {
        Object value = RandomValues.of(type, random);
        buffer.clear();
        // Not at the start, so that a codec that forgets the position shows.
        buffer.put((byte) 7);
        codec.write(buffer, value);
        int end = buffer.position();
        buffer.put((byte) 9);
        buffer.position(1);
        Object back = codec.read(buffer);
        assertEquals(end, buffer.position(), () -> type + ": " + value);
        assertTrue(RandomValues.same(value, back), () -> type + ": " + value + " != " + back);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void tooLittleRoomIsAnOverflow(TypeInformation<?> type) {
    Random random = new Random(7);
    ValueCodec codec = ValueCodec.of(type);
    Object value = RandomValues.of(type, random);
    ByteBuffer whole = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    codec.write(whole, value);
    for (int room = 0; room < Math.min(whole.position(), 64); room++) {
      ByteBuffer small = ByteBuffer.allocateDirect(room).order(ByteOrder.LITTLE_ENDIAN);
      assertThrows(BufferOverflowException.class, () -> codec.write(small, value));
    }
  }

  @Test
  void schemas() {
    assertSchema("z", Types.BOOLEAN);
    assertSchema("s", Types.STRING);
    assertSchema("p", PickledBytesTypeInfo.INSTANCE);
    assertSchema("B", Types.PRIMITIVE_ARRAY(Types.BYTE));
    assertSchema("[d", Types.PRIMITIVE_ARRAY(Types.DOUBLE));
    assertSchema("As", Types.OBJECT_ARRAY(Types.STRING));
    assertSchema("KsLi", Types.MAP(Types.STRING, Types.LIST(Types.INT)));
    assertSchema("T\2sT\1l", Types.TUPLE(Types.STRING, Types.TUPLE(Types.LONG)));
    assertSchema("R\1\0\1\1\0as", Types.ROW_NAMED(new String[] {"a"}, Types.STRING));
    assertSchema("R\2\0\1\2\0f0i\2\0f1d", Types.ROW(Types.INT, Types.DOUBLE));
    assertSchema("j", Types.GENERIC(Thread.class));
    assertEquals(
        Types.GENERIC(Thread.class),
        TypeSchema.firstExternal(Types.TUPLE(Types.INT, Types.LIST(Types.GENERIC(Thread.class)))));
  }

  private static void assertSchema(String expected, TypeInformation<?> type) {
    assertArrayEquals(expected.getBytes(StandardCharsets.ISO_8859_1), TypeSchema.of(type));
  }

  @Test
  void stringsTakeTheNarrowestForm() {
    assertEquals(0, head("plain?") & 3);
    assertEquals(0, head("") & 3);
    assertEquals(1, head("caf\u00e9") & 3);
    assertEquals(2, head("\u20ac") & 3);
    assertEquals(2, head("?\ud800") & 3);
    assertEquals(2, head("\ud800") & 3);
    assertEquals(6 << 2, head("plain?"));
  }

  private static int head(String text) {
    ByteBuffer buffer = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    ValueCodec.of(Types.STRING).write(buffer, text);
    return buffer.getInt(0);
  }

  @Test
  void externalTypesNameThemselves() {
    ValueCodec codec = ValueCodec.of(Types.GENERIC(Thread.class));
    UnsupportedOperationException error =
        assertThrows(
            UnsupportedOperationException.class,
            () -> codec.write(ByteBuffer.allocate(8), Thread.currentThread()));
    assertTrue(error.getMessage().contains("Thread"));
  }

  @Test
  void rowsKeepKindAndNames() {
    TypeInformation<Row> type = Types.ROW_NAMED(new String[] {"a", "b"}, Types.INT, Types.STRING);
    ByteBuffer buffer = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    Row named = Row.withNames(RowKind.DELETE);
    named.setField("b", "x");
    named.setField("a", 1);
    ValueCodec codec = ValueCodec.of(type);
    codec.write(buffer, named);
    Row back = (Row) codec.read((ByteBuffer) buffer.flip());
    assertEquals(RowKind.DELETE, back.getKind());
    assertEquals("x", back.getField("b"));
    assertEquals("-D[1, x]", back.toString());
    assertThrows(
        IllegalArgumentException.class, () -> codec.write(ByteBuffer.allocate(99), Row.of(1)));
  }

  @Test
  void keysDecodeAsTheirType() {
    for (TypeInformation<?> type : RandomValues.types()) {
      Random random = new Random(3);
      Object value = RandomValues.of(type, random);
      ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      buffer.position(8);
      ValueCodec.of(type).write(buffer, value);
      byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
      Object key = new KeyDecoder(type).decode(bytes, 8, bytes.length - 8);
      if (type instanceof PickledBytesTypeInfo) {
        assertEquals(key, new KeyDecoder(type).decode(bytes, 8, bytes.length - 8));
        assertFalse(key.equals(new KeyDecoder(type).decode(bytes, 7, bytes.length - 7)));
      } else {
        assertTrue(RandomValues.same(value, key), () -> type.toString());
      }
    }
  }

  @Test
  void nullsInsideComposites() {
    TypeInformation<?> type =
        Types.TUPLE(Types.STRING, Types.LIST(Types.INT), Types.MAP(Types.STRING, Types.INT));
    Tuple tuple = Tuple.newInstance(3);
    tuple.setField(Arrays.asList(1, null, 3), 1);
    ByteBuffer buffer = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    ValueCodec codec = ValueCodec.of(type);
    codec.write(buffer, tuple);
    assertEquals(tuple, codec.read((ByteBuffer) buffer.flip()));
    Tuple2<String, Map<String, Integer>> empty = new Tuple2<>(null, null);
    buffer.clear();
    ValueCodec pair = ValueCodec.of(Types.TUPLE(Types.STRING, Types.MAP(Types.STRING, Types.INT)));
    pair.write(buffer, empty);
    assertEquals(1, buffer.position());
    assertEquals(empty, pair.read((ByteBuffer) buffer.flip()));
  }
}
