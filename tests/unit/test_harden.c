#include "helper/base/harden.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void child_all(void *arg)
{
	struct rlimit core = { 0, 0 }, before;
	int fds[2];

	(void)arg;
	signal(SIGPIPE, SIG_DFL);
	umask(022);
	CHECK(!getrlimit(RLIMIT_CORE, &before));
	before.rlim_cur = before.rlim_max;
	CHECK(!setrlimit(RLIMIT_CORE, &before));
	harden_process();
#ifndef TEST_DUMPABLE
	CHECK(prctl(PR_GET_DUMPABLE) == 0);
	CHECK(!getrlimit(RLIMIT_CORE, &core) && core.rlim_cur == 0);
#endif
	CHECK(!pipe(fds));
	close(fds[0]);
	CHECK(write(fds[1], "x", 1) < 0 && errno == EPIPE);
	harden_undo();
	CHECK(umask(0) == 022);
	CHECK(!getrlimit(RLIMIT_CORE, &core));
	CHECK(core.rlim_cur == before.rlim_cur);
	CHECK(signal(SIGPIPE, SIG_DFL) == SIG_DFL);
}

static void test_all(void **state)
{
	(void)state;
	assert_int_equal(unit_child(child_all, NULL), 0);
}

static void child_ignores(void *arg)
{
	pid_t pid;
	int status;

	(void)arg;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	harden_process();
	pid = fork();
	if (!pid)
		_exit(7);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7);
	harden_undo();
	/* what was ignored stays so */
	CHECK(signal(SIGPIPE, SIG_DFL) == SIG_IGN);
	CHECK(signal(SIGCHLD, SIG_DFL) == SIG_IGN);
}

static void test_ignored(void **state)
{
	(void)state;
	assert_int_equal(unit_child(child_ignores, NULL), 0);
}

/* Any of fds 0 to 2 may be closed: an fd of ours never becomes one of them. */
static void child_closed(void *arg)
{
	int which = *(int *)arg;

	for (int fd = 0; fd < 3; fd++)
		if (which & 1 << fd)
			close(fd);
	harden_process();
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) != 0)
			_exit(1);
	if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 3)
		_exit(2);
}

static void test_closed(void **state)
{
	(void)state;
	for (int which = 0; which < 8; which++)
		assert_int_equal(unit_child(child_closed, &which), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_closed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("harden", tests, NULL, NULL);
}
