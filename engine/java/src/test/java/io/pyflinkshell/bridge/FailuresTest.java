// What the bridge finds in Java exceptions.
package io.pyflinkshell.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private static PythonException python() {
    return new PythonException(
        7, "ValueError", "bad", "Traceback…", "Map", 0, 2, 0, "x".repeat(600), null);
  }

  private static int flags(Throwable t) {
    return (Integer) Failures.inspect(t)[1];
  }

  @Test
  void directAndNested() {
    PythonException python = python();
    assertEquals(Failures.DIRECT, flags(python));
    assertEquals(Failures.DIRECT, flags(new ExecutionException(python)));
    assertEquals(Failures.DIRECT, flags(new UndeclaredThrowableException(python)));
    assertEquals(Failures.NESTED, flags(new RuntimeException("job", python)));
    assertSame(python, Failures.inspect(new RuntimeException("job", python))[0]);
    assertEquals(0, flags(new RuntimeException("job")));
    assertNull(Failures.inspect(new RuntimeException("job"))[0]);
  }

  @Test
  void serializedThrowableIsOpened() {
    Throwable wrapped = new RuntimeException("job", new SerializedThrowable(python()));
    Object[] about = Failures.inspect(wrapped);
    assertEquals(Failures.NESTED, about[1]);
    PythonException copy = (PythonException) about[0];
    assertEquals(7, copy.getId());
    assertEquals("Map", copy.getOperatorName());
    assertEquals(501, copy.getRecordRepr().length());
  }

  @Test
  void interruption() {
    assertEquals(Failures.INTERRUPTED, flags(new InterruptedException()));
    assertEquals(Failures.INTERRUPTED, flags(new ExecutionException(new InterruptedException())));
  }

  @Test
  void textIsOneLineForEachCauseThatAddsSomething() {
    assertEquals(
        "java.lang.IllegalStateException: a\nCaused by: java.io.IOException: b",
        Failures.shortText(new IllegalStateException("a", new java.io.IOException("b"))));
    assertEquals(
        "java.lang.RuntimeException: java.io.IOException: b",
        Failures.shortText(new RuntimeException(new java.io.IOException("b"))));
  }

  @Test
  void hostileExceptionsDoNoHarm() {
    Exception a = new Exception("a");
    Exception b = new Exception("b", a);
    a.initCause(b);
    assertEquals(2, Failures.chain(a).size());
    Exception broken =
        new Exception() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("no message");
          }
        };
    assertTrue(((String) Failures.inspect(broken)[2]).contains("FailuresTest"));
  }
}
