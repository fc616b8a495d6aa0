/* repl_session.h - the interactive shell: a front end of engine/session.
 *
 * Ownership: nothing is handed out. */
#ifndef PYFLINK_SHELL_REPL_SESSION_H
#define PYFLINK_SHELL_REPL_SESSION_H

#include "host/host_internal.h"
#include "repl/options.h"

/* Before anything else of the process has started: shows banner and prompt, if there is a
 * terminal, on a thread that then serves the session. */
void repl_session_begin(const repl_options_t *options);

/* The body of host_run: Python and the cells. Returns the exit code. */
int repl_session_main(const host_python_options_t *python);

#endif
