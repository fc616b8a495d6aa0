// The state of a chain in Flink's keyed state backend, as bytes by encoded key.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.KeyDecoder;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;

/** One ValueState for the function of the chain's first step; made when first used. */
final class KeyedState implements KeyedStateAccess {
  private static final String NAME = "python-state";

  private final PythonChainOperator<?> operator;
  private final KeyDecoder keys;
  private ValueState<byte[]> state;

  KeyedState(PythonChainOperator<?> operator, KeyDecoder keys) {
    this.operator = operator;
    this.keys = keys;
  }

  /** Registers the state, so that a restored backend finds its serializer. */
  void register() throws Exception {
    state =
        operator
            .getRuntimeContext()
            .getState(new ValueStateDescriptor<>(NAME, BytePrimitiveArraySerializer.INSTANCE));
  }

  @Override
  public byte[] get(byte[] key) throws Exception {
    operator.setCurrentKey(keys.decode(key, 0, key.length));
    return state.value();
  }

  @Override
  public void put(byte[] key, byte[] value) throws Exception {
    operator.setCurrentKey(keys.decode(key, 0, key.length));
    if (value == null) {
      state.clear();
    } else {
      state.update(value);
    }
  }
}
