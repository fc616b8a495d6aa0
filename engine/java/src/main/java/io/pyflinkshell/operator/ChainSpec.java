// What a Python operator is made of: its steps and the form of its input and output.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.RowTypeInfo;

/** Immutable; the graph translation makes new ones when it fuses or changes a form. */
public final class ChainSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  final List<PythonStep> steps;

  /** Type of the values that enter, without the key. */
  final TypeInformation<?> inType;

  /** Type of the key of a keyed input, else null. */
  final TypeInformation<?> inKeyType;

  /** Type of the key of the output when the last step is KEY_BY, else null. */
  final TypeInformation<?> outKeyType;

  final boolean inEncoded;
  final boolean outEncoded;
  final boolean batchMode;

  public ChainSpec(
      List<PythonStep> steps,
      TypeInformation<?> inType,
      TypeInformation<?> inKeyType,
      TypeInformation<?> outKeyType) {
    this(new ArrayList<>(steps), inType, inKeyType, outKeyType, false, false, false);
  }

  private ChainSpec(
      List<PythonStep> steps,
      TypeInformation<?> inType,
      TypeInformation<?> inKeyType,
      TypeInformation<?> outKeyType,
      boolean inEncoded,
      boolean outEncoded,
      boolean batchMode) {
    this.steps = steps;
    this.inType = inType;
    this.inKeyType = inKeyType;
    this.outKeyType = outKeyType;
    this.inEncoded = inEncoded;
    this.outEncoded = outEncoded;
    this.batchMode = batchMode;
  }

  /** The chain of this one and the next. */
  public ChainSpec then(ChainSpec next) {
    List<PythonStep> all = new ArrayList<>(steps);
    all.addAll(next.steps);
    return new ChainSpec(
        all, inType, inKeyType, next.outKeyType, inEncoded, next.outEncoded, batchMode);
  }

  public ChainSpec withInEncoded(boolean encoded) {
    return new ChainSpec(steps, inType, inKeyType, outKeyType, encoded, outEncoded, batchMode);
  }

  public ChainSpec withOutEncoded(boolean encoded) {
    return new ChainSpec(steps, inType, inKeyType, outKeyType, inEncoded, encoded, batchMode);
  }

  public ChainSpec withBatchMode(boolean batch) {
    return new ChainSpec(steps, inType, inKeyType, outKeyType, inEncoded, outEncoded, batch);
  }

  /** The chain of one step under the name that the program gave its node. */
  public ChainSpec withName(String name) {
    if (steps.size() != 1 || steps.get(0).name.equals(name)) {
      return this;
    }
    PythonStep step = steps.get(0);
    List<PythonStep> renamed = new ArrayList<>();
    renamed.add(new PythonStep(step.kind, name, step.payload, step.outType));
    return new ChainSpec(renamed, inType, inKeyType, outKeyType, inEncoded, outEncoded, batchMode);
  }

  public List<PythonStep> steps() {
    return Collections.unmodifiableList(steps);
  }

  public TypeInformation<?> inKeyType() {
    return inKeyType;
  }

  public TypeInformation<?> outKeyType() {
    return outKeyType;
  }

  public boolean isInEncoded() {
    return inEncoded;
  }

  public boolean isOutEncoded() {
    return outEncoded;
  }

  /** Type of the values that leave, without the key. */
  public TypeInformation<?> outValueType() {
    return steps.get(steps.size() - 1).outType;
  }

  /** Type that Java sees at the input: the value, or Row(key, value). */
  public TypeInformation<?> inJavaType() {
    return inKeyType == null ? inType : keyedRow(inKeyType, inType);
  }

  /** Type that Java sees at the output: the value, or Row(key, value). */
  public TypeInformation<?> outJavaType() {
    return outKeyType == null ? outValueType() : keyedRow(outKeyType, outValueType());
  }

  /** Row(key, value), the type of a keyed stream that Java operators consume. */
  public static RowTypeInfo keyedRow(TypeInformation<?> key, TypeInformation<?> value) {
    return new RowTypeInfo(key, value);
  }

  byte[] inSchema() {
    return inEncoded ? encodedSchema(inType) : TypeSchema.of(inJavaType());
  }

  byte[] inKeySchema() {
    return inKeyType == null ? null : inEncoded ? encodedSchema(inKeyType) : typed(inKeyType);
  }

  byte[] outSchema() {
    return outEncoded ? encodedSchema(outValueType()) : TypeSchema.of(outJavaType());
  }

  byte[] outKeySchema() {
    return outKeyType == null ? null : outEncoded ? encodedSchema(outKeyType) : typed(outKeyType);
  }

  /** Schema of the values as a consumer of encoded output reads them. */
  public byte[] collectSchema() {
    return outEncoded ? encodedSchema(outValueType()) : TypeSchema.of(outJavaType());
  }

  private static byte[] typed(TypeInformation<?> type) {
    return TypeSchema.of(type);
  }

  /** Undeclared types need no pickle between Python operators. */
  public static byte[] encodedSchema(TypeInformation<?> type) {
    return type instanceof PickledBytesTypeInfo ? TypeSchema.ANY : TypeSchema.of(type);
  }

  /** The plan's name of the chain: "FlatMap, Map". */
  public String joinedName() {
    StringBuilder name = new StringBuilder();
    for (PythonStep step : steps) {
      name.append(name.length() == 0 ? "" : ", ").append(step.name);
    }
    return name.toString();
  }
}
