// What the job graph carries of a Python operator with two inputs.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** See {@link PythonOperatorFactory}. */
public final class TwoInputChainOperatorFactory<IN1, IN2, OUT> extends ChainOperatorFactory<OUT>
    implements TwoInputStreamOperatorFactory<IN1, IN2, OUT> {
  private static final long serialVersionUID = 1L;

  public TwoInputChainOperatorFactory(ChainSpec spec) {
    super(spec);
  }

  /** The same operator settings as {@code other}, for a node that replaces it. */
  public TwoInputChainOperatorFactory(ChainSpec spec, StreamOperatorFactory<?> other) {
    super(spec, other);
  }

  /**
   * Flink refuses checkpoints of operators that select their input, so streams have none. Where it
   * sorts the other input, which is keyed, it reads the broadcast one first by itself.
   */
  private boolean readsBroadcastFirst() {
    return spec.broadcasts() && spec.batchMode && spec.stateKeyType() == null;
  }

  private boolean joins() {
    return spec.steps.get(0).kind == PythonStep.INTERVAL_JOIN;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<OUT>> T createStreamOperator(
      StreamOperatorParameters<OUT> parameters) {
    if (joins()) {
      return (T) new IntervalJoinChainOperator<OUT>(parameters, spec, opener);
    }
    return (T)
        (readsBroadcastFirst()
            ? new BroadcastFirstOperator<IN1, IN2, OUT>(parameters, spec, opener)
            : new TwoInputChainOperator<IN1, IN2, OUT>(parameters, spec, opener));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    if (joins()) {
      return IntervalJoinChainOperator.class;
    }
    return readsBroadcastFirst() ? BroadcastFirstOperator.class : TwoInputChainOperator.class;
  }
}
