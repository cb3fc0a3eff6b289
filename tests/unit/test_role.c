/*
 * This program is its own role binary: main gives role_main the first look.
 */
#include "helper/base/deadline.h"
#include "helper/base/role.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#define SOON deadline_in(10000)

/* --- the roles ----------------------------------------------------------- */

static void take_request(struct record_reader *in)
{
	struct record r;

	record_init(&r);
	record_read(in, &r, SOON, NULL);
	record_release(&r);
}

static int answer(struct record_reader *in, const char *key, const char *value)
{
	struct record r;

	take_request(in);
	record_init(&r);
	record_add(&r, key, slice_of(value), NULL);
	record_write(&r, in->fd, true, SOON, NULL);
	record_release(&r);
	return 0;
}

static int serve_echo(struct record_reader *in)
{
	struct record r;

	record_init(&r);
	while (record_read(in, &r, SOON, NULL) > 0)
		record_write(&r, in->fd, true, SOON, NULL);
	record_release(&r);
	return 0;
}

static int serve_sleep(struct record_reader *in)
{
	(void)in;
	while (pause() < 0)
		;
	return 0;
}

static int serve_die(struct record_reader *in)
{
	(void)in;
	return raise(SIGTERM);
}

static int serve_exit7(struct record_reader *in)
{
	(void)in;
	return 7;
}

static int serve_raw(struct record_reader *in, const char *bytes)
{
	take_request(in);
	return write(in->fd, bytes, strlen(bytes)) < 0;
}

static int serve_half(struct record_reader *in)
{
	return serve_raw(in, "username=u\npass");
}

static int serve_lines(struct record_reader *in)
{
	return serve_raw(in, "username=u\n");
}

static int serve_garbage(struct record_reader *in)
{
	serve_raw(in, "hunter2canary\n\n");
	return serve_sleep(in);
}

static int serve_flood(struct record_reader *in)
{
	char many[4096];

	memset(many, 'x', sizeof(many));
	for (;;)
		if (write(in->fd, many, sizeof(many)) < 0 && errno != EAGAIN)
			return 1;
}

static int serve_hangup(struct record_reader *in)
{
	close(in->fd);
	return serve_sleep(in);
}

/* Writes what it is asked to into the fd that came with it. */
static int serve_writer(struct record_reader *in)
{
	struct record r;
	int fds[2];
	size_t n;

	record_init(&r);
	while (record_read(in, &r, SOON, NULL) > 0) {
		struct slice text = record_get(&r, "text");
		bool wrote;

		n = record_take_fds(in, fds, 2);
		wrote = n == 1 && (fcntl(fds[0], F_GETFD) & FD_CLOEXEC) &&
			write(fds[0], text.ptr, text.len) > 0;
		record_reset(&r);
		if (wrote)
			record_add(&r, "wrote", slice_of("yes"), NULL);
		while (n)
			close(fds[--n]);
		record_write(&r, in->fd, true, SOON, NULL);
	}
	record_release(&r);
	return 0;
}

/* The role ends; a child of it keeps the socket until the other side ends. */
static int serve_grandchild(struct record_reader *in)
{
	char c;

	if (fork())
		return 0;
	while (deadline_poll(in->fd, POLLIN, SOON) > 0)
		if (read(in->fd, &c, 1) <= 0)
			break;
	_exit(0);
}

static int serve_slow(struct record_reader *in)
{
	usleep(300000);
	return serve_echo(in);
}

static int serve_fds(struct record_reader *in)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *e;
	struct record r;

	take_request(in);
	record_init(&r);
	while (d && (e = readdir(d))) {
		char path[300], to[100] = "";

		if (e->d_name[0] == '.' || atoi(e->d_name) == dirfd(d))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", e->d_name);
		if (readlink(path, to, sizeof(to) - 1) < 0)
			to[0] = '\0';
		record_add(&r, e->d_name, slice_of(to), NULL);
	}
	record_write(&r, in->fd, true, SOON, NULL);
	record_release(&r);
	closedir(d);
	return 0;
}

static int serve_pid(struct record_reader *in)
{
	char pid[24];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	answer(in, "pid", pid);
	return serve_sleep(in);
}

static const struct role_row roles[] = {
	{ "echo", serve_echo },
	{ "sleep", serve_sleep },
	{ "die", serve_die },
	{ "exit7", serve_exit7 },
	{ "half", serve_half },
	{ "lines", serve_lines },
	{ "garbage", serve_garbage },
	{ "flood", serve_flood },
	{ "hangup", serve_hangup },
	{ "grandchild", serve_grandchild },
	{ "slow", serve_slow },
	{ "fds", serve_fds },
	{ "pid", serve_pid },
	{ "writer", serve_writer },
	{ NULL, NULL },
};

/* --- the tests ----------------------------------------------------------- */

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* One call of the role called name; got holds the answer. */
static int call_once(
	const char *name, int ms, struct record *got, struct error *err)
{
	struct record ask;
	struct role role;
	int result;

	record_init(&ask);
	record_add(&ask, "host", slice_of("h"), NULL);
	assert_int_equal(role_start(&role, name, err), 0);
	result = role_call(&role, &ask, got, deadline_in(ms), err);
	role_end(&role, 1000);
	role_end(&role, 1000);
	record_release(&ask);
	return result;
}

static void test_outcomes(void **state)
{
	static const struct {
		const char *role;
		int ms;
		enum error_kind kind;
		const char *says;
		int least, most; /* ms that it may take */
	} rows[] = {
		{ "echo", 10000, ERROR_NONE, "", 0, 3000 },
		{ "slow", 10000, ERROR_NONE, "", 290, 4000 },
		{ "sleep", 200, ERROR_TIMEOUT, "in time", 190, 3000 },
		{ "slow", 100, ERROR_TIMEOUT, "in time", 90, 2000 },
		{ "die", 10000, ERROR_UNAVAILABLE, "signal 15", 0, 3000 },
		{ "exit7", 10000, ERROR_UNAVAILABLE, "status 7", 0, 3000 },
		{ "no-such", 10000, ERROR_UNAVAILABLE, "status 127", 0, 3000 },
		{ "half", 10000, ERROR_INPUT, "middle of line 2", 0, 3000 },
		{ "lines", 10000, ERROR_UNAVAILABLE, "status 0", 0, 3000 },
		{ "garbage", 10000, ERROR_INPUT, "line 1", 0, 3000 },
		{ "flood", 10000, ERROR_INPUT, "65535", 0, 3000 },
		{ "hangup", 10000, ERROR_UNAVAILABLE, "hung up", 0, 3000 },
		{ "grandchild", 300, ERROR_TIMEOUT, "in time", 290, 3000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = ERROR_INIT;
		int64_t began = deadline_now();
		struct record got;
		int result;

		record_init(&got);
		record_add(&got, "old", slice_of("1"), NULL);
		result = call_once(rows[i].role, rows[i].ms, &got, &err);
		began = deadline_now() - began;
		ROW(rows[i].role, result == (rows[i].kind ? -1 : 0));
		ROW(rows[i].role, err.kind == rows[i].kind);
		ROW(rows[i].role, strstr(err.text, rows[i].says));
		ROW(rows[i].role,
			result == 0 || strstr(err.text, rows[i].role));
		ROW(rows[i].role, !strstr(err.text, "hunter"));
		ROW(rows[i].role, began >= rows[i].least);
		ROW(rows[i].role, began <= rows[i].most);
		if (result == 0)
			ROW(rows[i].role, !strcmp(got.bytes.ptr, "host=h\n"));
		else
			ROW(rows[i].role, got.bytes.len == 0);
		record_release(&got);
		assert_no_child();
	}
}

/* A role that has ended, was never started or is all zero. */
static void test_not_there(void **state)
{
	struct role role, zero;
	struct error err = ERROR_INIT;
	struct record r, got;

	(void)state;
	record_init(&r);
	record_init(&got);
	assert_int_equal(role_start(&role, "echo", NULL), 0);
	role_end(&role, 1000);
	assert_int_equal(role_call(&role, &r, &got, SOON, &err), -1);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	memset(&zero, 0, sizeof(zero));
	role_end(&zero, 1000);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
	/* after a failed call there is nothing left to end, and it says so */
	assert_int_equal(role_start(&role, "exit7", NULL), 0);
	assert_int_equal(role_call(&role, &r, &got, SOON, &err), -1);
	assert_int_equal(role.pid, 0);
	assert_int_equal(role_call(&role, &r, &got, SOON, &err), -1);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	role_end(&role, 1000);
	record_release(&r);
	record_release(&got);
	assert_no_child();
}

/* The fd that is passed is written to by the role, and it alone is passed. */
static void test_passes_fds(void **state)
{
	struct record r, got;
	struct role role;
	int pipes[2], before = count_fds();
	char text[8] = "";

	(void)state;
	record_init(&r);
	record_init(&got);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(role_start(&role, "writer", NULL), 0);
	for (size_t count = 0; count <= 3; count++) {
		int fds[3] = { pipes[1], pipes[1], pipes[1] };
		bool written;

		record_reset(&r);
		record_add(&r, "text", slice_of("hello"), NULL);
		assert_int_equal(
			role_send(&role, &r, fds, count, SOON, NULL), 0);
		assert_int_equal(role_answer(&role, &got, SOON, NULL), 0);
		written = record_get(&got, "wrote").ptr;
		assert_int_equal(written, count == 1);
	}
	close(pipes[1]); /* the role has closed each of its own */
	assert_int_equal(read(pipes[0], text, sizeof(text)), 5);
	assert_string_equal(text, "hello");
	assert_int_equal(read(pipes[0], text, sizeof(text)), 0);
	close(pipes[0]);
	role_end(&role, 1000);
	record_release(&r);
	record_release(&got);
	assert_int_equal(count_fds(), before);
}

static void test_many_calls(void **state)
{
	struct record r, got;
	struct role role;
	char value[4000];

	(void)state;
	record_init(&r);
	record_init(&got);
	assert_int_equal(role_start(&role, "echo", NULL), 0);
	memset(value, 'v', sizeof(value));
	for (int i = 0; i < 200; i++) {
		record_reset(&r);
		for (int k = 0; k < i; k++)
			record_add(
				&r, "k", (struct slice){ value, 4000 }, NULL);
		assert_int_equal(role_call(&role, &r, &got, SOON, NULL), 0);
		assert_true(slice_eq(
			wipebuf_slice(&r.bytes), wipebuf_slice(&got.bytes)));
	}
	role_end(&role, 1000);
	record_release(&r);
	record_release(&got);
	assert_no_child();
}

/* The grace is for roles that go by themselves; no other gets more. */
static void test_end(void **state)
{
	struct role role;
	int64_t began = deadline_now();

	(void)state;
	assert_int_equal(role_start(&role, "sleep", NULL), 0);
	role_end(&role, 200);
	assert_in_range(deadline_now() - began, 190, 3000);
	began = deadline_now();
	assert_int_equal(role_start(&role, "echo", NULL), 0);
	role_end(&role, 30000);
	assert_in_range(deadline_now() - began, 0, 5000);
	assert_no_child();
}

static void test_fds(void **state)
{
	int kept[4];
	struct record got;

	(void)state;
	for (size_t i = 0; i < COUNT(kept); i++)
		kept[i] = open("/dev/zero", O_RDONLY); /* not CLOEXEC */
	assert_int_equal(dup2(kept[0], 900), 900);
	record_init(&got);
	assert_int_equal(call_once("fds", 10000, &got, NULL), 0);
	assert_true(slice_is(record_get(&got, "0"), "/dev/null"));
	assert_true(slice_is(record_get(&got, "1"), "/dev/null"));
	assert_non_null(record_get(&got, "2").ptr);
	assert_true(slice_starts(record_get(&got, "3"), "socket:"));
	for (int fd = 4; fd < 1024; fd++) {
		char key[12];

		snprintf(key, sizeof(key), "%d", fd);
		assert_null(record_get(&got, key).ptr);
	}
	record_release(&got);
	close(900);
	for (size_t i = 0; i < COUNT(kept); i++)
		close(kept[i]);
}

static void child_starts_and_waits(int out)
{
	struct record r, got;
	struct role role;
	struct slice pid;

	record_init(&r);
	record_init(&got);
	CHECK(!role_start(&role, "pid", NULL));
	CHECK(!role_call(&role, &r, &got, SOON, NULL));
	pid = record_get(&got, "pid");
	CHECK(write(out, pid.ptr, pid.len) > 0);
	for (;;)
		pause();
}

static void test_dies_with_starter(void **state)
{
	char text[24] = "";
	int fds[2], status;
	pid_t starter, role;

	(void)state;
	/* orphans become ours, so that we can wait for them */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	starter = fork();
	if (!starter)
		child_starts_and_waits(fds[1]);
	assert_true(deadline_poll(fds[0], POLLIN, SOON) > 0);
	assert_true(read(fds[0], text, sizeof(text) - 1) > 0);
	role = atoi(text);
	assert_int_equal(kill(role, 0), 0);
	kill(starter, SIGKILL);
	assert_int_equal(waitpid(starter, &status, 0), starter);
	assert_int_equal(waitpid(role, &status, 0), role);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	close(fds[0]);
	close(fds[1]);
	assert_no_child();
}

static void test_no_leak(void **state)
{
	int before = count_fds();

	(void)state;
	for (int i = 0; i < 50; i++) {
		const char *name = i % 3 == 0	? "echo"
				   : i % 3 == 1 ? "exit7"
						: "garbage";
		struct record got;

		record_init(&got);
		call_once(name, 10000, &got, NULL);
		record_release(&got);
	}
	assert_int_equal(count_fds(), before);
	assert_no_child();
}

/* What does not begin as a role's command line is left to the program. */
static void test_argv(void **state)
{
	static char prog[] = "conda-go", mark[] = "--role", name[] = "echo";
	char *none[] = { prog, NULL }, *other[] = { prog, name, mark, NULL };

	(void)state;
	role_main(roles, 1, none);
	role_main(roles, 3, other);
}

/* What does is never one of its command lines. */
static void child_wrong_argv(void *arg)
{
	static char prog[] = "conda-go", mark[] = "--role", name[] = "echo";
	char *argv[] = { prog, mark, name, name, NULL };

	role_main(roles, *(int *)arg, argv);
}

static void test_wrong_argv(void **state)
{
	(void)state;
	for (int argc = 2; argc < 5; argc += 2)
		assert_int_equal(unit_child(child_wrong_argv, &argc), 127);
}

static int setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	unsetenv("GOCONDA_TRACE");
	unsetenv("GOCONDA_TRACE_EVENT");
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_passes_fds),
		cmocka_unit_test(test_many_calls),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_fds),
		cmocka_unit_test(test_dies_with_starter),
		cmocka_unit_test(test_no_leak),
		cmocka_unit_test(test_argv),
		cmocka_unit_test(test_wrong_argv),
	};

	role_main(roles, argc, argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("role", tests, setup, NULL);
}
