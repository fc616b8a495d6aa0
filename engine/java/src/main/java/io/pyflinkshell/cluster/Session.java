// Begins and ends the Java side of a session; called by engine/session.
package io.pyflinkshell.cluster;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** The one place that knows what a session consists of on this side. */
final class Session {
  private Session() {}

  /**
   * Installs output and class loader and takes the options of the cluster.
   *
   * @param options Flink options "key=value" in UTF-8
   * @param jars paths or URLs of the user's jars in UTF-8
   * @return the class loader of the session
   */
  static ClassLoader begin(byte[][] options, byte[][] jars) throws MalformedURLException {
    LineOutput.install();
    for (byte[] jar : jars) {
      SessionClassLoader.instance().addJar(toUrl(text(jar)));
    }
    String[] keyValues = new String[options.length];
    for (int i = 0; i < options.length; i++) {
      keyValues[i] = text(options[i]);
    }
    SessionCluster.setOptions(keyValues);
    return SessionClassLoader.instance();
  }

  /** Gives what is printed to the front end of the process. */
  static void beginOutput() {
    SessionOutput.begin();
  }

  /** Begins to start the cluster; the program is going to use Flink. */
  static void startCluster() {
    SessionCluster.startInBackground();
  }

  /**
   * Cancels what runs. The cluster is not taken apart: its folders go with the shutdown hooks, its
   * threads with the process, and closing it in order takes longer than all the rest of the end.
   */
  static void end() throws Exception {
    SessionCluster.end(3_000);
    System.out.flush();
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static URL toUrl(String jar) throws MalformedURLException {
    return jar.matches("[a-z][a-z0-9+.-]+:.*") ? new URL(jar) : new File(jar).toURI().toURL();
  }
}
