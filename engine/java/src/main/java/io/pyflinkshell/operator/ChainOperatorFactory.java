// What the factories of operators that run a chain have in common.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;

/** Holds the specification; subclasses make the operator. */
abstract class ChainOperatorFactory<OUT> extends AbstractStreamOperatorFactory<OUT>
    implements PythonOperatorFactory {
  private static final long serialVersionUID = 1L;

  /** Tests put a chain in plain Java here. */
  static ChainCalls.Opener opener = NativeCalls::open;

  final ChainSpec spec;

  ChainOperatorFactory(ChainSpec spec) {
    this.spec = spec;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  /** The same operator settings as {@code other}, for a node that replaces it. */
  ChainOperatorFactory(ChainSpec spec, StreamOperatorFactory<?> other) {
    this.spec = spec;
    this.chainingStrategy = other.getChainingStrategy();
  }

  @Override
  public final ChainSpec spec() {
    return spec;
  }
}
