/* host_chdir.c - a current folder for one thread.
 *
 * Linux keeps the current folder per thread; threads of a process merely share one unless they
 * ask not to, which needs no privilege. Programs and threads that the thread starts inherit its
 * folder. Some containers forbid the call (EPERM). */
#include "host/host_internal.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

int host_thread_chdir(const char *folder) {
    static _Thread_local bool own;
    if (!own && unshare(CLONE_FS) != 0)
        return errno;
    own = true;
    return chdir(folder) == 0 ? 0 : errno;
}
