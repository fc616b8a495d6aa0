// Windows as bytes, as Python sees them, and as namespaces of Flink's state and timers.
package io.pyflinkshell.operator;

import io.pyflinkshell.types.EncodedKey;
import io.pyflinkshell.types.EncodedKeySerializer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.windowing.windows.GlobalWindow;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * A window of time is its start and end, one of counts its number, the global one nothing. A window
 * that Python made is the bytes that its serializer wrote.
 */
public enum WindowBytes {
  TIME(new TimeWindow.Serializer()) {
    @Override
    void write(ByteBuffer out, Object window) {
      out.putLong(((TimeWindow) window).getStart());
      out.putLong(((TimeWindow) window).getEnd());
    }

    @Override
    Object read(byte[] bytes, int offset, int length) {
      ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
      return new TimeWindow(in.getLong(), in.getLong());
    }
  },
  COUNT(new CountWindow.Serializer()) {
    @Override
    void write(ByteBuffer out, Object window) {
      out.putLong(((CountWindow) window).id());
    }

    @Override
    Object read(byte[] bytes, int offset, int length) {
      return new CountWindow(
          ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }
  },
  GLOBAL(new GlobalWindow.Serializer()) {
    @Override
    void write(ByteBuffer out, Object window) {
      // There is only one.
    }

    @Override
    Object read(byte[] bytes, int offset, int length) {
      return GlobalWindow.get();
    }
  },
  PYTHON(EncodedKeySerializer.INSTANCE) {
    @Override
    void write(ByteBuffer out, Object window) {
      out.put(((EncodedKey) window).bytes());
    }

    @Override
    Object read(byte[] bytes, int offset, int length) {
      return new EncodedKey(Arrays.copyOfRange(bytes, offset, offset + length));
    }
  };

  private final TypeSerializer<?> serializer;

  WindowBytes(TypeSerializer<?> serializer) {
    this.serializer = serializer;
  }

  @SuppressWarnings("unchecked")
  TypeSerializer<Object> serializer() {
    return (TypeSerializer<Object>) serializer.duplicate();
  }

  abstract void write(ByteBuffer out, Object window);

  /** The window whose bytes are {@code bytes[offset, offset + length)}. */
  abstract Object read(byte[] bytes, int offset, int length);
}
