/* kernel_folder.c - Jupyter's folders, as jupyter_core finds them. */
#include "kernel/kernel_folder.h"

#include "kernel/kernel_text.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

static const char *home(void) {
    const char *folder = setting("HOME");
    struct passwd *entry = folder == NULL ? getpwuid(getuid()) : NULL;
    return folder ? folder : entry ? entry->pw_dir : "/";
}

char *kernel_folder_data_new(void) {
    if (setting("JUPYTER_DATA_DIR") != NULL)
        return kernel_format_new("%s", setting("JUPYTER_DATA_DIR"));
    if (setting("XDG_DATA_HOME") != NULL)
        return kernel_format_new("%s/jupyter", setting("XDG_DATA_HOME"));
    return kernel_format_new("%s/.local/share/jupyter", home());
}

char *kernel_folder_runtime_new(void) {
    if (setting("JUPYTER_RUNTIME_DIR") != NULL)
        return kernel_format_new("%s", setting("JUPYTER_RUNTIME_DIR"));
    char *data = kernel_folder_data_new();
    char *folder = kernel_format_new("%s/runtime", data);
    free(data);
    return folder;
}

char *kernel_folder_of_new(const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return kernel_format_new(".");
    return kernel_copy_new(path, slash == path ? 1 : (size_t)(slash - path));
}

int kernel_folder_make(const char *path, mode_t mode) {
    char *copy = kernel_format_new("%s", path);
    int result = 0;
    for (char *end = copy + 1; result == 0 && *end != '\0'; end++) {
        if (*end != '/')
            continue;
        *end = '\0';
        if (mkdir(copy, mode) != 0 && errno != EEXIST)
            result = -1;
        *end = '/';
    }
    if (result == 0 && mkdir(copy, mode) != 0 && errno != EEXIST)
        result = -1;
    free(copy);
    return result;
}
