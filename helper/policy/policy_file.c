#include "helper/policy/policy_file.h"

#include "helper/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* typed is name as a shell takes it. */
static int policy_file_check(const struct stat *st, const char *name,
	const char *typed, bool own_only, struct error *err)
{
	/* What is not in a home is the administrator's. */
	unsigned long owner = name[0] == '~' ? geteuid() : 0;

	if (!S_ISREG(st->st_mode))
		return error_set(
			err, ERROR_POLICY, "%s: not a regular file", name);
	if (!own_only)
		return 0;
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return error_set(err, ERROR_DENIED,
			"%s: belongs to uid %lu, who could change what we do; "
			"run: sudo chown %lu %s",
			name, (unsigned long)st->st_uid, owner, typed);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, ERROR_DENIED,
			"%s: others can write it (mode %04o); run: "
			"chmod go-w %s",
			name, (unsigned)(st->st_mode & 07777), typed);
	return 0;
}

static int policy_file_slurp(
	int fd, const char *name, struct buf *out, struct error *err)
{
	char block[4096];
	ssize_t n;

	for (;;) {
		n = read(fd, block, sizeof(block));
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(
				err, ERROR_POLICY, "%s: cannot read it", name);
		if (out->len + (size_t)n > out->max)
			return error_set(err, ERROR_POLICY,
				"%s: larger than %zu bytes, which no policy "
				"file is",
				name, out->max);
		if (buf_add(out, block, (size_t)n, err) < 0)
			return -1;
	}
}

static int policy_file_read_as(const char *path, const char *name,
	bool own_only, struct buf *out, struct error *err)
{
	struct buf typed;
	struct stat st;
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd < 0)
		return error_errno(
			err, ERROR_POLICY, "%s: cannot open it", name);
	buf_init(&typed, 4 * PATH_LIMIT);
	path_quote(&typed, name);
	if (fstat(fd, &st) < 0)
		rc = error_errno(err, ERROR_POLICY, "%s: cannot stat it", name);
	else
		rc = policy_file_check(&st, name, typed.ptr, own_only, err);
	if (rc == 0)
		rc = policy_file_slurp(fd, name, out, err);
	buf_release(&typed);
	close(fd);
	return rc;
}

int policy_file_read(
	const char *path, bool own_only, struct buf *out, struct error *err)
{
	struct buf name;
	int rc;

	buf_init(&name, PATH_LIMIT);
	path_shorten(&name, path);
	rc = policy_file_read_as(path, name.ptr, own_only, out, err);
	buf_release(&name);
	return rc;
}
