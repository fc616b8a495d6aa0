// Picks the overload that a Python call means; asked once per method and kinds of arguments.
package io.pyflinkshell.bridge;

import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Arguments come as kinds: a Class for a Java object, a Class array for a Python object that
 * implements Java interfaces, else one of {@link Conversions}' letters. Each parameter has a cost
 * for a kind; the overload with the smallest sum is taken, then the most specific one. Variable
 * arity is only tried when no overload takes the arguments as they are.
 */
final class Resolver {
  static final int CALL_INSTANCE = 0;
  static final int CALL_STATIC = 1;
  static final int CALL_CONSTRUCTOR = 2;

  private Resolver() {}

  /**
   * {executable, parameter classes, parameter codes, Integer flags (1 static, 2 varargs, 4 unbound:
   * the first argument is the object, 8 to be called by {@link Trampoline}), return class, String
   * return code}, or null when no overload takes such arguments.
   */
  static Object[] resolve(Class<?> c, String name, int mode, Object[] kinds) {
    Candidate best = best(candidates(c, name, mode), kinds, 0);
    boolean unbound = false;
    if (best == null
        && mode == CALL_STATIC
        && kinds.length > 0
        && kinds[0] instanceof Class
        && c.isAssignableFrom((Class<?>) kinds[0])) {
      Object[] rest = Arrays.copyOfRange(kinds, 1, kinds.length);
      best = best(candidates(c, name, CALL_INSTANCE), rest, 0);
      unbound = best != null;
    }
    if (best == null) {
      return null;
    }
    Class<?>[] params = best.parameters;
    StringBuilder codes = new StringBuilder();
    for (Class<?> p : params) {
      codes.append(Conversions.code(p));
    }
    Class<?> returns =
        best.executable instanceof Method
            ? ((Method) best.executable).getReturnType()
            : best.executable.getDeclaringClass();
    int flags =
        (Modifier.isStatic(best.executable.getModifiers()) ? 1 : 0)
            | (best.spread ? 2 : 0)
            | (unbound ? 4 : 0)
            | (Trampoline.needed(best.executable) ? 8 : 0);
    return new Object[] {
      best.executable, params, codes.toString(), flags, returns, "" + Conversions.code(returns)
    };
  }

  private static final class Candidate {
    final Executable executable;
    final Class<?>[] parameters;
    boolean spread;
    int cost;

    Candidate(Executable executable) {
      this.executable = executable;
      this.parameters = executable.getParameterTypes();
    }
  }

  private static List<Candidate> candidates(Class<?> c, String name, int mode) {
    Map<String, Candidate> bySignature = new HashMap<>();
    Collection<? extends Executable> all;
    if (mode == CALL_CONSTRUCTOR) {
      all = Arrays.asList(c.getConstructors());
    } else {
      all = ClassDescriber.publicMethods(c);
    }
    for (Executable e : all) {
      if (mode != CALL_CONSTRUCTOR
          && (!e.getName().equals(name)
              || (mode == CALL_STATIC && !Modifier.isStatic(e.getModifiers())))) {
        continue;
      }
      Candidate fresh = new Candidate(e);
      // Bridge methods repeat a signature with a wider result: keep the narrowest one.
      bySignature.merge(Arrays.toString(fresh.parameters), fresh, (a, b) -> narrower(a, b) ? a : b);
    }
    return new ArrayList<>(bySignature.values());
  }

  private static boolean narrower(Candidate a, Candidate b) {
    if (!(a.executable instanceof Method)) {
      return true;
    }
    Class<?> ra = ((Method) a.executable).getReturnType();
    Class<?> rb = ((Method) b.executable).getReturnType();
    if (ra == rb) {
      // The same method seen through a class and an interface: the class's own is the faster call.
      return !a.executable.getDeclaringClass().isInterface();
    }
    return rb.isAssignableFrom(ra);
  }

  private static Candidate best(List<Candidate> candidates, Object[] kinds, int from) {
    Candidate best = null;
    for (int phase = 0; phase < 2 && best == null; phase++) {
      for (Candidate candidate : candidates) {
        int cost = phase == 0 ? fixedCost(candidate, kinds) : spreadCost(candidate, kinds);
        if (cost < 0) {
          continue;
        }
        candidate.cost = cost;
        candidate.spread = phase == 1;
        if (best == null
            || cost < best.cost
            || (cost == best.cost && moreSpecific(candidate, best))) best = candidate;
      }
    }
    return best;
  }

  private static int fixedCost(Candidate candidate, Object[] kinds) {
    if (candidate.parameters.length != kinds.length) {
      return -1;
    }
    int sum = 0;
    for (int i = 0; i < kinds.length; i++) {
      int cost = Conversions.cost(kinds[i], candidate.parameters[i]);
      if (cost < 0) {
        return -1;
      }
      sum += cost;
    }
    return sum;
  }

  private static int spreadCost(Candidate candidate, Object[] kinds) {
    int fixed = candidate.parameters.length - 1;
    if (!candidate.executable.isVarArgs() || kinds.length < fixed) {
      return -1;
    }
    Class<?> element = candidate.parameters[fixed].getComponentType();
    int sum = 0;
    for (int i = 0; i < kinds.length; i++) {
      int cost = Conversions.cost(kinds[i], i < fixed ? candidate.parameters[i] : element);
      if (cost < 0) {
        return -1;
      }
      sum += cost;
    }
    return sum + 1;
  }

  private static boolean moreSpecific(Candidate a, Candidate b) {
    boolean smaller = true;
    boolean larger = true;
    int n = Math.min(a.parameters.length, b.parameters.length);
    for (int i = 0; i < n; i++) {
      smaller &= b.parameters[i].isAssignableFrom(a.parameters[i]);
      larger &= a.parameters[i].isAssignableFrom(b.parameters[i]);
    }
    if (smaller != larger) {
      return smaller;
    }
    // No order between them: any fixed rule will do, so that runs do not differ.
    return a.parameters.length == b.parameters.length
        ? Arrays.toString(a.parameters).compareTo(Arrays.toString(b.parameters)) < 0
        : a.parameters.length > b.parameters.length;
  }

  /** What could have been called, for the message of a failed call. */
  static String overloads(Class<?> c, String name, int mode) {
    StringJoiner lines = new StringJoiner("\n");
    List<String> all = new ArrayList<>();
    List<Candidate> candidates = candidates(c, name, mode);
    if (mode == CALL_STATIC && candidates.isEmpty()) {
      candidates = candidates(c, name, CALL_INSTANCE);
    }
    for (Candidate candidate : candidates) {
      StringJoiner parameters = new StringJoiner(", ", "(", ")");
      int last = candidate.parameters.length - 1;
      for (int i = 0; i <= last; i++) {
        Class<?> p = candidate.parameters[i];
        parameters.add(
            i == last && candidate.executable.isVarArgs()
                ? p.getComponentType().getTypeName() + "..."
                : p.getTypeName());
      }
      String label = mode == CALL_CONSTRUCTOR ? c.getSimpleName() : name;
      all.add("  " + label + parameters);
    }
    all.sort(null);
    for (int i = 0; i < all.size() && i < 20; i++) {
      lines.add(all.get(i));
    }
    return lines.toString();
  }

  /** A new array, of several dimensions when {@code sizes} has more than one number. */
  static Object newArray(Class<?> element, int[] sizes) {
    return Array.newInstance(element, sizes);
  }
}
