// System.out of the session: whole lines in UTF-8, each in one write to file descriptor 1, so that
// lines of Java, of streams that print, and of Python follow each other unmixed and at once.
// A line costs its encoding and one system call.
package io.pyflinkshell.cluster;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Holds what was printed until the line ends or someone flushes. */
final class LineOutput extends OutputStream {
  private static final int FIRST_CAPACITY = 8192;

  private final OutputStream out;
  private byte[] line = new byte[FIRST_CAPACITY];
  private int length;

  LineOutput(OutputStream out) {
    this.out = out;
  }

  static void install() {
    OutputStream descriptor = new FileOutputStream(FileDescriptor.out);
    System.setOut(new LinePrinter(new LineOutput(descriptor)));
  }

  @Override
  public synchronized void write(int b) throws IOException {
    reserve(1);
    line[length++] = (byte) b;
    if (b == '\n') {
      writeOut();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
    reserve(count);
    System.arraycopy(bytes, offset, line, length, count);
    length += count;
    if (count > 0 && bytes[offset + count - 1] == '\n') {
      writeOut();
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    writeOut();
  }

  private void reserve(int count) {
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
    }
  }

  private void writeOut() throws IOException {
    int count = length;
    length = 0;
    if (count > 0) {
      out.write(line, 0, count);
    }
    if (line.length > FIRST_CAPACITY * 16) {
      line = new byte[FIRST_CAPACITY];
    }
  }

  /** println is one line even when two threads print at once, in every JDK. */
  private static final class LinePrinter extends PrintStream {
    LinePrinter(OutputStream out) {
      super(out, false, StandardCharsets.UTF_8);
    }

    @Override
    public void println(String text) {
      byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      write(bytes, 0, bytes.length);
    }

    @Override
    public void println(Object value) {
      println(String.valueOf(value));
    }
  }
}
