// A keyed Python operator in Flink's harness, with a chain in plain Java.
package io.pyflinkshell.operator;

import io.pyflinkshell.graph.EncodedKeySelector;
import io.pyflinkshell.types.EncodedRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** Keys and values are longs. */
final class KeyedHarness {
  private KeyedHarness() {}

  static EncodedRecord record(long key, long value) {
    ByteBuffer data = ByteBuffer.allocate(25).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(8).putInt(9).putLong(key).put((byte) 1).putLong(value);
    return new EncodedRecord(data.array(), 8);
  }

  static byte[] key(long key) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(key).array();
  }

  static KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> of(
      int kind, StateBackend backend, int maxParallelism, int parallelism, int subtask)
      throws Exception {
    return of(
        new PythonStep(kind, "Process", new byte[0], Types.LONG),
        backend,
        maxParallelism,
        parallelism,
        subtask);
  }

  static KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> of(
      PythonStep step, StateBackend backend, int maxParallelism, int parallelism, int subtask)
      throws Exception {
    ChainSpec spec =
        new ChainSpec(Collections.singletonList(step), Types.LONG, Types.LONG, null)
            .withInEncoded(0, true);
    @SuppressWarnings("unchecked")
    TypeInformation<Object> keyType = (TypeInformation<Object>) (TypeInformation<?>) Types.LONG;
    KeyedOneInputStreamOperatorTestHarness<Object, EncodedRecord, Long> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new PythonChainOperatorFactory<>(spec),
            new EncodedKeySelector(Types.LONG),
            keyType,
            maxParallelism,
            parallelism,
            subtask);
    harness.setStateBackend(backend);
    harness.setup(LongSerializer.INSTANCE);
    return harness;
  }

  /** "value@timestamp" of records, the text of everything else. */
  static List<String> output(KeyedOneInputStreamOperatorTestHarness<?, ?, Long> harness) {
    List<String> output = new ArrayList<>();
    for (Object element : harness.getOutput()) {
      if (element instanceof StreamRecord) {
        StreamRecord<?> record = (StreamRecord<?>) element;
        output.add(record.getValue() + "@" + record.getTimestamp());
      } else {
        output.add(element.toString().replaceAll(" .*|\\(.*", ""));
      }
    }
    return output;
  }
}
