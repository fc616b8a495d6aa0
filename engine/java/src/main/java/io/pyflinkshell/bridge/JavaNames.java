// The names of the packages and classes that exist, for completion. Looked up once, when asked
// first: the JDK's own modules, the class path, and the jars of the session as they are then.
package io.pyflinkshell.bridge;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Python asks for one package at a time. */
public final class JavaNames {
  private static final String CLASS = ".class";

  private static Map<String, Set<String>> children;
  private static final Set<String> SEEN_JARS = new HashSet<>();

  private JavaNames() {}

  /**
   * The packages and public-looking classes right below a package.
   *
   * @param name full name of the package; "" for those at the top
   * @return simple names, sorted, one a line
   */
  public static synchronized String below(String name) {
    if (children == null) {
      children = new HashMap<>();
      addModules();
      for (String jar : System.getProperty("java.class.path").split(":")) {
        addJar(jar);
      }
    }
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader instanceof URLClassLoader) {
      for (URL url : ((URLClassLoader) loader).getURLs()) {
        if (url.getProtocol().equals("file")) {
          addJar(url.getPath());
        }
      }
    }
    return String.join("\n", new TreeSet<>(children.getOrDefault(name, Set.of())));
  }

  private static void addModules() {
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    try (Stream<Path> files = Files.walk(modules)) {
      files.forEach(
          file -> {
            if (file.getNameCount() > 2) {
              addFile(file.subpath(2, file.getNameCount()).toString());
            }
          });
    } catch (IOException e) {
      return; // completion then knows fewer names
    }
  }

  private static void addJar(String path) {
    if (!path.endsWith(".jar") || !SEEN_JARS.add(path)) {
      return;
    }
    try (ZipFile jar = new ZipFile(path)) {
      jar.stream().forEach(entry -> addFile(entry.getName()));
    } catch (IOException e) {
      return; // as above
    }
  }

  /** Takes "java/util/List.class"; inner classes are found as members of the outer one. */
  private static void addFile(String file) {
    if (!file.endsWith(CLASS) || file.indexOf('$') >= 0 || file.indexOf('-') >= 0) {
      return;
    }
    String name = file.substring(0, file.length() - CLASS.length()).replace('/', '.');
    while (true) {
      int dot = name.lastIndexOf('.');
      String parent = dot < 0 ? "" : name.substring(0, dot);
      if (!children.computeIfAbsent(parent, any -> new HashSet<>()).add(name.substring(dot + 1))
          || dot < 0) {
        return;
      }
      name = parent;
    }
  }
}
