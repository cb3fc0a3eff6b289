#include "helper/base/harden.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct rlimit harden_core;
static mode_t harden_umask;
static bool harden_pipe_default, harden_child_ignored, harden_core_known;

static void harden_stdio(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR); /* not CLOEXEC: it is stdio */
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		_exit(1); /* a trace that became fd 1 would get the secret */
	close(fd);
}

void harden_process(void)
{
	struct rlimit none;

	harden_core_known = !getrlimit(RLIMIT_CORE, &harden_core);
	none = (struct rlimit){ 0, harden_core.rlim_max };
#ifndef TEST_DUMPABLE
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
#else
	(void)none;
#endif
	if (fcntl(STDIN_FILENO, F_GETFD) < 0 ||
		fcntl(STDOUT_FILENO, F_GETFD) < 0 ||
		fcntl(STDERR_FILENO, F_GETFD) < 0)
		harden_stdio();
	harden_umask = umask(077);
	harden_pipe_default = signal(SIGPIPE, SIG_IGN) == SIG_DFL;
	harden_child_ignored = signal(SIGCHLD, SIG_DFL) == SIG_IGN;
}

void harden_undo(void)
{
	if (harden_core_known)
		setrlimit(RLIMIT_CORE, &harden_core);
	umask(harden_umask);
	if (harden_pipe_default)
		signal(SIGPIPE, SIG_DFL);
	if (harden_child_ignored)
		signal(SIGCHLD, SIG_IGN);
}
