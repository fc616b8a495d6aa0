// Says which Python operator gave None when Java code behind it failed because of that.
package io.pyflinkshell.operator;

import org.apache.flink.types.NullFieldException;
import org.apache.flink.util.FlinkRuntimeException;

/** Looks at failures only; a record that passes costs nothing. */
final class NullResults {
  private NullResults() {}

  /**
   * The failure to throw in the place of {@code failure}, which happened while {@code value} was
   * emitted.
   */
  static RuntimeException explain(ChainSpec spec, Object value, RuntimeException failure) {
    if (!isAboutNull(value, failure)) {
      return failure;
    }
    PythonStep step = spec.steps.get(spec.steps.size() - 1);
    String what =
        value == null
            ? "' gave None, but the Java operator or sink behind it takes no null; filter None out"
                + " before it, or declare no type"
            : "' gave a value with None inside, but Flink's serializer of its declared type "
                + step.outType
                + " takes no null there; declare a ROW, whose fields can be None";
    return new FlinkRuntimeException("operator '" + step.name + what, failure);
  }

  private static boolean isAboutNull(Object value, Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < 50; depth++) {
      if (root instanceof NullFieldException) {
        return true;
      }
      root = root.getCause();
    }
    if (root instanceof NullFieldException) {
      return true;
    }
    StackTraceElement[] trace = root.getStackTrace();
    if (!(root instanceof NullPointerException) || trace.length == 0) {
      return false;
    }
    // A null pointer anywhere else is a mistake of that Java code.
    return value == null || trace[0].getClassName().endsWith("Serializer");
  }
}
