// Overload resolution for Python arguments.
package io.pyflinkshell.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Executable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ResolverTest {

  /** Overloads to choose from; what they return does not matter. */
  @SuppressWarnings("unused")
  public static class Many {
    public Many() {}

    public Many(int a) {}

    public void number(byte a) {}

    public void number(short a) {}

    public void number(int a) {}

    public void number(long a) {}

    public void number(double a) {}

    public void number(BigInteger a) {}

    public void number(Object a) {}

    public void small(short a) {}

    public void boxed(Long a) {}

    public void real(float a) {}

    public void real(BigDecimal a) {}

    public void text(char a) {}

    public void text(String a) {}

    public void text(Object a) {}

    public void sequence(CharSequence a) {}

    public void collection(Collection<?> a) {}

    public void collection(Set<?> a) {}

    public void collection(List<?> a) {}

    public void collection(Object a) {}

    public void map(Map<?, ?> a) {}

    public void array(String[] a) {}

    public void any(String a) {}

    public void any(byte[] a) {}

    public void any(Object a) {}

    public void function(Function<?, ?> a) {}

    public void function(Object a, Object b) {}

    public void typed(List<?> a) {}

    public void typed(ArrayList<?> a) {}

    public void typed(Object a) {}

    public void spread(String a, Object... rest) {}

    public void spread(String a, Object one) {}

    public void ints(int... all) {}

    public static void both(String a) {}

    public void both() {}

    public void classes(Class<?> a) {}

    public void clash(Integer a, Object b) {}

    public void clash(Object a, Integer b) {}
  }

  private static Executable pick(String name, Object... kinds) {
    Object[] found = Resolver.resolve(Many.class, name, Resolver.CALL_INSTANCE, kinds);
    return found == null ? null : (Executable) found[0];
  }

  private static void expect(String name, Object kind, Class<?> parameter) {
    Executable found = pick(name, kind);
    assertNotNull(found, name + " takes no " + kind);
    assertArrayEquals(new Class<?>[] {parameter}, found.getParameterTypes());
  }

  @Test
  void integersBySize() {
    expect("number", "1", int.class);
    expect("number", "2", int.class);
    expect("number", "4", int.class);
    expect("number", "8", long.class);
    expect("number", "N", BigInteger.class);
    expect("number", "f", double.class);
    expect("number", "z", Object.class);
    expect("small", "1", short.class);
    expect("small", "2", short.class);
    assertNull(pick("small", "4"));
    expect("boxed", "1", Long.class);
    expect("boxed", "8", Long.class);
    assertNull(pick("boxed", "N"));
    expect("real", "f", float.class);
    expect("real", "D", BigDecimal.class);
  }

  @Test
  void text() {
    expect("text", "s", String.class);
    expect("text", "c", String.class);
    expect("text", "1", Object.class);
    expect("sequence", "s", CharSequence.class);
    expect("array", "L", String[].class);
    expect("any", "B", byte[].class);
    expect("classes", "K", Class.class);
  }

  @Test
  void collections() {
    expect("collection", "L", List.class);
    expect("collection", "S", Set.class);
    expect("collection", "M", Object.class);
    expect("map", "M", Map.class);
    assertNull(pick("map", "L"));
  }

  @Test
  void noneTakesTheMostSpecificReference() {
    expect("any", "n", String.class);
    expect("text", "n", String.class);
    expect("typed", "n", ArrayList.class);
    assertNull(pick("small", "n"));
  }

  @Test
  void javaObjectsByClass() {
    expect("typed", ArrayList.class, ArrayList.class);
    expect("typed", java.util.LinkedList.class, List.class);
    expect("typed", java.util.HashMap.class, Object.class);
    assertNull(pick("map", ArrayList.class));
  }

  @Test
  void callables() {
    expect("function", "F", Function.class);
    expect("function", new Class<?>[] {Callable.class, Function.class}, Function.class);
    assertNull(pick("function", (Object) new Class<?>[] {Callable.class}));
  }

  @Test
  void variableArityComesLast() {
    assertEquals(2, pick("spread", "s", "1").getParameterCount());
    assertTrue(!pick("spread", "s", "1").isVarArgs());
    assertTrue(pick("spread", "s").isVarArgs());
    assertTrue(pick("spread", "s", "1", "s", "n").isVarArgs());
    assertTrue(pick("ints").isVarArgs());
    assertTrue(pick("ints", "1", "4").isVarArgs());
    assertNull(pick("ints", "1", "8"));
  }

  @Test
  void staticAndInstance() {
    Object[] none = {};
    Object[] text = {"s"};
    assertNotNull(Resolver.resolve(Many.class, "both", Resolver.CALL_STATIC, text));
    assertNull(Resolver.resolve(Many.class, "both", Resolver.CALL_STATIC, none));
    assertNotNull(Resolver.resolve(Many.class, "both", Resolver.CALL_INSTANCE, none));
    Object[] unbound =
        Resolver.resolve(Many.class, "both", Resolver.CALL_STATIC, new Object[] {Many.class});
    assertEquals(4, unbound[3]);
  }

  @Test
  void constructors() {
    assertNotNull(Resolver.resolve(Many.class, null, Resolver.CALL_CONSTRUCTOR, new Object[] {}));
    Object[] one = {"1"};
    assertNotNull(Resolver.resolve(Many.class, null, Resolver.CALL_CONSTRUCTOR, one));
    assertEquals(
        "  Many()\n  Many(int)", Resolver.overloads(Many.class, null, Resolver.CALL_CONSTRUCTOR));
  }

  @Test
  void ambiguityHasAFixedAnswer() {
    Executable first = pick("clash", "1", "1");
    for (int i = 0; i < 20; i++) {
      assertEquals(first, pick("clash", "1", "1"));
    }
  }

  @Test
  void resultOfABridgeMethodIsTheNarrowOne() {
    Object[] found =
        Resolver.resolve(StringBuilder.class, "append", Resolver.CALL_INSTANCE, new Object[] {"s"});
    assertEquals(StringBuilder.class, found[4]);
  }

  @Test
  void wideHierarchiesOfTheJdk() {
    assertNotNull(
        Resolver.resolve(Objects.class, "equals", Resolver.CALL_STATIC, new Object[] {"s", "1"}));
    assertNotNull(
        Resolver.resolve(Arrays.class, "asList", Resolver.CALL_STATIC, new Object[] {"1", "s"}));
    assertNotNull(Resolver.resolve(List.class, "of", Resolver.CALL_STATIC, new Object[] {"1"}));
  }
}
