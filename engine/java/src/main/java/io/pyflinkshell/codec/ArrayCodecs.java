// Codecs of arrays, lists and maps.
package io.pyflinkshell.codec;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Arrays of primitives are copied in bulk; elements of the others may be null. */
final class ArrayCodecs {
  private ArrayCodecs() {}

  static final class BooleanArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      boolean[] array = (boolean[]) value;
      out.putInt(array.length);
      for (boolean element : array) {
        out.put(element ? (byte) 1 : 0);
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      boolean[] array = new boolean[in.getInt()];
      for (int i = 0; i < array.length; i++) {
        array[i] = in.get() != 0;
      }
      return array;
    }
  }

  static final class ShortArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      short[] array = (short[]) value;
      out.putInt(array.length);
      int start = advance(out, array.length, Short.BYTES);
      view(out, start).asShortBuffer().put(array);
    }

    @Override
    public Object read(ByteBuffer in) {
      short[] array = new short[in.getInt()];
      in.slice().order(in.order()).asShortBuffer().get(array);
      in.position(in.position() + array.length * Short.BYTES);
      return array;
    }
  }

  static final class CharArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      char[] array = (char[]) value;
      out.putInt(array.length);
      int start = advance(out, array.length, Character.BYTES);
      view(out, start).asCharBuffer().put(array);
    }

    @Override
    public Object read(ByteBuffer in) {
      char[] array = new char[in.getInt()];
      in.slice().order(in.order()).asCharBuffer().get(array);
      in.position(in.position() + array.length * Character.BYTES);
      return array;
    }
  }

  static final class IntArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      int[] array = (int[]) value;
      out.putInt(array.length);
      int start = advance(out, array.length, Integer.BYTES);
      view(out, start).asIntBuffer().put(array);
    }

    @Override
    public Object read(ByteBuffer in) {
      int[] array = new int[in.getInt()];
      in.slice().order(in.order()).asIntBuffer().get(array);
      in.position(in.position() + array.length * Integer.BYTES);
      return array;
    }
  }

  static final class LongArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      long[] array = (long[]) value;
      out.putInt(array.length);
      int start = advance(out, array.length, Long.BYTES);
      view(out, start).asLongBuffer().put(array);
    }

    @Override
    public Object read(ByteBuffer in) {
      long[] array = new long[in.getInt()];
      in.slice().order(in.order()).asLongBuffer().get(array);
      in.position(in.position() + array.length * Long.BYTES);
      return array;
    }
  }

  static final class FloatArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      float[] array = (float[]) value;
      out.putInt(array.length);
      int start = advance(out, array.length, Float.BYTES);
      view(out, start).asFloatBuffer().put(array);
    }

    @Override
    public Object read(ByteBuffer in) {
      float[] array = new float[in.getInt()];
      in.slice().order(in.order()).asFloatBuffer().get(array);
      in.position(in.position() + array.length * Float.BYTES);
      return array;
    }
  }

  static final class DoubleArrayCodec extends ValueCodec {
    @Override
    public void write(ByteBuffer out, Object value) {
      double[] array = (double[]) value;
      out.putInt(array.length);
      int start = advance(out, array.length, Double.BYTES);
      view(out, start).asDoubleBuffer().put(array);
    }

    @Override
    public Object read(ByteBuffer in) {
      double[] array = new double[in.getInt()];
      in.slice().order(in.order()).asDoubleBuffer().get(array);
      in.position(in.position() + array.length * Double.BYTES);
      return array;
    }
  }

  /** Skips room for the elements and returns where it starts. */
  private static int advance(ByteBuffer out, int count, int size) {
    int start = out.position();
    if ((long) count * size > out.remaining()) {
      throw new java.nio.BufferOverflowException();
    }
    out.position(start + count * size);
    return start;
  }

  private static ByteBuffer view(ByteBuffer out, int start) {
    ByteBuffer view = out.duplicate().order(out.order());
    view.position(start);
    return view;
  }

  /** BASIC_ARRAY and OBJECT_ARRAY: a Java array of references. */
  static final class ObjectArrayCodec extends ValueCodec {
    private final Class<?> component;
    private final ValueCodec element;

    ObjectArrayCodec(Class<?> component, ValueCodec element) {
      this.component = component;
      this.element = element;
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      Object[] array = (Object[]) value;
      out.putInt(array.length);
      for (Object item : array) {
        putNullable(out, element, item);
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      Object[] array = (Object[]) Array.newInstance(component, in.getInt());
      for (int i = 0; i < array.length; i++) {
        array[i] = getNullable(in, element);
      }
      return array;
    }
  }

  static final class ListCodec extends ValueCodec {
    private final ValueCodec element;

    ListCodec(ValueCodec element) {
      this.element = element;
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      List<?> list = (List<?>) value;
      out.putInt(list.size());
      for (Object item : list) {
        putNullable(out, element, item);
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      int size = in.getInt();
      List<Object> list = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        list.add(getNullable(in, element));
      }
      return list;
    }
  }

  static final class MapCodec extends ValueCodec {
    private final ValueCodec key;
    private final ValueCodec item;

    MapCodec(ValueCodec key, ValueCodec item) {
      this.key = key;
      this.item = item;
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      Map<?, ?> map = (Map<?, ?>) value;
      out.putInt(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        putNullable(out, key, entry.getKey());
        putNullable(out, item, entry.getValue());
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      int size = in.getInt();
      Map<Object, Object> map = new HashMap<>(size * 4 / 3 + 1);
      for (int i = 0; i < size; i++) {
        Object k = getNullable(in, key);
        map.put(k, getNullable(in, item));
      }
      return map;
    }
  }

  static void putNullable(ByteBuffer out, ValueCodec codec, Object value) {
    if (value == null) {
      out.put((byte) 0);
    } else {
      out.put((byte) 1);
      codec.write(out, value);
    }
  }

  static Object getNullable(ByteBuffer in, ValueCodec codec) {
    return in.get() == 0 ? null : codec.read(in);
  }
}
