/* check_options.c - the command line of pyflink-shell. */
#include "repl/options.h"
#include "run_suite.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static repl_options_t options;

/* Parses the words after the program's name; the last argument is NULL. */
static void parse(char *first, ...) {
    static char *argv[32];
    int argc = 0;
    argv[argc++] = "pyflink-shell";
    va_list words;
    va_start(words, first);
    for (char *word = first; word != NULL; word = va_arg(words, char *))
        argv[argc++] = word;
    va_end(words);
    argv[argc] = NULL;
    repl_options_parse(argc, argv, &options);
}

static void teardown(void) {
    repl_options_clear(&options);
}

/* The arguments for python3 after its name, each in brackets. */
static const char *python_arguments(void) {
    static char text[256];
    text[0] = '\0';
    for (size_t i = 1; i < options.python_argv.count; i++) {
        strcat(text, "[");
        strcat(text, options.python_argv.items[i]);
        strcat(text, "]");
    }
    return text;
}

START_TEST(options_of_the_shell) {
    parse("--no-banner", "local", NULL);
    ck_assert_int_eq(options.mode, REPL_INTERACTIVE);
    ck_assert(options.no_banner && !options.interactive);
    parse("-i", "-f", "x.py", "-i", "local", NULL);
    ck_assert_int_eq(options.mode, REPL_SCRIPT);
    ck_assert(options.interactive);
    ck_assert_uint_eq(options.python_argv.count, 4);
    parse("local", "local", NULL);
    ck_assert_int_eq(options.mode, REPL_USAGE);
    parse("-f", NULL);
    ck_assert_int_eq(options.mode, REPL_USAGE);
}
END_TEST

START_TEST(nothing_is_interactive) {
    parse(NULL);
    ck_assert_int_eq(options.mode, REPL_INTERACTIVE);
    ck_assert_uint_eq(options.python_argv.count, 1);
    ck_assert_str_eq(options.python_argv.items[0], "pyflink-shell");
}
END_TEST

START_TEST(a_script_takes_the_rest) {
    parse("-D", "a=b", "-f", "job.py", "-D", "x", "--help", "-", NULL);
    ck_assert_int_eq(options.mode, REPL_SCRIPT);
    ck_assert_str_eq(options.target, "job.py");
    ck_assert_str_eq(python_arguments(), "[job.py][-D][x][--help][-]");
    ck_assert_uint_eq(options.flink_options.count, 1);
    ck_assert_str_eq(options.flink_options.items[0], "a=b");
}
END_TEST

START_TEST(modules_and_code) {
    parse("-m", "pytest", "-q", NULL);
    ck_assert_int_eq(options.mode, REPL_MODULE);
    ck_assert_str_eq(python_arguments(), "[-m][pytest][-q]");
    teardown();
    parse("-cprint(1)", "x", NULL);
    ck_assert_int_eq(options.mode, REPL_COMMAND);
    ck_assert_str_eq(python_arguments(), "[-c][print(1)][x]");
    teardown();
    parse("-c", "", NULL);
    ck_assert_int_eq(options.mode, REPL_COMMAND);
    ck_assert_str_eq(python_arguments(), "[-c][]");
    teardown();
    parse("-", "x", "-y", NULL);
    ck_assert_int_eq(options.mode, REPL_STDIN);
    ck_assert_str_eq(python_arguments(), "[-][x][-y]");
}
END_TEST

START_TEST(python_options_of_flink_run) {
    char *folder = getcwd(NULL, 0);
    parse("-pyfs", "/dev/null,/dev/zero", "--pyFiles=/dev/full", "-pyreq", "/dev/null#/dev",
          "-pyarch", "/dev/null#data,hdfs://a/b.zip", "-pyexec", "venv.zip/bin/python",
          "-pyclientexec", "python3", "-pypath", "/a", "--pyPythonPath", "/b:/c", "-f", "job.py",
          "-pyfs", "x", NULL);
    ck_assert_int_eq(options.mode, REPL_SCRIPT);
    ck_assert_str_eq(python_arguments(), "[job.py][-pyfs][x]");
    static const char *const all[] = {
        "python.files=/dev/null,/dev/zero",
        "python.files=/dev/null,/dev/zero,/dev/full",
        "python.requirements=/dev/null#/dev",
        "python.archives=/dev/null#data,hdfs://a/b.zip",
        "python.executable=venv.zip/bin/python",
        "python.client.executable=python3",
        "python.pythonpath=/a",
        "python.pythonpath=/a:/b:/c",
    };
    ck_assert_uint_eq(options.flink_options.count, sizeof all / sizeof *all);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ck_assert_str_eq(options.flink_options.items[i], all[i]);
    ck_assert_str_eq(options.python, "python3");
    teardown();
    /* Relative paths become absolute, and keep their own name. */
    ck_assert_int_eq(chdir("/dev"), 0);
    parse("-pyfs", "null", "-f", "x", NULL);
    ck_assert_str_eq(options.flink_options.items[0], "python.files=/dev/null");
    ck_assert_int_eq(chdir(folder), 0);
    free(folder);
}
END_TEST

START_TEST(programs_as_flink_run_gives_them) {
    parse("-pym", "app.job", "-pyfs", "/dev/null", "-Da=b", "--input", "x", "-D", "y", NULL);
    ck_assert_int_eq(options.mode, REPL_MODULE);
    ck_assert_str_eq(python_arguments(), "[-m][app.job][--input][x][-D][y]");
    ck_assert_uint_eq(options.flink_options.count, 2);
    teardown();
    parse("--pyModule=app", "--", "-pyfs", "x", NULL);
    ck_assert_str_eq(python_arguments(), "[-m][app][-pyfs][x]");
    teardown();
    parse("-py", "job.py", "-pyfs", "/dev/null", "-", "x", NULL);
    ck_assert_int_eq(options.mode, REPL_SCRIPT);
    ck_assert_str_eq(python_arguments(), "[job.py][-][x]");
    teardown();
    parse("-py", "job.py", "-pym", "app", NULL);
    ck_assert_int_eq(options.mode, REPL_USAGE);
    ck_assert_ptr_nonnull(strstr(options.error, "-pym"));
}
END_TEST

START_TEST(savepoints_as_flink_run_gives_them) {
    char *folder = getcwd(NULL, 0);
    static const char *const all[] = {
        "execution.savepoint.path=/a/chk-3",
        "execution.savepoint.ignore-unclaimed-state=true",
        "execution.savepoint-restore-mode=claim",
    };
    parse("-s", "/a/chk-3", "-n", "-rm", "claim", "-f", "job.py", "-s", "-n", NULL);
    ck_assert_str_eq(python_arguments(), "[job.py][-s][-n]");
    ck_assert_uint_eq(options.flink_options.count, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(options.flink_options.items[i], all[i]);
    teardown();
    parse("-py", "job.py", "-n", "--fromSavepoint=file:///b", "-D", "a=b", "x", "-n", NULL);
    ck_assert_str_eq(python_arguments(), "[job.py][x][-n]");
    ck_assert_uint_eq(options.flink_options.count, 3);
    ck_assert_str_eq(options.flink_options.items[0], all[1]);
    ck_assert_str_eq(options.flink_options.items[1], "execution.savepoint.path=file:///b");
    teardown();
    /* The program may change its folder. */
    ck_assert_int_eq(chdir("/dev"), 0);
    parse("-s", "null", "--allowNonRestoredState", "-f", "x", NULL);
    ck_assert_str_eq(options.flink_options.items[0], "execution.savepoint.path=/dev/null");
    ck_assert_int_eq(chdir(folder), 0);
    free(folder);
    teardown();
    parse("-s", "", "-f", "x", NULL);
    ck_assert_int_eq(options.mode, REPL_USAGE);
    ck_assert_str_eq(options.error, "-s: the path of a checkpoint or savepoint is needed");
}
END_TEST

START_TEST(python_files_are_looked_up) {
    static char *const wrong[][2] = {{"-pyfs", "/dev/null,/no/such.py"},
                                     {"-pyarch", "/no/such.py#x"},
                                     {"-pyreq", "/dev/null#/no/such.py"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        parse(wrong[i][0], wrong[i][1], "-f", "x", NULL);
        ck_assert_int_eq(options.mode, REPL_USAGE);
        ck_assert_ptr_nonnull(strstr(options.error, wrong[i][0]));
        ck_assert_ptr_nonnull(strstr(options.error, "there is no file /no/such.py"));
        teardown();
    }
    parse("-pyfs", ",", "-f", "x", NULL);
    ck_assert_int_eq(options.mode, REPL_USAGE);
    teardown();
    parse("-pyfs", NULL);
    ck_assert_int_eq(options.mode, REPL_USAGE);
}
END_TEST

START_TEST(flink_options) {
    parse("-D", "a.b=c=d", "-De=", "-c", "", NULL);
    ck_assert_int_eq(options.mode, REPL_COMMAND);
    ck_assert_uint_eq(options.flink_options.count, 2);
    ck_assert_str_eq(options.flink_options.items[0], "a.b=c=d");
    ck_assert_str_eq(options.flink_options.items[1], "e=");
}
END_TEST

START_TEST(jars_are_found) {
    char folder[] = "/tmp/check_options.XXXXXX", path[4][64], list[160];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *const names[] = {"a.jar", "b.jar", "b.txt", "c.jar"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
        FILE *file = fopen(path[i], "w");
        ck_assert_ptr_nonnull(file);
        fclose(file);
    }
    snprintf(list, sizeof list, "%s,,%s/b*.jar", path[0], folder);
    parse("--jars", list, "--jars=https://x/y.jar,file:///z.jar", "-j", path[3], NULL);
    ck_assert_msg(options.error == NULL, "%s", options.error);
    ck_assert_uint_eq(options.jars.count, 5);
    ck_assert_str_eq(options.jars.items[0], path[0]);
    ck_assert_str_eq(options.jars.items[1], path[1]);
    ck_assert_str_eq(options.jars.items[2], "https://x/y.jar");
    ck_assert_str_eq(options.jars.items[3], "file:///z.jar");
    ck_assert_str_eq(options.jars.items[4], path[3]);
    for (size_t i = 0; i < 4; i++)
        unlink(path[i]);
    rmdir(folder);
}
END_TEST

START_TEST(other_options) {
    char folders[] = "/a::/b";
    parse("--java-trace", "--python", "python3.11", "--python-path", folders, NULL);
    ck_assert_int_eq(options.mode, REPL_INTERACTIVE);
    ck_assert(options.java_trace);
    ck_assert_str_eq(options.python, "python3.11");
    ck_assert_uint_eq(options.python_path.count, 2);
    ck_assert_str_eq(options.python_path.items[1], "/b");
    teardown();
    parse("--python=/x/python", "--help", "--nonsense", NULL);
    ck_assert_int_eq(options.mode, REPL_HELP);
    teardown();
    parse("-V", NULL);
    ck_assert_int_eq(options.mode, REPL_VERSION);
    teardown();
    parse("--build-class-archive", NULL);
    ck_assert_int_eq(options.mode, REPL_BUILD_ARCHIVE);
    ck_assert_ptr_null(options.target);
    teardown();
    parse("--build-class-archive=/x", NULL);
    ck_assert_str_eq(options.target, "/x");
}
END_TEST

static void refused(const char *error) {
    ck_assert_int_eq(options.mode, REPL_USAGE);
    ck_assert_str_eq(options.error, error);
    teardown();
}

START_TEST(wrong_use_is_named) {
    parse("--nonsense", NULL);
    refused("unknown option '--nonsense'");
    parse("-x", NULL);
    refused("unknown option '-x'");
    parse("job.py", NULL);
    refused("unexpected argument 'job.py' (a script is run with -f)");
    parse("-f", NULL);
    refused("option '-f' needs a value");
    parse("--jars", NULL);
    refused("option '--jars' needs a value");
    parse("-D", "key", NULL);
    refused("-D key: KEY=VALUE is needed");
    parse("-D", "=v", NULL);
    refused("-D =v: KEY=VALUE is needed");
    parse("--jars", "/nonexistent/x.jar", "-c", "", NULL);
    refused("--jars: there is no file /nonexistent/x.jar");
    parse("--pythonx", "y", NULL);
    refused("unknown option '--pythonx'");
    parse("--build-class-archives", NULL);
    refused("unknown option '--build-class-archives'");
}
END_TEST

int main(void) {
    TCase *cases = tcase_create("options");
    tcase_add_checked_fixture(cases, NULL, teardown);
    tcase_add_test(cases, nothing_is_interactive);
    tcase_add_test(cases, options_of_the_shell);
    tcase_add_test(cases, a_script_takes_the_rest);
    tcase_add_test(cases, modules_and_code);
    tcase_add_test(cases, python_options_of_flink_run);
    tcase_add_test(cases, programs_as_flink_run_gives_them);
    tcase_add_test(cases, savepoints_as_flink_run_gives_them);
    tcase_add_test(cases, python_files_are_looked_up);
    tcase_add_test(cases, flink_options);
    tcase_add_test(cases, jars_are_found);
    tcase_add_test(cases, other_options);
    tcase_add_test(cases, wrong_use_is_named);
    Suite *suite = suite_create("options");
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
