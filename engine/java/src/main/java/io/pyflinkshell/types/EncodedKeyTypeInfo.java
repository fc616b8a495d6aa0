// Key type of key_by without a declared key type.
package io.pyflinkshell.types;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** See {@link EncodedKey}. */
public final class EncodedKeyTypeInfo extends TypeInformation<EncodedKey> {
  private static final long serialVersionUID = 1L;

  public static final EncodedKeyTypeInfo INSTANCE = new EncodedKeyTypeInfo();

  private EncodedKeyTypeInfo() {}

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<EncodedKey> getTypeClass() {
    return EncodedKey.class;
  }

  @Override
  public boolean isKeyType() {
    return true;
  }

  @Override
  public TypeSerializer<EncodedKey> createSerializer(SerializerConfig config) {
    return EncodedKeySerializer.INSTANCE;
  }

  @Override
  @Deprecated
  public TypeSerializer<EncodedKey> createSerializer(ExecutionConfig config) {
    return EncodedKeySerializer.INSTANCE;
  }

  private Object readResolve() {
    return INSTANCE;
  }

  @Override
  public String toString() {
    return "EncodedKey";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedKeyTypeInfo;
  }

  @Override
  public int hashCode() {
    return EncodedKeyTypeInfo.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof EncodedKeyTypeInfo;
  }
}
