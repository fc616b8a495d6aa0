// Gathers rows in wire form and passes them to the program in batches.
// A row between Python and the program costs one copy of its bytes; a row of Java its encoding.
package io.pyflinkshell.api;

import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.operator.BatchTicker;
import io.pyflinkshell.types.EncodedRecord;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * A batch goes when it is 64 KiB long, when the input pauses, before a barrier, and at the end.
 * With exactly-once checkpoints it waits until the next checkpoint is complete, and the state is
 * the number of that checkpoint: a restarted task knows by it what the program has or will get.
 */
final class CollectSinkOperator extends AbstractStreamOperator<Object>
    implements OneInputStreamOperator<Object, Object>, BoundedOneInput {
  private static final long serialVersionUID = 1L;
  private static final int BATCH_BYTES = 64 * 1024;
  private static final long PAUSE_NANOS = 1_000_000L;
  private static final int NULL = 2;
  private static final String STATE = "collected-until";

  private final transient MailboxExecutor mailbox;
  private final transient CollectChannel.Subtask channel;
  private final transient ValueCodec codec;
  private final transient Ticket ticket = new Ticket();
  private transient ByteBuffer batch = buffer(BATCH_BYTES + BATCH_BYTES / 4);
  private transient int whole; // bytes of complete records in batch
  private transient long number;
  private transient long lastEnd;
  private transient boolean exactlyOnce;
  private transient ListState<Long> lastCheckpoint;

  CollectSinkOperator(
      StreamOperatorParameters<Object> parameters, long channel, TypeInformation<?> type) {
    this.mailbox = parameters.getMailboxExecutor();
    this.processingTimeService = parameters.getProcessingTimeService();
    this.codec = type == null ? null : ValueCodec.of(type);
    setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    CollectChannel found = CollectChannel.find(channel);
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    this.channel = found == null ? null : found.subtask(subtask);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    StreamConfig config = getContainingTask().getConfiguration();
    exactlyOnce = config.isCheckpointingEnabled() && config.isExactlyOnceCheckpointMode();
    if (exactlyOnce) {
      lastCheckpoint =
          context
              .getOperatorStateStore()
              .getListState(new ListStateDescriptor<>(STATE, LongSerializer.INSTANCE));
    }
    if (channel == null || getRuntimeContext().getTaskInfo().getAttemptNumber() == 0) {
      return;
    }
    if (exactlyOnce) {
      long restored = -1;
      for (long id : lastCheckpoint.get()) {
        restored = Math.max(restored, id);
      }
      channel.restartedFrom(restored);
    } else {
      channel.restarted(!config.isCheckpointingEnabled());
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    BatchTicker.instance().add(ticket);
  }

  @Override
  public void processElement(StreamRecord<Object> record) throws Exception {
    boolean fresh = false;
    if (batch.position() == 0) {
      fresh = !exactlyOnce && System.nanoTime() - lastEnd > PAUSE_NANOS;
      if (!fresh && !exactlyOnce) {
        ticket.open(++number);
      }
    }
    int start = batch.position();
    while (true) {
      try {
        write(record.getValue());
        break;
      } catch (BufferOverflowException e) {
        batch.position(start);
        ByteBuffer larger = buffer(Math.multiplyExact(batch.capacity(), 2));
        batch.flip();
        larger.put(batch);
        batch = larger;
      }
    }
    whole = batch.position();
    if (fresh || whole >= BATCH_BYTES) {
      flush();
    }
  }

  private void write(Object value) {
    if (value == null) {
      batch.put((byte) NULL);
    } else if (codec == null) {
      batch.put((byte) 0).put(((EncodedRecord) value).data);
    } else {
      batch.put((byte) 0);
      codec.write(batch, value);
    }
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void flush() throws IOException, InterruptedException {
    int length = batch.position();
    if (length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOf(batch.array(), length);
    batch.clear();
    whole = 0;
    ticket.closed();
    if (channel != null && exactlyOnce) {
      channel.hold(bytes);
    } else if (channel != null) {
      channel.put(bytes);
    }
    lastEnd = System.nanoTime();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
    if (channel != null && exactlyOnce) {
      channel.checkpoint(checkpointId);
    }
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    if (exactlyOnce) {
      lastCheckpoint.update(Collections.singletonList(context.getCheckpointId()));
    }
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    if (channel != null && exactlyOnce) {
      channel.release(checkpointId);
    }
  }

  @Override
  public void endInput() throws Exception {
    flush();
  }

  @Override
  public void close() throws Exception {
    BatchTicker.instance().remove(ticket);
    // What came before a failure is the reader's, unless a restart brings it again.
    if (channel != null && whole > 0) {
      channel.hold(Arrays.copyOf(batch.array(), whole));
    }
    super.close();
  }

  /** The open batch as the ticker sees it. */
  private final class Ticket extends BatchTicker.Member {
    private volatile boolean asked;

    void open(long batchNumber) {
      batchOpened(batchNumber);
    }

    void closed() {
      batchClosed();
    }

    @Override
    protected void requestFlush(long batchNumber) {
      if (asked) {
        return;
      }
      asked = true;
      try {
        mailbox.execute(
            () -> {
              asked = false;
              flush();
            },
            "flush the collected batch %s",
            batchNumber);
      } catch (RejectedExecutionException e) {
        // The task is ending; it flushes by itself.
        return;
      }
    }
  }
}
