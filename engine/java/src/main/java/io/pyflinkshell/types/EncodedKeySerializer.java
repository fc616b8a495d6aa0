// Writes and reads EncodedKey: keyed state, and sorting in batch mode (which compares these bytes).
package io.pyflinkshell.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Length-prefixed bytes. */
public final class EncodedKeySerializer extends TypeSerializerSingleton<EncodedKey> {
  private static final long serialVersionUID = 1L;

  public static final EncodedKeySerializer INSTANCE = new EncodedKeySerializer();

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public EncodedKey createInstance() {
    return new EncodedKey(new byte[0]);
  }

  @Override
  public EncodedKey copy(EncodedKey from) {
    return from;
  }

  @Override
  public EncodedKey copy(EncodedKey from, EncodedKey reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(EncodedKey key, DataOutputView target) throws IOException {
    target.writeInt(key.bytes().length);
    target.write(key.bytes());
  }

  @Override
  public EncodedKey deserialize(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return new EncodedKey(bytes);
  }

  @Override
  public EncodedKey deserialize(EncodedKey reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    int length = source.readInt();
    target.writeInt(length);
    target.write(source, length);
  }

  @Override
  public TypeSerializerSnapshot<EncodedKey> snapshotConfiguration() {
    return new Snapshot();
  }

  /** The format has no options. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<EncodedKey> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
