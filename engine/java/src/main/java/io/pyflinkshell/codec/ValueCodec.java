// One value between Flink's Java object and the wire format that the C codec shares.
// A codec object is built once per operator; a record then costs one virtual call per value and
// the allocations of its Java objects, nothing else.
package io.pyflinkshell.codec;

import java.nio.ByteBuffer;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Writes and reads values of one type, never null ones: what holds the value says whether it is
 * there. Buffers are little-endian. {@link #write} throws BufferOverflowException when there is no
 * room; the caller then starts again at the record's first byte.
 */
public abstract class ValueCodec {

  /** Appends the value, which must be of the Java class that belongs to the type. */
  public abstract void write(ByteBuffer out, Object value);

  /** Reads one value. */
  public abstract Object read(ByteBuffer in);

  /** The codec for values of {@code type}; its wire form is {@code TypeSchema.of(type)}. */
  public static ValueCodec of(TypeInformation<?> type) {
    return Codecs.of(type);
  }
}
