// What a window step is made of besides its functions.
package io.pyflinkshell.operator;

import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;
import org.apache.flink.streaming.api.windowing.windows.Window;

/** Immutable. */
public final class WindowSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  final WindowBytes bytes;
  final WindowAssigner<Object, Window> assigner;
  final Trigger<Object, Window> trigger;
  final long allowedLateness;
  final boolean sideOutputsLateData;
  final boolean tellsEnd;

  private WindowSpec(
      WindowBytes bytes,
      WindowAssigner<?, ?> assigner,
      Trigger<?, ?> trigger,
      long allowedLateness,
      boolean sideOutputsLateData,
      boolean tellsEnd) {
    this.bytes = bytes;
    this.assigner = castAssigner(assigner);
    this.trigger = castTrigger(trigger);
    this.allowedLateness = allowedLateness;
    this.sideOutputsLateData = sideOutputsLateData;
    this.tellsEnd = tellsEnd;
  }

  /**
   * Windows that Flink assigns and triggers.
   *
   * @param bytes the name of the {@link WindowBytes} that the assigner makes
   * @param sideOutputsLateData whether late records go to a side output instead of being counted
   * @param tellsEnd whether the function wants to know when a window ends
   */
  public static WindowSpec flink(
      String bytes,
      WindowAssigner<?, ?> assigner,
      Trigger<?, ?> trigger,
      long allowedLateness,
      boolean sideOutputsLateData,
      boolean tellsEnd) {
    return new WindowSpec(
        WindowBytes.valueOf(bytes),
        assigner,
        trigger,
        allowedLateness,
        sideOutputsLateData,
        tellsEnd);
  }

  /** Windows that Python assigns and triggers. */
  public static WindowSpec python() {
    return new WindowSpec(WindowBytes.PYTHON, null, null, 0, false, false);
  }

  /** The type of what windows hold, when it is that of the records. */
  TypeInformation<?> recordType(ChainSpec spec) {
    return spec.inputs.get(0).type;
  }

  @SuppressWarnings("unchecked")
  private static WindowAssigner<Object, Window> castAssigner(WindowAssigner<?, ?> assigner) {
    return (WindowAssigner<Object, Window>) assigner;
  }

  @SuppressWarnings("unchecked")
  private static Trigger<Object, Window> castTrigger(Trigger<?, ?> trigger) {
    return (Trigger<Object, Window>) trigger;
  }
}
