// One Python function of a chain, as the program declared it.
package io.pyflinkshell.operator;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Immutable. The payload is the pickled function; only native code opens it. */
public final class PythonStep implements Serializable {
  private static final long serialVersionUID = 1L;

  public static final int MAP = 1;
  public static final int FLAT_MAP = 2;
  public static final int FILTER = 3;
  public static final int KEY_BY = 4;
  public static final int VALUES = 5;
  public static final int PROCESS = 6;
  public static final int REDUCE = 7;
  public static final int ASSIGN_TIMESTAMPS = 8;
  public static final int CO_MAP = 10;
  public static final int CO_FLAT_MAP = 11;
  public static final int CO_PROCESS = 12;
  public static final int BROADCAST_PROCESS = 13;
  public static final int INTERVAL_JOIN = 14;
  public static final int PARTITION = 16;
  public static final int KEYED_PROCESS = 17;
  public static final int WINDOW = 20;
  public static final int PYTHON_WINDOW = 21;
  public static final int WATERMARKS = 40;

  final int kind;
  final String name;
  final byte[] payload;
  final TypeInformation<?> outType;

  /** PARTITION: how many instances there are to choose from. */
  final int partitions;

  /**
   * What Flink's side of the step needs: WINDOW and PYTHON_WINDOW have a WindowSpec, INTERVAL_JOIN
   * an IntervalSpec, WATERMARKS the WatermarkStrategy that stands around the generator in Python;
   * null for all others.
   */
  private final Serializable around;

  /** What somebody reads of what the function tags. */
  final List<SideOutput> sideOutputs;

  /** {@code outType} is the type of the values that leave the step. */
  public PythonStep(int kind, String name, byte[] payload, TypeInformation<?> outType) {
    this(kind, name, payload, outType, 0, null, Collections.emptyList());
  }

  private PythonStep(
      int kind,
      String name,
      byte[] payload,
      TypeInformation<?> outType,
      int partitions,
      Serializable around,
      List<SideOutput> sideOutputs) {
    this.kind = kind;
    this.name = name;
    this.payload = payload;
    this.outType = outType;
    this.partitions = partitions;
    this.around = around;
    this.sideOutputs = sideOutputs;
  }

  public PythonStep withName(String newName) {
    return new PythonStep(kind, newName, payload, outType, partitions, around, sideOutputs);
  }

  public PythonStep withPartitions(int count) {
    return new PythonStep(kind, name, payload, outType, count, around, sideOutputs);
  }

  public PythonStep withSideOutputs(List<SideOutput> outputs) {
    return new PythonStep(
        kind, name, payload, outType, partitions, around, new ArrayList<>(outputs));
  }

  public PythonStep withWindows(WindowSpec spec) {
    return with(spec);
  }

  public PythonStep withInterval(IntervalSpec spec) {
    return with(spec);
  }

  public PythonStep withStrategy(WatermarkStrategy<Object> strategy) {
    return with(strategy);
  }

  private PythonStep with(Serializable newAround) {
    return new PythonStep(kind, name, payload, outType, partitions, newAround, sideOutputs);
  }

  WindowSpec windows() {
    return around instanceof WindowSpec ? (WindowSpec) around : null;
  }

  IntervalSpec interval() {
    return (IntervalSpec) around;
  }

  @SuppressWarnings("unchecked")
  WatermarkStrategy<Object> strategy() {
    return (WatermarkStrategy<Object>) around;
  }

  public int kind() {
    return kind;
  }

  public String name() {
    return name;
  }

  public List<SideOutput> sideOutputs() {
    return Collections.unmodifiableList(sideOutputs);
  }

  public int partitions() {
    return partitions;
  }

  public TypeInformation<?> outType() {
    return outType;
  }
}
