/* check_host.c - the parts of the host that need neither a JVM nor an interpreter. */
#include "host/host_internal.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void setup(void) {
    strcpy(folder, "/tmp/check_host.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void) {
    char command[96];
    snprintf(command, sizeof command, "/bin/rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void write_file(const char *name, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(lists) {
    host_list_t list = {0};
    host_list_add_words(&list, "  -Xmx1g\t-Da=b \n");
    host_list_add_words(&list, NULL);
    for (int i = 0; i < 100; i++)
        host_list_addf(&list, "%03d", 99 - i);
    ck_assert_uint_eq(list.count, 102);
    ck_assert_ptr_null(list.items[102]);
    host_list_sort(&list);
    ck_assert_str_eq(list.items[0], "-Da=b");
    ck_assert_str_eq(list.items[2], "000");
    ck_assert_str_eq(list.items[101], "099");
    host_list_clear(&list);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(files) {
    char path[96];
    char *big = malloc(10001);
    memset(big, 'x', 10000);
    big[10000] = '\0';
    write_file("big", big);
    snprintf(path, sizeof path, "%s/big", folder);
    char *text = host_file_read_new(path);
    ck_assert_str_eq(text, big);
    ck_assert(host_file_exists(path));
    ck_assert_ptr_null(host_file_read_new("/nonexistent"));
    ck_assert(!host_file_exists(NULL));
    free(text);
    free(big);
}
END_TEST

START_TEST(hashes_differ) {
    unsigned long long one = host_hash(HOST_HASH_START, "a", 1);
    ck_assert_uint_ne(one, host_hash(HOST_HASH_START, "b", 1));
    ck_assert_uint_eq(host_hash(one, "b", 1), host_hash(HOST_HASH_START, "ab", 2));
}
END_TEST

START_TEST(java_versions) {
    ck_assert_int_eq(host_java_major("17.0.15"), 17);
    ck_assert_int_eq(host_java_major("1.8.0_292"), 8);
    ck_assert_int_eq(host_java_major("25-ea"), 25);
    ck_assert_int_eq(host_java_major("11"), 11);
    ck_assert_int_eq(host_java_major(NULL), 0);
}
END_TEST

START_TEST(a_java_home) {
    host_java_home_t java;
    write_file("lib/server/libjvm.so", "");
    write_file("release",
               "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"17.0.15\"\nMODULES=\"java.base java.rmi\"\n");
    char *error = host_java_home_inspect(&java, folder, "JAVA_HOME");
    ck_assert_msg(error == NULL, "%s", error);
    ck_assert_int_eq(java.major, 17);
    ck_assert_str_eq(java.version, "17.0.15");
    ck_assert_str_eq(java.modules, " java.base java.rmi ");
    ck_assert_str_eq(strrchr(java.libjvm, '/'), "/libjvm.so");
    host_java_home_clear(&java);
}
END_TEST

START_TEST(a_java_home_without_release) {
    host_java_home_t java;
    write_file("lib/server/libjvm.so", "");
    ck_assert_ptr_null(host_java_home_inspect(&java, folder, "JAVA_HOME"));
    ck_assert_int_eq(java.major, 0);
    ck_assert_ptr_null(java.modules);
    host_java_home_clear(&java);
}
END_TEST

START_TEST(an_old_java) {
    host_java_home_t java;
    write_file("jre/lib/amd64/server/libjvm.so", "");
    write_file("release", "JAVA_VERSION=\"1.8.0_292\"\n");
    char *error = host_java_home_inspect(&java, folder, "JAVA_HOME=/j");
    ck_assert_str_eq(error, "JAVA_HOME=/j is Java 8; Java 11 or newer is needed (set JAVA_HOME)");
    ck_assert_ptr_null(java.home);
    free(error);
}
END_TEST

START_TEST(a_wrong_java_home) {
    host_java_home_t java;
    setenv("JAVA_HOME", "/nonexistent", 1);
    char *error = host_java_home_find(&java);
    ck_assert_ptr_nonnull(strstr(error, "JAVA_HOME=/nonexistent: no lib/server/libjvm.so"));
    free(error);
    unsetenv("JAVA_HOME");
    setenv("PATH", folder, 1);
    error = host_java_home_find(&java);
    ck_assert_ptr_nonnull(strstr(error, "no java on PATH"));
    free(error);
}
END_TEST

START_TEST(java_on_path) {
    host_java_home_t java;
    char path[256], link[256];
    write_file("jdk/lib/server/libjvm.so", "");
    write_file("jdk/release", "JAVA_VERSION=\"21\"\n");
    write_file("jdk/bin/java", "");
    write_file("bin/other", "");
    snprintf(path, sizeof path, "%s/jdk/bin/java", folder);
    chmod(path, 0755);
    snprintf(link, sizeof link, "%s/bin/java", folder);
    ck_assert_int_eq(symlink(path, link), 0);
    unsetenv("JAVA_HOME");
    snprintf(path, sizeof path, "/nonexistent:%s/bin", folder);
    setenv("PATH", path, 1);
    char *error = host_java_home_find(&java);
    ck_assert_msg(error == NULL, "%s", error);
    ck_assert_int_eq(java.major, 21);
    host_java_home_clear(&java);
}
END_TEST

START_TEST(class_paths) {
    host_list_t jars = {0};
    ck_assert(!host_jvm_class_path("/nonexistent", &jars));
    write_file("z.jar", "");
    write_file("a.jar", "");
    write_file("note.txt", "");
    ck_assert(!host_jvm_class_path(folder, &jars));
    host_list_clear(&jars);
    write_file("pyflink-shell-engine.jar", "");
    ck_assert(host_jvm_class_path(folder, &jars));
    ck_assert_uint_eq(jars.count, 3);
    ck_assert_str_eq(strrchr(jars.items[0], '/'), "/pyflink-shell-engine.jar");
    ck_assert_str_eq(strrchr(jars.items[1], '/'), "/a.jar");
    ck_assert_str_eq(strrchr(jars.items[2], '/'), "/z.jar");
    host_list_clear(&jars);
}
END_TEST

static bool has(const host_list_t *list, const char *item) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], item) == 0)
            return true;
    return false;
}

START_TEST(flags) {
    host_java_home_t java = {.major = 17, .modules = " java.base java.rmi "};
    const char *const flink[] = {"env.java.opts.all=-Da=1 -Db=2", "env.java.opts=-Dlost=1",
                                 "env.java.opts=-Dc=3", NULL};
    host_jvm_options_t options = {.flink_options = flink};
    host_list_t jars = {0}, list = {0};
    host_list_addf(&jars, "/x/a.jar");
    host_list_addf(&jars, "/x/b.jar");
    setenv("PYFLINK_SHELL_HEAP", "3g", 1);
    setenv("PYFLINK_SHELL_JVM_OPTS", "-Dlast=1", 1);
    host_jvm_flags(&java, &options, &jars, "/x/c.jsa", &list);
    ck_assert(has(&list, "-Djava.class.path=/x/a.jar:/x/b.jar"));
    ck_assert(has(&list, "-XX:SharedArchiveFile=/x/c.jsa"));
    ck_assert(has(&list, "--add-opens=java.base/java.lang=ALL-UNNAMED"));
    ck_assert(has(&list, "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED"));
    ck_assert(!has(&list, "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED"));
    ck_assert(has(&list, "-Xrs"));
    ck_assert(has(&list, "-Db=2"));
    ck_assert(has(&list, "-Dc=3"));
    ck_assert(!has(&list, "-Dlost=1"));
    ck_assert(has(&list, "-Xmx3g"));
    ck_assert_str_eq(list.items[list.count - 1], "-Dlast=1");
    host_list_clear(&list);
    options.archive_output = "/x/d.jsa";
    host_jvm_flags(&java, &options, &jars, NULL, &list);
    ck_assert(has(&list, "-XX:ArchiveClassesAtExit=/x/d.jsa"));
    host_list_clear(&list);
    java.major = 11;
    host_jvm_flags(&java, &options, &jars, "/x/c.jsa", &list);
    ck_assert(!has(&list, "-XX:ArchiveClassesAtExit=/x/d.jsa"));
    ck_assert(!has(&list, "-XX:SharedArchiveFile=/x/c.jsa"));
    host_list_clear(&list);
    host_list_clear(&jars);
}
END_TEST

int main(void) {
    TCase *cases = tcase_create("host");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, lists);
    tcase_add_test(cases, files);
    tcase_add_test(cases, hashes_differ);
    tcase_add_test(cases, java_versions);
    tcase_add_test(cases, a_java_home);
    tcase_add_test(cases, a_java_home_without_release);
    tcase_add_test(cases, an_old_java);
    tcase_add_test(cases, a_wrong_java_home);
    tcase_add_test(cases, java_on_path);
    tcase_add_test(cases, class_paths);
    tcase_add_test(cases, flags);
    Suite *suite = suite_create("host");
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
