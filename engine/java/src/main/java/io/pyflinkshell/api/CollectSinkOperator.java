// Gathers rows in wire form and passes them to the program in batches.
// A row between Python and the program costs one copy of its bytes; a row of Java its encoding.
package io.pyflinkshell.api;

import io.pyflinkshell.codec.ValueCodec;
import io.pyflinkshell.operator.BatchTicker;
import io.pyflinkshell.types.EncodedRecord;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** A batch goes when it is 64 KiB long, when the input pauses, before a barrier, and at the end. */
final class CollectSinkOperator extends AbstractStreamOperator<Object>
    implements OneInputStreamOperator<Object, Object>, BoundedOneInput {
  private static final long serialVersionUID = 1L;
  private static final int BATCH_BYTES = 64 * 1024;
  private static final long PAUSE_NANOS = 1_000_000L;
  private static final int NULL = 2;

  private final transient MailboxExecutor mailbox;
  private final transient CollectChannel channel;
  private final transient ValueCodec codec;
  private final transient Ticket ticket = new Ticket();
  private transient ByteBuffer batch = buffer(BATCH_BYTES + BATCH_BYTES / 4);
  private transient int whole; // bytes of complete records in batch
  private transient long number;
  private transient long lastEnd;

  CollectSinkOperator(
      StreamOperatorParameters<Object> parameters, long channel, TypeInformation<?> type) {
    this.mailbox = parameters.getMailboxExecutor();
    this.processingTimeService = parameters.getProcessingTimeService();
    this.channel = CollectChannel.find(channel);
    this.codec = type == null ? null : ValueCodec.of(type);
    setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
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
      fresh = System.nanoTime() - lastEnd > PAUSE_NANOS;
      if (!fresh) {
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

  private void flush() throws InterruptedException {
    int length = batch.position();
    if (length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOf(batch.array(), length);
    batch.clear();
    whole = 0;
    ticket.closed();
    if (channel != null) {
      channel.put(bytes);
    }
    lastEnd = System.nanoTime();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void endInput() throws Exception {
    flush();
  }

  @Override
  public void close() throws Exception {
    BatchTicker.instance().remove(ticket);
    // A failed job: what came before the failure is the reader's, if there is room without waiting.
    if (channel != null && whole > 0) {
      channel.offer(Arrays.copyOf(batch.array(), whole));
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
