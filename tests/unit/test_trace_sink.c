/*
 * The targets are opened once in a process, so they are tried in programs of
 * their own: this one with --emit, --say or --late.
 */
#include "helper/base/trace.h"
#include "helper/base/trace_sink.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

#define CANARY "hunter2"

struct run {
	const char *mode, *text, *json; /* GOCONDA_TRACE, _EVENT; NULL unset */
	const char *parent; /* the name of the process that starts it */
	int fd; /* >= 0: open for it, a pipe that comes back in fd_said */
	char said[4096], fd_said[4096]; /* stderr; fd */
};

static void run_child(const struct run *r, int err, int fd)
{
	char *argv[] = { (char *)"trace", (char *)r->mode, NULL };
	int status = 0;

	if (r->parent) {
		prctl(PR_SET_NAME, r->parent);
		if (fork()) {
			wait(&status);
			_exit(WEXITSTATUS(status));
		}
	}
	if (r->text)
		setenv("GOCONDA_TRACE", r->text, 1);
	if (r->json)
		setenv("GOCONDA_TRACE_EVENT", r->json, 1);
	dup2(err, STDERR_FILENO);
	for (int i = 3; i < 10; i++)
		if (i == r->fd)
			dup2(fd, i);
		else if (i != err && i != fd)
			close(i);
	execv("/proc/self/exe", argv);
	_exit(127);
}

static void slurp(int fd, char *out, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, out + n, size - 1 - n)) > 0)
		n += (size_t)got;
	out[n] = '\0';
	close(fd);
}

/* Runs this program; what it wrote is in r. Returns its exit status. */
static int run(struct run *r)
{
	int err[2], fd[2], high[2], status;
	pid_t pid;

	assert_int_equal(pipe2(err, O_CLOEXEC), 0);
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	high[0] = fcntl(err[1], F_DUPFD_CLOEXEC, 20);
	high[1] = fcntl(fd[1], F_DUPFD_CLOEXEC, 20);
	close(err[1]);
	close(fd[1]);
	pid = fork();
	if (!pid)
		run_child(r, high[0], high[1]);
	close(high[0]);
	close(high[1]);
	slurp(err[0], r->said, sizeof(r->said));
	slurp(fd[0], r->fd_said, sizeof(r->fd_said));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Two events; exit status 0 where a trace is on. */
static int emit(void)
{
	bool on;

	errno = ENOTTY;
	trace_event("first", TRACE_STR("k", "v"));
	trace_event("second", TRACE_INT("n", 2), TRACE_BOOL("b", true));
	on = trace_on();
	return errno != ENOTTY ? 3 : !on;
}

static void test_off(void **state)
{
	const char *values[] = { NULL, "", "0", "false", "FALSE" };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct run r = { "--emit", values[i], values[i], NULL, -1 };

		assert_int_equal(run(&r), 1);
		assert_string_equal(r.said, "");
	}
}

static void test_stderr(void **state)
{
	const char *values[] = { "1", "true", "True", "2" };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct run r = { "--emit", values[i], NULL, NULL, -1 };

		assert_int_equal(run(&r), 0);
		assert_int_equal(strncmp(r.said, "conda-go ", 9), 0);
		assert_non_null(strstr(r.said, " first k=v\n"));
		assert_non_null(strstr(r.said, " second n=2 b=yes\n"));
	}
}

static void test_fd(void **state)
{
	(void)state;
	for (int fd = 3; fd < 10; fd++) {
		char value[2] = { (char)('0' + fd), '\0' };
		struct run r = { "--emit", value, value, NULL, fd };

		assert_int_equal(run(&r), 0);
		assert_string_equal(r.said, "");
		assert_non_null(strstr(r.fd_said, " first k=v\n"));
		assert_non_null(strstr(r.fd_said, "\"event\":\"second\""));
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *value, *says;
	} rows[] = {
		{ "7", "fd 7 is not open" },
		{ "10", "'10'" },
		{ "-1", "'-1'" },
		{ "yes", "'yes'" },
		{ "relative/path", "'relative/path'" },
		{ "/", "Is a directory" },
		{ "/no/such/folder/x", "No such file" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct run r = { "--emit", rows[i].value, NULL, NULL, -1 };

		ROW(rows[i].value, run(&r) == 1);
		ROW(rows[i].value, strstr(r.said, "conda-go: GOCONDA_TRACE: "));
		ROW(rows[i].value, strstr(r.said, rows[i].says));
		/* once */
		ROW(rows[i].value,
			strchr(r.said, '\n') == r.said + strlen(r.said) - 1);
		/* and not a word where Go parses it */
		r.parent = "git";
		ROW(rows[i].value, run(&r) == 1);
		ROW(rows[i].value, !r.said[0]);
	}
}

static void test_path(void **state)
{
	char dir[128], path[160], content[4096];
	struct stat st;
	int fd;

	(void)state;
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/trace", dir);
	umask(022);
	for (int i = 0; i < 2; i++) {
		struct run r = { "--emit", path, path, NULL, -1 };

		assert_int_equal(run(&r), 0);
		assert_string_equal(r.said, "");
	}
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	fd = open(path, O_RDONLY);
	slurp(fd, content, sizeof(content));
	/* appended: four text lines, four of JSON */
	fd = 0;
	for (char *p = content; (p = strchr(p, '\n')); p++)
		fd++;
	assert_int_equal(fd, 8);
	unit_rmdir(dir);
}

/* A FIFO that nobody reads neither stops us nor is an error of the program. */
static void test_fifo(void **state)
{
	char dir[128], path[160];
	struct run r = { "--emit", path, NULL, NULL, -1 };

	(void)state;
	unit_mkdir(dir);
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(run(&r), 1);
	unit_rmdir(dir);
}

/*
 * The trace is opened late: whatever has the number by then is not a trace's,
 * unless it was inherited.
 */
static int late(void)
{
	int fd = memfd_create("somebody's", MFD_CLOEXEC);

	if (fd != 3)
		return 4;
	trace_event("first", TRACE_STR("k", "v"));
	return lseek(fd, 0, SEEK_END) != 0;
}

static void test_late(void **state)
{
	struct run r = { "--late", "3", "3", NULL, -1 };

	(void)state;
	assert_int_equal(run(&r), 0);
}

static int say(void)
{
	char text[3000];

	trace_say("type: %s", "conda-go login\n\033[1mh");
	trace_say("https://u:" CANARY "@h/ is down");
	/* a URL that the cut would leave without its '@' */
	memset(text, 'x', sizeof(text));
	strcpy(text + 1000, " https://user:" CANARY CANARY CANARY "@h/p");
	trace_say("%s", text);
	memset(text, 'x', 1000);
	memcpy(text + 1001 - strlen("https://u:"), "https://u:", 10);
	trace_say("%s", text);
	return 0;
}

static void test_say(void **state)
{
	static const char *const parents[] = { NULL, "git-remote-https",
		"git-remote-http" };
	struct run r = { "--say", NULL, NULL, NULL, -1 };

	(void)state;
	for (size_t i = 0; i < COUNT(parents); i++) {
		r.parent = parents[i];
		assert_int_equal(run(&r), 0);
		assert_int_equal(
			strncmp(r.said,
				"conda-go: type: conda-go login%0a%1b[1mh\n"
				"conda-go: https://u:***@h/ is down\n"
				"conda-go: xxx",
				70),
			0);
		assert_null(strstr(r.said, "hunt"));
	}
	/* no word to a stderr that Go parses, all of it to the trace */
	r = (struct run){ "--say", "5", "5", "git", 5 };
	assert_int_equal(run(&r), 0);
	assert_string_equal(r.said, "");
	assert_non_null(strstr(r.fd_said,
		" say text=\"type: conda-go login\\x0a\\x1b[1mh\"\n"));
	assert_non_null(strstr(r.fd_said, "https://u:***@h/ is down"));
	assert_null(strstr(r.fd_said, "hunt"));
}

/* A reader that does not read costs a second an event, no more. */
static void test_sink_full(void **state)
{
	struct timespec a, b;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	while (write(fds[1], "xxxxxxxxxxxxxxxx", 16) > 0)
		;
	clock_gettime(CLOCK_MONOTONIC, &a);
	trace_sink_write(fds[1], "line\n", 5);
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_in_range((b.tv_sec - a.tv_sec) * 1000 +
				(b.tv_nsec - a.tv_nsec) / 1000000,
		900, 3000);
	close(fds[0]);
	trace_sink_write(fds[1], "line\n", 5);
	close(fds[1]);
	trace_sink_write(fds[1], "line\n", 5);
}

/* A go of another uid, whose stderr we may not have: our own log. */
static void child_of_foreign_go(void *arg)
{
	char *argv[] = { (char *)"trace", (char *)"--emit", NULL };
	int status = 0;

	prctl(PR_SET_NAME, "go");
	if (fork()) {
		wait(&status);
		_exit(WEXITSTATUS(status));
	}
	CHECK(!setuid(54321));
	setenv("XDG_STATE_HOME", arg, 1);
	setenv("GOCONDA_TRACE", "1", 1);
	execv("/proc/self/exe", argv);
	_exit(127);
}

static void test_log(void **state)
{
	char dir[128], path[200], old[210];
	struct stat st;
	struct buf b;

	(void)state;
	unit_mkdir(dir);
	assert_int_equal(chown(dir, 54321, (gid_t)-1), 0);
	setenv("XDG_STATE_HOME", dir, 1);
	buf_init(&b, 4096);
	assert_int_equal(trace_sink_log_path(&b, NULL), 0);
	unsetenv("XDG_STATE_HOME");
	snprintf(path, sizeof(path), "%s/conda-go/trace.log", dir);
	snprintf(old, sizeof(old), "%s.old", path);
	assert_string_equal(b.ptr, path);
	buf_release(&b);
	for (int i = 0; i < 3; i++)
		assert_int_equal(unit_child(child_of_foreign_go, dir), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_in_range(st.st_size, 6 * 40, 6 * 80);
	/* over its size it becomes the old one, which is replaced */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(truncate(path, TRACE_SINK_LOG_MAX), 0);
		assert_int_equal(unit_child(child_of_foreign_go, dir), 0);
		assert_int_equal(stat(path, &st), 0);
		assert_in_range(st.st_size, 2 * 40, 2 * 80);
		assert_int_equal(stat(old, &st), 0);
		assert_int_equal(st.st_size, TRACE_SINK_LOG_MAX);
	}
	unit_rmdir(dir);
}

/* go's own stderr, which a child of it reaches although it has another. */
static void test_under_go(void **state)
{
	int pipes[2], null = open("/dev/null", O_WRONLY | O_CLOEXEC), status;
	char said[4096];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		char *argv[] = { (char *)"trace", (char *)"--emit", NULL };

		prctl(PR_SET_NAME, "go");
		dup2(pipes[1], STDERR_FILENO);
		if (fork()) {
			wait(&status);
			_exit(WEXITSTATUS(status));
		}
		dup2(null, STDERR_FILENO);
		setenv("GOCONDA_TRACE", "1", 1);
		execv("/proc/self/exe", argv);
		_exit(127);
	}
	close(pipes[1]);
	slurp(pipes[0], said, sizeof(said));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_non_null(strstr(said, " first k=v\n"));
	close(null);
}

static int setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	unsetenv("GOCONDA_TRACE");
	unsetenv("GOCONDA_TRACE_EVENT");
	unsetenv("GIT_TRACE2_PARENT_SID");
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_stderr),
		cmocka_unit_test(test_fd),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_sink_full),
		cmocka_unit_test(test_under_go),
		cmocka_unit_test(test_log),
	};

	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--emit"))
		return emit();
	if (argc == 2 && !strcmp(argv[1], "--say"))
		return say();
	if (argc == 2 && !strcmp(argv[1], "--late"))
		return late();
	return unit_run("trace_sink", tests, COUNT(tests), setup,
		geteuid() ? "only root has a go of another user above it"
			  : NULL);
}
