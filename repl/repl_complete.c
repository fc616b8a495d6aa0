/* repl_complete.c - completion and signature hints at readline's prompt, asked from the session.
 *
 * readline finds the word before the cursor by its own rules, IPython by Python's. A match is
 * changed to begin where readline's word does, so that all its ways to complete work. */
#include "repl/repl_complete.h"

#include "repl/repl_terminal.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 4

static const char *before;
static char **matches; /* owned, of the completion that is made; matches[next] is handed out next */
static size_t match_count, next_match;
static size_t shown_from; /* bytes of a match that a list of them leaves out */

static size_t code_points(const char *text, size_t bytes) {
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static size_t bytes_of(const char *text, size_t points) {
    size_t i = 0;
    while (text[i] != '\0' && points > 0) {
        i++;
        while (((unsigned char)text[i] & 0xc0) == 0x80)
            i++;
        points--;
    }
    return i;
}

/* Asks with the block and the cursor. Gives the lock away meanwhile: output of the session must
 * be able to get past. New reference or NULL. */
static json_t *ask_new(const char *op) {
    char *code = host_format_new("%s%s", before, rl_line_buffer);
    size_t cursor =
        code_points(before, strlen(before)) + code_points(rl_line_buffer, (size_t)rl_point);
    json_t *content = json_pack("{s:s,s:I}", "code", code, "cursor_pos", (json_int_t)cursor);
    char *text = content ? json_dumps(content, 0) : NULL;
    json_decref(content);
    free(code);
    if (text == NULL)
        return NULL;
    repl_terminal_unlock();
    char *reply = session_call_here_new(op, "", text, NULL, 0);
    repl_terminal_lock();
    free(text);
    json_t *json = reply ? json_loads(reply, 0, NULL) : NULL;
    free(reply);
    return json;
}

static void forget_matches(void) {
    for (size_t i = 0; i < match_count; i++)
        free(matches[i]);
    free(matches);
    matches = NULL;
    match_count = next_match = 0;
}

static char *hand_out(const char *text, int state) {
    return next_match < match_count ? strdup(matches[next_match++]) : NULL;
}

/* `word` is what readline completes, from `start` to the cursor. */
static void keep_matches(json_t *reply, const char *word, int start) {
    size_t index, points = code_points(before, strlen(before));
    json_t *match, *list = json_object_get(reply, "matches");
    json_int_t from =
        json_integer_value(json_object_get(reply, "cursor_start")) - (json_int_t)points;
    matches = calloc(json_array_size(list) + 1, sizeof *matches);
    if (matches == NULL || from < 0)
        return;
    size_t place = bytes_of(rl_line_buffer, (size_t)from);
    shown_from = place > (size_t)start ? place - (size_t)start : 0;
    json_array_foreach(list, index, match) {
        const char *text = json_string_value(match);
        if (text == NULL)
            continue;
        if (place >= (size_t)start) {
            matches[match_count++] =
                host_format_new("%.*s%s", (int)shown_from, rl_line_buffer + start, text);
        } else {
            size_t skip = (size_t)start - place;
            if (strlen(text) >= skip && strncmp(text, rl_line_buffer + place, skip) == 0)
                matches[match_count++] = strdup(text + skip);
        }
    }
}

static char **complete(const char *word, int start, int end) {
    rl_attempted_completion_over = 1;
    if (before == NULL)
        return NULL;
    forget_matches();
    shown_from = 0;
    json_t *reply = ask_new("complete");
    if (reply == NULL)
        return NULL;
    keep_matches(reply, word, start);
    json_decref(reply);
    rl_completion_append_character = '\0';
    rl_completion_suppress_append = 1;
    rl_filename_completion_desired = 0;
    return match_count > 0 ? rl_completion_matches(word, hand_out) : NULL;
}

/* Lists what is added to the word, not the whole dotted name each time. */
static void list_matches(char **list, int count, int longest) {
    size_t skip = shown_from;
    for (int i = 1; i <= count; i++)
        if (strlen(list[i]) < skip)
            skip = 0;
    char *saved[1] = {list[0]};
    for (int i = 1; i <= count; i++)
        list[i] += skip;
    int width = longest > (int)skip ? longest - (int)skip : 1;
    fputs("\n", rl_outstream);
    rl_display_match_list(list, count, width);
    for (int i = 1; i <= count; i++)
        list[i] -= skip;
    list[0] = saved[0];
    rl_on_new_line();
    rl_forced_update_display();
}

static bool blank_before_cursor(void) {
    for (int i = 0; i < rl_point; i++)
        if (!isspace((unsigned char)rl_line_buffer[i]))
            return false;
    return true;
}

/* Shows the signature of the call that the cursor is in, above the prompt. */
static void show_signature(void) {
    json_t *reply = ask_new("signature");
    const char *text = json_string_value(json_object_get(reply, "text"));
    if (text != NULL) {
        rl_clear_visible_line();
        fflush(rl_outstream);
        repl_terminal_put(false, text, strlen(text));
        repl_terminal_put(false, "\n", 1);
        rl_on_new_line();
        rl_forced_update_display();
    }
    json_decref(reply);
}

static int hint_key(int count, int key) {
    if (before != NULL)
        show_signature();
    return 0;
}

/* Tab: indents at the start of a line, shows the signature behind "(" or ", ", completes else. */
static int tab_key(int count, int key) {
    if (before == NULL || blank_before_cursor()) {
        int spaces = INDENT - rl_point % INDENT;
        for (int i = 0; i < spaces; i++)
            rl_insert_text(" ");
        return 0;
    }
    char last = rl_line_buffer[rl_point - 1];
    bool in_call = last == '(' || last == ',' ||
                   (last == ' ' && rl_point > 1 && rl_line_buffer[rl_point - 2] == ',');
    if (in_call && rl_last_func != tab_key) {
        show_signature();
        return 0;
    }
    rl_completion_invoking_key = key;
    int result = rl_complete_internal(rl_completion_mode(tab_key));
    return result;
}

void repl_complete_begin(const char *lines) {
    before = lines;
    forget_matches();
}

void repl_complete_init(void) {
    rl_attempted_completion_function = complete;
    rl_completion_display_matches_hook = list_matches;
    rl_basic_word_break_characters = " \t\n()[]{}'\"=,;:+*&|^<>!@`";
    rl_completer_word_break_characters = " \t\n()[]{}'\"=,;:+*&|^<>!@`";
    rl_completer_quote_characters = "";
    rl_sort_completion_matches = 1;
    rl_add_defun("pyflink-complete", tab_key, -1);
    rl_add_defun("pyflink-signature", hint_key, -1);
}

void repl_complete_bind(void) {
    Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        int type;
        if (rl_function_of_keyseq("\t", maps[i], &type) == rl_complete)
            rl_bind_key_in_map('\t', tab_key, maps[i]);
        rl_bind_keyseq_if_unbound_in_map("\033(", hint_key, maps[i]);
    }
}
