/* host_java_home.c - which JVM: from JAVA_HOME or from `java` on PATH, found at run time. */
#include "host/host_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OLDEST_JAVA 11

int host_java_major(const char *version) {
    if (version == NULL)
        return 0;
    int major = atoi(version);
    if (major == 1 && version[1] == '.')
        major = atoi(version + 2);
    return major;
}

/* Value of NAME="value" in the text of a JDK's release file, or NULL. */
static char *release_value_new(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == '=') {
            const char *value = line + length + 1;
            value += *value == '"';
            return host_format_new("%.*s", (int)strcspn(value, "\"\r\n"), value);
        }
    }
    return NULL;
}

void host_java_home_clear(host_java_home_t *java) {
    free(java->home);
    free(java->libjvm);
    free(java->version);
    free(java->modules);
    *java = (host_java_home_t){0};
}

char *host_java_home_inspect(host_java_home_t *java, const char *home, const char *origin) {
    /* The second place is that of a Java 8: it is found only to be refused by its number. */
    static const char *const places[] = {"lib/server/libjvm.so", "jre/lib/amd64/server/libjvm.so",
                                         "jre/lib/aarch64/server/libjvm.so",
                                         "lib/amd64/server/libjvm.so", "lib/client/libjvm.so"};
    *java = (host_java_home_t){0};
    for (size_t i = 0; i < sizeof places / sizeof *places && java->libjvm == NULL; i++) {
        char *path = host_format_new("%s/%s", home, places[i]);
        if (host_file_exists(path))
            java->libjvm = path;
        else
            free(path);
    }
    if (java->libjvm == NULL)
        return host_format_new("%s: no lib/server/libjvm.so there; set JAVA_HOME to the folder of "
                               "a JDK, %d or newer (Debian: openjdk-17-jdk-headless)",
                               origin, OLDEST_JAVA);
    java->home = host_format_new("%s", home);
    char *path = host_format_new("%s/release", home);
    char *release = host_file_read_new(path);
    free(path);
    if (release != NULL) {
        java->version = release_value_new(release, "JAVA_VERSION");
        char *modules = release_value_new(release, "MODULES");
        if (modules != NULL)
            java->modules = host_format_new(" %s ", modules);
        free(modules);
        free(release);
    }
    java->major = host_java_major(java->version);
    if (java->major == 0 && strstr(java->libjvm, "/jre/") != NULL)
        java->major = 8;
    if (java->major != 0 && java->major < OLDEST_JAVA) {
        char *error = host_format_new("%s is Java %d; Java %d or newer is needed (set JAVA_HOME)",
                                      origin, java->major, OLDEST_JAVA);
        host_java_home_clear(java);
        return error;
    }
    return NULL;
}

static char *on_path_new(const char *program) {
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        char *file = host_format_new("%.*s/%s", (int)length, path, program);
        if (length > 0 && access(file, X_OK) == 0)
            return file;
        free(file);
        path += length + (path[length] == ':');
    }
    return NULL;
}

/* A `java` on PATH can be a script of a version manager: then it is asked for its home. */
static char *ask_home_new(const char *java) {
    char *command = host_format_new("'%s' -XshowSettings:properties -version 2>&1", java);
    FILE *pipe = popen(command, "re");
    free(command);
    char *home = NULL, line[PATH_MAX + 64];
    while (pipe != NULL && fgets(line, sizeof line, pipe) != NULL) {
        const char *value = strstr(line, "java.home = ");
        if (value != NULL && home == NULL)
            home = host_format_new("%.*s", (int)strcspn(value + 12, "\n"), value + 12);
    }
    if (pipe != NULL)
        pclose(pipe);
    return home;
}

char *host_java_home_find(host_java_home_t *java) {
    const char *home = getenv("JAVA_HOME");
    if (home != NULL && *home != '\0') {
        char *origin = host_format_new("JAVA_HOME=%s", home);
        char *error = host_java_home_inspect(java, home, origin);
        free(origin);
        return error;
    }
    *java = (host_java_home_t){0};
    char *program = on_path_new("java");
    if (program == NULL)
        return host_format_new("no Java: JAVA_HOME is not set and there is no java on PATH; "
                               "install a JDK, %d or newer (Debian: openjdk-17-jdk-headless)",
                               OLDEST_JAVA);
    char resolved[PATH_MAX];
    char *found = NULL;
    if (realpath(program, resolved) != NULL) {
        char *slash = strrchr(resolved, '/');
        if (slash != NULL && slash - resolved >= 4 && strncmp(slash - 4, "/bin", 4) == 0)
            found = host_format_new("%.*s", (int)(slash - 4 - resolved), resolved);
    }
    char *error = NULL;
    if (found != NULL)
        error = host_java_home_inspect(java, found, program);
    if (found == NULL || (error != NULL && java->home == NULL)) {
        char *asked = ask_home_new(program);
        if (asked != NULL && (found == NULL || strcmp(asked, found) != 0)) {
            free(error);
            error = host_java_home_inspect(java, asked, program);
        } else if (error == NULL) {
            error = host_format_new("%s does not run; set JAVA_HOME to the folder of a JDK, %d or "
                                    "newer",
                                    program, OLDEST_JAVA);
        }
        free(asked);
    }
    free(found);
    free(program);
    return error;
}
