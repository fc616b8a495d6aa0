// Standard output takes no more: its reader has gone, or its disk is full.
package io.pyflinkshell.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Fails the job that prints; Python raises it as an OSError, as its own print() does. */
public final class OutputClosedException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(IOException cause) {
    super("standard output: " + cause.getMessage(), cause);
  }
}
