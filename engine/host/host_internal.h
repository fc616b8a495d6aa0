/* host_internal.h - what the host's own files share; other rooms and tests of the host use host.h
 * where they can.
 *
 * Ownership: functions named ..._new return memory that the caller frees with free(). */
#ifndef PYFLINK_SHELL_HOST_INTERNAL_H
#define PYFLINK_SHELL_HOST_INTERNAL_H

#include "host/host.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/* ---- host_text.c: strings and lists of strings ------------------------------------------- */
typedef struct {
    char **items; /* owned, NULL-terminated once anything was added */
    size_t count;
    size_t capacity;
} host_list_t;

char *host_format_new(const char *format, ...) __attribute__((format(printf, 1, 2)));
void host_list_add(host_list_t *list, char *item); /* takes item */
void host_list_addf(host_list_t *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void host_list_add_words(host_list_t *list, const char *words); /* splits at white space */
void host_list_sort(host_list_t *list);
void host_list_clear(host_list_t *list);
bool host_file_exists(const char *path);
char *host_file_read_new(const char *path); /* NULL when it cannot be read */
unsigned long long host_hash(unsigned long long hash, const void *data, size_t size);
#define HOST_HASH_START 0xcbf29ce484222325ULL

/* ---- host_java_home.c: which JVM ---------------------------------------------------------- */
typedef struct {
    char *home;    /* JAVA_HOME, resolved */
    char *libjvm;  /* lib/server/libjvm.so in it */
    char *version; /* "17.0.15", or NULL when there is no release file */
    char *modules; /* " java.base java.rmi ... ", or NULL when unknown */
    int major;     /* 17; 0 when unknown */
} host_java_home_t;

/* Fills *java from JAVA_HOME or else from `java` on PATH. Returns NULL, or an error text that the
 * caller frees; *java is then empty. */
char *host_java_home_find(host_java_home_t *java);
char *host_java_home_inspect(host_java_home_t *java, const char *home, const char *origin);
void host_java_home_clear(host_java_home_t *java);
int host_java_major(const char *version); /* "1.8.0_292" -> 8, "17.0.15" -> 17, "25-ea" -> 25 */

/* ---- host_jvm_flags.c: the options of the JVM --------------------------------------------- */
/* Jar paths for the class path, the engine's own first; returns false when there are none. */
bool host_jvm_class_path(const char *folder, host_list_t *jars);
void host_jvm_flags(const host_java_home_t *java, const host_jvm_options_t *options,
                    const host_list_t *jars, const char *archive, host_list_t *flags);

/* ---- host_archive.c: the class archive ---------------------------------------------------- */
/* Path of a fitting archive, or NULL (only slower). Builds it once if it is missing, saying so
 * with a warning when that fails. Blocks; called from the JVM's start thread. */
char *host_archive_find_new(const host_java_home_t *java, const host_list_t *jars);
/* Builds it into folder unless it is there. Returns 0, or -1 after a warning on stderr. */
int host_archive_build(const char *folder, bool quiet);
char *host_archive_name_new(const host_java_home_t *java, const char *folder,
                            const host_list_t *jars);
void host_archive_abort(void); /* stops a training child of this process */

/* ---- host_jvm.c --------------------------------------------------------------------------- */
JavaVM *host_jvm(void);       /* NULL before creation */
bool host_jvm_is_asked(void); /* somebody called host_jvm_start */
/* Ends what runs in the JVM: shutdown functions, then Java's shutdown hooks. Idempotent. */
void host_jvm_shutdown(void);
/* Removes what Java would leave in the file system, without Python and without ending jobs. */
void host_jvm_abandon(void);

/* ---- host_thread.c ------------------------------------------------------------------------ */
void host_thread_python_gone(void); /* Python is being finalised: kept states are dead */

/* ---- host_chdir.c ------------------------------------------------------------------------- */
/* Changes the current folder of this thread and of those it will start, of no other. 0, or an
 * errno: EPERM when the system does not let a thread have its own. */
int host_thread_chdir(const char *folder);

/* ---- host_process.c ----------------------------------------------------------------------- */
/* Opens /dev/null for standard streams that are closed: a descriptor that is closed at the start
 * would be given to the next file that is opened, and what the JVM and Python print would go there.
 * False when even this is impossible. */
bool host_process_open_streams(void);
/* What python3 does for the C locale (PEP 538), done before the JVM looks at the environment. */
void host_process_prepare(void);

/* ---- host_signals.c ----------------------------------------------------------------------- */
void host_signals_note(int signal); /* async-signal-safe: a signal for Python's main thread */
void host_signals_init(void);       /* on the thread that imports the engine */
/* The signals that only Python's main thread should see. */
void host_signals_set(sigset_t *set);
/* The mask that the program was started with; false before host_signals_init. */
bool host_signals_program_mask(sigset_t *mask);
void host_signals_open(void); /* Python has its handlers: let SIGINT and its like in */
/* The primordial thread of pyflink-shell: hands every signal to `target`, for ever. */
void host_signals_forward(pthread_t target) __attribute__((noreturn));
/* fn is asked first about each signal to the process, on the thread that hands them out; when it
 * returns true, Python does not see the signal. It must not block. */
void host_signals_filter(bool (*fn)(int number));
void host_signals_ending(void); /* from now on the forwarder swallows SIGINT */

/* ---- host_guard.c: fork and faulthandler --------------------------------------------------- */
void host_guard_init(void); /* once, before anything can fork */
bool host_guard_forked(void);
/* Wraps faulthandler.enable and disable so that they leave the JVM's fault handlers in place. */
int host_guard_faulthandler(void);

/* ---- host_children.c ---------------------------------------------------------------------- */
/* Children that threads of the JVM start get the program's signal mask. 0, or -1 with an error. */
int host_children_init(void);

/* ---- host_python.c: an embedded interpreter ------------------------------------------------ */
typedef struct {
    const char *python; /* --python, or NULL */
    char **python_path; /* folders for the front of sys.path, or NULL */
    int argc;           /* what python3 would be given, argv[0] is ignored */
    char **argv;
    int (*body)(void *data); /* runs instead of what argv names, with the GIL, or NULL */
    void *data;
} host_python_options_t;

/* Runs body(data) on a thread with a large stack while this one hands out signals; never returns.
 */
void host_run(int (*body)(void *data), void *data) __attribute__((noreturn));
/* Initialises Python like python3 would with these arguments and runs them; the exit code. */
int host_python_main(const host_python_options_t *options);

/* One line on stderr: "pyflink-shell: warning: ...". */
void host_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
