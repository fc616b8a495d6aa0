// A map from a number to a sentence of ten words out of a thousand, always the same one.
package bench;

import org.apache.flink.api.common.functions.MapFunction;

public class Sentences implements MapFunction<Long, String> {
  private static final long serialVersionUID = 1L;

  @Override
  public String map(Long value) {
    long h = value * 0x9E3779B97F4A7C15L;
    StringBuilder line = new StringBuilder(64);
    for (int i = 0; i < 10; i++) {
      h ^= h >>> 29;
      h *= 0xBF58476D1CE4E5B9L;
      h ^= h >>> 32;
      if (i > 0) {
        line.append(' ');
      }
      line.append('w').append((h & 0x7fffffffL) % 1000);
    }
    return line.toString();
  }
}
