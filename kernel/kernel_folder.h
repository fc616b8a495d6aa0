/* kernel_folder.h - Jupyter's folders, as jupyter_core finds them.
 *
 * Ownership: functions named ..._new return memory that the caller frees with free(). */
#ifndef PYFLINK_SHELL_KERNEL_FOLDER_H
#define PYFLINK_SHELL_KERNEL_FOLDER_H

#include <sys/types.h>

char *kernel_folder_data_new(void);    /* of this user: JUPYTER_DATA_DIR, or below the home */
char *kernel_folder_runtime_new(void); /* JUPYTER_RUNTIME_DIR, or below the former */
char *kernel_folder_of_new(const char *path); /* what holds a file: "." when nothing is named */
int kernel_folder_make(const char *path, mode_t mode); /* with its parents; 0 or -1 and errno */

#endif
