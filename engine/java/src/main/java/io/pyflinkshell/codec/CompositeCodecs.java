// Codecs of tuples and rows: a bitmap of the null fields, then the fields that are there.
package io.pyflinkshell.codec;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.types.RowUtils;

/** Up to 32 null bits are gathered in a register; wider rows keep theirs in the buffer. */
final class CompositeCodecs {
  private static final RowKind[] KINDS = {
    RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE
  };

  private CompositeCodecs() {}

  /** Tuples of two are most tuples. */
  static final class Tuple2Codec extends ValueCodec {
    private final ValueCodec first;
    private final ValueCodec second;

    Tuple2Codec(ValueCodec first, ValueCodec second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      Tuple2<?, ?> tuple = (Tuple2<?, ?>) value;
      Object f0 = tuple.f0;
      Object f1 = tuple.f1;
      out.put((byte) ((f0 == null ? 1 : 0) | (f1 == null ? 2 : 0)));
      if (f0 != null) {
        first.write(out, f0);
      }
      if (f1 != null) {
        second.write(out, f1);
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      int nulls = in.get();
      Object f0 = (nulls & 1) == 0 ? first.read(in) : null;
      Object f1 = (nulls & 2) == 0 ? second.read(in) : null;
      return new Tuple2<>(f0, f1);
    }
  }

  static final class TupleCodec extends ValueCodec {
    private final ValueCodec[] fields;

    TupleCodec(ValueCodec[] fields) {
      this.fields = fields;
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      Tuple tuple = (Tuple) value;
      int bitmap = skipBitmap(out, fields.length);
      int nulls = 0;
      for (int i = 0; i < fields.length; i++) {
        Object field = tuple.getField(i);
        if (field == null) {
          nulls |= 1 << i;
        } else {
          fields[i].write(out, field);
        }
      }
      for (int i = 0; i < fields.length; i += 8) {
        out.put(bitmap++, (byte) (nulls >>> i));
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      Tuple tuple = Tuple.newInstance(fields.length);
      int bitmap = in.position();
      in.position(bitmap + (fields.length + 7) / 8);
      for (int i = 0; i < fields.length; i++) {
        if ((in.get(bitmap + (i >> 3)) >> (i & 7) & 1) == 0) {
          tuple.setField(fields[i].read(in), i);
        }
      }
      return tuple;
    }
  }

  static final class RowCodec extends ValueCodec {
    private final ValueCodec[] fields;
    private final String[] names;
    private final LinkedHashMap<String, Integer> positions = new LinkedHashMap<>();

    RowCodec(String[] names, ValueCodec[] fields) {
      this.fields = fields;
      this.names = names;
      for (int i = 0; i < names.length; i++) {
        positions.put(names[i], i);
      }
    }

    @Override
    public void write(ByteBuffer out, Object value) {
      Row row = (Row) value;
      // A row that knows only names (Row.withNames) has no positions to ask for.
      boolean byPosition = row.getFieldNames(false) == null;
      if (byPosition && row.getArity() != fields.length) {
        throw new IllegalArgumentException(
            "Row with " + row.getArity() + " fields where its type has " + fields.length);
      }
      out.put(kindOf(row.getKind()));
      int bitmap = skipBitmap(out, fields.length);
      for (int i = 0; i < fields.length; i++) {
        Object field = byPosition ? row.getField(i) : row.getField(names[i]);
        if (field == null) {
          int at = bitmap + (i >> 3);
          out.put(at, (byte) (out.get(at) | 1 << (i & 7)));
        } else {
          fields[i].write(out, field);
        }
      }
    }

    @Override
    public Object read(ByteBuffer in) {
      RowKind kind = KINDS[in.get()];
      Object[] values = new Object[fields.length];
      int bitmap = in.position();
      in.position(bitmap + (fields.length + 7) / 8);
      for (int i = 0; i < fields.length; i++) {
        if ((in.get(bitmap + (i >> 3)) >> (i & 7) & 1) == 0) {
          values[i] = fields[i].read(in);
        }
      }
      return RowUtils.createRowWithNamedPositions(kind, values, positions);
    }

    private static byte kindOf(RowKind kind) {
      switch (kind) {
        case INSERT:
          return 0;
        case UPDATE_BEFORE:
          return 1;
        case UPDATE_AFTER:
          return 2;
        default:
          return 3;
      }
    }
  }

  /** Writes zero bits for the fields and returns where they stand. */
  private static int skipBitmap(ByteBuffer out, int count) {
    int start = out.position();
    for (int i = 0; i < count; i += 8) {
      out.put((byte) 0);
    }
    return start;
  }
}
