// What the job graph carries of a Python operator with one input.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** See {@link PythonOperatorFactory}. */
public final class PythonChainOperatorFactory<IN, OUT> extends ChainOperatorFactory<OUT>
    implements OneInputStreamOperatorFactory<IN, OUT> {
  private static final long serialVersionUID = 1L;

  public PythonChainOperatorFactory(ChainSpec spec) {
    super(spec);
  }

  /** The same operator settings as {@code other}, for a node that replaces it. */
  public PythonChainOperatorFactory(ChainSpec spec, StreamOperatorFactory<?> other) {
    super(spec, other);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<OUT>> T createStreamOperator(
      StreamOperatorParameters<OUT> parameters) {
    return (T)
        (isWindow()
            ? new WindowChainOperator<IN, OUT>(parameters, spec, opener)
            : new OneInputChainOperator<IN, OUT>(parameters, spec, opener));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return isWindow() ? WindowChainOperator.class : OneInputChainOperator.class;
  }

  private boolean isWindow() {
    return spec.steps.get(0).kind == PythonStep.WINDOW;
  }
}
