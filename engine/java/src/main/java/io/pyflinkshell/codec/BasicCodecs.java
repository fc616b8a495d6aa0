// Codecs of numbers, characters and bytes: one or a few buffer instructions per value.
package io.pyflinkshell.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** One class per type, so that each call site in a composite sees few receivers. */
final class BasicCodecs {
  private BasicCodecs() {}

  static final class BooleanCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.put((Boolean) value ? (byte) 1 : 0);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.get() != 0;
    }
  }

  static final class ByteCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.put((Byte) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.get();
    }
  }

  static final class ShortCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putShort((Short) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.getShort();
    }
  }

  static final class CharCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putChar((Character) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.getChar();
    }
  }

  static final class IntCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putInt((Integer) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.getInt();
    }
  }

  static final class LongCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putLong((Long) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.getLong();
    }
  }

  static final class FloatCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putFloat((Float) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.getFloat();
    }
  }

  static final class DoubleCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      out.putDouble((Double) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return in.getDouble();
    }
  }

  /** byte[]: pickles and PRIMITIVE_ARRAY(BYTE). */
  static final class BytesCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      put(out, (byte[]) value);
    }

    @Override
    public Object read(ByteBuffer in) {
      return get(in);
    }

    static void put(ByteBuffer out, byte[] bytes) {
      out.putInt(bytes.length);
      out.put(bytes);
    }

    static byte[] get(ByteBuffer in) {
      byte[] bytes = new byte[in.getInt()];
      in.get(bytes);
      return bytes;
    }
  }

  static final class BigIntegerCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      BytesCodec.put(out, ((BigInteger) value).toByteArray());
    }

    @Override
    public Object read(ByteBuffer in) {
      return new BigInteger(BytesCodec.get(in));
    }
  }

  static final class BigDecimalCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      BigDecimal decimal = (BigDecimal) value;
      out.putInt(decimal.scale());
      BytesCodec.put(out, decimal.unscaledValue().toByteArray());
    }

    @Override
    public Object read(ByteBuffer in) {
      int scale = in.getInt();
      return new BigDecimal(new BigInteger(BytesCodec.get(in)), scale);
    }
  }

  /** A Java type that has no Python form: the graph may hold it, Python may not read it. */
  static final class ExternalCodec extends ValueCodec {
    private final String type;

    ExternalCodec(String type) {
      this.type = type;
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      throw unsupported();
    }

    @Override
    public Object read(ByteBuffer in) {
      throw unsupported();
    }

    private UnsupportedOperationException unsupported() {
      return new UnsupportedOperationException(
          "values of the Java type "
              + type
              + " cannot be passed to Python; convert them in Java first, or declare one of the"
              + " types of pyflink.common.Types");
    }
  }
}
