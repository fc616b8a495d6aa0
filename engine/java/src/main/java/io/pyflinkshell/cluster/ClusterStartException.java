// The session cluster could not start for a reason that the user can cure.
package io.pyflinkshell.cluster;

import org.apache.flink.util.FlinkException;

/** The message says what to change. */
public final class ClusterStartException extends FlinkException {
  private static final long serialVersionUID = 1L;

  ClusterStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
