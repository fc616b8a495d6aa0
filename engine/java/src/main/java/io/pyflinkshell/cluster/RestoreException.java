// A job cannot start from the checkpoint or savepoint that it was given.
package io.pyflinkshell.cluster;

import org.apache.flink.util.FlinkException;

/** The message names the file or the operator and says what to do. */
public final class RestoreException extends FlinkException {
  private static final long serialVersionUID = 1L;

  /** The message says all that Flink's own {@code reason}, which may be null, does. */
  RestoreException(String message, Throwable reason) {
    super(message);
    if (reason != null) {
      addSuppressed(reason);
    }
  }
}
