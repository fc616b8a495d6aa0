/* host_jvm_flags.c - the options of the JVM that a user must never need to know. */
#include "host/host_internal.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* What Flink 1.20 reaches into on Java 17 and newer. A module that a trimmed run time lacks would
 * cost a warning on every start, so each is asked for only where it exists. */
static const struct {
    const char *kind, *module, *package;
} opened[] = {
    {"add-exports", "java.base", "sun.net.util"},
    {"add-exports", "java.rmi", "sun.rmi.registry"},
    {"add-exports", "java.security.jgss", "sun.security.krb5"},
    {"add-opens", "java.base", "java.lang"},
    {"add-opens", "java.base", "java.net"},
    {"add-opens", "java.base", "java.io"},
    {"add-opens", "java.base", "java.nio"},
    {"add-opens", "java.base", "sun.nio.ch"},
    {"add-opens", "java.base", "java.lang.reflect"},
    {"add-opens", "java.base", "java.text"},
    {"add-opens", "java.base", "java.time"},
    {"add-opens", "java.base", "java.util"},
    {"add-opens", "java.base", "java.util.concurrent"},
    {"add-opens", "java.base", "java.util.concurrent.atomic"},
    {"add-opens", "java.base", "java.util.concurrent.locks"},
};

#define ENGINE_JAR "pyflink-shell-engine.jar"

bool host_jvm_class_path(const char *folder, host_list_t *jars) {
    DIR *directory = opendir(folder);
    bool engine = false;
    host_list_t others = {0};
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        size_t length = strlen(entry->d_name);
        if (length < 5 || strcmp(entry->d_name + length - 4, ".jar") != 0 ||
            entry->d_name[0] == '.')
            continue;
        if (strcmp(entry->d_name, ENGINE_JAR) == 0)
            engine = true;
        else
            host_list_addf(&others, "%s/%s", folder, entry->d_name);
    }
    if (directory != NULL)
        closedir(directory);
    if (engine)
        host_list_addf(jars, "%s/%s", folder, ENGINE_JAR);
    /* Sorted: the class archive fits only the same order, and readdir has none. */
    host_list_sort(&others);
    for (size_t i = 0; i < others.count; i++)
        host_list_add(jars, others.items[i]);
    free(others.items);
    return engine && jars->count > 1;
}

static bool has_module(const host_java_home_t *java, const char *module) {
    if (strcmp(module, "java.base") == 0)
        return true;
    if (java->modules == NULL)
        return false;
    char *word = host_format_new(" %s ", module);
    bool found = strstr(java->modules, word) != NULL;
    free(word);
    return found;
}

/* Value of the Flink option `key` among "key=value" strings, the last one wins; or NULL. */
static const char *flink_option(const host_jvm_options_t *options, const char *key) {
    size_t length = strlen(key);
    const char *value = NULL;
    for (const char *const *option = options->flink_options; option && *option; option++)
        if (strncmp(*option, key, length) == 0 && (*option)[length] == '=')
            value = *option + length + 1;
    return value;
}

static void add_user_flags(const host_jvm_options_t *options, host_list_t *flags) {
    host_list_add_words(flags, flink_option(options, "env.java.opts.all"));
    host_list_add_words(flags, flink_option(options, "env.java.opts"));
    const char *heap = getenv("PYFLINK_SHELL_HEAP");
    if (heap != NULL && *heap != '\0')
        host_list_addf(flags, "-Xmx%s", heap);
    host_list_add_words(flags, getenv("PYFLINK_SHELL_JVM_OPTS"));
}

static bool any_matches(const host_list_t *flags, const char *pattern) {
    for (size_t i = 0; i < flags->count; i++)
        if (fnmatch(pattern, flags->items[i], 0) == 0)
            return true;
    return false;
}

void host_jvm_flags(const host_java_home_t *java, const host_jvm_options_t *options,
                    const host_list_t *jars, const char *archive, host_list_t *flags) {
    size_t length = sizeof "-Djava.class.path=";
    for (size_t i = 0; i < jars->count; i++)
        length += strlen(jars->items[i]) + 1;
    char *path = malloc(length);
    if (path != NULL) {
        char *end = stpcpy(path, "-Djava.class.path=");
        for (size_t i = 0; i < jars->count; i++) {
            if (i > 0)
                *end++ = ':';
            end = stpcpy(end, jars->items[i]);
        }
        host_list_add(flags, path);
    }

    /* The host owns SIGINT, SIGTERM and SIGHUP. */
    host_list_addf(flags, "-Xrs");
    /* One process for one user: a small start counts more than the shortest pauses. What the
     * user sets must not meet a contradiction of ours, which would keep the JVM from starting. */
    host_list_t own = {0};
    add_user_flags(options, &own);
    if (!any_matches(&own, "-XX:+Use*GC"))
        host_list_addf(flags, "-XX:+UseSerialGC");
    if (!any_matches(&own, "-Xm[sx]*") && !any_matches(&own, "-XX:*HeapSize=*"))
        host_list_addf(flags, "-Xms64m");
    /* The JVM asks for a GiB of addresses for classes alone, of which we need a tenth. */
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        !any_matches(&own, "-XX:CompressedClassSpaceSize=*"))
        host_list_addf(flags, "-XX:CompressedClassSpaceSize=128m");
    /* Half of the processor time of a small job went into compiling what runs a few hundred
     * times: 2.9 s with the usual thresholds, 1.8 s with four times as much; hot loops reach
     * these, too, and a million records take as long as before. */
    host_list_addf(flags, "-XX:CompileThresholdScaling=4");
    host_list_addf(flags, "-Xss1m");
    host_list_addf(flags, "-XX:-UsePerfData");
    host_list_addf(flags, "-XX:+DisplayVMOutputToStderr");
    /* Standard output belongs to the program: the JVM's own warnings go to stderr. */
    host_list_addf(flags, "-Xlog:disable");
    host_list_addf(flags, "-Xlog:all=warning,cds=off,cds+dynamic=off%s:stderr",
                   java->major >= 24 ? ",aot=off" : "");
    host_list_addf(flags, "-Dfile.encoding=UTF-8");
    host_list_addf(flags, "-Dstdout.encoding=UTF-8");
    host_list_addf(flags, "-Dstderr.encoding=UTF-8");
    host_list_addf(flags, "-Dsun.stdout.encoding=UTF-8");
    host_list_addf(flags, "-Dsun.stderr.encoding=UTF-8");
    host_list_addf(flags, "-Djava.awt.headless=true");
    host_list_addf(flags, "-Dlog4j2.disableJmx=true");
    host_list_addf(flags, "-Dlog4j2.configurationFile=file://%s/log4j2.properties",
                   host_path_share());
    const char *log = getenv("PYFLINK_SHELL_LOG");
    bool logged = log != NULL && *log != '\0';
    /* Our configuration logs nothing without a file. Then the part of log4j that reads it need not
     * start, which takes 90 ms of processor time; a user's own setting brings it back. */
    if (!logged && !any_matches(&own, "-Dlog4j*")) {
        host_list_addf(flags, "-Dlog4j2.loggerContextFactory=%s",
                       options->session
                           ? "io.pyflinkshell.cluster.SessionLogging"
                           : "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
        host_list_addf(flags, "-Dlog4j2.simplelogLevel=OFF");
    }
    host_list_addf(flags, "-Dpyflinkshell.log.file=%s", logged ? log : "/dev/null");
    host_list_addf(flags, "-Dpyflinkshell.log.level=%s", logged ? "INFO" : "OFF");

    for (size_t i = 0; i < sizeof opened / sizeof *opened; i++)
        if (has_module(java, opened[i].module))
            host_list_addf(flags, "--%s=%s/%s=ALL-UNNAMED", opened[i].kind, opened[i].module,
                           opened[i].package);
    if (java->major >= 24) {
        host_list_addf(flags, "--enable-native-access=ALL-UNNAMED");
        host_list_addf(flags, "--sun-misc-unsafe-memory-access=allow");
    }
    /* Dynamic archives exist since Java 13. */
    if (java->major >= 13 && options->archive_output != NULL)
        host_list_addf(flags, "-XX:ArchiveClassesAtExit=%s", options->archive_output);
    else if (java->major >= 13 && archive != NULL)
        host_list_addf(flags, "-XX:SharedArchiveFile=%s", archive);

    /* The user's word comes last, so that it wins. */
    for (size_t i = 0; i < own.count; i++)
        host_list_add(flags, own.items[i]);
    free(own.items);
}
