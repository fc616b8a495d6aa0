// Assigns windows of a number of records of a key.
package io.pyflinkshell.operator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.CountTrigger;
import org.apache.flink.streaming.api.windowing.triggers.Trigger;

/** Counts the records of each key in state; the operator gives it the state when it opens. */
public final class CountWindows extends WindowAssigner<Object, CountWindow> {
  private static final long serialVersionUID = 1L;

  private final long size;
  private final long slide;
  private final String stateName;
  private transient ValueState<Long> count;

  /**
   * @param size how many records a window has
   * @param slide a window begins after so many; the same as size for windows that do not overlap
   * @param stateName where the number of records is kept
   */
  public CountWindows(long size, long slide, String stateName) {
    this.size = size;
    this.slide = slide;
    this.stateName = stateName;
  }

  void useState(KeyedStateStore store) {
    count = store.getState(new ValueStateDescriptor<>(stateName, Types.LONG));
  }

  @Override
  public Collection<CountWindow> assignWindows(
      Object element, long timestamp, WindowAssignerContext context) {
    long number;
    try {
      Long before = count.value();
      number = before == null ? 0 : before;
      count.update(number + 1);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    long last = number / slide;
    if (size == slide) {
      return Collections.singletonList(new CountWindow(last));
    }
    List<CountWindow> windows = new ArrayList<>();
    for (long id = last; id >= 0 && number < id * slide + size; id--) {
      windows.add(new CountWindow(id));
    }
    return windows;
  }

  @Override
  public Trigger<Object, CountWindow> getDefaultTrigger() {
    return cast(CountTrigger.of(size));
  }

  @Override
  @Deprecated
  public Trigger<Object, CountWindow> getDefaultTrigger(StreamExecutionEnvironment env) {
    return getDefaultTrigger();
  }

  @SuppressWarnings("unchecked")
  private static Trigger<Object, CountWindow> cast(Trigger<?, ?> trigger) {
    return (Trigger<Object, CountWindow>) trigger;
  }

  @Override
  public TypeSerializer<CountWindow> getWindowSerializer(ExecutionConfig config) {
    return new CountWindow.Serializer();
  }

  @Override
  public boolean isEventTime() {
    return false;
  }
}
