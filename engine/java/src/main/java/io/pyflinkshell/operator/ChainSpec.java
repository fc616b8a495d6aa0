// What a Python operator is made of: its steps and the form of its input and output.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.RowTypeInfo;

/** Immutable; the graph translation makes new ones when it fuses or changes a form. */
public final class ChainSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  final List<PythonStep> steps;

  /** One, or two when the first step takes records of two streams. */
  final List<InputSpec> inputs;

  /** Type of the key of the output when the last step is KEY_BY, else null. */
  final TypeInformation<?> outKeyType;

  final boolean outEncoded;
  final boolean batchMode;

  public ChainSpec(
      List<PythonStep> steps,
      TypeInformation<?> inType,
      TypeInformation<?> inKeyType,
      TypeInformation<?> outKeyType) {
    this(
        new ArrayList<>(steps),
        Collections.singletonList(new InputSpec(inType, inKeyType)),
        outKeyType,
        false,
        false);
  }

  /** A step on two streams. */
  public ChainSpec(PythonStep step, InputSpec first, InputSpec second) {
    this(
        new ArrayList<>(Collections.singletonList(step)),
        new ArrayList<>(Arrays.asList(first, second)),
        null,
        false,
        false);
  }

  private ChainSpec(
      List<PythonStep> steps,
      List<InputSpec> inputs,
      TypeInformation<?> outKeyType,
      boolean outEncoded,
      boolean batchMode) {
    this.steps = steps;
    this.inputs = inputs;
    this.outKeyType = outKeyType;
    this.outEncoded = outEncoded;
    this.batchMode = batchMode;
  }

  /** The chain of this one and the next, which has one input. */
  public ChainSpec then(ChainSpec next) {
    List<PythonStep> all = new ArrayList<>(steps);
    all.addAll(next.steps);
    return new ChainSpec(all, inputs, next.outKeyType, next.outEncoded, batchMode);
  }

  /** Sets the form of one input, counted from 0. */
  public ChainSpec withInEncoded(int input, boolean encoded) {
    List<InputSpec> changed = new ArrayList<>(inputs);
    changed.set(input, inputs.get(input).withEncoded(encoded));
    return new ChainSpec(steps, changed, outKeyType, outEncoded, batchMode);
  }

  public ChainSpec withOutEncoded(boolean encoded) {
    return new ChainSpec(steps, inputs, outKeyType, encoded, batchMode);
  }

  public ChainSpec withBatchMode(boolean batch) {
    return new ChainSpec(steps, inputs, outKeyType, outEncoded, batch);
  }

  /** The chain of one step under the name that the program gave its node. */
  public ChainSpec withName(String name) {
    if (steps.size() != 1 || steps.get(0).name.equals(name)) {
      return this;
    }
    return withStep(0, steps.get(0).withName(name));
  }

  /** The chain with another step at {@code index}. */
  public ChainSpec withStep(int index, PythonStep step) {
    List<PythonStep> changed = new ArrayList<>(steps);
    changed.set(index, step);
    return new ChainSpec(changed, inputs, outKeyType, outEncoded, batchMode);
  }

  public PythonStep lastStep() {
    return steps.get(steps.size() - 1);
  }

  public List<PythonStep> steps() {
    return Collections.unmodifiableList(steps);
  }

  public List<InputSpec> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /** Type of the key that state is kept by: that of the keyed inputs, or null. */
  public TypeInformation<?> stateKeyType() {
    InputSpec input = keyedInput();
    return input == null ? null : input.keyType;
  }

  /** The first input that is keyed, or null. */
  InputSpec keyedInput() {
    for (InputSpec input : inputs) {
      if (input.keyType != null) {
        return input;
      }
    }
    return null;
  }

  /** Whether the first step is a REDUCE of a stream without keys. */
  public boolean reducesWholeStream() {
    return stateKeyType() == null && steps.get(0).kind == PythonStep.REDUCE;
  }

  /** Whether the first step keeps what its second input says in broadcast state. */
  boolean broadcasts() {
    return steps.get(0).kind == PythonStep.BROADCAST_PROCESS;
  }

  /** Whether its function can register timers: all its inputs are keyed, but a broadcast one. */
  boolean hasTimers() {
    if (broadcasts()) {
      return inputs.get(0).keyType != null;
    }
    int head = steps.get(0).kind;
    boolean keyed =
        head == PythonStep.KEYED_PROCESS
            || head == PythonStep.CO_PROCESS
            || head == PythonStep.PYTHON_WINDOW;
    for (InputSpec input : inputs) {
      keyed &= input.keyType != null;
    }
    return keyed;
  }

  /** The windows that its first step keeps, or null. */
  WindowSpec windows() {
    return steps.get(0).windows();
  }

  public TypeInformation<?> outKeyType() {
    return outKeyType;
  }

  public boolean isOutEncoded() {
    return outEncoded;
  }

  /** Type of the values that leave, without the key. */
  public TypeInformation<?> outValueType() {
    return lastStep().outType;
  }

  /** Type that Java sees at the output: the value, or Row(key, value). */
  public TypeInformation<?> outJavaType() {
    return outKeyType == null ? outValueType() : keyedRow(outKeyType, outValueType());
  }

  /** Row(key, value), the type of a keyed stream that Java operators consume. */
  public static RowTypeInfo keyedRow(TypeInformation<?> key, TypeInformation<?> value) {
    return new RowTypeInfo(key, value);
  }

  byte[] outSchema() {
    return outEncoded ? encodedSchema(outValueType()) : TypeSchema.of(outJavaType());
  }

  byte[] outKeySchema() {
    return outKeyType == null
        ? null
        : outEncoded ? encodedSchema(outKeyType) : TypeSchema.of(outKeyType);
  }

  /** Schema of the values as a consumer of encoded output reads them. */
  public byte[] collectSchema() {
    return outEncoded ? encodedSchema(outValueType()) : TypeSchema.of(outJavaType());
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
