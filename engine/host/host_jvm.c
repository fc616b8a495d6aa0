/* host_jvm.c - starts the JVM on a thread of its own, and ends it.
 *
 * States only go forward. The start thread creates the JVM, runs the rooms' ready functions,
 * detaches and ends; everybody else waits on one condition. Python is never touched here, because
 * the JVM starts while Python initialises. */
#include "host/host_internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_HOOKS 16
#define HOOKS_SECONDS 5
#define START_STACK (8u << 20)
#define LEAST_ADDRESS_SPACE (4096ull << 20)
#define LEAST_OPEN_FILES 100 /* each jar is one; without the last ones classes are missing */

enum { IDLE, STARTING, READY, FAILED, ENDED };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int state = IDLE;
static _Atomic(JavaVM *) java_vm;
static atomic_bool closing;
static char *error_text;
static int (*ready_hooks[MAX_HOOKS])(JNIEnv *);
static size_t ready_count;
static void (*shutdown_hooks[MAX_HOOKS])(JNIEnv *);
static size_t shutdown_count;
static void (*flink_hook)(JNIEnv *);
static atomic_bool flink_wanted, flink_begun;
static host_jvm_options_t chosen;
static host_list_t chosen_options, chosen_jars;
static char *empty_list[1];

/* What the JVM prints while it is being created: it becomes the error text if that fails. */
static char creation_text[2048];
static atomic_size_t creation_length;
static atomic_bool creating;

static jint JNICALL on_vm_print(FILE *file, const char *format, va_list arguments) {
    if (!atomic_load(&creating))
        return vfprintf(file, format, arguments);
    size_t used = atomic_load(&creation_length);
    int length = vsnprintf(creation_text + used, sizeof creation_text - used, format, arguments);
    if (length > 0)
        atomic_store(&creation_length, used + (size_t)length < sizeof creation_text
                                           ? used + (size_t)length
                                           : sizeof creation_text - 1);
    return length;
}

/* Some failures of creation do not come back from JNI_CreateJavaVM but end the process, through
 * the exit hook or, most of them, through exit(). */
static void tell_failed_creation(void) {
    static const char head[] = "pyflink-shell: the JVM does not start: ";
    if (!atomic_exchange(&creating, false) || atomic_load(&creation_length) == 0)
        return;
    ssize_t ignored = write(STDERR_FILENO, head, sizeof head - 1);
    ignored = write(STDERR_FILENO, creation_text, atomic_load(&creation_length));
    (void)ignored;
}

static void JNICALL on_vm_exit(jint code) {
    tell_failed_creation();
    fflush(NULL);
    _exit(code);
}

/* What would end the process while the JVM is created, found before; NULL when there is nothing. */
static char *refusal_new(void) {
    char folder[PATH_MAX];
    if (getcwd(folder, sizeof folder) == NULL)
        return host_format_new("the JVM does not start in a working folder that is gone or cannot "
                               "be read: %s",
                               strerror(errno));
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur < LEAST_ADDRESS_SPACE)
        return host_format_new("the JVM needs %llu MiB of address space or more, but the limit is "
                               "%llu MiB; raise it with ulimit -v",
                               LEAST_ADDRESS_SPACE >> 20, (unsigned long long)limit.rlim_cur >> 20);
    /* The JVM raises its own limit to the hard one. */
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < LEAST_OPEN_FILES)
        return host_format_new("the JVM needs %d open files or more, but the limit is %llu; raise "
                               "it with ulimit -n",
                               LEAST_OPEN_FILES, (unsigned long long)limit.rlim_max);
    return NULL;
}

JavaVM *host_jvm(void) {
    return atomic_load(&java_vm);
}

bool host_jvm_is_asked(void) {
    return atomic_load(&state) != IDLE;
}

const char *host_jvm_error(void) {
    if (host_guard_forked())
        return "Java cannot be used in a process made by fork(): the JVM exists only in its "
               "parent; use multiprocessing.get_context(\"spawn\") or subprocess";
    int now = atomic_load(&state);
    if (now == ENDED)
        return "Java cannot be used any more: the process is ending";
    return now == FAILED ? error_text : NULL;
}

bool host_is_closing(void) {
    return atomic_load(&closing);
}

bool host_jvm_is_ready(void) {
    return atomic_load(&state) == READY && !host_guard_forked();
}

const host_jvm_options_t *host_jvm_options(void) {
    if (chosen.flink_options == NULL)
        chosen.flink_options = (const char *const *)empty_list;
    if (chosen.jars == NULL)
        chosen.jars = (const char *const *)empty_list;
    return &chosen;
}

static void set_state(int next) {
    pthread_mutex_lock(&lock);
    atomic_store(&state, next);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* Threads of the JVM inherit the mask of the one that makes them: no Python handler runs there. */
static int start_quiet_thread(pthread_t *thread, void *(*body)(void *), void *data) {
    sigset_t ours, before;
    host_signals_set(&ours);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, START_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    int failed = pthread_create(thread, &attributes, body, data);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failed;
}

/* toString() of the pending Java exception, which is cleared. */
static char *pending_text_new(JNIEnv *env) {
    jthrowable thrown = (*env)->ExceptionOccurred(env);
    if (thrown == NULL)
        return host_format_new("a part of the engine could not be prepared");
    (*env)->ExceptionClear(env);
    char *text = NULL;
    jclass class = (*env)->FindClass(env, "java/lang/Object");
    jmethodID to_string =
        class ? (*env)->GetMethodID(env, class, "toString", "()Ljava/lang/String;") : NULL;
    jstring string = to_string ? (*env)->CallObjectMethod(env, thrown, to_string) : NULL;
    if (string != NULL && !(*env)->ExceptionCheck(env)) {
        const char *chars = (*env)->GetStringUTFChars(env, string, NULL);
        if (chars != NULL) {
            text = host_format_new("%s", chars);
            (*env)->ReleaseStringUTFChars(env, string, chars);
        }
    }
    (*env)->ExceptionClear(env);
    return text ? text : host_format_new("an exception without text");
}

typedef jint(JNICALL *create_t)(JavaVM **, void **, void *);

/* Creates the JVM with these flags; NULL, or the error text. */
static char *create_new(const host_java_home_t *java, const host_list_t *flags, JNIEnv **env) {
    void *library = dlopen(java->libjvm, RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL)
        return host_format_new("cannot load %s: %s", java->libjvm, dlerror());
    create_t create = (create_t)dlsym(library, "JNI_CreateJavaVM");
    if (create == NULL)
        return host_format_new("%s has no JNI_CreateJavaVM", java->libjvm);
    JavaVMOption *options = calloc(flags->count + 2, sizeof *options);
    if (options == NULL)
        return host_format_new("out of memory");
    /* The hooks come first, so that they see what is said about the others. */
    options[0] = (JavaVMOption){"vfprintf", (void *)on_vm_print};
    options[1] = (JavaVMOption){"exit", (void *)on_vm_exit};
    for (size_t i = 0; i < flags->count; i++)
        options[i + 2].optionString = flags->items[i];
    JavaVMInitArgs arguments = {.version = JNI_VERSION_10,
                                .nOptions = (jint)flags->count + 2,
                                .options = options,
                                .ignoreUnrecognized = JNI_FALSE};
    JavaVM *made = NULL;
    static atomic_bool told;
    if (!atomic_exchange(&told, true))
        atexit(tell_failed_creation);
    atomic_store(&creating, true);
    jint result = create(&made, (void **)env, &arguments);
    atomic_store(&creating, false);
    free(options);
    if (result != JNI_OK) {
        creation_text[strcspn(creation_text, "\n")] = '\0';
        return host_format_new("the JVM does not start: %s (%s, result %d)",
                               creation_text[0] ? creation_text : "no reason given", java->home,
                               (int)result);
    }
    if (creation_text[0] != '\0')
        fputs(creation_text, stderr);
    atomic_store(&java_vm, made);
    return NULL;
}

static char *start_new(void) {
    host_java_home_t java;
    host_list_t jars = {0}, flags = {0};
    JNIEnv *env = NULL;
    char *archive = NULL;
    char *error = host_java_home_find(&java);
    if (error == NULL)
        error = refusal_new();
    if (error == NULL && !host_jvm_class_path(host_path_jars(), &jars))
        error = host_format_new("no jars in %s; %s", host_path_jars(),
                                host_path_is_build_tree()
                                    ? "run `make` in that folder's parent (needs Maven)"
                                    : "run `make install` again");
    if (error == NULL && chosen.archive_output == NULL)
        archive = host_archive_find_new(&java, &jars);
    if (error == NULL) {
        host_jvm_flags(&java, &chosen, &jars, archive, &flags);
        error = create_new(&java, &flags, &env);
    }
    for (size_t i = 0; error == NULL && i < ready_count; i++) {
        if (ready_hooks[i](env) != 0 || (*env)->ExceptionCheck(env))
            error = pending_text_new(env);
    }
    if (env != NULL)
        (*host_jvm())->DetachCurrentThread(host_jvm());
    free(archive);
    host_list_clear(&flags);
    host_list_clear(&jars);
    host_java_home_clear(&java);
    return error;
}

static void *begin_flink(void *unused) {
    if (atomic_exchange(&flink_begun, true) || flink_hook == NULL)
        return NULL;
    JNIEnv *env = host_jvm_env();
    if (env != NULL) {
        flink_hook(env);
        (*env)->ExceptionClear(env);
    }
    return NULL;
}

static void *start_thread(void *unused) {
    error_text = start_new();
    set_state(error_text == NULL ? READY : FAILED);
    if (error_text == NULL && atomic_load(&flink_wanted))
        begin_flink(NULL);
    return NULL;
}

void host_on_flink_wanted(void (*fn)(JNIEnv *env)) {
    flink_hook = fn;
}

void host_flink_wanted(void) {
    pthread_t thread;
    if (!atomic_exchange(&flink_wanted, true) && host_jvm_is_ready())
        start_quiet_thread(&thread, begin_flink, NULL);
}

static const char *const *copy(host_list_t *list, const char *const *from) {
    for (; from != NULL && *from != NULL; from++)
        host_list_addf(list, "%s", *from);
    return list->count ? (const char *const *)list->items : (const char *const *)empty_list;
}

int host_jvm_start(const host_jvm_options_t *options) {
    if (host_guard_forked())
        return -1;
    pthread_mutex_lock(&lock);
    int result = 0;
    if (atomic_load(&state) == IDLE) {
        if (options != NULL) {
            chosen = *options;
            chosen.flink_options = copy(&chosen_options, options->flink_options);
            chosen.jars = copy(&chosen_jars, options->jars);
            if (options->archive_output != NULL)
                chosen.archive_output = host_format_new("%s", options->archive_output);
        }
        host_jvm_options();
        atomic_store(&state, STARTING);
        pthread_t thread;
        int failed = start_quiet_thread(&thread, start_thread, NULL);
        if (failed != 0) {
            error_text = host_format_new("cannot make a thread for the JVM: %s", strerror(failed));
            atomic_store(&state, FAILED);
            result = -1;
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int host_jvm_wait(void) {
    int now = atomic_load_explicit(&state, memory_order_acquire);
    if (now != READY && !host_guard_forked()) {
        host_jvm_start(NULL);
        pthread_mutex_lock(&lock);
        while ((now = atomic_load(&state)) == STARTING)
            pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
    }
    return now == READY && !host_guard_forked() ? 0 : -1;
}

void host_jvm_on_ready(int (*fn)(JNIEnv *env)) {
    for (size_t i = 0; i < ready_count; i++)
        if (ready_hooks[i] == fn)
            return;
    if (ready_count < MAX_HOOKS && atomic_load(&state) == IDLE)
        ready_hooks[ready_count++] = fn;
}

void host_on_shutdown(void (*fn)(JNIEnv *env)) {
    pthread_mutex_lock(&lock);
    bool known = false;
    for (size_t i = 0; i < shutdown_count; i++)
        known = known || shutdown_hooks[i] == fn;
    if (!known && shutdown_count < MAX_HOOKS)
        shutdown_hooks[shutdown_count++] = fn;
    pthread_mutex_unlock(&lock);
}

/* Runs what Java programs have registered for their end, where Flink removes its folders. This is
 * what DestroyJavaVM does, too, but that waits for all threads that are no daemons, and a cluster
 * has dozens: ending them one by one takes half a second, for a process that is about to end. */
static void *run_java_hooks(void *finished) {
    JNIEnv *env = NULL;
    if ((*host_jvm())->AttachCurrentThreadAsDaemon(host_jvm(), (void **)&env, NULL) == JNI_OK) {
        jclass class = (*env)->FindClass(env, "java/lang/Shutdown");
        jmethodID method = class ? (*env)->GetStaticMethodID(env, class, "shutdown", "()V") : NULL;
        if (method != NULL)
            (*env)->CallStaticVoidMethod(env, class, method);
        (*env)->ExceptionClear(env);
    }
    sem_post(finished);
    pause(); /* Detaching is left out: the VM may be on its way out. */
    return NULL;
}

/* A training run needs the whole way out, because the archive is written at its end. */
static void exit_java(JNIEnv *env) {
    jclass class = (*env)->FindClass(env, "java/lang/System");
    jmethodID method = class ? (*env)->GetStaticMethodID(env, class, "exit", "(I)V") : NULL;
    if (method != NULL)
        (*env)->CallStaticVoidMethod(env, class, method, 0);
}

static void wait_for_java_hooks(void) {
    static sem_t finished; /* outlives this function when the time is over */
    sem_init(&finished, 0, 0);
    pthread_t thread;
    if (start_quiet_thread(&thread, run_java_hooks, &finished) == 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += HOOKS_SECONDS;
        while (sem_timedwait(&finished, &until) != 0 && errno == EINTR)
            continue;
    }
}

void host_jvm_abandon(void) {
    if (host_guard_forked() || host_jvm() == NULL || atomic_load(&state) != READY)
        return;
    atomic_store(&closing, true);
    wait_for_java_hooks();
}

void host_jvm_shutdown(void) {
    if (host_guard_forked())
        return;
    host_archive_abort();
    pthread_mutex_lock(&lock);
    while (atomic_load(&state) == STARTING)
        pthread_cond_wait(&changed, &lock);
    int was = atomic_load(&state);
    pthread_mutex_unlock(&lock);
    JNIEnv *env = was == READY ? host_jvm_env() : NULL;
    for (size_t i = shutdown_count; env != NULL && i-- > 0;) {
        shutdown_hooks[i](env);
        (*env)->ExceptionClear(env);
    }
    atomic_store(&closing, true);
    if (env != NULL && chosen.archive_output != NULL)
        exit_java(env);
    if (host_jvm() == NULL || was == ENDED)
        return;
    set_state(ENDED);
    wait_for_java_hooks();
}
