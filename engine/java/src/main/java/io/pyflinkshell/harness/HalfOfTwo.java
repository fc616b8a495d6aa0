// One input of an operator that has two.
package io.pyflinkshell.harness;

import org.apache.flink.streaming.api.operators.Input;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** Calls the methods with 1 or with 2 at their end. */
final class HalfOfTwo implements Input<Object> {
  private final TwoInputStreamOperator<Object, Object, Object> operator;
  private final boolean first;

  HalfOfTwo(TwoInputStreamOperator<Object, Object, Object> operator, boolean first) {
    this.operator = operator;
    this.first = first;
  }

  @Override
  public void processElement(StreamRecord<Object> element) throws Exception {
    if (first) {
      operator.processElement1(element);
    } else {
      operator.processElement2(element);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (first) {
      operator.processWatermark1(mark);
    } else {
      operator.processWatermark2(mark);
    }
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (first) {
      operator.processWatermarkStatus1(status);
    } else {
      operator.processWatermarkStatus2(status);
    }
  }

  @Override
  public void processLatencyMarker(LatencyMarker marker) throws Exception {
    if (first) {
      operator.processLatencyMarker1(marker);
    } else {
      operator.processLatencyMarker2(marker);
    }
  }

  @Override
  public void setKeyContextElement(StreamRecord<Object> record) throws Exception {
    if (first) {
      operator.setKeyContextElement1(record);
    } else {
      operator.setKeyContextElement2(record);
    }
  }
}
