// Sends a record to the partition that a Python partitioner has chosen before.
package io.pyflinkshell.graph;

import org.apache.flink.api.common.functions.Partitioner;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.runtime.partitioner.CustomPartitionerWrapper;
import org.apache.flink.types.Row;

/** The key of a record is the number of its partition, which was checked where it was made. */
public final class ChosenPartition implements Partitioner<Object> {
  private static final long serialVersionUID = 1L;

  private ChosenPartition() {}

  /** The partitioner for records whose key {@code numberOf} finds. */
  public static <T> CustomPartitionerWrapper<Object, T> partitioner(
      KeySelector<T, Object> numberOf) {
    return new CustomPartitionerWrapper<>(new ChosenPartition(), numberOf);
  }

  /** The partitioner for Row(number, value), the form that Java operators see. */
  public static CustomPartitionerWrapper<Object, Row> ofRows() {
    return partitioner(new RowKeySelector(false));
  }

  @Override
  public int partition(Object number, int partitions) {
    return (Integer) number;
  }
}
