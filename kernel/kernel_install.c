/* kernel_install.c - writes a kernelspec: kernel.json and the logos beside it. */
#include "config.h"
#include "kernel/kernel_install.h"

#include "host/host_internal.h"
#include "kernel/kernel_folder.h"
#include "kernel/kernel_text.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const logos[] = {"logo-svg.svg", "logo-32x32.png", "logo-64x64.png"};

static const char *active_environment(void) {
    const char *folder = getenv("VIRTUAL_ENV");
    return folder != NULL && *folder != '\0' ? folder : NULL;
}

/* sys.prefix of a Python, or NULL. */
static char *prefix_of_python_new(const char *python) {
    char *command =
        kernel_format_new("'%s' -I -c 'import sys; print(sys.prefix)' 2>/dev/null", python);
    char line[PATH_MAX] = "";
    FILE *pipe = strchr(python, '\'') == NULL ? popen(command, "re") : NULL;
    free(command);
    if (pipe != NULL && fgets(line, sizeof line, pipe) == NULL)
        line[0] = '\0';
    if (pipe != NULL)
        pclose(pipe);
    line[strcspn(line, "\n")] = '\0';
    return *line ? kernel_format_new("%s", line) : NULL;
}

static char *sys_prefix_new(const kernel_options_t *options) {
    if (options->engine.python != NULL)
        return prefix_of_python_new(options->engine.python);
    if (active_environment() != NULL)
        return kernel_format_new("%s", active_environment());
    return prefix_of_python_new(PYTHON_EXECUTABLE);
}

/* The folder that holds kernels/, or NULL. */
static char *data_folder_new(const kernel_options_t *options) {
    if (options->place == KERNEL_USER)
        return kernel_folder_data_new();
    char *prefix = options->place == KERNEL_PREFIX       ? kernel_format_new("%s", options->prefix)
                   : options->place == KERNEL_SYS_PREFIX ? sys_prefix_new(options)
                                                         : kernel_format_new("/usr/local");
    if (prefix == NULL)
        return NULL;
    char *folder = kernel_format_new("%s/share/jupyter", prefix);
    free(prefix);
    return folder;
}

/* The name that this program can be started with later. */
static char *program_new(void) {
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    return size > 0 ? kernel_copy_new(path, (size_t)size) : kernel_format_new("pyflink-kernel");
}

static json_t *argv_new(const kernel_options_t *options) {
    char *program = program_new();
    json_t *argv = json_pack("[s, s, s]", program, "-f", "{connection_file}");
    free(program);
    /* Jupyter starts kernels outside of the environment that is active now. */
    if (options->engine.python == NULL && active_environment() != NULL) {
        char *python = kernel_format_new("%s/bin/python3", active_environment());
        json_array_append_new(argv, json_string("--python"));
        json_array_append_new(argv, json_string(python));
        free(python);
    }
    for (size_t i = 1; i < options->arguments.count; i++)
        json_array_append_new(argv, json_string(options->arguments.items[i]));
    return argv;
}

static json_t *spec_new(const kernel_options_t *options) {
    json_t *environment = json_object();
    for (size_t i = 0; i < options->environment.count; i++) {
        const char *item = options->environment.items[i], *equals = strchr(item, '=');
        char *name = kernel_copy_new(item, (size_t)(equals - item));
        json_object_set_new(environment, name, json_string(equals + 1));
        free(name);
    }
    return json_pack("{s:o, s:s, s:s, s:s, s:o, s:{s:b}}", "argv", argv_new(options),
                     "display_name", options->display_name, "language", "python", "interrupt_mode",
                     "message", "env", environment, "metadata", "debugger", 1);
}

static int copy_file(const char *from, const char *to) {
    FILE *in = fopen(from, "re"), *out = in ? fopen(to, "we") : NULL;
    char block[4096];
    size_t size;
    int result = out ? 0 : -1;
    while (result == 0 && (size = fread(block, 1, sizeof block, in)) > 0)
        if (fwrite(block, 1, size, out) != size)
            result = -1;
    if (in != NULL)
        fclose(in);
    if (out != NULL && fclose(out) != 0)
        result = -1;
    return result;
}

static int write_all(const kernel_options_t *options, const char *folder) {
    if (kernel_folder_make(folder, 0755) != 0)
        return -1;
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof logos / sizeof *logos; i++) {
        char *from = kernel_format_new("%s/kernelspec/%s", host_path_share(), logos[i]);
        char *to = kernel_format_new("%s/%s", folder, logos[i]);
        result = copy_file(from, to);
        free(from);
        free(to);
    }
    json_t *spec = spec_new(options);
    char *path = kernel_format_new("%s/kernel.json", folder);
    FILE *file = result == 0 ? fopen(path, "we") : NULL;
    if (file == NULL || json_dumpf(spec, file, JSON_INDENT(2)) != 0 || fputc('\n', file) == EOF)
        result = -1;
    if (file != NULL && fclose(file) != 0)
        result = -1;
    free(path);
    json_decref(spec);
    return result;
}

int kernel_install(const kernel_options_t *options) {
    char *data = data_folder_new(options);
    if (data == NULL) {
        fputs("pyflink-kernel: --sys-prefix: the Python does not run\n", stderr);
        return 1;
    }
    char *folder = kernel_format_new("%s/kernels/%s", data, options->name);
    int result = write_all(options, folder);
    if (result == 0)
        printf("Installed kernelspec %s in %s\n", options->name, folder);
    else
        fprintf(stderr, "pyflink-kernel: cannot write %s: %s%s\n", folder, strerror(errno),
                options->place == KERNEL_SYSTEM ? " (--user installs for this user alone)" : "");
    free(folder);
    free(data);
    return result == 0 ? 0 : 1;
}
