// Calls methods of the JDK that look at their caller, because native code is none.
package io.pyflinkshell.bridge;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Methods such as {@code Field.setAccessible} or {@code Method.invoke} fail or misbehave when no
 * Java class called them. For those this class is the caller.
 */
final class Trampoline {
  private Trampoline() {}

  /** True when the method asks who called it. */
  static boolean needed(Executable executable) {
    if (executable.getDeclaringClass().getClassLoader() != null) {
      return false;
    }
    for (Annotation a : executable.getDeclaredAnnotations()) {
      if (a.annotationType().getName().endsWith(".CallerSensitive")) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param self the object, or null for static methods and constructors
   * @param args boxed arguments
   */
  static Object call(Executable executable, Object self, Object[] args) throws Throwable {
    try {
      if (executable instanceof Constructor) {
        return ((Constructor<?>) executable).newInstance(args);
      }
      return ((Method) executable).invoke(self, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
