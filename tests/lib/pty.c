/*
 * pty: run a command with its stderr on a fresh terminal, and show what came.
 *
 *	pty [-e | -s] [-i] [-m] [-u UID] [-t SECONDS] [-o FILE] command
 *[argument…]
 *
 *	-e  only stderr is the terminal; stdout stays ours
 *	-s  stderr is a socket, not a terminal (and stdout stays ours)
 *	-i  stdin is the terminal too; nobody types on it
 *	-m  the terminal is not the command's controlling one
 *	-u  the command runs as UID, on a terminal that stays ours, mode 0600
 *	-t  the deadline, 30 s unless said otherwise
 *	-o  what came goes to FILE, not to stdout
 *
 * What came is shown as it was written: the terminal translates nothing. The
 * exit status is the command's, 124 at the deadline (what runs is then ended),
 * 125 where nothing could be run.
 */
#include "helper/base/deadline.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct pty {
	int ours, theirs, out;
	bool only_stderr, is_socket, stdin_too, not_controlling;
	uid_t uid;
	bool other_user;
	int seconds;
};

static void pty_terminal(struct pty *p)
{
	struct termios raw;
	const char *name;

	p->ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->ours < 0 || grantpt(p->ours) < 0 || unlockpt(p->ours) < 0)
		err(125, "posix_openpt");
	name = ptsname(p->ours);
	if (!name || chmod(name, 0600) < 0)
		err(125, "ptsname");
	p->theirs = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->theirs < 0 || tcgetattr(p->theirs, &raw) < 0)
		err(125, "%s", name);
	cfmakeraw(&raw);
	if (tcsetattr(p->theirs, TCSANOW, &raw) < 0)
		err(125, "tcsetattr");
}

static void pty_socket(struct pty *p)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		err(125, "socketpair");
	p->ours = pair[0];
	p->theirs = pair[1];
}

static void pty_child(const struct pty *p, char **argv)
{
	setsid();
	if (!p->is_socket && !p->not_controlling &&
		ioctl(p->theirs, TIOCSCTTY, 0) < 0)
		err(125, "TIOCSCTTY");
	if (p->stdin_too && dup2(p->theirs, STDIN_FILENO) < 0)
		err(125, "dup2");
	if (!p->only_stderr && dup2(p->theirs, STDOUT_FILENO) < 0)
		err(125, "dup2");
	if (dup2(p->theirs, STDERR_FILENO) < 0)
		err(125, "dup2");
	if (p->other_user &&
		(setgroups(0, NULL) < 0 || setgid((gid_t)p->uid) < 0 ||
			setuid(p->uid) < 0))
		err(125, "uid %lu", (unsigned long)p->uid);
	execvp(argv[0], argv);
	err(125, "%s", argv[0]);
}

/* A terminal whose last user has gone reads as EIO. */
static int pty_copy(const struct pty *p, int64_t deadline)
{
	char bytes[4096];

	for (;;) {
		ssize_t n;

		if (deadline_poll(p->ours, POLLIN, deadline) <= 0)
			return -1;
		n = read(p->ours, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		if (write(p->out, bytes, (size_t)n) != n)
			err(125, "write");
	}
}

static int pty_run(const struct pty *p, char **argv)
{
	int64_t deadline = deadline_in(p->seconds * 1000);
	int status = 0, late;
	pid_t pid = fork();

	if (pid < 0)
		err(125, "fork");
	if (pid == 0)
		pty_child(p, argv);
	close(p->theirs);
	late = pty_copy(p, deadline);
	if (late < 0)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (late < 0)
		return 124;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void pty_option(struct pty *p, int option)
{
	switch (option) {
	case 's':
		p->is_socket = true;
		p->only_stderr = true;
		break;
	case 'e':
		p->only_stderr = true;
		break;
	case 'i':
		p->stdin_too = true;
		break;
	case 'm':
		p->not_controlling = true;
		break;
	case 'u':
		p->other_user = true;
		p->uid = (uid_t)strtoul(optarg, NULL, 10);
		break;
	case 't':
		p->seconds = atoi(optarg);
		break;
	case 'o':
		p->out = open(
			optarg, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (p->out < 0)
			err(125, "%s", optarg);
		break;
	default:
		exit(125);
	}
}

int main(int argc, char **argv)
{
	struct pty p = { .out = STDOUT_FILENO, .seconds = 30 };
	int option;

	while ((option = getopt(argc, argv, "+esimu:t:o:")) != -1)
		pty_option(&p, option);
	if (optind >= argc)
		errx(125, "no command");
	if (p.is_socket)
		pty_socket(&p);
	else
		pty_terminal(&p);
	return pty_run(&p, argv + optind);
}
