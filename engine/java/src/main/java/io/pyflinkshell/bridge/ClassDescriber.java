// What Python needs to make a type of a Java class: names of its members and its supertypes.
package io.pyflinkshell.bridge;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Called once for each class that Python meets. */
final class ClassDescriber {
  static final byte INSTANCE = 1;
  static final byte STATIC = 2;

  static final byte FIELD_STATIC = 1;
  static final byte FIELD_FINAL = 2;

  static final int IS_INTERFACE = 1;
  static final int IS_ABSTRACT = 2;
  static final int IS_ENUM = 4;
  static final int IS_THROWABLE = 8;

  private static final Map<String, Class<?>> PRIMITIVES = new HashMap<>();

  static {
    for (Class<?> c :
        new Class<?>[] {
          boolean.class,
          byte.class,
          short.class,
          char.class,
          int.class,
          long.class,
          float.class,
          double.class,
          void.class
        }) {
      PRIMITIVES.put(c.getName(), c);
    }
  }

  // Overloads by name of classes described so far: a class only gets a Python attribute of its own
  // where its overloads differ from its supertypes'. Classes are never unloaded while Python has a
  // type for them, so a plain map is right.
  private static final Map<Class<?>, Map<String, Overloads>> OVERLOADS = new ConcurrentHashMap<>();

  /** The overloads of one name: enough to tell two sets of them apart, cheap in a cold JVM. */
  private static final class Overloads {
    long sum; // of a hash of each signature, so that their order does not matter
    byte kind;

    void add(Method m) {
      boolean isStatic = Modifier.isStatic(m.getModifiers());
      long hash = isStatic ? 7 : 3;
      for (Class<?> p : m.getParameterTypes()) {
        hash = (hash + System.identityHashCode(p)) * 0x9E3779B97F4A7C15L;
      }
      sum += hash ^ (hash >>> 29);
      kind |= isStatic ? STATIC : INSTANCE;
    }
  }

  private ClassDescriber() {}

  /**
   * The class of that name, or null when there is none.
   *
   * @param name binary name, array name such as {@code [I}, or a primitive's name
   * @throws LinkageError when the class is there but something that it needs is not
   */
  static Class<?> find(String name) {
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      return Class.forName(
          name, false, loader == null ? ClassDescriber.class.getClassLoader() : loader);
    } catch (ClassNotFoundException e) {
      return null;
    } catch (NoClassDefFoundError e) {
      // On file systems that ignore case, and for a name that only differs in case.
      if (e.getMessage() != null && e.getMessage().contains("wrong name")) {
        return null;
      }
      throw e;
    }
  }

  /** The class of that binary name as {@code owner} sees it, or null. */
  static Class<?> findInner(Class<?> owner, String name) {
    try {
      return Class.forName(name, false, owner.getClassLoader());
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /** Flags of a public field, or -1 when there is none of that name. */
  static int fieldFlags(Class<?> c, String name) {
    try {
      return flags(c.getField(name));
    } catch (NoSuchFieldException e) {
      return -1;
    }
  }

  private static byte flags(Field f) {
    int m = f.getModifiers();
    return (byte)
        ((Modifier.isStatic(m) ? FIELD_STATIC : 0) | (Modifier.isFinal(m) ? FIELD_FINAL : 0));
  }

  /** The class whose Python type instances of {@code c} get. */
  static Class<?> representative(Class<?> c) {
    Class<?>[] interfaces = c.getInterfaces();
    boolean lambda = c.isSynthetic() && c.getName().contains("$$Lambda");
    if (lambda && interfaces.length == 1) {
      return interfaces[0];
    }
    return c;
  }

  /**
   * {name, superclass or null, interfaces, method names, method kinds, field names, field flags,
   * inner class names, Integer class flags, component class or null}.
   */
  static Object[] describe(Class<?> c) {
    Map<String, Overloads> mine = overloads(c);
    List<Class<?>> supers = new ArrayList<>(Arrays.asList(c.getInterfaces()));
    if (c.getSuperclass() != null) {
      supers.add(c.getSuperclass());
    } else if (c.isInterface() && supers.isEmpty()) {
      supers.add(Object.class);
    }
    List<String> names = new ArrayList<>();
    List<Byte> kinds = new ArrayList<>();
    for (Map.Entry<String, Overloads> entry : mine.entrySet()) {
      boolean inherited = false;
      boolean same = true;
      for (Class<?> s : supers) {
        Overloads theirs = overloads(s).get(entry.getKey());
        if (theirs != null) {
          inherited = true;
          same &= theirs.sum == entry.getValue().sum;
        }
      }
      if (!inherited || !same) {
        names.add(entry.getKey());
        kinds.add(entry.getValue().kind);
      }
    }
    List<String> fields = new ArrayList<>();
    List<Byte> fieldFlags = new ArrayList<>();
    for (Field f : publicFields(c)) {
      fields.add(f.getName());
      fieldFlags.add(flags(f));
    }
    List<String> inner = new ArrayList<>();
    try {
      for (Class<?> i : c.getClasses()) {
        inner.add(i.getSimpleName());
        inner.add(i.getName());
      }
    } catch (LinkageError incomplete) {
      // An inner class that needs a missing jar is still reached by its full name.
    }
    int flags =
        (c.isInterface() ? IS_INTERFACE : 0)
            | (Modifier.isAbstract(c.getModifiers()) ? IS_ABSTRACT : 0)
            | (c.isEnum() ? IS_ENUM : 0)
            | (Throwable.class.isAssignableFrom(c) ? IS_THROWABLE : 0);
    return new Object[] {
      c.getName(),
      c.getSuperclass(),
      c.getInterfaces(),
      names.toArray(new String[0]),
      bytes(kinds),
      fields.toArray(new String[0]),
      bytes(fieldFlags),
      inner.toArray(new String[0]),
      flags,
      c.getComponentType()
    };
  }

  private static byte[] bytes(List<Byte> list) {
    byte[] out = new byte[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = list.get(i);
    }
    return out;
  }

  private static Map<String, Overloads> overloads(Class<?> c) {
    Map<String, Overloads> known = OVERLOADS.get(c);
    if (known != null) {
      return known;
    }
    Map<String, Overloads> found = new LinkedHashMap<>();
    for (Method m : publicMethods(c)) {
      if (!m.isBridge()) { // it repeats the signature of another one, or of a supertype's
        String name = m.getName();
        Overloads all = found.get(name);
        if (all == null) {
          all = new Overloads();
          found.put(name, all);
        }
        all.add(m);
      }
    }
    OVERLOADS.put(c, found);
    return found;
  }

  /** Public methods; of those that can be seen when some signatures need a missing class. */
  static Collection<Method> publicMethods(Class<?> c) {
    Set<Method> all = new LinkedHashSet<>();
    try {
      all.addAll(Arrays.asList(c.getMethods()));
    } catch (LinkageError incomplete) {
      for (Class<?> at = c.getSuperclass(); at != null; at = at.getSuperclass()) {
        try {
          all.addAll(Arrays.asList(at.getMethods()));
          break;
        } catch (LinkageError alsoIncomplete) {
          continue;
        }
      }
      for (Class<?> i : c.getInterfaces()) {
        all.addAll(publicMethods(i));
      }
    }
    if (c.isInterface()) {
      all.addAll(Arrays.asList(Object.class.getMethods()));
    }
    return all;
  }

  private static Field[] publicFields(Class<?> c) {
    try {
      return c.getFields();
    } catch (LinkageError incomplete) {
      return new Field[0];
    }
  }
}
