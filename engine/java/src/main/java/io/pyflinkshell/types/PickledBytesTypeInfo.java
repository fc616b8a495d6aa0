// Type of a stream whose values are Python objects in pickled form.
package io.pyflinkshell.types;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;

/** An undeclared Python type: Java sees the pickle's bytes. There is one instance. */
public final class PickledBytesTypeInfo extends TypeInformation<byte[]> {
  private static final long serialVersionUID = 1L;

  public static final PickledBytesTypeInfo INSTANCE = new PickledBytesTypeInfo();

  private PickledBytesTypeInfo() {}

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
  public Class<byte[]> getTypeClass() {
    return byte[].class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<byte[]> createSerializer(SerializerConfig config) {
    return BytePrimitiveArraySerializer.INSTANCE;
  }

  @Override
  @Deprecated
  public TypeSerializer<byte[]> createSerializer(ExecutionConfig config) {
    return BytePrimitiveArraySerializer.INSTANCE;
  }

  private Object readResolve() {
    return INSTANCE;
  }

  @Override
  public String toString() {
    return "PickledByteArrayTypeInfo";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PickledBytesTypeInfo;
  }

  @Override
  public int hashCode() {
    return PickledBytesTypeInfo.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof PickledBytesTypeInfo;
  }
}
