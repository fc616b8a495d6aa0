// Type of an exchange between two Python operators.
package io.pyflinkshell.types;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Only the graph translation uses it; programs see the declared type. */
public final class EncodedRecordTypeInfo extends TypeInformation<EncodedRecord> {
  private static final long serialVersionUID = 1L;

  public static final EncodedRecordTypeInfo INSTANCE = new EncodedRecordTypeInfo();

  private EncodedRecordTypeInfo() {}

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
  public Class<EncodedRecord> getTypeClass() {
    return EncodedRecord.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public TypeSerializer<EncodedRecord> createSerializer(SerializerConfig config) {
    return EncodedRecordSerializer.INSTANCE;
  }

  @Override
  @Deprecated
  public TypeSerializer<EncodedRecord> createSerializer(ExecutionConfig config) {
    return EncodedRecordSerializer.INSTANCE;
  }

  private Object readResolve() {
    return INSTANCE;
  }

  @Override
  public String toString() {
    return "EncodedRecord";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedRecordTypeInfo;
  }

  @Override
  public int hashCode() {
    return EncodedRecordTypeInfo.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof EncodedRecordTypeInfo;
  }
}
