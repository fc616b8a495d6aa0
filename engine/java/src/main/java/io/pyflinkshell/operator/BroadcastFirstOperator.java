// In batch mode the broadcast stream is complete before the first record of the other one is read.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** The second input is the broadcast one; the first one is not keyed. */
final class BroadcastFirstOperator<IN1, IN2, OUT> extends TwoInputChainOperator<IN1, IN2, OUT>
    implements InputSelectable {
  private static final long serialVersionUID = 1L;

  private transient boolean broadcastEnded;

  BroadcastFirstOperator(
      StreamOperatorParameters<OUT> parameters, ChainSpec spec, ChainCalls.Opener opener) {
    super(parameters, spec, opener);
  }

  @Override
  public void endInput(int input) throws Exception {
    broadcastEnded |= input == 2;
    super.endInput(input);
  }

  @Override
  public InputSelection nextSelection() {
    return broadcastEnded ? InputSelection.FIRST : InputSelection.SECOND;
  }
}
