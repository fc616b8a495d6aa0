/* host_python.c - an embedded interpreter that behaves like python3: same arguments, same
 * sys.path, same exit codes, because CPython's own main function runs the program. */
#include "host/host_internal.h"

#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef PYTHON_EXECUTABLE
#define PYTHON_EXECUTABLE "python3"
#endif

extern PyObject *PyInit__pyflink_engine(void);

#define STRING2(x) #x
#define STRING(x) STRING2(x)
#define BUILT_FOR STRING(PY_MAJOR_VERSION) "." STRING(PY_MINOR_VERSION)

/* Version of the interpreter in a virtual environment ("3.11.7"), from its pyvenv.cfg. */
static char *venv_version_new(const char *folder) {
    char *path = host_format_new("%s/pyvenv.cfg", folder);
    char *text = host_file_read_new(path);
    free(path);
    char *version = NULL, *rest = text, *line;
    while (version == NULL && (line = strsep(&rest, "\n")) != NULL) {
        size_t length = strcspn(line, " =");
        if (strncmp(line, "version", length) == 0 || strncmp(line, "version_info", length) == 0) {
            const char *value = line + length + strspn(line + length, " =");
            if (length > 0)
                version = host_format_new("%.*s", (int)strspn(value, "0123456789."), value);
        }
    }
    free(text);
    return version;
}

/* Asks a program for its version and its own idea of its path: it may be a version manager's. */
static char *ask_version_new(const char *program, char **executable) {
    char *command = host_format_new(
        "'%s' -I -c 'import sys; print(\"%%d.%%d.%%d %%s\" %% (sys.version_info[:3] + "
        "(sys.executable,)))' 2>/dev/null",
        program);
    FILE *pipe = popen(command, "re");
    free(command);
    char line[PATH_MAX + 32] = "";
    if (pipe != NULL && fgets(line, sizeof line, pipe) == NULL)
        line[0] = '\0';
    if (pipe != NULL)
        pclose(pipe);
    char *space = strchr(line, ' ');
    if (space == NULL)
        return NULL;
    space[1 + strcspn(space + 1, "\n")] = '\0';
    *executable = host_format_new("%s", space + 1);
    *space = '\0';
    return host_format_new("%s", line);
}

static bool same_version(const char *version) {
    size_t length = strlen(BUILT_FOR);
    return strncmp(version, BUILT_FOR, length) == 0 &&
           (version[length] == '\0' || version[length] == '.');
}

/* The python3 that sys.executable names: --python, the active virtual environment, or the one
 * that the engine was built for. NULL after a message when it does not fit. */
static char *choose_python_new(const char *asked) {
    const char *environment = getenv("VIRTUAL_ENV");
    char *executable = NULL, *version = NULL;
    const char *origin = "--python";
    if (asked != NULL) {
        version = ask_version_new(asked, &executable);
        if (version == NULL) {
            fprintf(stderr, "pyflink-shell: --python %s: this is no Python that runs\n", asked);
            return NULL;
        }
    } else if (environment != NULL && *environment != '\0') {
        origin = "VIRTUAL_ENV";
        executable = host_format_new("%s/bin/python3", environment);
        version = venv_version_new(environment);
        if (!host_file_exists(executable) || version == NULL) {
            free(executable);
            free(version);
            executable = version = NULL;
        }
    }
    if (executable == NULL) {
        executable = host_format_new("%s", PYTHON_EXECUTABLE);
        if (host_file_exists(executable))
            return executable;
        free(executable);
        executable = NULL;
        origin = "python" BUILT_FOR;
        version = ask_version_new("python" BUILT_FOR, &executable);
        if (version == NULL) {
            fprintf(stderr, "pyflink-shell: built for Python " BUILT_FOR " at " PYTHON_EXECUTABLE
                            ", which is gone, and there is no python" BUILT_FOR " on PATH\n");
            return NULL;
        }
    }
    if (!same_version(version)) {
        fprintf(stderr,
                "pyflink-shell: built for Python " BUILT_FOR ", but %s gives %s, which is Python "
                "%s; use a Python " BUILT_FOR " or build again with PYTHON=%s ./configure\n",
                origin, executable, version, executable);
        free(executable);
        executable = NULL;
    }
    free(version);
    return executable;
}

/* Runs after Python is gone: what is left to do is only to end. */
static void at_very_end(void) {
    host_thread_python_gone();
    host_signals_ending();
}

static int prepare(const host_python_options_t *options, bool faulthandler) {
    PyObject *path = PySys_GetObject("path"); /* borrowed */
    if (path == NULL)
        return -1;
    Py_ssize_t place = 0;
    for (char **folder = options->python_path; folder && *folder; folder++) {
        PyObject *item = PyUnicode_DecodeFSDefault(*folder);
        if (item == NULL || PyList_Insert(path, place++, item) < 0)
            return -1;
        Py_DECREF(item);
    }
    PyObject *ours = PyUnicode_DecodeFSDefault(host_path_python());
    if (ours == NULL || PyList_Insert(path, place, ours) < 0)
        return -1;
    Py_DECREF(ours);
    PyObject *module = PyImport_ImportModule("_pyflink_host");
    PyObject *result =
        module ? PyObject_CallMethod(module, "prepare_program", "i", (int)faulthandler) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

int host_python_main(const host_python_options_t *options) {
    char *executable = choose_python_new(options->python);
    if (executable == NULL)
        return 1;
    PyImport_AppendInittab("_pyflink_engine", PyInit__pyflink_engine);

    PyPreConfig preconfig;
    PyPreConfig_InitPythonConfig(&preconfig);
    PyStatus status = Py_PreInitializeFromBytesArgs(&preconfig, options->argc, options->argv);
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    bool faulthandler = false;
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesArgv(&config, options->argc, options->argv);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesString(&config, &config.program_name, executable);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesString(&config, &config.executable, executable);
    if (!PyStatus_Exception(status))
        status = PyConfig_Read(&config);
    if (!PyStatus_Exception(status)) {
        /* It would put its handlers over those of the JVM, which may exist by now. */
        faulthandler = config.faulthandler > 0;
        config.faulthandler = 0;
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    free(executable);
    if (PyStatus_Exception(status)) {
        if (PyStatus_IsExit(status))
            return status.exitcode;
        fprintf(stderr, "pyflink-shell: Python does not start: %s\n",
                status.err_msg ? status.err_msg : "no reason given");
        return 1;
    }
    Py_AtExit(at_very_end);
    bool prepared = prepare(options, faulthandler) == 0;
    host_signals_open();
    /* What came meanwhile is handled here: Py_RunMain would lose it in its own preparations. */
    if (!prepared || PyErr_CheckSignals() < 0) {
        int code = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? 128 + SIGINT : 1;
        PyErr_Print(); /* ends the process for SystemExit */
        Py_FinalizeEx();
        return code;
    }
    if (options->body == NULL)
        return Py_RunMain();
    int code = options->body(options->data);
    return Py_FinalizeEx() < 0 && code == 0 ? 120 : code; /* as Py_RunMain: output was lost */
}
