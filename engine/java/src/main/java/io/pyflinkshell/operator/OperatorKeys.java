// The keys of an operator's records between their bytes and the Java objects that Flink uses.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.KeyDecoder;
import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedKey;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Belongs to one task thread. */
final class OperatorKeys {
  private final KeyDecoder decoder;

  /** Null for undeclared types, whose keys are bytes in Java too. */
  private final ValueCodec codec;

  /** The bytes of an undeclared key have their length in front: the input is rows. */
  private final boolean prefixed;

  private ByteBuffer scratch = buffer(64);

  OperatorKeys(ChainSpec spec) {
    InputSpec input = spec.keyedInput();
    TypeInformation<?> type = input.keyType;
    boolean bytes = type instanceof PickledBytesTypeInfo;
    decoder = new KeyDecoder(type);
    codec = bytes ? null : ValueCodec.of(type);
    prefixed = bytes && !input.encoded;
  }

  Object decode(byte[] key) {
    return decode(key, key.length);
  }

  /** The key whose bytes are {@code key[0, length)}. */
  private Object decode(byte[] key, int length) {
    if (length == 0) {
      throw new IllegalArgumentException("state and timers cannot be used with a key that is None");
    }
    return prefixed
        ? new EncodedKey(Arrays.copyOfRange(key, 4, length))
        : decoder.decode(key, 0, length);
  }

  /** The key in front of a window; see runtime_window.h. */
  Object decodeBeforeWindow(byte[] key) {
    return decode(key, key.length - 4 - windowLength(key));
  }

  /** The window behind a key. */
  static Object decodeWindow(byte[] key, WindowBytes bytes) {
    int length = windowLength(key);
    return bytes.read(key, key.length - 4 - length, length);
  }

  private static int windowLength(byte[] key) {
    return ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt(key.length - 4);
  }

  /** What {@link #write} writes. */
  byte[] encode(Object key) {
    while (true) {
      scratch.clear();
      try {
        write(scratch, key);
        return Arrays.copyOf(scratch.array(), scratch.position());
      } catch (BufferOverflowException e) {
        scratch = buffer(Math.multiplyExact(scratch.capacity(), 2));
      }
    }
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes u32 length and the key. */
  void write(ByteBuffer out, Object key) {
    write(out, key, null, null);
  }

  /** Writes u32 length, the key, and a window behind it when windows is not null. */
  void write(ByteBuffer out, Object key, Object window, WindowBytes windows) {
    int start = out.position();
    out.putInt(0);
    if (codec != null) {
      codec.write(out, key);
    } else {
      byte[] bytes = ((EncodedKey) key).bytes();
      if (prefixed) {
        out.putInt(bytes.length);
      }
      out.put(bytes);
    }
    if (windows != null) {
      int windowStart = out.position();
      windows.write(out, window);
      out.putInt(out.position() - windowStart);
    }
    out.putInt(start, out.position() - start - 4);
  }
}
