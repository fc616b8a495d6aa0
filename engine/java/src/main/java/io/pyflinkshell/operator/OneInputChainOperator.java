// A chain of Python functions on one stream.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** What comes after a record on its stream must not overtake it. */
class OneInputChainOperator<IN, OUT> extends PythonChainOperator<OUT>
    implements OneInputStreamOperator<IN, OUT>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  transient ChainInput reader;

  OneInputChainOperator(
      StreamOperatorParameters<OUT> parameters, ChainSpec spec, ChainCalls.Opener opener) {
    super(parameters, spec, opener);
  }

  @Override
  public void open() throws Exception {
    reader = ChainInput.of(spec, 0);
    super.open();
  }

  @Override
  public void processElement(StreamRecord<IN> record) throws Exception {
    add(reader, record);
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    flush();
    // As in Flink's operator, a generator says itself when its stream is idle.
    if (!makesWatermarks()) {
      super.processWatermarkStatus(status);
    }
  }

  @Override
  public void processLatencyMarker(LatencyMarker marker) throws Exception {
    flush();
    super.processLatencyMarker(marker);
  }

  @Override
  public void endInput() throws Exception {
    endInputs();
  }
}
