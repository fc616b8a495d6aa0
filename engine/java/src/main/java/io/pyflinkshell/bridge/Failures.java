// What a Java exception holds for Python: the Python exception inside it, its texts.
package io.pyflinkshell.bridge;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Looks into exceptions on behalf of the native side; every method is safe for any throwable. */
public final class Failures {
  /** The exception is a Python one, or only wrapped by the way it was called. */
  static final int DIRECT = 1;

  /** A Python exception is the cause of a failure of something else, such as a job. */
  static final int NESTED = 2;

  /** The calling thread was interrupted. */
  static final int INTERRUPTED = 4;

  private static final String SERIALIZED = "org.apache.flink.util.SerializedThrowable";

  private Failures() {}

  /** {PythonException or null, Integer flags, String short text}. */
  static Object[] inspect(Throwable thrown) {
    PythonException python = null;
    int flags = 0;
    int wrappers = 0;
    try {
      for (Throwable at : chain(thrown)) {
        if (at instanceof PythonException) {
          python = (PythonException) at;
          flags |= wrappers == 0 ? DIRECT : NESTED;
          break;
        }
        if (!isCallWrapper(at)) {
          wrappers++;
        }
      }
      Throwable top = thrown;
      while (isCallWrapper(top) && top.getCause() != null) {
        top = top.getCause();
      }
      if (top instanceof InterruptedException
          || top instanceof java.nio.channels.ClosedByInterruptException) {
        flags |= INTERRUPTED;
      }
      return new Object[] {python, flags, shortText(thrown)};
    } catch (Throwable broken) { // a getMessage() or getCause() of the user's that fails
      return new Object[] {python, flags, thrown.getClass().getName()};
    }
  }

  private static boolean isCallWrapper(Throwable t) {
    return t instanceof InvocationTargetException
        || t instanceof UndeclaredThrowableException
        || t instanceof ExecutionException
        || t instanceof CompletionException;
  }

  /** The throwable and its causes, with Flink's serialized ones opened, each once. */
  static List<Throwable> chain(Throwable thrown) {
    List<Throwable> all = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable at = thrown;
    while (at != null && all.size() < 200 && seen.add(at)) {
      Throwable opened = open(at);
      if (opened != at) {
        at = opened;
        continue;
      }
      all.add(at);
      at = at.getCause();
    }
    return all;
  }

  // Reflection, because the bridge must work where Flink is not on the class path.
  private static Throwable open(Throwable t) {
    if (!t.getClass().getName().equals(SERIALIZED)) {
      return t;
    }
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      if (loader == null) {
        loader = Failures.class.getClassLoader();
      }
      Method deserialize = t.getClass().getMethod("deserializeError", ClassLoader.class);
      Throwable opened = (Throwable) deserialize.invoke(t, loader);
      return opened == null ? t : opened;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return t;
    }
  }

  /** One line for the exception and one for each cause that adds something. */
  static String shortText(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    String last = text.toString();
    for (Throwable cause : chain(thrown)) {
      if (cause == thrown) {
        continue;
      }
      String line = cause.toString();
      if (!last.endsWith(line)) {
        text.append("\nCaused by: ").append(line);
      }
      last = line;
    }
    return text.append(remedy(text)).toString();
  }

  /** The Python traceback and its place when a Python function failed, else Java's short text. */
  public static String explain(Throwable thrown) {
    for (Throwable at : chain(thrown)) {
      if (at instanceof PythonException) {
        PythonException python = (PythonException) at;
        String trace = python.getPythonTraceback();
        if (trace == null || python.getOperatorName() == null) {
          return trace == null ? python.getMessage() : trace;
        }
        return trace
            + "\nin operator '"
            + python.getOperatorName()
            + "' (subtask "
            + (python.getSubtask() + 1)
            + "/"
            + python.getParallelism()
            + ")"
            + (python.getRecordRepr() == null ? "" : ", on record: " + python.getRecordRepr());
      }
    }
    return shortText(thrown);
  }

  /** What the user can do when memory ran out, else nothing. */
  private static String remedy(CharSequence text) {
    String all = text.toString();
    if (!all.contains("OutOfMemoryError")) {
      return "";
    }
    if (all.contains("Direct buffer memory")) {
      return "\nThe environment variable PYFLINK_SHELL_JVM_OPTS=-XX:MaxDirectMemorySize=1g gives"
          + " more.";
    }
    if (all.contains("Java heap space") || all.contains("GC overhead")) {
      return "\nThe Java heap may grow to "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MiB; the environment variable PYFLINK_SHELL_HEAP=4g, for example, allows more.";
    }
    return "";
  }

  /** The stack trace as Java prints it. */
  static String stackTrace(Throwable thrown) {
    StringWriter out = new StringWriter();
    thrown.printStackTrace(new PrintWriter(out));
    return out.toString();
  }
}
