// The key of an encoded record, for Flink's partitioner, state and batch sorting.
package io.pyflinkshell.graph;

import io.pyflinkshell.codec.KeyDecoder;
import io.pyflinkshell.types.EncodedRecord;
import java.io.IOException;
import java.io.ObjectInputStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;

/** Decodes the key only; each task has its own copy. */
public final class EncodedKeySelector implements KeySelector<EncodedRecord, Object> {
  private static final long serialVersionUID = 1L;

  private final TypeInformation<?> keyType;
  private transient KeyDecoder decoder;

  public EncodedKeySelector(TypeInformation<?> keyType) {
    this.keyType = keyType;
    this.decoder = new KeyDecoder(keyType);
  }

  @Override
  public Object getKey(EncodedRecord record) {
    return decoder.decode(record.data, EncodedRecord.HEADER, record.keyLength);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    decoder = new KeyDecoder(keyType);
  }
}
