// A chain of Python functions whose first takes the records of two streams.
package io.pyflinkshell.operator;

import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.OutputTag;

/**
 * Both streams fill one batch, so that the functions see the records in the order in which they
 * arrived. A watermark of one stream ends the batch only when the lower of both rises.
 */
class TwoInputChainOperator<IN1, IN2, OUT> extends PythonChainOperator<OUT>
    implements TwoInputStreamOperator<IN1, IN2, OUT>, BoundedMultiInput {
  private static final long serialVersionUID = 1L;

  transient ChainInput first;
  transient ChainInput second;
  private transient int ended;

  TwoInputChainOperator(
      StreamOperatorParameters<OUT> parameters, ChainSpec spec, ChainCalls.Opener opener) {
    super(parameters, spec, opener);
    output = new FlushBeforeStatus(output);
  }

  @Override
  public void open() throws Exception {
    first = ChainInput.of(spec, 0);
    second = ChainInput.of(spec, 1);
    super.open();
  }

  @Override
  public void processElement1(StreamRecord<IN1> record) throws Exception {
    add(first, record);
  }

  @Override
  public void processElement2(StreamRecord<IN2> record) throws Exception {
    add(second, record);
  }

  @Override
  public void processLatencyMarker1(LatencyMarker marker) throws Exception {
    flush();
    super.processLatencyMarker1(marker);
  }

  @Override
  public void processLatencyMarker2(LatencyMarker marker) throws Exception {
    flush();
    super.processLatencyMarker2(marker);
  }

  @Override
  public void endInput(int input) throws Exception {
    if (++ended == spec.inputs.size()) {
      endInputs();
    } else {
      flush();
    }
  }

  /**
   * Flink's base class sends the status of both inputs on in methods that are final; the records
   * that came before it leave here.
   */
  private final class FlushBeforeStatus implements Output<StreamRecord<OUT>> {
    private final Output<StreamRecord<OUT>> next;

    FlushBeforeStatus(Output<StreamRecord<OUT>> next) {
      this.next = next;
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
      try {
        flush();
      } catch (Exception e) {
        ExceptionUtils.rethrow(e);
      }
      next.emitWatermarkStatus(status);
    }

    @Override
    public void collect(StreamRecord<OUT> record) {
      next.collect(record);
    }

    @Override
    public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
      next.collect(tag, record);
    }

    @Override
    public void emitWatermark(Watermark mark) {
      next.emitWatermark(mark);
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
      next.emitLatencyMarker(marker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {
      next.emitRecordAttributes(attributes);
    }

    @Override
    public void close() {
      next.close();
    }
  }
}
