// What the job graph carries of an asynchronous function.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Immutable. The payload is the pickled function and its retry strategy. */
final class AsyncSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  final String name;
  final byte[] payload;
  final InputSpec input;
  final TypeInformation<?> outType;

  AsyncSpec(String name, byte[] payload, InputSpec input, TypeInformation<?> outType) {
    this.name = name;
    this.payload = payload;
    this.input = input;
    this.outType = outType;
  }

  AsyncSpec withInEncoded(boolean encoded) {
    return new AsyncSpec(name, payload, input.withEncoded(encoded), outType);
  }

  AsyncSpec withName(String newName) {
    return new AsyncSpec(newName, payload, input, outType);
  }

  int inMode() {
    return input.encoded ? NativeChain.ENCODED : NativeChain.TYPED;
  }

  byte[] outSchema() {
    return TypeSchema.of(outType);
  }
}
