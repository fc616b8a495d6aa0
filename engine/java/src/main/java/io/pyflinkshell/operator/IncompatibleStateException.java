// A restored state is not what the program opens now.
package io.pyflinkshell.operator;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.StateMigrationException;

/** Ends the job: another attempt would fail in the same way. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class IncompatibleStateException extends StateMigrationException {
  private static final long serialVersionUID = 1L;

  /** The message says all that Flink's own {@code reason} does. */
  IncompatibleStateException(String message, Throwable reason) {
    super(message);
    addSuppressed(reason);
  }
}
