// Class loader of the session: the engine's class path, and the user's jars as they are added.
package io.pyflinkshell.cluster;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** One instance; threads that come from Python have it as their context class loader. */
public final class SessionClassLoader extends URLClassLoader {
  static {
    ClassLoader.registerAsParallelCapable();
  }

  private static final SessionClassLoader INSTANCE =
      new SessionClassLoader(SessionClassLoader.class.getClassLoader());

  private SessionClassLoader(ClassLoader parent) {
    super("pyflink-shell", new URL[0], parent);
  }

  public static SessionClassLoader instance() {
    return INSTANCE;
  }

  /** Makes the classes of {@code jar} known to the bridge and to jobs; a second time is nothing. */
  public synchronized void addJar(URL jar) {
    if (!Arrays.asList(getURLs()).contains(jar)) {
      addURL(jar);
    }
  }
}
