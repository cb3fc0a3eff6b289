#include "helper/cmd/git.h"

#include "helper/base/deadline.h"
#include "helper/base/harden.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GIT_ARGS 16

static void git_child(const char *const *args, int out)
{
	char *argv[GIT_ARGS] = { (char *)"git" };

	for (size_t i = 0; i + 2 < GIT_ARGS && args[i]; i++)
		argv[i + 1] = (char *)args[i];
	if (dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	harden_undo();
	execvp("git", argv);
	/* EACCES: a folder of PATH that we may not look into, and none else */
	_exit(errno == ENOENT || errno == EACCES ? 127 : 126);
}

/* Returns 1 while there may be more. */
static int git_read(
	int fd, struct buf *out, int64_t deadline, struct error *err)
{
	char part[1024];
	ssize_t n;
	int got = 0;

	/* what never stops talking is in time for every poll */
	if (deadline_left(deadline))
		got = deadline_poll(fd, POLLIN, deadline);
	if (got == 0)
		return error_set(err, ERROR_TIMEOUT,
			"git did not end within %d s", GIT_MS / 1000);
	n = got < 0 ? -1 : read(fd, part, sizeof(part));
	if (n < 0)
		return errno == EINTR ? 1
				      : error_errno(err, ERROR_SYSTEM,
						"reading from git");
	if (n > 0 && out && buf_add(out, part, (size_t)n, err) < 0)
		return -1;
	return n > 0;
}

/* A git may close its stdout and go on: still not longer than GIT_MS. */
static int git_wait(pid_t pid, int64_t deadline, int *status, struct error *err)
{
	struct timespec nap = { 0, 1000000 };
	pid_t got;

	while ((got = waitpid(pid, status, WNOHANG)) == 0) {
		if (!deadline_left(deadline))
			return error_set(err, ERROR_TIMEOUT,
				"git did not end within %d s", GIT_MS / 1000);
		nanosleep(&nap, NULL);
	}
	if (got < 0)
		return error_errno(err, ERROR_SYSTEM, "waiting for git");
	return 0;
}

static int git_status(int status, struct error *err)
{
	if (!WIFEXITED(status))
		return error_set(err, ERROR_SYSTEM, "git died of signal %d",
			WTERMSIG(status));
	if (WEXITSTATUS(status) == 127)
		return error_set(err, ERROR_UNAVAILABLE,
			"no git found on PATH; install git");
	return WEXITSTATUS(status);
}

int git_run(const char *const *args, struct buf *out, struct error *err)
{
	int64_t deadline = deadline_in(GIT_MS);
	int pipes[2], status = 0, got;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_SYSTEM, "pipe");
	pid = fork();
	if (pid == 0)
		git_child(args, pipes[1]);
	close(pipes[1]);
	if (pid < 0) {
		close(pipes[0]);
		return error_errno(err, ERROR_SYSTEM, "fork");
	}
	do
		got = git_read(pipes[0], out, deadline, err);
	while (got > 0);
	close(pipes[0]);
	if (got == 0)
		got = git_wait(pid, deadline, &status, err);
	if (got < 0) {
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		return -1;
	}
	return git_status(status, err);
}
