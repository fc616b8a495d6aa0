// Batches of one sink subtask that wait for the checkpoint after which no restart repeats them.
// A batch costs one entry; what is more than a few megabytes lies in a temporary file.
package io.pyflinkshell.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** In the order in which they were written; not thread-safe. */
final class PendingRows implements AutoCloseable {
  /** How much is kept in memory. */
  private static final long MEMORY_BYTES = 16 << 20;

  private static final long NO_CHECKPOINT = Long.MAX_VALUE;

  /** A batch in memory, or its place in the file. */
  private static final class Entry {
    final byte[] batch;
    final long position;
    final int length;
    long checkpoint = NO_CHECKPOINT;

    Entry(byte[] batch, long position, int length) {
      this.batch = batch;
      this.position = position;
      this.length = length;
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final long memoryBytes;
  private long bytesInMemory;
  private FileChannel file;
  private long fileEnd;

  PendingRows() {
    this(MEMORY_BYTES);
  }

  PendingRows(long memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  void add(byte[] batch) throws IOException {
    if (bytesInMemory + batch.length <= memoryBytes) {
      bytesInMemory += batch.length;
      entries.add(new Entry(batch, 0, batch.length));
      return;
    }
    if (file == null) {
      Path path = Files.createTempFile("pyflink-collect-", ".rows");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    entries.add(new Entry(null, fileEnd, batch.length));
    ByteBuffer rest = ByteBuffer.wrap(batch);
    while (rest.hasRemaining()) {
      fileEnd += file.write(rest, fileEnd);
    }
  }

  /** What was added since the last one belongs to this checkpoint. */
  void checkpoint(long id) {
    Iterator<Entry> newestFirst = entries.descendingIterator();
    while (newestFirst.hasNext()) {
      Entry entry = newestFirst.next();
      if (entry.checkpoint != NO_CHECKPOINT) {
        return;
      }
      entry.checkpoint = id;
    }
  }

  /** The first batch if it belongs to this checkpoint or an earlier one, else null. */
  byte[] peek(long checkpoint) throws IOException {
    Entry first = entries.peek();
    if (first == null || first.checkpoint > checkpoint) {
      return null;
    }
    return read(first);
  }

  /** The first batch, whatever it belongs to, or null. */
  byte[] peek() throws IOException {
    Entry first = entries.peek();
    return first == null ? null : read(first);
  }

  private byte[] read(Entry entry) throws IOException {
    if (entry.batch != null) {
      return entry.batch;
    }
    ByteBuffer bytes = ByteBuffer.allocate(entry.length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, entry.position + bytes.position()) < 0) {
        throw new IOException("the file of collected rows ended early");
      }
    }
    return bytes.array();
  }

  /** Forgets the first batch. */
  void remove() throws IOException {
    Entry first = entries.remove();
    if (first.batch != null) {
      bytesInMemory -= first.length;
    }
    if (entries.isEmpty() && file != null) {
      file.truncate(0);
      fileEnd = 0;
    }
  }

  /** Forgets all batches; later ones can be added. */
  void clear() throws IOException {
    entries.clear();
    bytesInMemory = 0;
    if (file != null) {
      file.truncate(0);
      fileEnd = 0;
    }
  }

  @Override
  public void close() throws IOException {
    entries.clear();
    bytesInMemory = 0;
    if (file != null) {
      file.close();
      file = null;
      fileEnd = 0;
    }
  }
}
