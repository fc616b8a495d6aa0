// The state of a chain that reduces a stream without keys, in Flink's operator state, as bytes.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
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
  public byte[] ask(int question, int number, byte[] key, byte[] argument) throws Exception {
    Iterator<byte[]> values = state.get().iterator();
    return values.hasNext() ? values.next() : null;
  }

  /** There is one state of one key, and it is written as a whole. */
  @Override
  public void apply(ByteBuffer in) throws Exception {
    while (in.hasRemaining()) {
      in.getInt();
      in.position(in.getInt() + in.position());
      in.get();
      in.getInt();
      byte[] value = new byte[in.getInt()];
      in.get(value);
      state.update(Collections.singletonList(value));
    }
  }

  @Override
  public boolean onDisk() {
    return false;
  }

  @Override
  public int cacheSize() {
    return 0;
  }
}
