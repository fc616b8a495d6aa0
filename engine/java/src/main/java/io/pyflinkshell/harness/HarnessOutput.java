// Where an operator of a harness emits to: the next operators, and what the test reads.
package io.pyflinkshell.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.OutputTag;

/** Every edge is a call: there is one instance of each operator. */
final class HarnessOutput implements Output<StreamRecord<Object>> {
  /** One edge to the next operator. */
  private static final class Target {
    final HarnessOperator operator;
    final int input;
    final int channel;

    /** Only what is tagged with it, or only what is not tagged when it is null. */
    final OutputTag<?> tag;

    Target(HarnessOperator operator, int input, int channel, OutputTag<?> tag) {
      this.operator = operator;
      this.input = input;
      this.channel = channel;
      this.tag = tag;
    }
  }

  private final List<Target> targets = new ArrayList<>();

  /** What nobody in the program reads of the tagged records, by the tag's name. */
  private final Map<String, HarnessResults> sides;

  private HarnessResults results;

  HarnessOutput(Map<String, HarnessResults> sides) {
    this.sides = sides;
  }

  void to(HarnessOperator operator, int input, int channel, OutputTag<?> tag) {
    targets.add(new Target(operator, input, channel, tag));
  }

  void to(HarnessResults end) {
    results = end;
  }

  @Override
  public void collect(StreamRecord<Object> record) {
    try {
      for (Target target : targets) {
        if (target.tag == null) {
          // The next one may change it, and the one who emits uses it again.
          target.operator.element(target.input, record.copy(record.getValue()));
        }
      }
    } catch (Exception e) {
      ExceptionUtils.rethrow(e);
    }
    if (results != null) {
      results.add(record);
    }
  }

  @Override
  public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
    boolean read = false;
    try {
      for (Target target : targets) {
        if (tag.equals(target.tag)) {
          @SuppressWarnings("unchecked")
          StreamRecord<Object> copy = (StreamRecord<Object>) record.copy(record.getValue());
          target.operator.element(target.input, copy);
          read = true;
        }
      }
    } catch (Exception e) {
      ExceptionUtils.rethrow(e);
    }
    if (!read) {
      sides.computeIfAbsent(tag.getId(), id -> HarnessResults.typed(tag.getTypeInfo())).add(record);
    }
  }

  @Override
  public void emitWatermark(Watermark mark) {
    try {
      for (Target target : targets) {
        target.operator.watermark(target.input, target.channel, mark.getTimestamp());
      }
    } catch (Exception e) {
      ExceptionUtils.rethrow(e);
    }
    if (results != null) {
      results.note(HarnessResults.WATERMARK, mark.getTimestamp());
    }
  }

  @Override
  public void emitWatermarkStatus(WatermarkStatus status) {
    try {
      for (Target target : targets) {
        target.operator.status(target.input, target.channel, status);
      }
    } catch (Exception e) {
      ExceptionUtils.rethrow(e);
    }
    if (results != null) {
      results.note(status.isIdle() ? HarnessResults.IDLE : HarnessResults.ACTIVE, 0);
    }
  }

  @Override
  public void emitLatencyMarker(LatencyMarker marker) {}

  @Override
  public void emitRecordAttributes(RecordAttributes attributes) {}

  void endInput() throws Exception {
    for (Target target : targets) {
      target.operator.endInput(target.input, target.channel);
    }
  }

  @Override
  public void close() {}
}
