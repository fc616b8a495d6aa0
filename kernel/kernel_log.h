/* kernel_log.h - lines for whoever runs the kernel, on the standard error that it was started with:
 * later descriptor 2 belongs to the cells.
 *
 * Ownership: nothing is handed out. */
#ifndef PYFLINK_SHELL_KERNEL_LOG_H
#define PYFLINK_SHELL_KERNEL_LOG_H

void kernel_log_init(void);
/* "pyflink-kernel: ...". At most some lines a second, so that a client that sends rubbish fills no
 * disk. Any thread. */
void kernel_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
