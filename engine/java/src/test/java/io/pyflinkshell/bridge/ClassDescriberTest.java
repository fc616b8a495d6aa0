// What Python learns of a Java class.
package io.pyflinkshell.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClassDescriberTest {

  private static List<String> names(Class<?> c, int position) {
    return Arrays.asList((String[]) ClassDescriber.describe(c)[position]);
  }

  @Test
  void find() {
    assertSame(int.class, ClassDescriber.find("int"));
    assertSame(List.class, ClassDescriber.find("java.util.List"));
    assertSame(int[].class, ClassDescriber.find("[I"));
    assertNull(ClassDescriber.find("java.util"));
    assertNull(ClassDescriber.find("java.util.list"));
    assertNull(ClassDescriber.findInner(List.class, "no.Such"));
  }

  @Test
  void onlyWhatDiffersFromTheSupertypes() {
    assertTrue(names(Collection.class, 3).contains("remove"));
    assertTrue(names(List.class, 3).contains("remove")); // one more overload: remove(int)
    assertFalse(names(ArrayList.class, 3).contains("remove"));
    assertFalse(names(ArrayList.class, 3).contains("size"));
    assertTrue(names(ArrayList.class, 3).contains("ensureCapacity"));
  }

  @Test
  void staticAndInstanceOfOneName() {
    Object[] about = ClassDescriber.describe(Integer.class);
    int at = Arrays.asList((String[]) about[3]).indexOf("toString");
    assertEquals(ClassDescriber.INSTANCE | ClassDescriber.STATIC, ((byte[]) about[4])[at]);
  }

  @Test
  void fieldsAndInnerClasses() {
    assertTrue(names(Integer.class, 5).contains("MAX_VALUE"));
    assertTrue(names(java.util.Map.class, 7).contains("java.util.Map$Entry"));
    assertEquals(
        ClassDescriber.FIELD_STATIC | ClassDescriber.FIELD_FINAL,
        ClassDescriber.fieldFlags(Integer.class, "MAX_VALUE"));
    assertEquals(-1, ClassDescriber.fieldFlags(Integer.class, "value"));
  }

  @Test
  void lambdasShareTheTypeOfTheirInterface() {
    Function<String, String> f = s -> s;
    assertSame(Function.class, ClassDescriber.representative(f.getClass()));
    assertSame(String.class, ClassDescriber.representative(String.class));
  }
}
