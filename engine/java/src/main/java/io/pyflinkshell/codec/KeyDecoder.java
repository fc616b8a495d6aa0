// From the key bytes of an encoded record to the Java key that Flink hashes and keeps state under.
// Strings, ints and longs cost their object and no more; other keys also a small buffer object.
package io.pyflinkshell.codec;

import io.pyflinkshell.types.EncodedKey;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Serializable with the type only; not for use by two threads at once. */
public final class KeyDecoder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TypeInformation<?> type;
  private transient char letter;
  private transient ValueCodec codec;

  public KeyDecoder(TypeInformation<?> type) {
    this.type = type;
  }

  /** The key whose encoding is {@code bytes[offset, offset + length)}. */
  public Object decode(byte[] bytes, int offset, int length) {
    switch (letter) {
      case 0:
        prepare();
        return decode(bytes, offset, length);
      case 'o':
        return new EncodedKey(Arrays.copyOfRange(bytes, offset, offset + length));
      case 's':
        int head = int32(bytes, offset);
        if ((head & 3) != 2) {
          return new String(bytes, offset + 4, head >>> 2, StandardCharsets.ISO_8859_1);
        }
        break;
      case 'i':
        return int32(bytes, offset);
      case 'l':
        return int32(bytes, offset) & 0xffffffffL | (long) int32(bytes, offset + 4) << 32;
      default:
        break;
    }
    return codec.read(ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN));
  }

  private void prepare() {
    if (type instanceof PickledBytesTypeInfo) {
      letter = 'o';
    } else {
      codec = ValueCodec.of(type);
      letter = TypeSchema.letter(type);
    }
  }

  private static int int32(byte[] b, int i) {
    return (b[i] & 0xff) | (b[i + 1] & 0xff) << 8 | (b[i + 2] & 0xff) << 16 | b[i + 3] << 24;
  }
}
