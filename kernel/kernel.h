/* kernel.h - the one kernel of this process: its sockets, its lanes, and who does what.
 *
 *   thread        owns                        does
 *   shell         ROUTER socket               puts requests into the lane that they are for
 *   control       ROUTER socket               answers at once, or uses the control lane
 *   stdin         ROUTER socket               hands replies to whoever waits for input
 *   iopub         XPUB socket                 sends what the others publish, in order
 *   heartbeat     ROUTER socket               echoes; watches the parent and the end
 *   jobs          the states that wait        has Python show them
 *   main lane     a queue                     runs requests on Python's main thread, one by one
 *   other lanes   a queue for each subshell,  run them on their own thread, beside the main one
 *                 and one for control
 *
 * Nothing here touches Python: the session does, on behalf of lanes.
 *
 * Ownership: there is one kernel_t, which lives until the process ends. Functions that take a
 * request say so. */
#ifndef PYFLINK_SHELL_KERNEL_H
#define PYFLINK_SHELL_KERNEL_H

#include "kernel/kernel_channel.h"
#include "kernel/kernel_connection.h"
#include "kernel/kernel_iopub.h"
#include "session/session.h"

typedef struct kernel_lane kernel_lane_t;

typedef struct {
    kernel_connection_t connection;
    kernel_signer_t *signer;
    void *context, *heartbeat;
    kernel_channel_t shell, control, input;
    kernel_iopub_t iopub;
    kernel_lane_t *main_lane, *control_lane;
    pthread_mutex_t lock;  /* of `lanes` */
    kernel_lane_t *lanes;  /* all of them, the subshells' too */
    atomic_ullong closing; /* kernel_milliseconds of a shutdown_request, 0: none came */
} kernel_t;

/* ---- kernel.c ------------------------------------------------------------------------------ */
/* Starts all threads but those of Python; sockets are bound. 0 or -1. */
int kernel_start(kernel_t *kernel, void *sockets[KERNEL_SOCKETS]);
/* Sends what is waiting and closes the sockets. */
void kernel_stop(kernel_t *kernel);
/* The session's sink, whose functions tell the clients. */
session_sink_t kernel_sink(kernel_t *kernel);

/* ---- kernel_lane.c: requests that wait for their turn --------------------------------------- */
/* `subshell` is NULL for the main lane and the control lane. NULL when there is no thread left. */
kernel_lane_t *kernel_lane_new(kernel_t *kernel, bool is_main, const char *subshell);
void kernel_lane_push(kernel_lane_t *lane, kernel_request_t *request); /* takes it */
bool kernel_lane_is_idle(kernel_lane_t *lane);
/* Takes a subshell's lane away; what runs there is interrupted. False when there is none. */
bool kernel_lane_delete(kernel_t *kernel, const char *subshell);
/* Puts a request into a subshell's lane and takes it; false (not taken) when there is none. */
bool kernel_lane_offer(kernel_t *kernel, const char *subshell, kernel_request_t *request);
/* The ids of all subshells. */
json_t *kernel_lane_list_new(kernel_t *kernel);
/* The request that a lane works at and whose header is `header`, or NULL; to be dropped. */
kernel_request_t *kernel_lane_find_new(kernel_t *kernel, const char *header);
/* A cell has failed and its reply is not yet sent: the cells that wait here, also those that are
 * still on their way, will be aborted. */
void kernel_lane_abort_waiting(kernel_lane_t *lane);
bool kernel_lane_is_main(const kernel_lane_t *lane);
/* Interrupts what subshells run. */
void kernel_lane_interrupt_all(kernel_t *kernel);

/* ---- kernel_serve.c: what is answered by a call of the session ------------------------------ */
/* Borrows the request, which is the current one of the lane. */
void kernel_serve(kernel_t *kernel, kernel_lane_t *lane, const kernel_request_t *request);
/* Answers an execute_request that is not run. */
void kernel_serve_abort(kernel_t *kernel, const kernel_request_t *request);
/* Answers with an error of the protocol: busy, reply, idle. */
void kernel_serve_error(kernel_t *kernel, const kernel_request_t *request, const char *name,
                        const char *text);
/* "execute_reply" for "execute_request"; NULL when a type has no reply. */
char *kernel_reply_type_new(const char *type);

/* ---- kernel_answer.c: what is answered without Python --------------------------------------- */
/* kernel_info, shutdown, interrupt, subshells, connect. False when it is something else. */
bool kernel_answer(kernel_t *kernel, const kernel_request_t *request);

/* ---- kernel_input.c: input() ---------------------------------------------------------------- */
char *kernel_input(void *kernel, const char *cell, const char *prompt, bool password);
void kernel_input_receive(void *kernel, kernel_request_t *request);
void kernel_input_close(void); /* nobody waits any more */

/* ---- kernel_jobs.c: states of jobs, on their way to Python ----------------------------------- */
int kernel_jobs_start(void);
void kernel_jobs_put(const char *cell, const char *content); /* a job_status message */

/* ---- kernel_heartbeat.c --------------------------------------------------------------------- */
int kernel_heartbeat_start(kernel_t *kernel);

#endif
