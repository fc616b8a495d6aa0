/* repl_terminal.h - what the shell writes: output of cells, above the prompt when one is shown.
 *
 * One lock guards the terminal and all of readline. The sink's functions run on the session's
 * output thread, the prompt on another. Ownership: nothing is handed out. */
#ifndef PYFLINK_SHELL_REPL_TERMINAL_H
#define PYFLINK_SHELL_REPL_TERMINAL_H

#include "session/session.h"

/* How the prompt is taken away and shown again; both are called with the lock. */
typedef struct {
    void (*hide)(void);
    void (*show)(void);
} repl_prompt_t;

/* `interactive`: there is a prompt, and results are shown. */
void repl_terminal_init(bool interactive);
bool repl_terminal_colors(void);
/* Output goes to a terminal that understands cursor movements. */
bool repl_terminal_is_capable(void);
int repl_terminal_columns(void);
int repl_terminal_rows(void);

void repl_terminal_lock(void);
void repl_terminal_unlock(void);

/* With the lock: a prompt is on the screen from now on, or with NULL none. Output that has not
 * ended its line yet is kept back meanwhile. */
void repl_terminal_prompt(const repl_prompt_t *prompt);
/* With the lock: begins a new line unless the cursor stands at the start of one. */
void repl_terminal_fresh_line(void);
/* With the lock: writes now. */
void repl_terminal_put(bool error, const char *text, size_t length);

/* The sink's functions. */
void repl_terminal_stream(void *data, const char *cell, bool error, const char *text,
                          size_t length);
void repl_terminal_message(void *data, const char *cell, const char *type, const char *content,
                           const session_buffer_t *buffers, size_t count);

#endif
