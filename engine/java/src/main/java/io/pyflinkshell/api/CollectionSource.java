// from_collection: a bounded source over records in wire form, with one split and one reader.
// A record costs its decoding; the bytes travel with the job graph, so a restart reads them again.
package io.pyflinkshell.api;

import io.pyflinkshell.codec.ValueCodec;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The only split is the position from which to read on. */
final class CollectionSource
    implements Source<Object, CollectionSource.Split, Boolean>, ResultTypeQueryable<Object> {
  private static final long serialVersionUID = 1L;

  private final byte[] records;
  private final TypeInformation<Object> type;

  CollectionSource(byte[] records, TypeInformation<Object> type) {
    this.records = records;
    this.type = type;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public TypeInformation<Object> getProducedType() {
    return type;
  }

  @Override
  public SourceReader<Object, Split> createReader(SourceReaderContext context) {
    return new Reader(context, records, ValueCodec.of(type));
  }

  @Override
  public SplitEnumerator<Split, Boolean> createEnumerator(SplitEnumeratorContext<Split> context) {
    return new Enumerator(context, false);
  }

  @Override
  public SplitEnumerator<Split, Boolean> restoreEnumerator(
      SplitEnumeratorContext<Split> context, Boolean assigned) {
    return new Enumerator(context, assigned);
  }

  @Override
  public SimpleVersionedSerializer<Split> getSplitSerializer() {
    return new SplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
    return new FlagSerializer();
  }

  /** Where to read on. */
  static final class Split implements SourceSplit, Serializable {
    private static final long serialVersionUID = 1L;

    final int position;

    Split(int position) {
      this.position = position;
    }

    @Override
    public String splitId() {
      return "collection";
    }
  }

  private static final class Reader implements SourceReader<Object, Split> {
    private final SourceReaderContext context;
    private final ByteBuffer records;
    private final ValueCodec codec;
    private final CompletableFuture<Void> available = new CompletableFuture<>();
    private boolean assigned;

    Reader(SourceReaderContext context, byte[] records, ValueCodec codec) {
      this.context = context;
      this.records = ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN);
      this.codec = codec;
    }

    @Override
    public void start() {
      if (!assigned) {
        context.sendSplitRequest();
      }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Object> output) {
      if (!assigned) {
        return available.isDone() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
      }
      if (!records.hasRemaining()) {
        return InputStatus.END_OF_INPUT;
      }
      int flags = records.get();
      boolean stamped = (flags & 1) != 0;
      long timestamp = stamped ? records.getLong() : 0;
      Object value = (flags & 2) != 0 ? null : codec.read(records);
      if (stamped) {
        output.collect(value, timestamp);
      } else {
        output.collect(value);
      }
      return records.hasRemaining() ? InputStatus.MORE_AVAILABLE : InputStatus.END_OF_INPUT;
    }

    @Override
    public List<Split> snapshotState(long checkpointId) {
      return assigned
          ? Collections.singletonList(new Split(records.position()))
          : Collections.emptyList();
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return available;
    }

    @Override
    public void addSplits(List<Split> splits) {
      for (Split split : splits) {
        records.position(split.position);
        assigned = true;
      }
      available.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {
      available.complete(null);
    }

    @Override
    public void close() {}
  }

  private static final class Enumerator implements SplitEnumerator<Split, Boolean> {
    private final SplitEnumeratorContext<Split> context;
    private final List<Split> free = new ArrayList<>();

    Enumerator(SplitEnumeratorContext<Split> context, boolean assigned) {
      this.context = context;
      if (!assigned) {
        free.add(new Split(0));
      }
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String host) {
      if (!free.isEmpty()) {
        context.assignSplit(free.remove(0), subtask);
      } else {
        context.signalNoMoreSplits(subtask);
      }
    }

    @Override
    public void addSplitsBack(List<Split> splits, int subtask) {
      free.addAll(splits);
    }

    @Override
    public void addReader(int subtask) {}

    @Override
    public Boolean snapshotState(long checkpointId) {
      return free.isEmpty();
    }

    @Override
    public void close() {}
  }

  private static final class SplitSerializer implements SimpleVersionedSerializer<Split> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Split split) {
      return ByteBuffer.allocate(Integer.BYTES).putInt(split.position).array();
    }

    @Override
    public Split deserialize(int version, byte[] bytes) {
      return new Split(ByteBuffer.wrap(bytes).getInt());
    }
  }

  private static final class FlagSerializer implements SimpleVersionedSerializer<Boolean> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Boolean flag) {
      return new byte[] {(byte) (flag ? 1 : 0)};
    }

    @Override
    public Boolean deserialize(int version, byte[] bytes) {
      return bytes[0] != 0;
    }
  }
}
