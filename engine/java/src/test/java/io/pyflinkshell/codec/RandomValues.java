// Random values of every type that the wire format knows.
package io.pyflinkshell.codec;

import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.BasicArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.api.java.typeutils.ListTypeInfo;
import org.apache.flink.api.java.typeutils.MapTypeInfo;
import org.apache.flink.api.java.typeutils.ObjectArrayTypeInfo;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

final class RandomValues {
  private RandomValues() {}

  static List<TypeInformation<?>> types() {
    List<TypeInformation<?>> simple =
        Arrays.asList(
            Types.BOOLEAN,
            Types.BYTE,
            Types.SHORT,
            Types.CHAR,
            Types.INT,
            Types.LONG,
            Types.FLOAT,
            Types.DOUBLE,
            Types.STRING,
            Types.BIG_INT,
            Types.BIG_DEC,
            Types.SQL_DATE,
            Types.SQL_TIME,
            Types.SQL_TIMESTAMP,
            Types.LOCAL_DATE,
            Types.LOCAL_TIME,
            Types.LOCAL_DATE_TIME,
            Types.INSTANT,
            PickledBytesTypeInfo.INSTANCE);
    List<TypeInformation<?>> all = new ArrayList<>(simple);
    for (TypeInformation<?> primitive :
        Arrays.asList(
            Types.BOOLEAN,
            Types.BYTE,
            Types.SHORT,
            Types.CHAR,
            Types.INT,
            Types.LONG,
            Types.FLOAT,
            Types.DOUBLE)) {
      all.add(Types.PRIMITIVE_ARRAY(primitive));
    }
    all.add(BasicArrayTypeInfo.STRING_ARRAY_TYPE_INFO);
    all.add(BasicArrayTypeInfo.INT_ARRAY_TYPE_INFO);
    all.add(Types.OBJECT_ARRAY(Types.TUPLE(Types.STRING, Types.INT)));
    for (TypeInformation<?> type : simple) {
      all.add(Types.LIST(type));
    }
    all.add(Types.MAP(Types.STRING, Types.LIST(Types.DOUBLE)));
    for (int arity = 1; arity <= Tuple.MAX_ARITY; arity++) {
      TypeInformation<?>[] fields = new TypeInformation<?>[arity];
      Arrays.setAll(fields, i -> simple.get(i % simple.size()));
      all.add(Types.TUPLE(fields));
      all.add(Types.ROW(fields));
    }
    TypeInformation<?>[] wide = new TypeInformation<?>[70];
    Arrays.fill(wide, Types.INT);
    all.add(Types.ROW(wide));
    all.add(Types.TUPLE());
    all.add(
        Types.ROW_NAMED(
            new String[] {"a", "b"},
            Types.ROW(Types.INT, Types.STRING),
            Types.LIST(Types.MAP(Types.LONG, Types.TUPLE(Types.STRING, Types.BIG_DEC)))));
    return all;
  }

  static Object of(TypeInformation<?> type, Random r) {
    switch (TypeSchema.letter(type)) {
      case 'z':
        return r.nextBoolean();
      case 'b':
        return (byte) r.nextInt();
      case 'h':
        return (short) r.nextInt();
      case 'c':
        return (char) r.nextInt();
      case 'i':
        return r.nextInt(8) == 0 ? Integer.MIN_VALUE : r.nextInt();
      case 'l':
        return r.nextInt(8) == 0 ? Long.MIN_VALUE : r.nextLong();
      case 'f':
        return r.nextInt(8) == 0 ? Float.NaN : r.nextFloat();
      case 'd':
        return r.nextInt(8) == 0 ? Double.NEGATIVE_INFINITY : r.nextGaussian();
      case 's':
        return string(r);
      case 'N':
        return new BigInteger(r.nextInt(200), r).multiply(BigInteger.valueOf(r.nextInt(3) - 1));
      case 'D':
        return new BigDecimal(new BigInteger(r.nextInt(200), r), r.nextInt(40) - 20);
      case 'E':
        return Date.valueOf(LocalDate.ofEpochDay(r.nextInt(80_000) - 20_000));
      case 'e':
        return LocalDate.ofEpochDay(r.nextInt(8_000_000) - 700_000);
      case 'M':
        Time time = Time.valueOf(LocalTime.ofSecondOfDay(r.nextInt(86_400)));
        time.setTime(time.getTime() + r.nextInt(1000));
        return time;
      case 'm':
        return LocalTime.ofNanoOfDay((long) (r.nextDouble() * 86_400_000_000_000L));
      case 'W':
        // Noon exists on every day in every time zone.
        return Timestamp.valueOf(
            LocalDate.ofEpochDay(r.nextInt(40_000) - 9_000)
                .atTime(12, r.nextInt(60), 1, r.nextInt(1_000_000_000)));
      case 'w':
        return LocalDateTime.ofEpochSecond(
            r.nextInt() * 20L, r.nextInt(1_000_000_000), java.time.ZoneOffset.UTC);
      case 't':
        return Instant.ofEpochSecond(r.nextInt() * 20L, r.nextInt(1_000_000_000));
      case 'p':
      case 'B':
        byte[] bytes = new byte[r.nextInt(40)];
        r.nextBytes(bytes);
        return bytes;
      case '[':
        TypeInformation<?> element = ((PrimitiveArrayTypeInfo<?>) type).getComponentType();
        return array(((PrimitiveArrayTypeInfo<?>) type).getComponentClass(), element, r, false);
      case 'A':
        TypeInformation<?> item =
            type instanceof BasicArrayTypeInfo
                ? ((BasicArrayTypeInfo<?, ?>) type).getComponentInfo()
                : ((ObjectArrayTypeInfo<?, ?>) type).getComponentInfo();
        return array(type.getTypeClass().getComponentType(), item, r, true);
      case 'L':
        List<Object> list = new ArrayList<>();
        for (int i = r.nextInt(5); i > 0; i--) {
          list.add(orNull(((ListTypeInfo<?>) type).getElementTypeInfo(), r));
        }
        return list;
      case 'K':
        Map<Object, Object> map = new HashMap<>();
        for (int i = r.nextInt(5); i > 0; i--) {
          map.put(
              of(((MapTypeInfo<?, ?>) type).getKeyTypeInfo(), r),
              orNull(((MapTypeInfo<?, ?>) type).getValueTypeInfo(), r));
        }
        return map;
      case 'T':
        Tuple tuple = Tuple.newInstance(type.getArity());
        for (int i = 0; i < type.getArity(); i++) {
          tuple.setField(orNull(((TupleTypeInfo<?>) type).getTypeAt(i), r), i);
        }
        return tuple;
      case 'R':
        Row row = new Row(RowKind.values()[r.nextInt(4)], type.getArity());
        for (int i = 0; i < type.getArity(); i++) {
          row.setField(i, orNull(((RowTypeInfo) type).getTypeAt(i), r));
        }
        return row;
      default:
        throw new IllegalArgumentException(type.toString());
    }
  }

  private static Object orNull(TypeInformation<?> type, Random r) {
    return r.nextInt(5) == 0 ? null : of(type, r);
  }

  private static Object array(Class<?> c, TypeInformation<?> type, Random r, boolean nulls) {
    Object array = Array.newInstance(c, r.nextInt(6));
    for (int i = 0; i < Array.getLength(array); i++) {
      Array.set(array, i, nulls ? orNull(type, r) : of(type, r));
    }
    return array;
  }

  private static String string(Random r) {
    int[] limits = {0x80, 0x100, 0x10000};
    int limit = limits[r.nextInt(3)];
    char[] chars = new char[r.nextInt(4) == 0 ? 300 : r.nextInt(20)];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) r.nextInt(limit);
    }
    return new String(chars);
  }

  /** Equality that also holds for arrays inside other values. */
  static boolean same(Object a, Object b) {
    if (a instanceof Row && b instanceof Row) {
      Row x = (Row) a;
      Row y = (Row) b;
      boolean equal = x.getKind() == y.getKind() && x.getArity() == y.getArity();
      for (int i = 0; equal && i < x.getArity(); i++) {
        equal = same(x.getField(i), y.getField(i));
      }
      return equal;
    }
    if (a instanceof Tuple && b instanceof Tuple) {
      Tuple x = (Tuple) a;
      boolean equal = x.getClass() == b.getClass();
      for (int i = 0; equal && i < x.getArity(); i++) {
        equal = same(x.getField(i), ((Tuple) b).getField(i));
      }
      return equal;
    }
    if (a instanceof List && b instanceof List) {
      return Objects.deepEquals(((List<?>) a).toArray(), ((List<?>) b).toArray());
    }
    return Objects.deepEquals(a, b) && (a == null || a.getClass() == b.getClass());
  }
}
