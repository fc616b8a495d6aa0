// Keyed state, timers and windows in Java: the same functions as in streams.py.
package bench;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.Collector;

class KeyedWork {
  /** {@code size}: keys, timers or windows at a time, or entries of a map. */
  static DataStream<Long> of(String work, long size, DataStream<Long> numbers) {
    if (work.startsWith("timers")) {
      return stamped(numbers).keyBy(x -> x % 1000, Types.LONG).process(new Timed(size));
    }
    if (work.equals("window")) {
      return windowed(numbers, 100, 100);
    }
    if (work.startsWith("windows")) {
      return windowed(numbers, size, 10);
    }
    if (work.startsWith("entries")) {
      return numbers.keyBy(x -> 0L, Types.LONG).process(new Entries(size));
    }
    return numbers
        .keyBy(x -> x % size, Types.LONG)
        .process(work.equals("append") ? new Append() : new Count());
  }

  private static DataStream<Long> stamped(DataStream<Long> numbers) {
    return numbers.assignTimestampsAndWatermarks(
        WatermarkStrategy.<Long>forMonotonousTimestamps()
            .withTimestampAssigner((value, before) -> value));
  }

  /** Windows of so many keys, of so many records each. */
  private static DataStream<Long> windowed(DataStream<Long> numbers, long keys, long each) {
    return stamped(numbers)
        .keyBy(x -> x % keys, Types.LONG)
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(keys * each)))
        .aggregate(new CountAll());
  }

  static class CountAll implements AggregateFunction<Long, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Long value, Long accumulator) {
      return accumulator + 1;
    }

    @Override
    public Long getResult(Long accumulator) {
      return accumulator;
    }

    @Override
    public Long merge(Long a, Long b) {
      return a + b;
    }
  }

  static class Count extends KeyedProcessFunction<Long, Long, Long> {
    private transient ValueState<Long> count;

    @Override
    public void open(OpenContext context) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
    }

    @Override
    public void processElement(Long value, Context context, Collector<Long> out) throws Exception {
      Long before = count.value();
      long now = before == null ? 1 : before + 1;
      count.update(now);
      out.collect(now);
    }
  }

  static class Append extends KeyedProcessFunction<Long, Long, Long> {
    private transient ListState<Long> list;

    @Override
    public void open(OpenContext context) {
      list = getRuntimeContext().getListState(new ListStateDescriptor<>("list", Types.LONG));
    }

    @Override
    public void processElement(Long value, Context context, Collector<Long> out) throws Exception {
      if (value % 100_000 < 1000) {
        list.clear();
      }
      list.add(value);
    }
  }

  static class Entries extends KeyedProcessFunction<Long, Long, Long> {
    private final long entries;
    private transient MapState<Long, Long> map;

    Entries(long entries) {
      this.entries = entries;
    }

    @Override
    public void open(OpenContext context) {
      map =
          getRuntimeContext()
              .getMapState(new MapStateDescriptor<>("map", Types.LONG, Types.LONG));
    }

    @Override
    public void processElement(Long value, Context context, Collector<Long> out) throws Exception {
      map.put(value % entries, value);
    }
  }

  static class Timed extends KeyedProcessFunction<Long, Long, Long> {
    private final long later;

    Timed(long later) {
      this.later = later;
    }

    @Override
    public void processElement(Long value, Context context, Collector<Long> out) {
      context.timerService().registerEventTimeTimer(value + later);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out) {
      out.collect(timestamp);
    }
  }
}
