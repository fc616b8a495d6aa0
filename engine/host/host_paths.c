/* host_paths.c - where the engine's files are, found from the place of the engine itself.
 *
 * Nothing is compiled in, so that an installed tree can be moved as a whole. A build tree has the
 * file build-tree.paths beside the engine, whose only line is the source folder. */
#include "host/host_internal.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct {
    char *engine, *jars, *python, *python_deps, *share, *program;
    bool build_tree;
} paths;

static char *absolute_new(char *path) {
    char resolved[PATH_MAX];
    if (realpath(path, resolved) == NULL)
        return path;
    free(path);
    return host_format_new("%s", resolved);
}

/* The installed program is <prefix>/bin for a library folder of <prefix>/lib/pyflink-shell or
 * <prefix>/lib/<triplet>/pyflink-shell. */
static char *program_new(const char *folder) {
    static const char *const up[] = {"../../bin", "../../../bin"};
    for (size_t i = 0; i < sizeof up / sizeof *up; i++) {
        char *path = host_format_new("%s/%s/pyflink-shell", folder, up[i]);
        if (host_file_exists(path))
            return absolute_new(path);
        free(path);
    }
    return host_format_new("%s/../../bin/pyflink-shell", folder);
}

static void find_all(void) {
    Dl_info info;
    char resolved[PATH_MAX];
    if (dladdr((void *)find_all, &info) == 0 || info.dli_fname == NULL ||
        realpath(info.dli_fname, resolved) == NULL)
        strcpy(resolved, "./libpyflink_engine.so");
    paths.engine = host_format_new("%s", resolved);
    char *slash = strrchr(resolved, '/');
    if (slash != NULL)
        *slash = '\0';
    char *marker = host_format_new("%s/build-tree.paths", resolved);
    char *source = host_file_read_new(marker);
    free(marker);
    paths.jars = host_format_new("%s/jars", resolved);
    paths.python_deps = host_format_new("%s/python-deps", resolved);
    if (source != NULL) {
        source[strcspn(source, "\n")] = '\0';
        paths.build_tree = true;
        paths.python = host_format_new("%s/python", source);
        paths.share = host_format_new("%s/share", source);
        paths.program = host_format_new("%s/pyflink-shell", resolved);
        free(source);
        return;
    }
    paths.python = host_format_new("%s/python", resolved);
    paths.program = program_new(resolved);
    char *share = host_format_new("%s/../../share/pyflink-shell", resolved);
    if (!host_file_exists(share)) {
        free(share);
        share = host_format_new("%s/../../../share/pyflink-shell", resolved);
    }
    paths.share = absolute_new(share);
}

const char *host_path_engine(void) {
    pthread_once(&once, find_all);
    return paths.engine;
}

const char *host_path_jars(void) {
    pthread_once(&once, find_all);
    return paths.jars;
}

const char *host_path_python(void) {
    pthread_once(&once, find_all);
    return paths.python;
}

const char *host_path_python_deps(void) {
    pthread_once(&once, find_all);
    return paths.python_deps;
}

const char *host_path_share(void) {
    pthread_once(&once, find_all);
    return paths.share;
}

const char *host_path_program(void) {
    pthread_once(&once, find_all);
    return paths.program;
}

bool host_path_is_build_tree(void) {
    pthread_once(&once, find_all);
    return paths.build_tree;
}
