#include "helper/cmd/configured.h"

#include "helper/base/buf.h"
#include "helper/base/deadline.h"
#include "helper/base/path.h"
#include "helper/base/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIGURED_MS 10000

static int configured_path(struct buf *path, struct error *err)
{
	buf_init(path, PATH_LIMIT);
	return path_state(path, "configured", err);
}

static int configured_lock(int fd, const char *path, struct error *err)
{
	int64_t end = deadline_in(CONFIGURED_MS);

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_errno(err, ERROR_SYSTEM, "lock %s", path);
		if (!deadline_left(end))
			return error_set(err, ERROR_TIMEOUT,
				"%s is locked by another process", path);
		usleep(10000);
	}
	return 0;
}

static bool configured_same(int fd, const char *path)
{
	struct stat a, b;

	return !fstat(fd, &a) && !lstat(path, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/*
 * Locked, since two shells may configure at once. While we wait for the lock
 * configured_each may put another file in its place: then it is that one's.
 */
static int configured_open(const char *path, int flags, struct error *err)
{
	for (;;) {
		int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0)
			return error_errno(err,
				errno == ENOENT ? ERROR_UNAVAILABLE
						: ERROR_SYSTEM,
				"%s", path);
		if (configured_lock(fd, path, err) < 0) {
			close(fd);
			return -1;
		}
		if (configured_same(fd, path))
			return fd;
		close(fd);
	}
}

static int configured_write(
	int fd, const struct configured *c, struct error *err)
{
	struct record r;
	int got = -1;

	record_init(&r);
	if (record_add(&r, "scope", c->scope, err) == 0 &&
		record_add(&r, "place", c->place, err) == 0 &&
		record_add(&r, "value", c->value, err) == 0 &&
		record_add(&r, "created", c->created, err) == 0)
		got = record_write(
			&r, fd, true, deadline_in(CONFIGURED_MS), err);
	record_release(&r);
	return got;
}

int configured_add(const struct configured *c, struct error *err)
{
	struct buf path;
	struct stat st;
	int fd = -1, got = -1;

	if (configured_path(&path, err) == 0 &&
		path_make_parent(path.ptr, err) == 0)
		fd = configured_open(
			path.ptr, O_WRONLY | O_APPEND | O_CREAT, err);
	if (fd < 0)
		goto out;
	if (fstat(fd, &st) < 0) {
		error_errno(err, ERROR_SYSTEM, "%s", path.ptr);
		goto out;
	}
	got = configured_write(fd, c, err);
	/* half a record would make the whole list unreadable */
	if (got < 0 && ftruncate(fd, st.st_size) < 0)
		error_errno(err, ERROR_SYSTEM, "%s", path.ptr);
out:
	if (fd >= 0)
		close(fd);
	buf_release(&path);
	return got;
}

/* Every record of in through each; what stays is written to out. */
static int configured_filter(int in, int out,
	int (*each)(const struct configured *c, void *arg, struct error *err),
	void *arg, struct error *err)
{
	struct record_reader reader;
	struct record r;
	int got = 0, more;

	record_reader_init(&reader, in);
	record_init(&r);
	while ((more = record_read(
			&reader, &r, deadline_in(CONFIGURED_MS), err)) > 0) {
		struct configured c = { record_get(&r, "scope"),
			record_get(&r, "place"), record_get(&r, "value"),
			record_get(&r, "created") };
		int keep = got < 0 ? 1 : each(&c, arg, err);

		if (keep < 0)
			got = -1;
		if (keep && configured_write(out, &c, err) < 0)
			more = got = -1;
		if (more < 0)
			break;
	}
	record_release(&r);
	record_reader_release(&reader);
	return more < 0 ? -2 : got;
}

int configured_each(
	int (*each)(const struct configured *c, void *arg, struct error *err),
	void *arg, struct error *err)
{
	struct error why = ERROR_INIT;
	struct buf path, fresh;
	int in = -1, out = -1, got = -1;

	buf_init(&fresh, PATH_LIMIT);
	if (configured_path(&path, err) < 0 ||
		buf_addf(&fresh, err, "%s.new", path.ptr) < 0)
		goto out;
	in = configured_open(path.ptr, O_RDONLY, &why);
	if (in < 0) {
		got = why.kind == ERROR_UNAVAILABLE
			      ? 0
			      : error_set(err, why.kind, "%s", why.text);
		goto out;
	}
	out = open(fresh.ptr,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out < 0) {
		error_errno(err, ERROR_SYSTEM, "%s", fresh.ptr);
		goto out;
	}
	got = configured_filter(in, out, each, arg, err);
	/* -2: the list could not be copied whole, so the old one stays */
	if (got != -2 && (fsync(out) < 0 || rename(fresh.ptr, path.ptr) < 0)) {
		error_errno(err, ERROR_SYSTEM, "%s", path.ptr);
		got = -2;
	}
	if (got == -2) {
		unlink(fresh.ptr);
		got = -1;
	}
out:
	if (out >= 0)
		close(out);
	if (in >= 0)
		close(in);
	buf_release(&fresh);
	buf_release(&path);
	return got;
}
