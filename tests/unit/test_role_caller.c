/*
 * Whom a role may speak to, and where its trace goes. This program is its own
 * role binary, as in test_role.c.
 */
#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/role.h"
#include "helper/base/trace.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#define SOON deadline_in(10000)

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

static int serve_caller(struct record_reader *in)
{
	const struct caller *c = caller_get();
	char text[64];

	snprintf(text, sizeof(text), "%s %d", c->name, c->speak);
	return answer(in, "caller", text);
}

static int serve_trace(struct record_reader *in)
{
	trace_event("inside", TRACE_STR("password", "trace"));
	return serve_echo(in);
}

/* Starts another role and hands its answer on. */
static int serve_nested(struct record_reader *in)
{
	struct record ask, got;
	struct role role;

	take_request(in);
	record_init(&ask);
	record_init(&got);
	if (role_start(&role, "caller", NULL) == 0 &&
		role_call(&role, &ask, &got, SOON, NULL) == 0)
		record_write(&got, in->fd, true, SOON, NULL);
	role_end(&role, 1000);
	record_release(&ask);
	record_release(&got);
	return 0;
}

static const struct role_row roles[] = {
	{ "caller", serve_caller },
	{ "trace", serve_trace },
	{ "nested", serve_nested },
	{ NULL, NULL },
};

/* A child called name runs body; below it is the process that starts roles. */
struct named {
	const char *name;
	void (*body)(void *arg);
	void *arg;
};

static void child_named(void *arg)
{
	struct named *n = arg;
	pid_t pid;
	int status;

	prctl(PR_SET_NAME, n->name);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_NAME, "git-credential-");
		n->body(n->arg);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	_exit(WEXITSTATUS(status));
}

struct expected {
	const char *role, *caller;
};

static void child_asks_caller(void *arg)
{
	struct expected *e = arg;
	struct error err = ERROR_INIT;
	struct record ask, got;
	struct role role;

	record_init(&ask);
	record_init(&got);
	CHECK(!role_start(&role, e->role, &err));
	CHECK(!role_call(&role, &ask, &got, SOON, &err));
	if (!slice_is(record_get(&got, "caller"), e->caller))
		fprintf(stderr, "# %s", got.bytes.ptr);
	CHECK(slice_is(record_get(&got, "caller"), e->caller));
	role_end(&role, 1000);
}

/* What a role may say on its stderr is what its starter may say on it. */
static void test_caller(void **state)
{
	struct expected rows[] = {
		{ "caller", "git-remote-http 1" },
		{ "nested", "git-remote-http 1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct named git = { "git", child_asks_caller, &rows[i] };
		struct named remote = { "git-remote-https", child_named, &git };

		assert_int_equal(unit_child(child_named, &remote), 0);
	}
}

static void child_asks_silent(void *arg)
{
	struct error err = ERROR_INIT;
	struct record ask, got;
	struct slice said;
	struct role role;

	record_init(&ask);
	record_init(&got);
	CHECK(!role_start(&role, arg, NULL));
	if (role_call(&role, &ask, &got, SOON, &err) < 0)
		fprintf(stderr, "# %s\n", err.text);
	CHECK(!err.kind);
	said = record_get(&got, "caller");
	CHECK(said.len > 2 && said.ptr[said.len - 1] == '0');
	role_end(&role, 1000);
}

/* `git credential fill`, which GOAUTH=git runs and whose stderr it parses. */
static void test_silent_under_git(void **state)
{
	static char one[] = "caller", two[] = "nested";
	char *rows[] = { one, two };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct named git = { "git", child_asks_silent, rows[i] };
		struct named go = { "go", child_named, &git };

		assert_int_equal(unit_child(child_named, &go), 0);
	}
}

/* fd 3 is a role's socket, and often its starter's: never a trace's. */
static int traces(const char *variable)
{
	struct record ask, got;
	struct role role;
	char said[200];
	int fds[2];
	ssize_t n;

	for (int fd = 3; fd < 10; fd++)
		close(fd);
	CHECK(!pipe2(fds, O_CLOEXEC | O_NONBLOCK));
	CHECK(dup2(fds[1], STDERR_FILENO) == STDERR_FILENO);
	CHECK(fcntl(fds[0], F_DUPFD_CLOEXEC, 20) == 20);
	close(fds[0]);
	close(fds[1]);
	CHECK(!setenv(variable, "3", 1));
	record_init(&ask);
	record_init(&got);
	record_add(&ask, "host", slice_of("h"), NULL);
	CHECK(!role_start(&role, "trace", NULL));
	CHECK(role.in.fd == 3);
	CHECK(!role_call(&role, &ask, &got, SOON, NULL));
	CHECK(!strcmp(got.bytes.ptr, "host=h\n"));
	CHECK(!role_call(&role, &ask, &got, SOON, NULL));
	CHECK(!strcmp(got.bytes.ptr, "host=h\n"));
	role_end(&role, 1000);
	/* one complaint, that of the starter */
	n = read(20, said, sizeof(said) - 1);
	CHECK(n > 0);
	said[n] = '\0';
	CHECK(strstr(said, "fd 3 is not open"));
	CHECK(strchr(said, '\n') == said + n - 1);
	return 0;
}

/* A program of its own: this one has looked for its trace long ago. */
static void child_traces(void *arg)
{
	char *argv[] = { (char *)"role", (char *)"--traces", arg, NULL };

	execv("/proc/self/exe", argv);
}

static void test_trace_fd(void **state)
{
	static char text[] = "GOCONDA_TRACE", json[] = "GOCONDA_TRACE_EVENT";

	(void)state;
	assert_int_equal(unit_child(child_traces, text), 0);
	assert_int_equal(unit_child(child_traces, json), 0);
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
		cmocka_unit_test(test_caller),
		cmocka_unit_test(test_silent_under_git),
		cmocka_unit_test(test_trace_fd),
	};

	role_main(roles, argc, argv);
	if (argc == 3 && !strcmp(argv[1], "--traces"))
		return traces(argv[2]);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("role_caller", tests, setup, NULL);
}
