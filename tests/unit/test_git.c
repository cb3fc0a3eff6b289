/* A git of our own stands first on PATH. */
#include "helper/base/deadline.h"
#include "helper/base/harden.h"
#include "helper/cmd/git.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char dir[128], path_before[4096];

static int setup(void **state)
{
	(void)state;
	snprintf(path_before, sizeof(path_before), "%s", getenv("PATH"));
	unit_mkdir(dir);
	return chmod(dir, 0755);
}

static int teardown(void **state)
{
	(void)state;
	setenv("PATH", path_before, 1);
	unit_rmdir(dir);
	return 0;
}

static void fake_git(const char *script)
{
	char file[160], path[4400];
	FILE *f;

	snprintf(file, sizeof(file), "%s/git", dir);
	f = fopen(file, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	fclose(f);
	assert_int_equal(chmod(file, 0755), 0);
	snprintf(path, sizeof(path), "%s:%s", dir, path_before);
	setenv("PATH", path, 1);
}

static int run(const char *script, size_t max, char *out, struct error *err)
{
	static const char *const args[] = { "config", "--get", "a b", NULL };
	struct buf b;
	int got;

	if (script)
		fake_git(script);
	buf_init(&b, max);
	got = git_run(args, &b, err);
	strcpy(out, b.ptr);
	buf_release(&b);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return got;
}

static void test_outcomes(void **state)
{
	static const struct {
		const char *script;
		int got;
		const char *out;
		enum error_kind kind;
	} rows[] = {
		{ "echo \"$#:$3\"", 0, "3:a b\n", ERROR_NONE },
		{ "exit 5", 5, "", ERROR_NONE },
		{ "printf x; exit 1", 1, "x", ERROR_NONE },
		{ "kill -TERM $$", -1, "", ERROR_SYSTEM },
		{ "printf 12345678901", -1, "", ERROR_MEMORY },
		{ "printf 1234567890", 0, "1234567890", ERROR_NONE },
		{ "exec >&-; sleep 0.2; exit 3", 3, "", ERROR_NONE },
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;

		ROW(rows[i].script,
			run(rows[i].script, 10, out, &err) == rows[i].got);
		ROW(rows[i].script, err.kind == rows[i].kind);
		ROW(rows[i].script, !strcmp(out, rows[i].out));
	}
}

static void test_no_git(void **state)
{
	struct error err = ERROR_INIT;
	char out[64];

	(void)state;
	setenv("PATH", dir, 1);
	assert_int_equal(run(NULL, 10, out, &err), -1);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.text, "install git"));
}

/* Our SIGPIPE and umask are not git's; its status is ours all the same. */
static void child_hardened(void *arg)
{
	char out[64];

	(void)arg;
	umask(022);
	signal(SIGCHLD, SIG_IGN);
	harden_process();
	CHECK(umask(077) == 077);
	/* bit 12 of SigIgn is SIGPIPE */
	CHECK(run("umask; exit 4", 60, out, NULL) == 4);
	CHECK(!strcmp(out, "0022\n"));
	CHECK(run("grep SigIgn /proc/self/status | "
		  "sed 's/.*\\(.....\\)$/\\1/'",
		      60, out, NULL) == 0);
	CHECK(!(strtol(out, NULL, 16) & 0x1000));
}

static void test_hardened(void **state)
{
	(void)state;
	assert_int_equal(unit_child(child_hardened, NULL), 0);
}

static void test_no_leak(void **state)
{
	char out[64];

	(void)state;
	/* 0, 1, 2, that of ls itself, and what the test was started with */
	setenv("PATH", path_before, 1);
	assert_int_equal(run("ls /proc/self/fd | wc -l", 60, out, NULL), 0);
	for (int i = 0; i < 20; i++) {
		char again[64];

		assert_int_equal(
			run("ls /proc/self/fd | wc -l", 60, again, NULL), 0);
		assert_string_equal(out, again);
	}
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_outcomes),
		TEST(test_no_git),
		TEST(test_hardened),
		TEST(test_no_leak),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("git", tests, NULL, NULL);
}
