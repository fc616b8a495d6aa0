/* host_process.c - what a program of ours does first, before any thread exists. */
#include "host/host_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

bool host_process_open_streams(void) {
    for (int number = 0; number <= 2; number++)
        if (fcntl(number, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", number == 0 ? O_RDONLY : O_WRONLY) != number)
            return false;
    return true;
}

void host_process_prepare(void) {
    const char *all = getenv("LC_ALL");
    if ((all != NULL && *all != '\0') || getenv("PYTHONCOERCECLOCALE") != NULL)
        return;
    const char *now = setlocale(LC_CTYPE, "");
    if (now != NULL && (strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0) &&
        setlocale(LC_CTYPE, "C.UTF-8") != NULL)
        setenv("LC_CTYPE", "C.UTF-8", 1);
}
