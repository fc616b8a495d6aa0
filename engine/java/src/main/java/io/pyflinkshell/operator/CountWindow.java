// A number of records of a key that follow each other.
package io.pyflinkshell.operator;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.streaming.api.windowing.windows.Window;

/** Flink's own window for counts belongs to its tables, which are not on the class path. */
public final class CountWindow extends Window {
  private final long id;

  public CountWindow(long id) {
    this.id = id;
  }

  /** The number of the window, from 0. */
  public long id() {
    return id;
  }

  /** It has no end in time. */
  @Override
  public long maxTimestamp() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CountWindow && ((CountWindow) other).id == id;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  @Override
  public String toString() {
    return "CountWindow{id=" + id + '}';
  }

  /** Writes the number. */
  public static final class Serializer extends TypeSerializerSingleton<CountWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
      return true;
    }

    @Override
    public CountWindow createInstance() {
      return null;
    }

    @Override
    public CountWindow copy(CountWindow from) {
      return from;
    }

    @Override
    public CountWindow copy(CountWindow from, CountWindow reuse) {
      return from;
    }

    @Override
    public int getLength() {
      return Long.BYTES;
    }

    @Override
    public void serialize(CountWindow window, DataOutputView target) throws IOException {
      target.writeLong(window.id);
    }

    @Override
    public CountWindow deserialize(DataInputView source) throws IOException {
      return new CountWindow(source.readLong());
    }

    @Override
    public CountWindow deserialize(CountWindow reuse, DataInputView source) throws IOException {
      return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      target.writeLong(source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<CountWindow> snapshotConfiguration() {
      return new Snapshot();
    }

    /** What a savepoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<CountWindow> {
      public Snapshot() {
        super(Serializer::new);
      }
    }
  }
}
