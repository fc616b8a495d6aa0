// A sink that measures how long each record was on its way, and prints percentiles at the end.
package bench;

import java.util.Arrays;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;

public class LatencySink extends RichSinkFunction<Long> {
  private static final long serialVersionUID = 1L;
  private final int skip;
  private final long[] nanos;
  private int seen;

  public LatencySink(int count, int skip) {
    this.skip = skip;
    this.nanos = new long[count];
  }

  @Override
  public void invoke(Long sent, Context context) {
    nanos[seen++] = System.nanoTime() - sent;
  }

  @Override
  public void close() {
    long[] sorted = Arrays.copyOfRange(nanos, skip, Math.max(skip + 1, seen));
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    System.out.printf(
        "RESULT {\"n\": %d, \"p50\": %.3f, \"p99\": %.3f, \"max\": %.3f}%n",
        sorted.length, sorted[last / 2] / 1e6, sorted[last * 99 / 100] / 1e6, sorted[last] / 1e6);
  }
}
