/* kernel_heartbeat.c - echoes what clients send to see whether the kernel lives, and once a second
 * looks whether the kernel should still live. */
#include "kernel/kernel.h"

#include "kernel/kernel_log.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define LOOK_MILLISECONDS 1000
#define END_MILLISECONDS 4000 /* a client kills the kernel after 5 s */

static pid_t parent;

/* The client that started the kernel is gone: nobody else would end it. */
static void check_parent(void) {
    if (parent == 0 || getppid() == parent)
        return;
    kernel_log("the process that started the kernel is gone");
    parent = 0;
    session_close(0);
}

/* A cell or a job does not come to its end. */
static void check_end(kernel_t *kernel) {
    unsigned long long since = atomic_load(&kernel->closing);
    if (since == 0 || kernel_milliseconds() - since < END_MILLISECONDS)
        return;
    kernel_log("the running cell does not end: the process does");
    host_jvm_abandon();
    _exit(0);
}

static void *run(void *data) {
    kernel_t *kernel = data;
    for (;;) {
        zmq_pollitem_t item = {.socket = kernel->heartbeat, .events = ZMQ_POLLIN};
        if (zmq_poll(&item, 1, LOOK_MILLISECONDS) < 0 && zmq_errno() != EINTR)
            break;
        kernel_frames_t frames = {0};
        while (kernel_frames_receive(kernel->heartbeat, &frames) == 0)
            if (kernel_frames_send(kernel->heartbeat, &frames, ZMQ_DONTWAIT) != 0)
                kernel_frames_clear(&frames);
        check_parent();
        check_end(kernel);
    }
    return NULL;
}

int kernel_heartbeat_start(kernel_t *kernel) {
    pthread_t thread;
    /* Set by jupyter_client unless the kernel is meant to outlive it. */
    if (getenv("JPY_PARENT_PID") != NULL && getppid() != 1)
        parent = getppid();
    if (kernel_thread_start(&thread, run, kernel) != 0)
        return -1;
    return pthread_detach(thread) == 0 ? 0 : -1;
}
