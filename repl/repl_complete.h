/* repl_complete.h - completion and signature hints at readline's prompt, asked from the session.
 *
 * Ownership: nothing is handed out. All functions need the terminal's lock. */
#ifndef PYFLINK_SHELL_REPL_COMPLETE_H
#define PYFLINK_SHELL_REPL_COMPLETE_H

void repl_complete_init(void); /* before rl_initialize */
void repl_complete_bind(void); /* after it: what .inputrc says stays */
/* The lines of the block before the one that is edited ("" for none); NULL: no completion. It
 * has to stay valid until the next call. */
void repl_complete_begin(const char *before);

#endif
