/* repl_history.h - the history of blocks in a file that several shells share.
 *
 * Ownership: nothing is handed out. All functions need the terminal's lock. */
#ifndef PYFLINK_SHELL_REPL_HISTORY_H
#define PYFLINK_SHELL_REPL_HISTORY_H

/* Reads the file: PYFLINK_SHELL_HISTORY, or history in ${XDG_STATE_HOME:-~/.local/state}/
 * pyflink-shell; an empty PYFLINK_SHELL_HISTORY keeps nothing. At most PYFLINK_SHELL_HISTSIZE
 * (10,000) blocks stay. */
void repl_history_read(void);
/* Adds a block, as one entry whatever its number of lines, to the list and to the file. */
void repl_history_add(const char *block);

#endif
