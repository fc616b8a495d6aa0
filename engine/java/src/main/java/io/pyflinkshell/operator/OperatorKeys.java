// The keys of an operator's records between their bytes and the Java objects that Flink uses.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.KeyDecoder;
import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.types.EncodedKey;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Belongs to one task thread. */
final class OperatorKeys {
  private final KeyDecoder decoder;

  /** Null for undeclared types, whose keys are bytes in Java too. */
  private final ValueCodec codec;

  /** The bytes of an undeclared key have their length in front: the input is rows. */
  private final boolean prefixed;

  OperatorKeys(ChainSpec spec) {
    InputSpec input = spec.keyedInput();
    TypeInformation<?> type = input.keyType;
    boolean bytes = type instanceof PickledBytesTypeInfo;
    decoder = new KeyDecoder(type);
    codec = bytes ? null : ValueCodec.of(type);
    prefixed = bytes && !input.encoded;
  }

  Object decode(byte[] key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("state and timers cannot be used with a key that is None");
    }
    return prefixed
        ? new EncodedKey(Arrays.copyOfRange(key, 4, key.length))
        : decoder.decode(key, 0, key.length);
  }

  /** Writes u32 length and the key. */
  void write(ByteBuffer out, Object key) {
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
    out.putInt(start, out.position() - start - 4);
  }
}
