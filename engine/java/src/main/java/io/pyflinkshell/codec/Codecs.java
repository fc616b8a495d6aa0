// Which codec belongs to which Flink type; TypeSchema gives the same types their letters.
package io.pyflinkshell.codec;

import io.pyflinkshell.types.PickledBytesTypeInfo;
import org.apache.flink.api.common.typeinfo.BasicArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.api.java.typeutils.ListTypeInfo;
import org.apache.flink.api.java.typeutils.MapTypeInfo;
import org.apache.flink.api.java.typeutils.ObjectArrayTypeInfo;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/** Builds codec trees. */
final class Codecs {
  private Codecs() {}

  static ValueCodec of(TypeInformation<?> type) {
    switch (TypeSchema.letter(type)) {
      case 'z':
        return new BasicCodecs.BooleanCodec();
      case 'b':
        return new BasicCodecs.ByteCodec();
      case 'h':
        return new BasicCodecs.ShortCodec();
      case 'c':
        return new BasicCodecs.CharCodec();
      case 'i':
        return new BasicCodecs.IntCodec();
      case 'l':
        return new BasicCodecs.LongCodec();
      case 'f':
        return new BasicCodecs.FloatCodec();
      case 'd':
        return new BasicCodecs.DoubleCodec();
      case 's':
        return new StringCodec();
      case 'N':
        return new BasicCodecs.BigIntegerCodec();
      case 'D':
        return new BasicCodecs.BigDecimalCodec();
      case 'E':
        return new TimeCodecs.SqlDateCodec();
      case 'e':
        return new TimeCodecs.LocalDateCodec();
      case 'M':
        return new TimeCodecs.SqlTimeCodec();
      case 'm':
        return new TimeCodecs.LocalTimeCodec();
      case 'W':
        return new TimeCodecs.SqlTimestampCodec();
      case 'w':
        return new TimeCodecs.LocalDateTimeCodec();
      case 't':
        return new TimeCodecs.InstantCodec();
      case 'p':
      case 'B':
        return new BasicCodecs.BytesCodec();
      case '[':
        return primitiveArray((PrimitiveArrayTypeInfo<?>) type);
      case 'A':
        return objectArray(type);
      case 'L':
        return new ArrayCodecs.ListCodec(of(((ListTypeInfo<?>) type).getElementTypeInfo()));
      case 'K':
        MapTypeInfo<?, ?> map = (MapTypeInfo<?, ?>) type;
        return new ArrayCodecs.MapCodec(of(map.getKeyTypeInfo()), of(map.getValueTypeInfo()));
      case 'T':
        return tuple((TupleTypeInfo<?>) type);
      case 'R':
        RowTypeInfo row = (RowTypeInfo) type;
        return new CompositeCodecs.RowCodec(row.getFieldNames(), of(row.getFieldTypes()));
      default:
        return new BasicCodecs.ExternalCodec(type.toString());
    }
  }

  private static ValueCodec[] of(TypeInformation<?>[] types) {
    ValueCodec[] codecs = new ValueCodec[types.length];
    for (int i = 0; i < types.length; i++) {
      codecs[i] = of(types[i]);
    }
    return codecs;
  }

  private static ValueCodec tuple(TupleTypeInfo<?> type) {
    ValueCodec[] fields = new ValueCodec[type.getArity()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = of((TypeInformation<?>) type.getTypeAt(i));
    }
    return fields.length == 2
        ? new CompositeCodecs.Tuple2Codec(fields[0], fields[1])
        : new CompositeCodecs.TupleCodec(fields);
  }

  private static ValueCodec objectArray(TypeInformation<?> type) {
    TypeInformation<?> component =
        type instanceof BasicArrayTypeInfo
            ? ((BasicArrayTypeInfo<?, ?>) type).getComponentInfo()
            : ((ObjectArrayTypeInfo<?, ?>) type).getComponentInfo();
    return new ArrayCodecs.ObjectArrayCodec(type.getTypeClass().getComponentType(), of(component));
  }

  private static ValueCodec primitiveArray(PrimitiveArrayTypeInfo<?> type) {
    switch (TypeSchema.letter(type.getComponentType())) {
      case 'z':
        return new ArrayCodecs.BooleanArrayCodec();
      case 'h':
        return new ArrayCodecs.ShortArrayCodec();
      case 'c':
        return new ArrayCodecs.CharArrayCodec();
      case 'i':
        return new ArrayCodecs.IntArrayCodec();
      case 'l':
        return new ArrayCodecs.LongArrayCodec();
      case 'f':
        return new ArrayCodecs.FloatArrayCodec();
      case 'd':
        return new ArrayCodecs.DoubleArrayCodec();
      default:
        return new BasicCodecs.ExternalCodec(type.toString());
    }
  }

  /** Only Flink's own tuple classes: a subclass would come back as its base class. */
  static boolean isPlainTuple(TypeInformation<?> type) {
    return type instanceof TupleTypeInfo
        && type.getArity() <= Tuple.MAX_ARITY
        && type.getTypeClass() == Tuple.getTupleClass(type.getArity());
  }

  static boolean isPickled(TypeInformation<?> type) {
    return type instanceof PickledBytesTypeInfo;
  }
}
