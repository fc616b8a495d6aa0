// A chain in plain Java: adds one to each long of the first input and negates those of the second,
// or sums longs by key, and writes down what happens.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TYPED longs in and out, or ENCODED (long key, long value) in and TYPED longs out. */
class FakeChain implements ChainCalls {
  final List<String> calls = new ArrayList<>();
  final ChainSpec spec;
  private final KeyedStateAccess state;
  private final Map<Long, Long> dirty = new LinkedHashMap<>();
  private ByteBuffer input = buffer(256);
  private ByteBuffer output = buffer(64);
  private int read;
  private int end;
  RuntimeException failure;

  FakeChain(ChainSpec spec, KeyedStateAccess state) {
    this.spec = spec;
    this.state = state;
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer input() {
    return input;
  }

  @Override
  public ByteBuffer output() {
    return output;
  }

  @Override
  public ByteBuffer growInput(int minCapacity) {
    calls.add("grow");
    input = buffer(minCapacity);
    return input;
  }

  @Override
  public long run(int inBytes) {
    calls.add("run");
    if (failure != null) {
      throw failure;
    }
    if (inBytes > 0) {
      read = 0;
      end = inBytes;
    }
    ByteBuffer in = input.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    in.clear().position(read);
    output.clear();
    while (in.position() < end) {
      // Room for one record: flags, timestamp, long.
      if (output.remaining() < 17) {
        read = in.position();
        return output.position() | NativeChain.MORE;
      }
      byte flags = in.get();
      output.put((byte) (flags & ~ChainInput.FROM_SECOND));
      if ((flags & 1) != 0) {
        output.putLong(in.getLong());
      }
      if ((flags & 2) == 0) {
        output.putLong(result(flags, in));
      }
    }
    return output.position();
  }

  private long result(int flags, ByteBuffer in) {
    if ((flags & ChainInput.FROM_SECOND) != 0) {
      return -in.getLong();
    }
    return spec.inputs.get(0).encoded ? sum(in) : in.getLong() + 1;
  }

  private long sum(ByteBuffer in) {
    in.getLong();
    long key = in.getLong();
    in.get();
    long value = in.getLong();
    Long old = dirty.get(key);
    if (old == null) {
      byte[] stored = read(key);
      old = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }
    dirty.put(key, old + value);
    return old + value;
  }

  private byte[] read(long key) {
    try {
      return state.ask(KeyedStateAccess.READ, 0, keyBytes(key), null);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] keyBytes(long key) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(key).array();
  }

  @Override
  public long endInput() {
    calls.add("end");
    return 0;
  }

  @Override
  public long flushState() {
    calls.add("flushState");
    output.clear();
    while (!dirty.isEmpty()) {
      if (output.remaining() < 33) {
        return output.position() | NativeChain.MORE;
      }
      long key = dirty.keySet().iterator().next();
      output.putInt(29).putInt(8).putLong(key);
      output.put((byte) BoundState.WRITE).putInt(0).putInt(8);
      output.put(ByteBuffer.allocate(8).putLong(dirty.remove(key)).array());
    }
    return output.position();
  }

  @Override
  public void cancel() {
    calls.add("cancel");
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
