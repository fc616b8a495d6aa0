// What windows hold, in plain Java: sums longs for each key and window as the commands say.
package io.pyflinkshell.operator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;

/** ENCODED (long key, long value) in and TYPED longs out; late records leave negated. */
final class WindowChain implements ChainCalls {
  final List<String> ends = new ArrayList<>();
  private final KeyedStates state;
  private final int number;
  private final Map<ByteBuffer, Long> sums = new LinkedHashMap<>();
  private ByteBuffer input = buffer(1 << 12);
  private ByteBuffer output = buffer(1 << 16);
  private long value;
  private long key;

  WindowChain(KeyedStateAccess state) throws Exception {
    this.state = (KeyedStates) state;
    number = this.state.registerOfWindow(1, "window-contents", Types.LONG, null, null);
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] window(ByteBuffer in) {
    byte[] bytes = new byte[in.get()];
    in.get(bytes);
    return bytes;
  }

  /** The key of the state: a record's key, the window, and its length. */
  private ByteBuffer place(byte[] window) {
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + window.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(key)
            .put(window)
            .putInt(window.length);
    return ByteBuffer.wrap(bytes.array());
  }

  private Long take(byte[] window) {
    ByteBuffer place = place(window);
    if (!sums.containsKey(place)) {
      sums.put(place, stored(place));
    }
    return sums.get(place);
  }

  private Long stored(ByteBuffer place) {
    try {
      byte[] bytes = state.ask(KeyedStateAccess.READ, number, place.array(), null);
      return bytes == null ? null : BoundState.little(bytes).getLong();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(byte[] window, Long more) {
    Long old = take(window);
    sums.put(place(window), old == null ? more : more == null ? old : (Long) (old + more));
  }

  private void record(ByteBuffer in) {
    int flags = in.get();
    if ((flags & 1) != 0) {
      in.getLong();
    }
    in.getLong();
    key = in.getLong();
    in.get();
    value = in.getLong();
  }

  private void key(ByteBuffer in) {
    in.getInt();
    key = in.getLong();
  }

  @Override
  public long run(int inBytes) {
    ByteBuffer in = input.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    in.clear().limit(inBytes);
    output.clear();
    while (in.hasRemaining()) {
      command(in.get() & 0xff, in);
    }
    return output.position();
  }

  private void command(int command, ByteBuffer in) {
    byte[] window;
    switch (command) {
      case 0x80:
        in.getLong();
        in.getLong();
        break;
      case 0xa1:
        window = window(in);
        record(in);
        add(window, value);
        break;
      case 0xa2:
        add(window(in), value);
        break;
      case 0xa3:
        window = window(in);
        window(in);
        in.get();
        long timestamp = in.getLong();
        key(in);
        Long sum = take(window);
        if (sum != null) {
          output.put((byte) 1).putLong(timestamp).putLong(sum);
        }
        break;
      case 0xa4:
        window = window(in);
        key(in);
        take(window);
        sums.put(place(window), null);
        break;
      case 0xa5:
        ByteBuffer ended = BoundState.little(window(in));
        key(in);
        ends.add(key + ":" + ended.getLong() + "-" + ended.getLong());
        break;
      case 0xa6:
        window = window(in);
        key(in);
        for (int i = in.getInt(); i > 0; i--) {
          byte[] other = window(in);
          add(window, take(other));
          sums.put(place(other), null);
        }
        break;
      case 0xa7:
        record(in);
        output.put((byte) 0).putLong(-value);
        break;
      default:
        throw new IllegalStateException("command " + command);
    }
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
    input = buffer(minCapacity);
    return input;
  }

  @Override
  public long endInput() {
    return 0;
  }

  @Override
  public long flushState() {
    output.clear();
    sums.forEach(
        (place, sum) -> {
          byte[] bytes = place.array();
          int start = output.position();
          output.putInt(0).putInt(bytes.length).put(bytes);
          output.put((byte) (sum == null ? BoundState.CLEAR : BoundState.WRITE)).putInt(number);
          output.putInt(sum == null ? 0 : 8);
          if (sum != null) {
            output.putLong(sum);
          }
          output.putInt(start, output.position() - start - 4);
        });
    sums.clear();
    return output.position();
  }

  @Override
  public void cancel() {}

  @Override
  public void close() {}
}
