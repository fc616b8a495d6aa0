// A record reached a subtask that its key does not belong to.
package io.pyflinkshell.harness;

/** A mistake of the test, not of the function. */
public final class WrongSubtaskException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  WrongSubtaskException(String message) {
    super(message);
  }
}
