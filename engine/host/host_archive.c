/* host_archive.c - the class archive (AppCDS) that makes the JVM and Flink start faster.
 *
 * Without it the first job takes 3 s longer. Its name holds a key of the JVM and of the jars, so
 * that a stale one is simply not found. It is looked for beside the engine, then in the user's
 * cache folder, and made there by a training child when it is nowhere. Everything that can go
 * wrong here costs only speed. */
#include "host/host_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OLDEST_ARCHIVE_JAVA 13 /* -XX:ArchiveClassesAtExit */
#define SPACE_NEEDED (128ULL << 20)
#define TRAIN_TICKS (90 * 50) /* of 20 ms: then the training run hangs */
#define TRAIN_FLAG "--train-class-archive="

extern char **environ;

static _Atomic(pid_t) child;
static atomic_bool aborted;

static unsigned long long hash_file(unsigned long long hash, const char *path) {
    struct stat status;
    long long facts[2] = {0, 0};
    if (stat(path, &status) == 0) {
        facts[0] = status.st_size;
        facts[1] = status.st_mtime;
    }
    return host_hash(host_hash(hash, path, strlen(path)), facts, sizeof facts);
}

/* <folder>/classes-<JVM and place of the jars>-<the jars>.jsa: when a new one is made, those with
 * the same first part are its predecessors. */
static char *prefix_new(const host_java_home_t *java) {
    unsigned long long place = hash_file(HOST_HASH_START, java->libjvm);
    if (java->version != NULL)
        place = host_hash(place, java->version, strlen(java->version));
    place = host_hash(place, host_path_jars(), strlen(host_path_jars()));
    return host_format_new("classes-%016llx-", place);
}

char *host_archive_name_new(const host_java_home_t *java, const char *folder,
                            const host_list_t *jars) {
    unsigned long long hash = HOST_HASH_START;
    for (size_t i = 0; i < jars->count; i++)
        hash = hash_file(hash, jars->items[i]);
    char *prefix = prefix_new(java);
    char *name = host_format_new("%s/%s%016llx.jsa", folder, prefix, hash);
    free(prefix);
    return name;
}

static char *engine_folder_new(void) {
    const char *engine = host_path_engine();
    const char *slash = strrchr(engine, '/');
    return host_format_new("%.*s", slash ? (int)(slash - engine) : 0, engine);
}

static char *cache_folder_new(void) {
    const char *cache = getenv("XDG_CACHE_HOME");
    if (cache != NULL && *cache == '/')
        return host_format_new("%s/pyflink-shell", cache);
    const char *home = getenv("HOME");
    return home && *home ? host_format_new("%s/.cache/pyflink-shell", home) : NULL;
}

/* mkdir -p; 0 or an errno. */
static int make_folder(const char *folder) {
    char *path = host_format_new("%s", folder);
    int result = 0;
    for (char *slash = path + 1; result == 0; slash++) {
        slash = strchr(slash, '/');
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            result = errno;
        if (slash == NULL)
            break;
        *slash = '/';
    }
    free(path);
    struct stat status;
    if (result == 0 && (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)))
        result = ENOTDIR;
    if (result == 0 && access(folder, W_OK) != 0)
        result = errno;
    struct statvfs space;
    if (result == 0 && statvfs(folder, &space) == 0 &&
        (unsigned long long)space.f_bavail * space.f_frsize < SPACE_NEEDED)
        result = ENOSPC;
    return result;
}

static void remove_predecessors(const host_java_home_t *java, const char *folder,
                                const char *current) {
    char *prefix = prefix_new(java);
    const char *kept = strrchr(current, '/') + 1;
    DIR *directory = opendir(folder);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 && strcmp(entry->d_name, kept))
            unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory != NULL)
        closedir(directory);
    free(prefix);
}

/* This process's environment without what would change the JVM of the training child, the cluster
 * that it starts, or a log of the user's: a debug agent whose port is taken would make it fail. The
 * array is the caller's, its strings are not. */
static char **train_environment_new(void) {
    static const char *const left_out[] = {
        "PYFLINK_SHELL_JVM_OPTS=", "PYFLINK_SHELL_HEAP=", "PYFLINK_SHELL_LOG=",
        "JAVA_TOOL_OPTIONS=",      "JDK_JAVA_OPTIONS=",   "_JAVA_OPTIONS=",
        "FLINK_CONF_DIR=",
    };
    size_t count = 0, kept = 0;
    while (environ[count] != NULL)
        count++;
    char **result = calloc(count + 1, sizeof *result);
    for (size_t i = 0; result != NULL && i < count; i++) {
        bool keep = true;
        for (size_t j = 0; keep && j < sizeof left_out / sizeof *left_out; j++)
            keep = strncmp(environ[i], left_out[j], strlen(left_out[j])) != 0;
        if (keep)
            result[kept++] = environ[i];
    }
    return result;
}

/* Runs the training child, with default signals and a silent standard output; true on success. */
static bool train(const char *output) {
    char *flag = host_format_new(TRAIN_FLAG "%s", output);
    char *program = (char *)host_path_program();
    char *argv[] = {program, flag, NULL};
    char **environment = train_environment_new();
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    if (getenv("PYFLINK_SHELL_DEBUG") == NULL)
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    int status = -1;
    if (!atomic_load(&aborted) && environment != NULL &&
        posix_spawn(&pid, program, &files, &attributes, argv, environment) == 0) {
        atomic_store(&child, pid);
        if (atomic_load(&aborted))
            kill(pid, SIGKILL);
        for (int ticks = 0; waitpid(pid, &status, WNOHANG) == 0; ticks++) {
            if (ticks == TRAIN_TICKS)
                kill(pid, SIGKILL);
            nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        }
        atomic_store(&child, 0);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    free(environment);
    free(flag);
    struct stat made;
    return status == 0 && stat(output, &made) == 0 && made.st_size > 0;
}

void host_archive_abort(void) {
    atomic_store(&aborted, true);
    pid_t pid = atomic_load(&child);
    if (pid > 0)
        kill(pid, SIGKILL);
}

/* Makes the archive at `path`; 0, or -1 after a warning. The folder itself is the lock. */
static int build(const host_java_home_t *java, const char *folder, const char *path) {
    int failure = make_folder(folder);
    int lock = failure ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0)
        flock(lock, LOCK_EX);
    if (failure == 0 && !host_file_exists(path)) {
        char *temporary = host_format_new("%s.%d.tmp", path, (int)getpid());
        if (!train(temporary))
            failure = -1;
        else if (rename(temporary, path) != 0)
            failure = errno;
        else
            remove_predecessors(java, folder, path);
        unlink(temporary);
        free(temporary);
    }
    if (lock >= 0)
        close(lock);
    if (failure != 0 && !atomic_load(&aborted))
        host_warn("no class archive in %s (%s): starting takes longer", folder,
                  failure > 0 ? strerror(failure)
                              : "the training run failed; PYFLINK_SHELL_DEBUG=1 shows why");
    return failure == 0 ? 0 : -1;
}

static bool switched_off(void) {
    const char *setting = getenv("PYFLINK_SHELL_CLASS_ARCHIVE");
    return setting != NULL && strcmp(setting, "off") == 0;
}

char *host_archive_find_new(const host_java_home_t *java, const host_list_t *jars) {
    if (switched_off() || (java->major != 0 && java->major < OLDEST_ARCHIVE_JAVA))
        return NULL;
    char *folder = engine_folder_new();
    char *path = host_archive_name_new(java, folder, jars);
    free(folder);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    folder = cache_folder_new();
    if (folder == NULL)
        return NULL;
    path = host_archive_name_new(java, folder, jars);
    if (access(path, R_OK) != 0) {
        if (isatty(2))
            fprintf(stderr, "pyflink-shell: making the class archive, once (some seconds)\n");
        if (build(java, folder, path) != 0) {
            free(path);
            path = NULL;
        }
    }
    free(folder);
    return path;
}

int host_archive_build(const char *folder, bool quiet) {
    host_java_home_t java;
    host_list_t jars = {0};
    char *error = host_java_home_find(&java);
    if (error == NULL && !host_jvm_class_path(host_path_jars(), &jars))
        error = host_format_new("no jars in %s", host_path_jars());
    int result = -1;
    if (error != NULL) {
        fprintf(stderr, "pyflink-shell: %s\n", error);
    } else if (java.major != 0 && java.major < OLDEST_ARCHIVE_JAVA) {
        host_warn("Java %d makes no class archive (%d or newer does): starting takes longer",
                  java.major, OLDEST_ARCHIVE_JAVA);
        result = 0;
    } else {
        char *where = folder ? host_format_new("%s", folder) : engine_folder_new();
        if (folder == NULL && access(where, W_OK) != 0) {
            free(where);
            where = cache_folder_new();
        }
        char *path = where ? host_archive_name_new(&java, where, &jars) : NULL;
        if (path != NULL)
            result = build(&java, where, path);
        if (result == 0 && !quiet)
            printf("%s\n", path);
        free(path);
        free(where);
    }
    free(error);
    host_list_clear(&jars);
    host_java_home_clear(&java);
    return result;
}
