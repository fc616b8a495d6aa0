// A function whose results come later than its records.
package io.pyflinkshell.operator;

/** A test harness waits for it. */
public interface InFlight {
  /**
   * Whether there are records whose results the operator was not told of. When not, everything that
   * there is to do about them is in the task's mailbox.
   */
  boolean anyInFlight();
}
