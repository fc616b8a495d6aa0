// The Java side of a WatermarkStrategy whose generator is written in Python.
package io.pyflinkshell.operator;

import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** Idleness and the like are added to it as to any strategy; see {@link ChainWatermarks}. */
public final class PythonWatermarks implements WatermarkGeneratorSupplier<Object> {
  private static final long serialVersionUID = 1L;

  private PythonWatermarks() {}

  public static WatermarkStrategy<Object> strategy() {
    return WatermarkStrategy.forGenerator(new PythonWatermarks());
  }

  @Override
  public WatermarkGenerator<Object> createWatermarkGenerator(Context context) {
    return ChainWatermarks.generatorOf(context);
  }
}
