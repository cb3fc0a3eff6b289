#include "helper/base/trace_sink.h"

#include "helper/base/caller.h"
#include "helper/base/deadline.h"
#include "helper/base/path.h"
#include "helper/base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPEN_APPEND (O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

/*
 * To open must not wait, for a carrier or for a FIFO's reader. To write may: a
 * terminal takes a line whole from a write that waits; one that does not is cut
 * where the terminal's buffer ends, and others write between.
 */
static int trace_sink_append(const char *path, int more)
{
	int fd = open(path, OPEN_APPEND | more, 0600);

	if (fd >= 0 && isatty(fd))
		fcntl(fd, F_SETFL, O_WRONLY | O_APPEND);
	return fd;
}

/* Called by number: glibc has names for them only since 2.36. */
static int trace_sink_share(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int fd;

	if (pidfd < 0)
		return -1;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, STDERR_FILENO, 0);
	close(pidfd);
	return fd;
}

/* Does pid have its fd 2 open for appending? */
static bool trace_sink_appends(pid_t pid)
{
	char text[256], *flags;

	if (!proc_read(pid, "fdinfo/2", text, sizeof(text)))
		return false;
	flags = strstr(text, "flags:");
	return flags && (strtol(flags + 6, NULL, 8) & O_APPEND);
}

static int trace_sink_reopen(pid_t pid)
{
	char path[64];
	struct stat st;
	bool usable;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/fd/2", (long)pid);
	if (stat(path, &st) < 0)
		return -1;
	usable = S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode) ||
		 (S_ISREG(st.st_mode) && trace_sink_appends(pid));
	if (!usable)
		return -1;
	fd = trace_sink_append(path, 0);
	if (fd >= 0 && S_ISCHR(st.st_mode) && !isatty(fd)) {
		close(fd);
		return -1;
	}
	return fd;
}

int trace_sink_log_path(struct buf *out, struct error *err)
{
	return path_state(out, "trace.log", err);
}

/* With the lock held: is path still the file that fd is? */
static bool trace_sink_same(const char *path, int fd)
{
	struct stat a, b;

	return !stat(path, &a) && !fstat(fd, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Returns the fd to use: the same, or that of the fresh log. */
static int trace_sink_rotate(const char *path, int fd)
{
	char old[PATH_LIMIT];
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_size < TRACE_SINK_LOG_MAX)
		return fd;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return fd;
	if (trace_sink_same(path, fd) &&
		snprintf(old, sizeof(old), "%s.old", path) < (int)sizeof(old))
		rename(path, old);
	close(fd);
	return open(path, OPEN_APPEND | O_CREAT | O_NOFOLLOW, 0600);
}

static int trace_sink_log(struct error *err)
{
	struct buf path;
	int fd = -1;

	buf_init(&path, PATH_LIMIT);
	if (trace_sink_log_path(&path, err) < 0 ||
		path_make_parent(path.ptr, err) < 0)
		goto out;
	fd = open(path.ptr, OPEN_APPEND | O_CREAT | O_NOFOLLOW, 0600);
	if (fd >= 0)
		fd = trace_sink_rotate(path.ptr, fd);
	if (fd < 0)
		error_errno(err, ERROR_SYSTEM, "open %s", path.ptr);
out:
	buf_release(&path);
	return fd;
}

static int trace_sink_terminal(struct error *err)
{
	pid_t go = caller_get()->go;
	int fd;

	if (!go)
		return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	fd = trace_sink_share(go);
	if (fd < 0)
		fd = trace_sink_reopen(go);
	if (fd < 0)
		fd = trace_sink_log(err);
	return fd;
}

int trace_sink_open(const char *value, struct error *err)
{
	int fd;

	if (!value || !*value || !strcmp(value, "0") ||
		!strcasecmp(value, "false"))
		return -1;
	if (!strcmp(value, "1") || !strcasecmp(value, "true"))
		return trace_sink_terminal(err);
	if (value[0] >= '2' && value[0] <= '9' && !value[1]) {
		int flags;

		fd = value[0] - '0';
		flags = fcntl(fd, F_GETFD);
		if (flags < 0 || flags & FD_CLOEXEC)
			return error_set(err, ERROR_UNAVAILABLE,
				"fd %d is not open", fd);
		return fd;
	}
	if (value[0] != '/')
		return error_set(err, ERROR_INPUT,
			"'%s' is none of 1, 2 to 9, or an absolute path",
			value);
	fd = trace_sink_append(value, O_CREAT);
	if (fd < 0)
		return error_errno(err, ERROR_SYSTEM, "open %s", value);
	return fd;
}

/*
 * The open file may be go's own, so it stays in the mode that go chose: only
 * poll keeps a terminal that was stopped (^S) from stopping us. A reader that
 * stops in the middle of a line makes us wait as it makes go wait.
 */
void trace_sink_write(int fd, const char *line, size_t n)
{
	int64_t deadline = deadline_in(1000);

	while (n) {
		ssize_t w;

		if (deadline_poll(fd, POLLOUT, deadline) <= 0)
			return;
		w = write(fd, line, n);
		if (w < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (w < 0 && !deadline_left(deadline))
			return; /* poll and write may disagree for ever */
		if (w > 0) {
			line += w;
			n -= (size_t)w;
		}
	}
}
