// Writes and reads EncodedRecord on exchanges and in Flink's sorters.
// One record costs one byte[] and one small object when read, nothing when copied.
package io.pyflinkshell.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Length-prefixed bytes; the key's length stands inside them. */
public final class EncodedRecordSerializer extends TypeSerializerSingleton<EncodedRecord> {
  private static final long serialVersionUID = 1L;

  public static final EncodedRecordSerializer INSTANCE = new EncodedRecordSerializer();

  private static final byte[] EMPTY = new byte[EncodedRecord.HEADER];

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public EncodedRecord createInstance() {
    return new EncodedRecord(EMPTY, 0);
  }

  @Override
  public EncodedRecord copy(EncodedRecord from) {
    return from;
  }

  @Override
  public EncodedRecord copy(EncodedRecord from, EncodedRecord reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(EncodedRecord record, DataOutputView target) throws IOException {
    target.writeInt(record.data.length);
    target.write(record.data, 0, record.data.length);
  }

  @Override
  public EncodedRecord deserialize(DataInputView source) throws IOException {
    byte[] data = new byte[source.readInt()];
    source.readFully(data, 0, data.length);
    int keyLength =
        (data[0] & 0xff) | (data[1] & 0xff) << 8 | (data[2] & 0xff) << 16 | (data[3] & 0xff) << 24;
    return new EncodedRecord(data, keyLength);
  }

  @Override
  public EncodedRecord deserialize(EncodedRecord reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    int length = source.readInt();
    target.writeInt(length);
    target.write(source, length);
  }

  @Override
  public TypeSerializerSnapshot<EncodedRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** The format has no options. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<EncodedRecord> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
