// What Java prints in an interactive session, handed to engine/session with the cell that caused
// it. A line costs its encoding, a look at the thread's job, and one crossing that copies it.
package io.pyflinkshell.cluster;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Installed instead of {@link LineOutput} when the process has a front end. */
final class SessionOutput {
  private static volatile boolean active;

  private SessionOutput() {}

  /** Whether the process is an interactive session. */
  static boolean isActive() {
    return active;
  }

  /** Takes over System.out and System.err. Called by engine/session. */
  static void begin() {
    System.setOut(new CellPrinter(false));
    System.setErr(new CellPrinter(true));
    active = true;
  }

  /** Queues text; waits while too much is queued. {@code cell} 0 is the cell of this thread. */
  private static native void write(long cell, boolean error, byte[] utf8, int offset, int length);

  /** Queues a message for the front end, with its JSON content. */
  private static native void message(long cell, byte[] type, byte[] content);

  /** The cell that the calling thread works for, or the latest one. */
  static native long currentCell();

  static void send(long cell, String type, String json) {
    if (active) {
      message(cell, type.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A line of the session's own about a job, on the standard error of its cell. */
  static void tell(long cell, String text) {
    if (active) {
      byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      write(cell, true, bytes, 0, bytes.length);
    }
  }

  private static void route(boolean error, byte[] bytes, int offset, int length) {
    SessionJobs.Job job = SessionJobs.ofThread();
    if (job == null) {
      write(0, error, bytes, offset, length);
      return;
    }
    if (job.printed(bytes, offset, length)) {
      write(job.cell, error, bytes, offset, length);
    }
  }

  /** Each println is one write, so that lines of two threads do not mix. */
  private static final class CellPrinter extends PrintStream {
    private final boolean error;

    CellPrinter(boolean error) {
      super(new Cells(error), false, StandardCharsets.UTF_8);
      this.error = error;
    }

    @Override
    public void println(String text) {
      byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      route(error, bytes, 0, bytes.length);
    }

    @Override
    public void println(Object value) {
      println(String.valueOf(value));
    }
  }

  private static final class Cells extends OutputStream {
    private final boolean error;

    Cells(boolean error) {
      this.error = error;
    }

    @Override
    public void write(int b) {
      route(error, new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      route(error, bytes, offset, length);
    }
  }
}
