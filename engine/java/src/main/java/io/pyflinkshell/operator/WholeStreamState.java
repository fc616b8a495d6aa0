// The state of a chain that reduces a stream without keys, in Flink's operator state, as bytes.
package io.pyflinkshell.operator;

import java.util.Collections;
import java.util.Iterator;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;

/** A list of one element, or none before the first record. The operator has parallelism 1. */
final class WholeStreamState implements KeyedStateAccess {
  private static final String NAME = "python-state";

  private final ListState<byte[]> state;

  WholeStreamState(OperatorStateStore store) throws Exception {
    state =
        store.getListState(new ListStateDescriptor<>(NAME, BytePrimitiveArraySerializer.INSTANCE));
  }

  @Override
  public byte[] get(byte[] key) throws Exception {
    Iterator<byte[]> values = state.get().iterator();
    return values.hasNext() ? values.next() : null;
  }

  @Override
  public void put(byte[] key, byte[] value) throws Exception {
    if (value == null) {
      state.clear();
    } else {
      state.update(Collections.singletonList(value));
    }
  }
}
