/* repl_prompt.h - one line from the terminal by readline, while output may appear above it.
 *
 * Ownership: functions named ..._new return memory that the caller frees. */
#ifndef PYFLINK_SHELL_REPL_PROMPT_H
#define PYFLINK_SHELL_REPL_PROMPT_H

#include <stdbool.h>

typedef enum {
    REPL_LINE,        /* a line, without its end; it has newlines when it was pasted */
    REPL_END,         /* Ctrl-D on an empty line, or the terminal is gone */
    REPL_INTERRUPTED, /* Ctrl-C */
    REPL_CLOSED       /* the session ends */
} repl_read_t;

typedef struct {
    const char *text;    /* the prompt, without colours */
    const char *color;   /* "\033[32m" or NULL */
    const char *initial; /* what stands in the line already, or NULL */
    const char *before;  /* the lines of the block so far, for completion; or NULL: no completion */
    bool password;       /* nothing is echoed */
    bool (*stop)(void);  /* asked about ten times a second: true interrupts; or NULL */
} repl_ask_t;

/* Once, before the first prompt; also reads the history. */
void repl_prompt_init(void);
repl_read_t repl_prompt_read_new(const repl_ask_t *ask, char **line);

/* Ctrl-C came since the last prompt while there was nothing for it to interrupt; forgets it. */
bool repl_prompt_missed(void);

/* For the thread that hands out signals; true when a prompt is shown and takes it. */
bool repl_prompt_signal(int number);

#endif
