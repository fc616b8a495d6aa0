// The key of a Row(key, value), the form in which Java operators see a keyed stream.
package io.pyflinkshell.graph;

import io.pyflinkshell.types.EncodedKey;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.types.Row;

/** An undeclared key is its pickle's bytes here. */
public final class RowKeySelector implements KeySelector<Row, Object> {
  private static final long serialVersionUID = 1L;

  private final boolean pickled;

  public RowKeySelector(boolean pickled) {
    this.pickled = pickled;
  }

  @Override
  public Object getKey(Row row) {
    Object key = row.getField(0);
    return pickled ? new EncodedKey((byte[]) key) : key;
  }
}
