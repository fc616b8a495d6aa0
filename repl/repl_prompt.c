/* repl_prompt.c - one line from the terminal by readline, while output may appear above it.
 *
 * readline runs in its callback form: this thread waits for keys and for news on a pipe, and holds
 * the terminal's lock only while readline works. Signals arrive on another thread, which writes
 * their number into the pipe; readline's own handlers are off. */
#include "repl/repl_prompt.h"

#include "repl/repl_complete.h"
#include "repl/repl_history.h"
#include "repl/repl_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ASK_MILLIS 100

static int news[2] = {-1, -1};
static atomic_bool active;
static atomic_bool missed; /* Ctrl-C came while neither a prompt nor a cell was there for it */
static pthread_mutex_t one_prompt = PTHREAD_MUTEX_INITIALIZER;

/* ---- signals ------------------------------------------------------------------------------- */

bool repl_prompt_signal(int number) {
    unsigned char byte = (unsigned char)number;
    if (!atomic_load(&active)) {
        if (number == SIGINT)
            atomic_store(&missed, true);
        return false;
    }
    return write(news[1], &byte, 1) == 1;
}

bool repl_prompt_missed(void) {
    return atomic_exchange(&missed, false);
}

static void stop_process(void) {
    rl_clear_visible_line();
    rl_deprep_terminal();
    fflush(rl_outstream);
    raise(SIGSTOP); /* to this thread, so that what follows is done when all go on */
    rl_prep_terminal(1);
    rl_resize_terminal();
    rl_on_new_line();
    rl_forced_update_display();
}

/* With the lock: true when the line is interrupted. */
static bool take_news(void) {
    unsigned char bytes[64];
    ssize_t count = read(news[0], bytes, sizeof bytes);
    bool interrupted = false;
    for (ssize_t i = 0; i < count; i++) {
        if (bytes[i] == SIGINT)
            interrupted = true;
        else if (bytes[i] == SIGWINCH)
            rl_resize_terminal();
        else if (bytes[i] == SIGTSTP)
            stop_process();
    }
    return interrupted;
}

/* ---- the line ------------------------------------------------------------------------------ */

static char *finished;
static bool done;
static const char *initial;

static void take_line(char *line) {
    finished = line;
    done = true;
    rl_callback_handler_remove();
}

static int insert_initial(void) {
    if (initial != NULL)
        rl_insert_text(initial);
    return 0;
}

static void hide(void) {
    rl_clear_visible_line();
    fflush(rl_outstream);
}

static void show(void) {
    repl_terminal_fresh_line();
    rl_on_new_line();
    rl_forced_update_display();
}

static const repl_prompt_t on_screen = {hide, show};

static char *decorate_new(const repl_ask_t *ask) {
    if (ask->color == NULL || !repl_terminal_colors())
        return strdup(ask->text);
    /* \001 and \002 keep readline from counting what has no width. */
    char *text = NULL;
    if (asprintf(&text, "\001%s\002%s\001\033[0m\002", ask->color, ask->text) < 0)
        abort();
    return text;
}

/* Keys and news until the line is there; with the lock, which is given away while waiting. */
static repl_read_t wait_for_line(const repl_ask_t *ask) {
    if (atomic_exchange(&missed, false) && !ask->stop)
        return REPL_INTERRUPTED;
    while (!done) {
        struct pollfd waits[2] = {{.fd = fileno(rl_instream), .events = POLLIN},
                                  {.fd = news[0], .events = POLLIN}};
        fflush(rl_outstream);
        repl_terminal_unlock();
        int count = poll(waits, 2, ASK_MILLIS);
        bool stopped = ask->stop != NULL && ask->stop();
        repl_terminal_lock();
        if (session_is_closing())
            return REPL_CLOSED;
        if (stopped || (count > 0 && (waits[1].revents & POLLIN) && take_news()))
            return REPL_INTERRUPTED;
        if (count > 0 && (waits[0].revents & (POLLIN | POLLHUP | POLLERR)))
            rl_callback_read_char();
    }
    return finished != NULL ? REPL_LINE : REPL_END;
}

static void leave(repl_read_t how) {
    if (how == REPL_LINE)
        return;
    if (!done) {
        if (how == REPL_INTERRUPTED) {
            rl_free_line_state();
            rl_callback_sigcleanup();
        }
        rl_point = rl_end;
        rl_redisplay();
        if (how == REPL_INTERRUPTED)
            fputs("^C", rl_outstream);
        rl_callback_handler_remove(); /* moves the cursor to the start of the line */
    }
    fputs("\n", rl_outstream);
    fflush(rl_outstream);
}

static void set_echo(bool on) {
    struct termios terminal;
    if (tcgetattr(0, &terminal) != 0)
        return;
    terminal.c_lflag = on ? terminal.c_lflag | ECHO : terminal.c_lflag & ~(tcflag_t)ECHO;
    tcsetattr(0, TCSADRAIN, &terminal);
}

static void no_redisplay(void) {
}

repl_read_t repl_prompt_read_new(const repl_ask_t *ask, char **line) {
    pthread_mutex_lock(&one_prompt);
    repl_terminal_lock();
    repl_terminal_fresh_line();
    char *prompt = decorate_new(ask);
    repl_complete_begin(ask->before);
    done = false;
    finished = NULL;
    initial = ask->initial;
    rl_startup_hook = insert_initial;
    rl_voidfunc_t *redisplay = rl_redisplay_function;
    if (ask->password) {
        rl_redisplay_function = no_redisplay;
        set_echo(false); /* before the prompt, upon which somebody types at once */
        fputs(ask->text, stdout);
        fflush(stdout);
    }
    rl_reset_screen_size();
    atomic_store(&active, true);
    rl_callback_handler_install(ask->password ? "" : prompt, take_line);
    if (!ask->password)
        repl_terminal_prompt(&on_screen);
    repl_read_t how = wait_for_line(ask);
    atomic_store(&active, false);
    leave(how);
    repl_terminal_prompt(NULL);
    if (ask->password) {
        rl_redisplay_function = redisplay;
        set_echo(true);
        fputs("\n", stdout);
        fflush(stdout);
    }
    *line = finished;
    free(prompt);
    repl_terminal_unlock();
    pthread_mutex_unlock(&one_prompt);
    return how;
}

void repl_prompt_init(void) {
    setlocale(LC_CTYPE, "");
    if (pipe2(news, O_CLOEXEC | O_NONBLOCK) != 0)
        abort();
    rl_readline_name = "pyflink-shell";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0; /* other threads read the environment */
    rl_instream = stdin;
    rl_outstream = isatty(1) ? stdout : stderr;
    repl_complete_init();
    rl_initialize();
    repl_complete_bind();
    repl_history_read();
}
