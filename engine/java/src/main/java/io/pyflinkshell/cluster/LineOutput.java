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
  private static final String NOT_OPEN = "Bad file descriptor";

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

  /**
   * println is one line even when two threads print at once, in every JDK. It fails when the line
   * cannot be written, so that a job that prints ends when nobody reads it any more.
   */
  private static final class LinePrinter extends PrintStream {
    private final LineOutput lines;

    LinePrinter(LineOutput lines) {
      super(lines, false, StandardCharsets.UTF_8);
      this.lines = lines;
    }

    @Override
    public void println(String text) {
      byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      try {
        lines.write(bytes, 0, bytes.length);
      } catch (IOException e) {
        // A process that was started without standard output prints nothing, as in Python.
        if (!NOT_OPEN.equals(e.getMessage())) {
          throw new OutputClosedException(e);
        }
      }
    }

    @Override
    public void println(Object value) {
      println(String.valueOf(value));
    }
  }
}
