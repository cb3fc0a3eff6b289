#include "helper/base/role.h"

#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/harden.h"
#include "helper/base/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* argv[1] of a role; no command of the program is called so. */
#define ROLE_MARK "--role"
#define ROLE_FD 3

static int role_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* The kernel named us after /proc/self/exe: "exe". */
static void role_rename(const char *name)
{
	char comm[16];

	snprintf(comm, sizeof(comm), CALLER_ROLE_PREFIX "%s", name);
	prctl(PR_SET_NAME, comm);
}

void role_main(const struct role_row *rows, int argc, char **argv)
{
	struct record_reader in;
	int status;

	if (argc < 2 || strcmp(argv[1], ROLE_MARK) != 0)
		return;
	while (rows->name && (argc != 3 || strcmp(rows->name, argv[2]) != 0))
		rows++;
	if (!rows->name)
		_exit(127);
	if (fcntl(ROLE_FD, F_SETFD, FD_CLOEXEC) < 0 ||
		role_nonblocking(ROLE_FD) < 0)
		_exit(126);
	role_rename(argv[2]);
	caller_as_role();
	record_reader_socket(&in, ROLE_FD);
	status = rows->serve(&in);
	record_reader_release(&in);
	_exit(status);
}

static void role_close_rest(void)
{
	struct rlimit most = { 1024, 1024 };

	if (!syscall(SYS_close_range, ROLE_FD + 1, ~0U, 0))
		return;
	getrlimit(RLIMIT_NOFILE, &most); /* Linux before 5.9 */
	for (rlim_t fd = ROLE_FD + 1; fd < most.rlim_cur && fd < 1 << 20; fd++)
		close((int)fd);
}

/* Between fork and exec: only async-signal-safe calls. */
static void role_child(pid_t parent, int sock, const char *name)
{
	char *argv[] = { (char *)"conda-go", (char *)ROLE_MARK, (char *)name,
		NULL };
	int null;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126); /* it died before the call above */
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* A dup onto itself would keep CLOEXEC. */
	if (sock == ROLE_FD)
		fcntl(sock, F_SETFD, 0);
	else if (dup2(sock, ROLE_FD) < 0)
		_exit(126);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
		dup2(null, STDOUT_FILENO) < 0)
		_exit(126);
	role_close_rest();
	harden_undo(); /* else the role took our limits for its own */
	execv("/proc/self/exe", argv);
	_exit(126);
}

int role_start(struct role *role, const char *name, struct error *err)
{
	pid_t parent = getpid(), pid;
	int pair[2];

	*role = (struct role){ .name = name };
	record_reader_init(&role->in, -1);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		    pair) < 0)
		return error_errno(err, ERROR_SYSTEM, "socketpair");
	pid = fork();
	if (pid == 0)
		role_child(parent, pair[1], name);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return error_errno(
			err, ERROR_SYSTEM, "starting the role %s", name);
	}
	role->pid = pid;
	record_reader_init(&role->in, pair[0]);
	trace_event("role.start", TRACE_STR("role", name),
		TRACE_INT("role_pid", pid));
	return 0;
}

/* Is it gone within ms? Reaps it. */
static bool role_reaped(struct role *role, int ms, int *status)
{
	int64_t deadline = deadline_in(ms);
	struct timespec nap = { 0, 1000000 };

	for (;;) {
		pid_t got = waitpid(role->pid, status, WNOHANG);

		if (got == role->pid || (got < 0 && errno == ECHILD))
			return true;
		if (!deadline_left(deadline))
			return false;
		nanosleep(&nap, NULL);
	}
}

/* Returns false where it had to be killed; else *status says how it ended. */
static bool role_stop(struct role *role, int grace_ms, int *status)
{
	bool itself;

	*status = 0;
	if (!role->pid) /* and a zeroed role's fd is not ours to close */
		return true;
	close(role->in.fd);
	record_reader_release(&role->in);
	role->in.fd = -1;
	itself = role_reaped(role, grace_ms, status);
	if (!itself) {
		kill(role->pid, SIGKILL);
		while (waitpid(role->pid, status, 0) < 0 && errno == EINTR)
			;
	}
	role->pid = 0;
	return itself;
}

void role_end(struct role *role, int grace_ms)
{
	int status;

	role_stop(role, grace_ms, &status);
}

/* The socket has ended: how did the role? */
static int role_died(struct role *role, struct error *err)
{
	int status;

	if (!role_stop(role, 100, &status))
		return error_set(err, ERROR_UNAVAILABLE,
			"the %s process hung up without an answer", role->name);
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_UNAVAILABLE,
			"the %s process died of signal %d", role->name,
			WTERMSIG(status));
	return error_set(err, ERROR_UNAVAILABLE,
		"the %s process ended without an answer (exit status %d)",
		role->name, WEXITSTATUS(status));
}

/* Of a request or an answer that did not come through. */
static int role_failed(
	struct role *role, const struct error *why, struct error *err)
{
	int status;

	if (why->kind == ERROR_SYSTEM)
		return role_died(role, err);
	role_stop(role, 0, &status);
	if (why->kind == ERROR_TIMEOUT)
		return error_set(err, ERROR_TIMEOUT,
			"the %s process gave no answer in time", role->name);
	return error_set(
		err, why->kind, "the %s process: %s", role->name, why->text);
}

static int role_gone(const struct role *role, struct error *err)
{
	return error_set(
		err, ERROR_UNAVAILABLE, "the %s process has ended", role->name);
}

int role_send(struct role *role, const struct record *request, const int *fds,
	size_t count, int64_t deadline, struct error *err)
{
	struct error why = ERROR_INIT;

	if (!role->pid)
		return role_gone(role, err);
	if (record_send(request, role->in.fd, fds, count, deadline, &why) == 0)
		return 0;
	return role_failed(role, &why, err);
}

int role_answer(struct role *role, struct record *answer, int64_t deadline,
	struct error *err)
{
	struct error why = ERROR_INIT;
	int64_t began = deadline_micros();
	int got;

	record_reset(answer);
	if (!role->pid)
		return role_gone(role, err);
	got = record_read(&role->in, answer, deadline, &why);
	/* It died while it wrote: a half answer reads like a whole one. */
	if (got > 0 && role->in.eof)
		got = 0;
	if (got <= 0)
		record_reset(answer);
	trace_event("role.answer", TRACE_STR("role", role->name),
		TRACE_BOOL("answered", got > 0),
		TRACE_STR("why", why.kind ? why.text : NULL),
		TRACE_SINCE("ms", began));
	if (got > 0)
		return 0;
	return got == 0 ? role_died(role, err) : role_failed(role, &why, err);
}

int role_call(struct role *role, const struct record *request,
	struct record *answer, int64_t deadline, struct error *err)
{
	record_reset(answer);
	if (role_send(role, request, NULL, 0, deadline, err) < 0)
		return -1;
	return role_answer(role, answer, deadline, err);
}
