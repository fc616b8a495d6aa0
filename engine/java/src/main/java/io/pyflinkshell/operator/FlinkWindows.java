// Flink's own window operator, inside a Python operator whose state and timers it uses.
package io.pyflinkshell.operator;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.functions.AbstractRichFunction;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.StreamOperatorStateHandler;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.Window;
import org.apache.flink.streaming.runtime.operators.windowing.WindowOperator;
import org.apache.flink.streaming.runtime.operators.windowing.functions.InternalWindowFunction;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** It is no operator of the task: only what is overridden here reaches the outer one. */
final class FlinkWindows extends WindowOperator<Object, Object, Object, Object, Window> {
  private static final long serialVersionUID = 1L;

  private static final OutputTag<Object> LATE =
      new OutputTag<>("late", Types.GENERIC(Object.class));

  private final transient WindowChainOperator<?, ?> outer;
  private final transient WindowCommands commands;

  FlinkWindows(
      WindowChainOperator<?, ?> outer,
      ChainSpec spec,
      KeySelector<Object, Object> keySelector,
      WindowCommands commands) {
    super(
        assigner(outer, spec.windows()),
        windowSerializer(spec.windows()),
        keySelector,
        keySerializer(outer),
        new ReducingStateDescriptor<>("window-contents", (a, b) -> a, keySerializer(outer)),
        new Function(commands, spec.windows().tellsEnd),
        spec.windows().trigger,
        spec.windows().allowedLateness,
        spec.windows().sideOutputsLateData ? LATE : null);
    this.outer = outer;
    this.commands = commands;
  }

  private static WindowAssigner<Object, Window> assigner(
      WindowChainOperator<?, ?> outer, WindowSpec windows) {
    Object assigner = windows.assigner;
    if (assigner instanceof CountWindows) {
      ((CountWindows) assigner).useState(outer.keyedStateStore());
    }
    return windows.assigner;
  }

  @SuppressWarnings("unchecked")
  private static TypeSerializer<Window> windowSerializer(WindowSpec windows) {
    return (TypeSerializer<Window>) (TypeSerializer<?>) windows.bytes.serializer();
  }

  private static TypeSerializer<Object> keySerializer(WindowChainOperator<?, ?> outer) {
    KeyedStateBackend<Object> backend = outer.getKeyedStateBackend();
    return backend.getKeySerializer();
  }

  /** Called once, before open. */
  void attach(StreamOperatorStateHandler state, InternalOperatorMetricGroup group) {
    stateHandler = state;
    metrics = group;
  }

  /** What windows hold is in Python; merging sets and the state of triggers are Flink's. */
  @Override
  protected <N, S extends State, T> S getOrCreateKeyedState(
      TypeSerializer<N> namespaces, StateDescriptor<S, T> descriptor) throws Exception {
    if (descriptor != getStateDescriptor()) {
      return super.getOrCreateKeyedState(namespaces, descriptor);
    }
    @SuppressWarnings("unchecked")
    S contents = (S) commands;
    return contents;
  }

  @Override
  protected void sideOutput(StreamRecord<Object> element) {
    try {
      commands.lateRecord();
    } catch (Exception e) {
      throw WindowCommands.unchecked(e);
    }
  }

  /** The outer operator decides when: see runEventTime. */
  @Override
  public void onEventTime(InternalTimer<Object, Window> timer) throws Exception {
    outer.fire(timer, true);
  }

  @Override
  public void onProcessingTime(InternalTimer<Object, Window> timer) throws Exception {
    outer.fire(timer, false);
  }

  void runEventTime(InternalTimer<Object, Window> timer) throws Exception {
    super.onEventTime(timer);
  }

  void runProcessingTime(InternalTimer<Object, Window> timer) throws Exception {
    super.onProcessingTime(timer);
  }

  @Override
  public <K, N> InternalTimerService<N> getInternalTimerService(
      String name, TypeSerializer<N> namespaces, Triggerable<K, N> triggerable) {
    return outer.getInternalTimerService(name, namespaces, triggerable);
  }

  @Override
  public StreamingRuntimeContext getRuntimeContext() {
    return outer.getRuntimeContext();
  }

  @Override
  public ExecutionConfig getExecutionConfig() {
    return outer.getExecutionConfig();
  }

  @Override
  public boolean useSplittableTimers() {
    return false;
  }

  /** Sends what Flink's operator would give a window function. */
  private static final class Function extends AbstractRichFunction
      implements InternalWindowFunction<Object, Object, Object, Window> {
    private static final long serialVersionUID = 1L;

    private final transient WindowCommands commands;
    private final boolean tellsEnd;

    Function(WindowCommands commands, boolean tellsEnd) {
      this.commands = commands;
      this.tellsEnd = tellsEnd;
    }

    @Override
    public void process(
        Object key,
        Window window,
        InternalWindowContext context,
        Object contents,
        Collector<Object> out)
        throws Exception {
      commands.fire(window);
    }

    @Override
    public void clear(Window window, InternalWindowContext context) throws Exception {
      if (tellsEnd) {
        commands.end(window);
      }
    }
  }
}
