// The keys of an operator on their way to a test.
package io.pyflinkshell.harness;

import io.pyflinkshell.operator.ChainSpec;
import io.pyflinkshell.types.EncodedKey;
import io.pyflinkshell.types.PickledBytesTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Keys of undeclared types are bytes in Java: a pickle's, or those that only C reads. */
final class HarnessKeys {
  private final TypeInformation<?> type;
  private final boolean pickled;

  private HarnessKeys(TypeInformation<?> type, boolean pickled) {
    this.type = type;
    this.pickled = pickled;
  }

  static HarnessKeys of(TypeInformation<?> type, boolean encoded) {
    boolean undeclared = type instanceof PickledBytesTypeInfo;
    return new HarnessKeys(undeclared ? null : type, undeclared && !encoded);
  }

  HarnessResults newResults() {
    if (type != null) {
      return HarnessResults.typed(type);
    }
    return pickled
        ? HarnessResults.typed(PickledBytesTypeInfo.INSTANCE)
        : HarnessResults.raw(ChainSpec.encodedSchema(PickledBytesTypeInfo.INSTANCE));
  }

  /** Adds a key and a time to the results. */
  void add(HarnessResults results, Object key, long time) {
    Object value = key instanceof EncodedKey ? ((EncodedKey) key).bytes() : key;
    results.add(new StreamRecord<>(value, time));
  }
}
