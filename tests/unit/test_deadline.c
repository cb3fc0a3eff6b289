#include "helper/base/deadline.h"

#include "tests/unit/unit.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>

static void test_left(void **state)
{
	int64_t now = deadline_now();

	(void)state;
	assert_int_equal(deadline_left(now - 1), 0);
	assert_int_equal(deadline_left(deadline_in(0)), 0);
	assert_int_equal(deadline_left(deadline_in(-5000)), 0);
	assert_int_equal(deadline_left(0), 0);
	assert_in_range(deadline_left(deadline_in(5000)), 4000, 5000);
	assert_int_equal(deadline_left(INT64_MAX), INT_MAX);
	assert_true(deadline_now() >= now);
}

static void test_poll(void **state)
{
	int64_t began;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	began = deadline_now();
	assert_int_equal(deadline_poll(fds[0], POLLIN, deadline_in(100)), 0);
	assert_in_range(deadline_now() - began, 99, 2000);
	assert_int_equal(deadline_poll(fds[0], POLLIN, began - 10), 0);
	assert_int_equal(
		deadline_poll(fds[1], POLLOUT, deadline_in(100)), POLLOUT);
	assert_int_equal(write(fds[1], "x", 1), 1);
	assert_int_equal(
		deadline_poll(fds[0], POLLIN, deadline_in(10000)), POLLIN);
	close(fds[1]);
	assert_true(
		deadline_poll(fds[0], POLLIN, deadline_in(10000)) & POLLHUP);
	close(fds[0]);
	assert_int_equal(
		deadline_poll(fds[0], POLLIN, deadline_in(100)), POLLNVAL);
}

/* A child reads all that is written, slowly at first. */
static void test_write(void **state)
{
	static char bytes[300000];
	struct slice all = { bytes, sizeof(bytes) };
	ssize_t n, sum = 0;
	int fds[2], status = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		usleep(50000);
		while ((n = read(fds[0], bytes, sizeof(bytes))) > 0)
			sum += n;
		_exit(sum == (ssize_t)sizeof(bytes) ? 0 : 1);
	}
	close(fds[0]);
	assert_int_equal(deadline_write(fds[1], all, deadline_in(10000)), 0);
	assert_int_equal(deadline_write(fds[1], SLICE_NONE, 0), 0);
	close(fds[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Nobody reads a pipe that blocks: a plain write(2) would never return. */
static void test_write_fails(void **state)
{
	static char bytes[300000];
	struct slice all = { bytes, sizeof(bytes) };
	int64_t began = deadline_now();
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(deadline_write(fds[1], all, deadline_in(100)), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_in_range(deadline_now() - began, 99, 2000);
	assert_int_equal(deadline_write(fds[1], all, began), -1);
	assert_int_equal(errno, ETIMEDOUT);
	close(fds[0]);
	assert_int_equal(deadline_write(fds[1], all, deadline_in(9999)), -1);
	assert_int_equal(errno, EPIPE);
	close(fds[1]);
	assert_int_equal(deadline_write(fds[1], all, deadline_in(9999)), -1);
	assert_int_equal(errno, EBADF);
}

static volatile int alarms;

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

/* A signal every 10 ms neither ends the wait nor makes it longer. */
static void test_interrupted(void **state)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerval every = { { 0, 10000 }, { 0, 10000 } }, never = { 0 };
	int64_t began = deadline_now();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	assert_int_equal(deadline_poll(fds[0], POLLIN, deadline_in(200)), 0);
	setitimer(ITIMER_REAL, &never, NULL);
	assert_in_range(deadline_now() - began, 199, 2000);
	assert_true(alarms > 2);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_poll),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_fails),
		cmocka_unit_test(test_interrupted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
