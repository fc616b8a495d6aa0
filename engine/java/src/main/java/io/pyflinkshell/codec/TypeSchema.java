// The byte string that tells the C codec and Python how a Flink type looks on the wire.
package io.pyflinkshell.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.BasicArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeinfo.LocalTimeTypeInfo;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.SqlTimeTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.CompositeType;
import org.apache.flink.api.java.typeutils.ListTypeInfo;
import org.apache.flink.api.java.typeutils.MapTypeInfo;
import org.apache.flink.api.java.typeutils.ObjectArrayTypeInfo;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/** One letter per type in prefix notation; see docs of the wire format in engine/runtime. */
public final class TypeSchema {
  /** A value of any Python type in the self-describing form that only C reads. */
  public static final byte[] ANY = {'o'};

  private static final char EXTERNAL = 'j';
  private static final Map<TypeInformation<?>, Character> SIMPLE = new HashMap<>();

  static {
    SIMPLE.put(BasicTypeInfo.BOOLEAN_TYPE_INFO, 'z');
    SIMPLE.put(BasicTypeInfo.BYTE_TYPE_INFO, 'b');
    SIMPLE.put(BasicTypeInfo.SHORT_TYPE_INFO, 'h');
    SIMPLE.put(BasicTypeInfo.CHAR_TYPE_INFO, 'c');
    SIMPLE.put(BasicTypeInfo.INT_TYPE_INFO, 'i');
    SIMPLE.put(BasicTypeInfo.LONG_TYPE_INFO, 'l');
    SIMPLE.put(BasicTypeInfo.FLOAT_TYPE_INFO, 'f');
    SIMPLE.put(BasicTypeInfo.DOUBLE_TYPE_INFO, 'd');
    SIMPLE.put(BasicTypeInfo.STRING_TYPE_INFO, 's');
    SIMPLE.put(BasicTypeInfo.BIG_INT_TYPE_INFO, 'N');
    SIMPLE.put(BasicTypeInfo.BIG_DEC_TYPE_INFO, 'D');
    SIMPLE.put(BasicTypeInfo.INSTANT_TYPE_INFO, 't');
    SIMPLE.put(SqlTimeTypeInfo.DATE, 'E');
    SIMPLE.put(SqlTimeTypeInfo.TIME, 'M');
    SIMPLE.put(SqlTimeTypeInfo.TIMESTAMP, 'W');
    SIMPLE.put(LocalTimeTypeInfo.LOCAL_DATE, 'e');
    SIMPLE.put(LocalTimeTypeInfo.LOCAL_TIME, 'm');
    SIMPLE.put(LocalTimeTypeInfo.LOCAL_DATE_TIME, 'w');
    SIMPLE.put(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO, 'B');
  }

  private TypeSchema() {}

  /** The schema of {@code type}; types without a Python form become the letter j. */
  public static byte[] of(TypeInformation<?> type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    append(out, type);
    return out.toByteArray();
  }

  /** The first part of {@code type} that has no Python form, or null. */
  public static TypeInformation<?> firstExternal(TypeInformation<?> type) {
    switch (letter(type)) {
      case EXTERNAL:
        return type;
      case 'A':
        return firstExternal(
            type instanceof BasicArrayTypeInfo
                ? ((BasicArrayTypeInfo<?, ?>) type).getComponentInfo()
                : ((ObjectArrayTypeInfo<?, ?>) type).getComponentInfo());
      case 'L':
        return firstExternal(((ListTypeInfo<?>) type).getElementTypeInfo());
      case 'K':
        TypeInformation<?> key = firstExternal(((MapTypeInfo<?, ?>) type).getKeyTypeInfo());
        return key != null ? key : firstExternal(((MapTypeInfo<?, ?>) type).getValueTypeInfo());
      case 'T':
      case 'R':
        CompositeType<?> composite = (CompositeType<?>) type;
        for (int i = 0; i < composite.getArity(); i++) {
          TypeInformation<?> external = firstExternal(composite.getTypeAt(i));
          if (external != null) {
            return external;
          }
        }
        return null;
      default:
        return null;
    }
  }

  static char letter(TypeInformation<?> type) {
    Character simple = SIMPLE.get(type);
    if (simple != null) {
      return simple;
    } else if (Codecs.isPickled(type)) {
      return 'p';
    } else if (type instanceof PrimitiveArrayTypeInfo) {
      return '[';
    } else if (type instanceof BasicArrayTypeInfo || type instanceof ObjectArrayTypeInfo) {
      return 'A';
    } else if (type instanceof ListTypeInfo) {
      return 'L';
    } else if (type instanceof MapTypeInfo) {
      return 'K';
    } else if (Codecs.isPlainTuple(type)) {
      return 'T';
    } else if (type.getClass() == RowTypeInfo.class) {
      return 'R';
    }
    return EXTERNAL;
  }

  private static void append(ByteArrayOutputStream out, TypeInformation<?> type) {
    char letter = letter(type);
    out.write(letter);
    switch (letter) {
      case '[':
        append(out, ((PrimitiveArrayTypeInfo<?>) type).getComponentType());
        break;
      case 'A':
        append(
            out,
            type instanceof BasicArrayTypeInfo
                ? ((BasicArrayTypeInfo<?, ?>) type).getComponentInfo()
                : ((ObjectArrayTypeInfo<?, ?>) type).getComponentInfo());
        break;
      case 'L':
        append(out, ((ListTypeInfo<?>) type).getElementTypeInfo());
        break;
      case 'K':
        append(out, ((MapTypeInfo<?, ?>) type).getKeyTypeInfo());
        append(out, ((MapTypeInfo<?, ?>) type).getValueTypeInfo());
        break;
      case 'T':
        appendTuple(out, (TupleTypeInfo<?>) type);
        break;
      case 'R':
        appendRow(out, (RowTypeInfo) type);
        break;
      default:
        break;
    }
  }

  private static void appendTuple(ByteArrayOutputStream out, TupleTypeInfo<?> type) {
    out.write(type.getArity());
    for (int i = 0; i < type.getArity(); i++) {
      append(out, (TypeInformation<?>) type.getTypeAt(i));
    }
  }

  private static void appendRow(ByteArrayOutputStream out, RowTypeInfo type) {
    short16(out, type.getArity());
    out.write(1);
    String[] names = type.getFieldNames();
    for (int i = 0; i < type.getArity(); i++) {
      byte[] name = names[i].getBytes(StandardCharsets.UTF_8);
      short16(out, name.length);
      out.write(name, 0, name.length);
      append(out, type.getTypeAt(i));
    }
  }

  private static void short16(ByteArrayOutputStream out, int value) {
    if (value > 0xffff) {
      throw new IllegalArgumentException("more than 65,535 fields or bytes of a field's name");
    }
    out.write(value);
    out.write(value >> 8);
  }
}
