// An exception of Python code on its way through Java: what Java needs to know of it, and its id.
package io.pyflinkshell.bridge;

import java.util.function.Consumer;

/**
 * Thrown into Java where Python code called from Java failed. It is serializable, so it reaches the
 * client of a job as data; in the process that threw it, {@link #getId()} still leads to the
 * original Python object (the newest 256 are kept).
 */
public final class PythonException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int RECORD_LIMIT = 500;
  private static volatile Consumer<PythonException> observer = raised -> {};

  private final long id;
  private final String pythonType;
  private final String pythonMessage;
  private final String pythonTraceback;
  private final String operatorName;
  private final int subtask;
  private final int parallelism;
  private final int input;
  private final String recordRepr;

  /**
   * @param id number under which this process keeps the Python object
   * @param pythonType qualified name of the Python class
   * @param pythonMessage str() of the Python exception
   * @param pythonTraceback formatted traceback of the user's frames, ending with the message
   * @param operatorName operator that ran the function, or null outside a job
   * @param subtask index of the subtask, from 0; -1 outside a job
   * @param parallelism number of subtasks of the operator; -1 outside a job
   * @param input which input of an operator with two the record came from, 1 or 2; else 0
   * @param recordRepr repr() of the record being processed, or null
   * @param cause Java exception that the Python code let through, or null
   */
  public PythonException(
      long id,
      String pythonType,
      String pythonMessage,
      String pythonTraceback,
      String operatorName,
      int subtask,
      int parallelism,
      int input,
      String recordRepr,
      Throwable cause) {
    super(describe(pythonType, pythonMessage, operatorName, subtask, parallelism), cause);
    this.id = id;
    this.pythonType = pythonType;
    this.pythonMessage = pythonMessage;
    this.pythonTraceback = pythonTraceback;
    this.operatorName = operatorName;
    this.subtask = subtask;
    this.parallelism = parallelism;
    this.input = input;
    this.recordRepr =
        recordRepr != null && recordRepr.length() > RECORD_LIMIT
            ? recordRepr.substring(0, RECORD_LIMIT) + "…"
            : recordRepr;
    observer.accept(this);
  }

  /** Lets {@code observer} see each exception in the thread that makes it (not those read). */
  public static void setObserver(Consumer<PythonException> observer) {
    PythonException.observer = observer;
  }

  private static String describe(
      String type, String message, String operatorName, int subtask, int parallelism) {
    String text = message == null || message.isEmpty() ? type : type + ": " + message;
    if (operatorName == null) {
      return text;
    }
    return text
        + " (operator '"
        + operatorName
        + "', subtask "
        + (subtask + 1)
        + "/"
        + parallelism
        + ")";
  }

  public long getId() {
    return id;
  }

  public String getPythonType() {
    return pythonType;
  }

  public String getPythonMessage() {
    return pythonMessage;
  }

  public String getPythonTraceback() {
    return pythonTraceback;
  }

  public String getOperatorName() {
    return operatorName;
  }

  public int getSubtask() {
    return subtask;
  }

  public int getParallelism() {
    return parallelism;
  }

  public int getInput() {
    return input;
  }

  public String getRecordRepr() {
    return recordRepr;
  }
}
