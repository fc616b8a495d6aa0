/** Java side of pyflink-shell: operators, codecs, session cluster, class loader, bridge helpers. */
package io.pyflinkshell;
