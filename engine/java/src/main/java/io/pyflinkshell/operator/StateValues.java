// The values of a state between the bytes that C has and the objects that Flink's serializers take.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedKey;
import io.pyflinkshell.types.EncodedKeyTypeInfo;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.CompositeType;

/**
 * A declared type is stored in its own serializer's form, so that Java programs can read it. Values
 * of an undeclared type are bytes for Java. Belongs to one task thread.
 */
abstract class StateValues {
  /** What the state's descriptor is made with. */
  final TypeInformation<Object> type;

  /** How C encodes the values. */
  final byte[] schema;

  @SuppressWarnings("unchecked")
  private StateValues(TypeInformation<?> type, byte[] schema) {
    this.type = (TypeInformation<Object>) type;
    this.schema = schema;
  }

  abstract Object decode(byte[] bytes, int offset, int length);

  abstract byte[] encode(Object value);

  static StateValues of(TypeInformation<?> type, String state) {
    TypeInformation<?> external = TypeSchema.firstExternal(type);
    if (external != null) {
      throw new UnsupportedOperationException(
          "state '" + state + "': Python has no form for the Java type " + external);
    }
    return type instanceof PickledBytesTypeInfo ? new Bytes() : new Typed(type);
  }

  /** Keys of a map: those that Java cannot compare are kept as bytes. */
  static StateValues ofKeys(TypeInformation<?> type, String state) {
    StateValues values = of(type, state);
    return isComparable(type) ? values : new Keys(values.schema);
  }

  private static boolean isComparable(TypeInformation<?> type) {
    if (type instanceof CompositeType) {
      CompositeType<?> composite = (CompositeType<?>) type;
      for (int i = 0; i < composite.getArity(); i++) {
        if (!isComparable(composite.getTypeAt(i))) {
          return false;
        }
      }
      return true;
    }
    return type instanceof BasicTypeInfo;
  }

  private static final class Bytes extends StateValues {
    Bytes() {
      super(PickledBytesTypeInfo.INSTANCE, TypeSchema.ANY);
    }

    @Override
    Object decode(byte[] bytes, int offset, int length) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    byte[] encode(Object value) {
      return (byte[]) value;
    }
  }

  private static final class Keys extends StateValues {
    Keys(byte[] schema) {
      super(EncodedKeyTypeInfo.INSTANCE, schema);
    }

    @Override
    Object decode(byte[] bytes, int offset, int length) {
      return new EncodedKey(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    byte[] encode(Object value) {
      return ((EncodedKey) value).bytes();
    }
  }

  private static final class Typed extends StateValues {
    private final ValueCodec codec;
    private ByteBuffer scratch = buffer(256);

    Typed(TypeInformation<?> type) {
      super(type, TypeSchema.of(type));
      codec = ValueCodec.of(type);
    }

    private static ByteBuffer buffer(int capacity) {
      return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    Object decode(byte[] bytes, int offset, int length) {
      return codec.read(ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    byte[] encode(Object value) {
      while (true) {
        scratch.clear();
        try {
          codec.write(scratch, value);
          return Arrays.copyOf(scratch.array(), scratch.position());
        } catch (BufferOverflowException e) {
          scratch = buffer(Math.multiplyExact(scratch.capacity(), 2));
        }
      }
    }
  }
}
