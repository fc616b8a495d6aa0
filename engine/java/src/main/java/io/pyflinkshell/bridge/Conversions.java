// Which Python values a Java parameter takes, how good the match is, and how C converts them.
package io.pyflinkshell.bridge;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * Kinds of Python values: n None, z bool, 1 int of 8 bits, 2 of 16, 4 of 32, 8 of 64, N larger int,
 * f float, c str of one character, s str, B bytes, L list or tuple, M dict, S set, D Decimal, F
 * callable, K Java class, ? anything else.
 */
final class Conversions {
  private static final int NO = -1;
  private static final int TO_OBJECT = 40;

  // Cost of each kind for each parameter class that is not found by assignability alone.
  private static final Map<String, Integer> COSTS = new HashMap<>();

  static {
    row("z", boolean.class, Boolean.class);
    row(
        "1",
        int.class,
        Integer.class,
        long.class,
        Long.class,
        double.class,
        float.class,
        Double.class,
        Float.class,
        short.class,
        Short.class,
        byte.class,
        Byte.class,
        BigInteger.class,
        BigDecimal.class);
    row(
        "2",
        int.class,
        Integer.class,
        long.class,
        Long.class,
        double.class,
        float.class,
        Double.class,
        Float.class,
        short.class,
        Short.class,
        BigInteger.class,
        BigDecimal.class);
    row(
        "4",
        int.class,
        Integer.class,
        long.class,
        Long.class,
        double.class,
        float.class,
        Double.class,
        Float.class,
        BigInteger.class,
        BigDecimal.class);
    row(
        "8",
        long.class,
        Long.class,
        double.class,
        float.class,
        Double.class,
        Float.class,
        BigInteger.class,
        BigDecimal.class);
    row(
        "N",
        BigInteger.class,
        BigDecimal.class,
        double.class,
        Double.class,
        float.class,
        Float.class);
    row("f", double.class, Double.class, float.class, Float.class, BigDecimal.class);
    row("s", String.class);
    row("c", String.class, char.class, Character.class);
    row("B", byte[].class);
    row("D", BigDecimal.class, double.class, Double.class);
    row("K", Class.class);
  }

  // Java class that a value of this kind becomes when the parameter is a supertype of it.
  private static final Map<String, Class<?>> NATURAL = new HashMap<>();

  static {
    NATURAL.put("z", Boolean.class);
    NATURAL.put("1", Integer.class);
    NATURAL.put("2", Integer.class);
    NATURAL.put("4", Integer.class);
    NATURAL.put("8", Long.class);
    NATURAL.put("N", BigInteger.class);
    NATURAL.put("f", Double.class);
    NATURAL.put("s", String.class);
    NATURAL.put("c", String.class);
    NATURAL.put("B", byte[].class);
    NATURAL.put("D", BigDecimal.class);
    NATURAL.put("K", Class.class);
    NATURAL.put("L", java.util.ArrayList.class);
    NATURAL.put("M", java.util.HashMap.class);
    NATURAL.put("S", java.util.HashSet.class);
  }

  private Conversions() {}

  private static void row(String kind, Class<?>... best) {
    for (int i = 0; i < best.length; i++) {
      COSTS.put(kind + best[i].getName(), i);
    }
  }

  /** Cost of passing a value of that kind, or -1 when it cannot be passed. */
  static int cost(Object kind, Class<?> parameter) {
    if (kind instanceof Class) {
      return objectCost((Class<?>) kind, parameter);
    }
    if (kind instanceof Class[]) {
      for (Class<?> i : (Class<?>[]) kind) {
        if (parameter.isAssignableFrom(i)) {
          return parameter == Object.class ? TO_OBJECT : 0;
        }
      }
      return NO;
    }
    String letter = (String) kind;
    if (letter.equals("n")) {
      // An array is the least likely meaning: StringBuilder.append(char[]) fails on null.
      return parameter.isPrimitive()
          ? NO
          : parameter == String.class ? 0 : parameter.isArray() ? 3 : 1;
    }
    Integer listed = COSTS.get(letter + parameter.getName());
    if (listed != null) {
      return listed;
    }
    Class<?> natural = NATURAL.get(letter);
    if (natural != null && parameter.isAssignableFrom(natural)) {
      return parameter == Object.class ? TO_OBJECT : 15 + distance(natural, parameter);
    }
    if (letter.equals("F")) {
      return functionalMethod(parameter) == null ? NO : 5;
    }
    if (letter.equals("L") && parameter.isArray()) {
      return 30;
    }
    if (letter.equals("B") && parameter == java.nio.ByteBuffer.class) {
      return 30;
    }
    return NO;
  }

  private static int objectCost(Class<?> from, Class<?> parameter) {
    if (parameter == from) {
      return 0;
    }
    if (!parameter.isAssignableFrom(from)) {
      // A Java object never becomes a primitive: boxed numbers are Python numbers in Python.
      return NO;
    }
    return parameter == Object.class ? TO_OBJECT : distance(from, parameter);
  }

  // Steps from a class up to a supertype, capped: only the order matters.
  private static int distance(Class<?> from, Class<?> to) {
    int steps = 1;
    Class<?> at = from;
    while (steps < 14) {
      Class<?> up = at.getSuperclass();
      if (at == to || up == null || !to.isAssignableFrom(up)) {
        break;
      }
      at = up;
      steps++;
    }
    return to.isInterface() ? steps + (direct(at, to) ? 0 : 1) : steps;
  }

  private static boolean direct(Class<?> at, Class<?> to) {
    for (Class<?> i : at.getInterfaces()) {
      if (i == to) {
        return true;
      }
    }
    return at == to;
  }

  /** The one abstract method of an interface, or null. */
  static Method functionalMethod(Class<?> c) {
    if (!c.isInterface()) {
      return null;
    }
    Method only = null;
    for (Method m : c.getMethods()) {
      if (!Modifier.isAbstract(m.getModifiers()) || isObjectMethod(m)) {
        continue;
      }
      if (only != null
          && !(only.getName().equals(m.getName())
              && only.getParameterCount() == m.getParameterCount())) {
        return null;
      }
      only = m;
    }
    return only;
  }

  private static boolean isObjectMethod(Method m) {
    try {
      Object.class.getMethod(m.getName(), m.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** {@link #code} as an int, for a call through JNI. */
  static int letter(Class<?> c) {
    return code(c);
  }

  /**
   * Letter of the C conversion: V and the eight primitives by their JVM letters; objects in lower
   * case: s String, j i h b c f d y the boxes (y Boolean), n BigInteger, m BigDecimal, a array, p
   * functional interface, o any other.
   */
  static char code(Class<?> c) {
    if (c.isPrimitive()) {
      return c == void.class
          ? 'V'
          : java.lang.reflect.Array.newInstance(c, 0).getClass().getName().charAt(1);
    }
    if (c == String.class) {
      return 's';
    }
    if (c.isArray()) {
      return 'a';
    }
    if (c == Long.class) {
      return 'j';
    }
    if (c == Integer.class) {
      return 'i';
    }
    if (c == Short.class) {
      return 'h';
    }
    if (c == Byte.class) {
      return 'b';
    }
    if (c == Character.class) {
      return 'c';
    }
    if (c == Float.class) {
      return 'f';
    }
    if (c == Double.class) {
      return 'd';
    }
    if (c == Boolean.class) {
      return 'y';
    }
    if (c == BigInteger.class) {
      return 'n';
    }
    if (c == BigDecimal.class) {
      return 'm';
    }
    return functionalMethod(c) != null ? 'p' : 'o';
  }
}
