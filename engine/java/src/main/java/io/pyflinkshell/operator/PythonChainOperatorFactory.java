// What the job graph carries of a Python operator with one input.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** See {@link PythonOperatorFactory}. */
public final class PythonChainOperatorFactory<IN, OUT> extends AbstractStreamOperatorFactory<OUT>
    implements OneInputStreamOperatorFactory<IN, OUT>, PythonOperatorFactory {
  private static final long serialVersionUID = 1L;

  /** Tests put a chain in plain Java here. */
  static ChainCalls.Opener opener = NativeCalls::open;

  private final ChainSpec spec;

  public PythonChainOperatorFactory(ChainSpec spec) {
    this.spec = spec;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  /** The same operator settings as {@code other}, for a node that replaces it. */
  public PythonChainOperatorFactory(ChainSpec spec, StreamOperatorFactory<?> other) {
    this.spec = spec;
    this.chainingStrategy = other.getChainingStrategy();
  }

  @Override
  public ChainSpec spec() {
    return spec;
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
