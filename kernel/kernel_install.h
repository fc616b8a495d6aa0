/* kernel_install.h - makes the kernel known to Jupyter.
 *
 * Ownership: nothing is handed out. */
#ifndef PYFLINK_SHELL_KERNEL_INSTALL_H
#define PYFLINK_SHELL_KERNEL_INSTALL_H

#include "kernel/options.h"

/* Writes kernel.json and the logos; the exit code, after a line that says where or why not. */
int kernel_install(const kernel_options_t *options);

#endif
