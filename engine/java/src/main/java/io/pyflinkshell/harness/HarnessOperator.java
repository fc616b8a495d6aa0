// One operator of a harness: Flink's own or ours, made as a task makes it.
package io.pyflinkshell.harness;

import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.operator.InFlight;
import io.pyflinkshell.operator.InputSpec;
import io.pyflinkshell.operator.PythonChainOperator;
import io.pyflinkshell.operator.PythonOperatorFactory;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.IndexedCombinedWatermarkStatus;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SubTaskInitializationMetricsBuilder;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorEventDispatcher;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.Input;
import org.apache.flink.streaming.api.operators.MultipleInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactoryUtil;
import org.apache.flink.streaming.api.operators.StreamTaskStateInitializerImpl;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskCancellationContext;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** Its edges into one input share the lowest of their watermarks, as channels do. */
final class HarnessOperator {
  private final StreamConfig config;
  private final String name;
  private final ChainSpec spec;
  private final KeySelector<?, ?>[] selectors;
  private final HarnessPlace place;
  private final ClassLoader loader;
  private final TimerServices timers = new TimerServices();
  private final List<InputState> inputs = new ArrayList<>();
  final HarnessOutput output;
  private StreamOperator<Object> operator;

  /** What is known of one input. */
  private static final class InputState {
    int channels;
    int open;
    IndexedCombinedWatermarkStatus watermarks;
    Input<Object> reader;
    boolean idle;
  }

  HarnessOperator(
      StreamNode node,
      StreamConfig config,
      HarnessPlace place,
      HarnessOutput output,
      ClassLoader loader) {
    this.config = config;
    this.name = node.getOperatorName();
    this.spec =
        node.getOperatorFactory() instanceof PythonOperatorFactory
            ? ((PythonOperatorFactory) node.getOperatorFactory()).spec()
            : null;
    this.selectors = node.getStatePartitioners();
    this.place = place;
    this.output = output;
    this.loader = loader;
  }

  String name() {
    return name;
  }

  OperatorID id() {
    return config.getOperatorID();
  }

  /** Which input an edge leads to, from 0. Flink counts from 1 where there are two. */
  static int inputOf(StreamEdge edge) {
    return Math.max(0, edge.getTypeNumber() - 1);
  }

  /** One more edge leads to an input; its number there. */
  int addChannel(int input) {
    while (inputs.size() <= input) {
      inputs.add(new InputState());
    }
    inputs.get(input).open++;
    return inputs.get(input).channels++;
  }

  void create(HarnessTask task, OperatorEventDispatcher events) {
    operator =
        StreamOperatorFactoryUtil.<Object, StreamOperator<Object>>createOperator(
                config.getStreamOperatorFactory(loader), task, config, output, events)
            .f0;
    for (int i = 0; i < inputs.size(); i++) {
      InputState input = inputs.get(i);
      input.reader = reader(operator, i);
      input.watermarks = IndexedCombinedWatermarkStatus.forInputsCount(input.channels);
    }
  }

  @SuppressWarnings("unchecked")
  private static Input<Object> reader(StreamOperator<Object> operator, int input) {
    if (operator instanceof OneInputStreamOperator) {
      return (OneInputStreamOperator<Object, Object>) operator;
    }
    if (operator instanceof TwoInputStreamOperator) {
      return new HalfOfTwo((TwoInputStreamOperator<Object, Object, Object>) operator, input == 0);
    }
    return (Input<Object>) ((MultipleInputStreamOperator<?>) operator).getInputs().get(input);
  }

  void initialize(HarnessEnvironment environment, StateBackend backend, HarnessClock clock)
      throws Exception {
    operator.initializeState(
        new StreamTaskStateInitializerImpl(
            environment,
            backend,
            new SubTaskInitializationMetricsBuilder(clock.absoluteTimeMillis()),
            clock::absoluteTimeMillis,
            timers,
            StreamTaskCancellationContext.alwaysRunning()));
  }

  void open() throws Exception {
    operator.open();
  }

  void element(int input, StreamRecord<Object> record) throws Exception {
    checkPlace(input, record.getValue());
    Input<Object> reader = inputs.get(input).reader;
    reader.setKeyContextElement(record);
    reader.processElement(record);
  }

  /** An exchange would have sent the record of another subtask there. */
  private void checkPlace(int input, Object value) throws Exception {
    if (place.parallelism == 1 || input >= selectors.length || selectors[input] == null) {
      return;
    }
    @SuppressWarnings("unchecked")
    Object key = ((KeySelector<Object, Object>) selectors[input]).getKey(value);
    int subtask =
        KeyGroupRangeAssignment.assignKeyToParallelOperator(
            key, place.maxParallelism, place.parallelism);
    if (subtask != place.subtask) {
      throw new WrongSubtaskException(
          "the record's key belongs to subtask "
              + subtask
              + ", and this is subtask "
              + place.subtask
              + " of "
              + place.parallelism);
    }
  }

  void watermark(int input, int channel, long timestamp) throws Exception {
    InputState state = inputs.get(input);
    if (state.watermarks.updateWatermark(channel, timestamp)) {
      state.reader.processWatermark(new Watermark(state.watermarks.getCombinedWatermark()));
    }
  }

  void status(int input, int channel, WatermarkStatus status) throws Exception {
    InputState state = inputs.get(input);
    boolean advanced = state.watermarks.updateStatus(channel, status.isIdle());
    if (state.idle != state.watermarks.isIdle()) {
      state.idle = state.watermarks.isIdle();
      state.reader.processWatermarkStatus(
          state.idle ? WatermarkStatus.IDLE : WatermarkStatus.ACTIVE);
    }
    if (advanced && !state.idle) {
      state.reader.processWatermark(new Watermark(state.watermarks.getCombinedWatermark()));
    }
  }

  /** One edge has ended; after the last one of all inputs the operator ends, too. */
  void endInput(int input, int channel) throws Exception {
    InputState state = inputs.get(input);
    if (--state.open > 0) {
      return;
    }
    if (operator instanceof BoundedOneInput) {
      ((BoundedOneInput) operator).endInput();
    } else if (operator instanceof BoundedMultiInput) {
      ((BoundedMultiInput) operator).endInput(input + 1);
    }
    for (InputState other : inputs) {
      if (other.open > 0) {
        return;
      }
    }
    operator.finish();
    output.endInput();
  }

  /** What operators gather they emit before a barrier; there is no other way to ask for it. */
  void flush() throws Exception {
    operator.prepareSnapshotPreBarrier(0);
  }

  /** Whether an asynchronous function has not answered yet. */
  boolean anyInFlight() {
    if (!(operator instanceof AbstractUdfStreamOperator)) {
      return false;
    }
    Object function = ((AbstractUdfStreamOperator<?, ?>) operator).getUserFunction();
    return function instanceof InFlight && ((InFlight) function).anyInFlight();
  }

  OperatorSubtaskState snapshot(long checkpoint, long time) throws Exception {
    return new OperatorSnapshotFinalizer(
            operator.snapshotState(
                checkpoint,
                time,
                CheckpointOptions.forCheckpointWithDefaultLocation(),
                new MemCheckpointStreamFactory(Integer.MAX_VALUE)))
        .getJobManagerOwnedState();
  }

  void notifyCheckpointComplete(long checkpoint) throws Exception {
    operator.notifyCheckpointComplete(checkpoint);
  }

  void close() throws Exception {
    if (operator != null) {
      operator.close();
    }
  }

  // ---- what a test asks ----

  TimerServices timers() {
    return timers;
  }

  boolean isKeyed() {
    return backend() != null;
  }

  private KeyedStateBackend<Object> backend() {
    return operator instanceof AbstractStreamOperator
        ? ((AbstractStreamOperator<?>) operator).<Object>getKeyedStateBackend()
        : null;
  }

  /** The keys that have a value in a state. */
  List<Object> keysOf(String state) throws Exception {
    if (operator instanceof PythonChainOperator) {
      ((PythonChainOperator<?>) operator).writeState();
    }
    List<Object> keys = new ArrayList<>();
    try (Stream<Object> all = backend().getKeys(state, VoidNamespace.INSTANCE)) {
      all.forEach(keys::add);
    }
    return keys;
  }

  /** How Python reads the keys; the type is null where Java sees pickled ones. */
  HarnessKeys keys(TypeInformation<?> declared) {
    if (spec != null && spec.stateKeyType() != null) {
      boolean encoded = false;
      for (InputSpec input : spec.inputs()) {
        encoded |= input.keyType() != null && input.isEncoded();
      }
      return HarnessKeys.of(spec.stateKeyType(), encoded);
    }
    return HarnessKeys.of(declared == null ? PickledBytesTypeInfo.INSTANCE : declared, false);
  }
}
