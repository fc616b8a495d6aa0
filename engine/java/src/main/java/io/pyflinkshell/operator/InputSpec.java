// The form of the records at one input of a Python operator.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.graph.EncodedKeySelector;
import io.pyflinkshell.graph.RowKeySelector;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;

/** Immutable. An operator has one or two of them. */
public final class InputSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Type of the values that enter, without the key. */
  final TypeInformation<?> type;

  /** Type of the key of a keyed input, else null. */
  final TypeInformation<?> keyType;

  /** Whether the records are EncodedRecords instead of Java's own objects. */
  final boolean encoded;

  public InputSpec(TypeInformation<?> type, TypeInformation<?> keyType) {
    this(type, keyType, false);
  }

  private InputSpec(TypeInformation<?> type, TypeInformation<?> keyType, boolean encoded) {
    this.type = type;
    this.keyType = keyType;
    this.encoded = encoded;
  }

  InputSpec withEncoded(boolean encoded) {
    return new InputSpec(type, keyType, encoded);
  }

  public TypeInformation<?> keyType() {
    return keyType;
  }

  public boolean isEncoded() {
    return encoded;
  }

  /** Type that Java sees: the value, or Row(key, value). */
  public TypeInformation<?> javaType() {
    return keyType == null ? type : ChainSpec.keyedRow(keyType, type);
  }

  /** What gives the Java key of a record of a keyed input. */
  @SuppressWarnings("unchecked")
  KeySelector<Object, Object> keySelector() {
    return (KeySelector<Object, Object>)
        (KeySelector<?, ?>)
            (encoded
                ? new EncodedKeySelector(keyType)
                : new RowKeySelector(keyType instanceof PickledBytesTypeInfo));
  }

  byte[] schema() {
    return encoded ? ChainSpec.encodedSchema(type) : TypeSchema.of(javaType());
  }

  byte[] keySchema() {
    return keyType == null
        ? null
        : encoded ? ChainSpec.encodedSchema(keyType) : TypeSchema.of(keyType);
  }
}
