// The workloads in Java Flink: JavaStreams WORK N,N,...; WORK none sentences map chain wc first,
// append, window, keysK, rocksK, timersK, windowsK or entriesK as in streams.py
package bench;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

public class JavaStreams {
  private static DataStream<Tuple2<String, Integer>> words(DataStream<String> lines) {
    return lines
        .flatMap(
            (String line, Collector<String> out) -> {
              for (String word : line.split(" ")) {
                out.collect(word);
              }
            })
        .returns(Types.STRING)
        .map(word -> Tuple2.of(word, 1))
        .returns(Types.TUPLE(Types.STRING, Types.INT))
        .keyBy(pair -> pair.f0)
        .reduce((a, b) -> Tuple2.of(a.f0, a.f1 + b.f1));
  }

  public static void main(String[] args) throws Exception {
    String work = args[0];
    Configuration config = new Configuration();
    if (work.startsWith("rocks")) {
      config.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    }
    for (String text : args[1].split(",")) {
      long count = Long.parseLong(text);
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(config);
      env.setParallelism(1);
      if (work.equals("first")) {
        words(env.fromElements("a b c", "b c", "c d", "a", "d d")).print();
      } else {
        DataStream<Long> numbers =
            env.fromSource(
                new NumberSequenceSource(1, count), WatermarkStrategy.noWatermarks(), "numbers");
        pipeline(work, numbers).sinkTo(new DiscardingSink<>());
      }
      long begun = System.nanoTime();
      env.execute(work);
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf("RESULT {\"n\": %d, \"s\": %.6f}%n", count, seconds);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static DataStream<Object> pipeline(String work, DataStream<Long> numbers) {
    DataStream stream;
    String number = work.replaceAll("[a-z]+", "");
    if (work.equals("append") || work.equals("window") || !number.isEmpty()) {
      long size = number.isEmpty() ? 1000 : Long.parseLong(number);
      return (DataStream) KeyedWork.of(work, size, numbers);
    }
    switch (work) {
      case "none":
        stream = numbers;
        break;
      case "sentences":
        stream = numbers.map(new Sentences());
        break;
      case "map":
        stream = numbers.map(x -> x + 1).returns(Types.LONG);
        break;
      case "chain":
        stream =
            numbers
                .map(x -> x + 1)
                .returns(Types.LONG)
                .filter(x -> x % 2 == 0)
                .map(x -> x * 3)
                .returns(Types.LONG);
        break;
      case "wc":
        stream = words(numbers.map(new Sentences()));
        break;
      default:
        throw new IllegalArgumentException(work);
    }
    return stream;
  }
}
