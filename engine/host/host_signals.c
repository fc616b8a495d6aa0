/* host_signals.c - signals of Python's main thread, also while it is blocked in Java.
 *
 * In pyflink-shell Python's main thread is not the process's first thread, but the kernel prefers
 * the first one for signals to the process, and then time.sleep() in Python would not wake. So the
 * first thread only waits for signals and hands each on to Python's thread, where Python's own
 * handlers run as in python3. In a plain python3 the first thread is Python's, and nothing is
 * needed for that.
 *
 * A Java call does not end because a signal handler ran. A watcher thread interrupts the Java
 * thread instead; it sleeps unless Python's main thread has been calling Java. In a plain
 * python3 it learns of signals from a handler put before Python's own, only while the main
 * thread is inside such a call. */
#include "host/host_internal.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BODY_STACK (64u << 20)
#define WATCHER_STACK (1u << 20)
#define WATCH_NANOSECONDS 50000000L
#define IDLE_ROUNDS 20

#define ANSWER_SECONDS 2    /* then the same signal again ends the process */
#define PATIENCE_SECONDS 10 /* then SIGTERM or SIGHUP alone does */

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
#define ENDING_SIGNALS (sizeof ending_signals / sizeof *ending_signals)

static pthread_t main_thread; /* Python's main thread */
static atomic_bool main_known, forwarding, swallow_interrupt;
static atomic_bool pending;
static atomic_bool python_up;  /* pending calls can be made */
static atomic_bool unanswered; /* Python's main thread has not come by since the last signal */

static _Atomic(bool (*)(int)) filter;

static sem_t wake;
static atomic_int blocked;             /* nesting of Java calls on the main thread */
static atomic_bool watching, sleeping; /* the watcher exists; it waits for `wake` without end */
static atomic_bool interrupt_sent;
static pthread_mutex_t interrupt_lock = PTHREAD_MUTEX_INITIALIZER;
static jobject java_thread; /* java.lang.Thread of the main thread, global */
static jclass thread_class;
static jmethodID interrupt_method, interrupted_method;
static _Atomic(void (*)(int)) chained_handler[ENDING_SIGNALS];
static sigset_t program_mask; /* what the process was started with */

static int ending_index(int number) {
    for (size_t i = 0; i < ENDING_SIGNALS; i++)
        if (ending_signals[i] == number)
            return (int)i;
    return -1;
}

void host_signals_note(int number) {
    if (ending_index(number) >= 0 && atomic_load(&blocked) > 0) {
        atomic_store(&pending, true);
        sem_post(&wake);
    }
}

bool host_interrupt_pending(void) {
    return atomic_load(&pending);
}

void host_interrupt_clear(void) {
    atomic_store(&pending, false);
}

static void chain(int number) {
    int saved = errno;
    void (*next)(int) = atomic_load(&chained_handler[ending_index(number)]);
    if (next != NULL)
        next(number);
    host_signals_note(number);
    errno = saved;
}

/* Puts `chain` before Python's handler, if Python has one. signal.signal() in the user's program
 * removes it again, hence the check on every round of the watcher. */
static void install_chain(void) {
    for (size_t i = 0; i < ENDING_SIGNALS; i++) {
        struct sigaction now;
        if (sigaction(ending_signals[i], NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO) ||
            now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN || now.sa_handler == chain)
            continue;
        atomic_store(&chained_handler[i], now.sa_handler);
        now.sa_handler = chain;
        sigaction(ending_signals[i], &now, NULL);
    }
}

static void interrupt_java(void) {
    JNIEnv *env = host_jvm_env();
    if (env == NULL)
        return;
    pthread_mutex_lock(&interrupt_lock);
    atomic_store(&interrupt_sent, true);
    if (atomic_load(&blocked) > 0)
        (*env)->CallVoidMethod(env, java_thread, interrupt_method);
    else
        atomic_store(&interrupt_sent, false);
    (*env)->ExceptionClear(env);
    pthread_mutex_unlock(&interrupt_lock);
}

static void *watch(void *unused) {
    int idle = 0;
    for (;;) {
        int got;
        if (idle >= IDLE_ROUNDS) {
            atomic_store(&sleeping, true);
            got = sem_wait(&wake);
            atomic_store(&sleeping, false);
            idle = 0;
        } else {
            struct timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += WATCH_NANOSECONDS;
            until.tv_sec += until.tv_nsec / 1000000000L;
            until.tv_nsec %= 1000000000L;
            got = sem_timedwait(&wake, &until);
        }
        if (host_is_closing() || host_jvm_error() != NULL)
            return NULL;
        bool busy = atomic_load(&blocked) > 0;
        idle = busy ? 0 : idle + 1;
        if (busy && !atomic_load(&forwarding))
            install_chain();
        if (busy && got == 0 && atomic_load(&pending))
            interrupt_java();
    }
}

/* First blocking call of the main thread: its Java thread object, and the watcher. */
static void start_watching(void) {
    atomic_store(&watching, true);
    JNIEnv *env = host_jvm_env();
    if (env == NULL || (*env)->ExceptionCheck(env))
        return;
    jclass class = (*env)->FindClass(env, "java/lang/Thread");
    thread_class = (*env)->NewGlobalRef(env, class);
    jmethodID current =
        (*env)->GetStaticMethodID(env, class, "currentThread", "()Ljava/lang/Thread;");
    interrupt_method = (*env)->GetMethodID(env, class, "interrupt", "()V");
    interrupted_method = (*env)->GetStaticMethodID(env, class, "interrupted", "()Z");
    jobject thread = (*env)->CallStaticObjectMethod(env, class, current);
    java_thread = (*env)->ExceptionCheck(env) ? NULL : (*env)->NewGlobalRef(env, thread);
    (*env)->DeleteLocalRef(env, thread);
    (*env)->DeleteLocalRef(env, class);

    sigset_t ours, before;
    host_signals_set(&ours);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, WATCHER_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread_id;
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    pthread_create(&thread_id, &attributes, watch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

static bool on_main_thread(void) {
    return atomic_load_explicit(&main_known, memory_order_relaxed) &&
           pthread_equal(pthread_self(), main_thread);
}

void host_java_block_begin(void) {
    if (!on_main_thread())
        return;
    if (!atomic_load_explicit(&watching, memory_order_relaxed))
        start_watching();
    atomic_fetch_add(&blocked, 1);
    if (atomic_load_explicit(&sleeping, memory_order_relaxed))
        sem_post(&wake);
}

void host_java_block_end(void) {
    if (!on_main_thread())
        return;
    atomic_fetch_sub(&blocked, 1);
    if (__builtin_expect(!atomic_load(&interrupt_sent), 1))
        return;
    /* The call may have ended by itself: a later one must not find the interrupt. */
    JNIEnv *env = host_jvm_env_if_attached();
    pthread_mutex_lock(&interrupt_lock);
    atomic_store(&interrupt_sent, false);
    if (env != NULL) {
        jthrowable thrown = (*env)->ExceptionOccurred(env);
        (*env)->ExceptionClear(env);
        (*env)->CallStaticBooleanMethod(env, thread_class, interrupted_method);
        if (thrown != NULL) {
            (*env)->Throw(env, thrown);
            (*env)->DeleteLocalRef(env, thrown);
        }
    }
    pthread_mutex_unlock(&interrupt_lock);
}

void host_signals_init(void) {
    static atomic_bool done;
    if (atomic_exchange(&done, true))
        return;
    sem_init(&wake, 0, 0);
    /* Python's main thread is the importing one unless the engine is imported elsewhere. */
    PyObject *threading = PyImport_ImportModule("threading");
    PyObject *thread = threading ? PyObject_CallMethod(threading, "main_thread", NULL) : NULL;
    PyObject *ident = thread ? PyObject_GetAttrString(thread, "ident") : NULL;
    unsigned long number = ident ? PyLong_AsUnsignedLong(ident) : 0;
    PyErr_Clear();
    Py_XDECREF(ident);
    Py_XDECREF(thread);
    Py_XDECREF(threading);
    main_thread = number != 0 ? (pthread_t)number : pthread_self();
    if (!atomic_load(&forwarding))
        pthread_sigmask(SIG_BLOCK, NULL, &program_mask);
    atomic_store(&main_known, true);
}

bool host_signals_program_mask(sigset_t *mask) {
    *mask = program_mask;
    return atomic_load(&main_known);
}

void host_signals_filter(bool (*fn)(int)) {
    atomic_store(&filter, fn);
}

void host_signals_ending(void) {
    atomic_store(&swallow_interrupt, true);
    atomic_store(&python_up, false);
    atomic_store(&unanswered, false);
}

void host_signals_set(sigset_t *set) {
    sigfillset(set);
    /* Faults belong to the thread that made them; SIGUSR2 suspends threads for HotSpot, and the
     * Java library wakes threads that are blocked in a socket with a real-time signal. */
    static const int left[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT,
                               SIGSYS,  SIGUSR2, SIGPROF, SIGKILL, SIGSTOP};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        sigdelset(set, left[i]);
    for (int number = 32; number <= SIGRTMAX; number++)
        sigdelset(set, number);
}

static int answer(void *unused) {
    atomic_store(&unanswered, false);
    return 0;
}

/* The way out when Python's main thread never comes back from foreign code, or when a function
 * never gives back the GIL: a huge power, a regular expression that explodes. */
static void leave_without_python(int number) {
    host_jvm_abandon();
    _exit(128 + number);
}

/* Counts how long Python has not answered. The main thread runs pending calls as soon as it runs
 * any Python code. */
static void expect_answer(int number, time_t *since) {
    time_t now = time(NULL);
    if (atomic_load(&unanswered) && now - *since >= ANSWER_SECONDS)
        leave_without_python(number);
    if (!atomic_load(&unanswered) && atomic_load(&python_up)) {
        *since = now;
        atomic_store(&unanswered, true);
        if (Py_AddPendingCall(answer, NULL) != 0)
            atomic_store(&unanswered, false);
    }
}

/* The next signal. Meanwhile an unanswered one is watched. */
static int next_signal(const sigset_t *set, int last, time_t since) {
    static const struct timespec second = {1, 0};
    bool told = false;
    while (atomic_load(&unanswered)) {
        int number = sigtimedwait(set, NULL, &second);
        if (number > 0)
            return number;
        time_t waited = time(NULL) - since;
        if (!atomic_load(&unanswered) || waited < ANSWER_SECONDS)
            continue;
        if (last != SIGINT && waited >= PATIENCE_SECONDS)
            leave_without_python(last);
        if (last == SIGINT && !told)
            host_warn("Python is inside C code that cannot be interrupted; Ctrl-C again ends the "
                      "process");
        told = true;
    }
    return sigwaitinfo(set, NULL);
}

void host_signals_forward(pthread_t target) {
    sigset_t set;
    host_signals_set(&set);
    time_t since = 0;
    int last = 0;
    for (;;) {
        int number = next_signal(&set, last, since);
        if (number <= 0 || (number == SIGINT && atomic_load(&swallow_interrupt)))
            continue;
        /* A signal that is ignored and blocked is queued all the same: nohup, `command &`. */
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) &&
            action.sa_handler == SIG_IGN)
            continue;
        bool (*taken)(int) = atomic_load(&filter);
        if (taken != NULL && taken(number))
            continue;
        if (ending_index(number) >= 0) {
            expect_answer(number, &since);
            last = number;
        }
        /* In this order: Python knows of the signal by the time its Java call is interrupted. */
        pthread_kill(target, number);
        host_signals_note(number);
    }
}

static struct {
    int (*body)(void *);
    void *data;
} run;

static void ending_set(sigset_t *set) {
    sigemptyset(set);
    for (size_t i = 0; i < ENDING_SIGNALS; i++)
        sigaddset(set, ending_signals[i]);
}

void host_signals_open(void) {
    sigset_t set;
    atomic_store(&python_up, true);
    for (size_t i = 0; i < ENDING_SIGNALS; i++)
        if (sigismember(&program_mask, ending_signals[i]) == 0) {
            sigemptyset(&set);
            sigaddset(&set, ending_signals[i]);
            pthread_sigmask(SIG_UNBLOCK, &set, NULL);
        }
}

static void *run_body(void *unused) {
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, &program_mask, NULL);
    /* Kept back until Python and its handlers are there (host_signals_open). */
    ending_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    exit(run.body(run.data));
}

void host_run(int (*body)(void *data), void *data) {
    sigset_t set;
    host_signals_set(&set);
    host_guard_init();
    run.body = body;
    run.data = data;
    atomic_store(&forwarding, true);
    pthread_sigmask(SIG_BLOCK, &set, &program_mask);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, BODY_STACK);
    pthread_t thread;
    int failed = pthread_create(&thread, &attributes, run_body, NULL);
    if (failed != 0) {
        host_warn("cannot make a thread: %s", strerror(failed));
        exit(1);
    }
    host_signals_forward(thread);
}
