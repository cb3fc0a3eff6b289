/*
 * unit: what the unit tests share: cmocka with what it needs before it, and
 * children to break things in.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define UNIT_ASAN 1 /* whose mlock(2) locks nothing and says it did */
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define UNIT_ASAN 1
#endif

/* In a child: cmocka's assertions would jump into the parent's test. */
#define CHECK(c)                                                               \
	do {                                                                   \
		if (!(c)) {                                                    \
			fprintf(stderr, "# %s:%d: %s\n", __FILE__, __LINE__,   \
				#c);                                           \
			_exit(1);                                              \
		}                                                              \
	} while (0)

/* An assertion about row i of a table, which is named where it fails. */
#define ROW(name, c)                                                           \
	do {                                                                   \
		if (!(c))                                                      \
			fail_msg("row '%s': %s", (name), #c);                  \
	} while (0)

/* Run body(arg) in a child. Returns its exit status, -signal if it died. */
static inline int unit_child(void (*body)(void *arg), void *arg)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		body(arg);
		_exit(0);
	}
	assert_true(pid > 0);
	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A folder of its own under TMPDIR, which unit_rmdir takes away. */
static inline void unit_mkdir(char path[128])
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, 128, "%s/conda-go-unit.XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(path));
}

static inline void unit_rmdir(const char *path)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	assert_int_equal(system(command), 0);
}

/*
 * Run a group. If why is set, the last test cannot be run here: it is left out
 * and named, since what did not run is neither passed nor (as the TAP of cmocka
 * before 1.1.6 has it for skip()) failed.
 */
static inline int unit_run(const char *name, const struct CMUnitTest *tests,
	size_t count, CMFixtureFunction setup, const char *why)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (why) {
		count--;
		printf("# not run: %s: %s\n", tests[count].name, why);
		fflush(stdout);
	}
	return _cmocka_run_group_tests(name, tests, count, setup, NULL);
}

#endif
