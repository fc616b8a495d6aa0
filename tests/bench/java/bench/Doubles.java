// A map from a number to an array of a thousand doubles.
package bench;

import java.util.Arrays;
import org.apache.flink.api.common.functions.MapFunction;

public class Doubles implements MapFunction<Long, double[]> {
  private static final long serialVersionUID = 1L;

  @Override
  public double[] map(Long value) {
    double[] array = new double[1000];
    Arrays.fill(array, value);
    return array;
  }
}
