#include "helper/source/secretfile.h"

#include "helper/base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SHELL_PATH_MAX (4 * PATH_LIMIT + 3)

static void secretfile_what(
	struct buf *out, const struct secretfile_facts *f, const char *name)
{
	unsigned mode = (unsigned)f->mode & 07777;

	if (mode & 022)
		buf_addf(out, NULL,
			"others can write %s (mode %04o), so it is not read",
			name, mode);
	else if (f->owner != f->us && f->owner != 0)
		buf_addf(out, NULL, "%s belongs to uid %lu, not to you", name,
			(unsigned long)f->owner);
	else
		buf_addf(out, NULL, "others can read %s (mode %04o)", name,
			mode);
}

static void secretfile_command(
	struct buf *out, const struct secretfile_facts *f, const char *path)
{
	buf_adds(out, "; type: ", NULL);
	if (f->owner != f->us)
		buf_addf(out, NULL, "sudo chown \"$(id -u)\" %s && ", path);
	buf_addf(out, NULL, "chmod 600 %s", path);
}

/*
 * The command is in the message whole, or not at all: chmod of a path that was
 * cut is chmod of another file.
 */
static void secretfile_mend(
	struct error *why, const struct secretfile_facts *f, const char *path)
{
	const char *names[] = { path, "it" };
	struct buf text;
	bool fits = false;

	buf_init(&text, 8 * PATH_LIMIT * 4);
	for (size_t i = 0; i < 2 && !fits; i++) {
		buf_reset(&text);
		secretfile_what(&text, f, names[i]);
		secretfile_command(&text, f, path);
		fits = text.len < sizeof(why->text);
	}
	if (!fits) {
		buf_reset(&text);
		secretfile_what(&text, f, "it");
		buf_addf(&text, NULL,
			"; only you may own and read (mode 0600): %s", path);
	}
	error_set(why, ERROR_DENIED, "%s", text.ptr);
	buf_release(&text);
}

enum secretfile_verdict secretfile_judge(const struct secretfile_facts *f,
	bool lenient, const char *path, struct error *why)
{
	bool foreign = f->owner != f->us && f->owner != 0;

	if (!S_ISREG(f->mode)) {
		error_set(why, ERROR_DENIED, "%s is not a regular file", path);
		return SECRETFILE_REFUSED;
	}
	if (f->mode & 022) {
		secretfile_mend(why, f, path);
		return SECRETFILE_REFUSED;
	}
	if (f->readonly || (!foreign && !(f->mode & 044)))
		return SECRETFILE_FINE;
	secretfile_mend(why, f, path);
	return lenient ? SECRETFILE_WARN : SECRETFILE_REFUSED;
}

/* What to show of path: short, and as a shell takes it. */
static void secretfile_shown(struct buf *out, const char *path)
{
	struct buf shown;

	buf_init(&shown, SHELL_PATH_MAX);
	path_shorten(&shown, path);
	path_quote(out, shown.ptr);
	buf_release(&shown);
}

static int secretfile_check(
	int fd, bool lenient, const char *path, struct error *why)
{
	struct secretfile_facts f = { .us = geteuid() };
	struct statvfs vfs;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(why, ERROR_SYSTEM, "stat %s", path);
	f.mode = st.st_mode;
	f.owner = st.st_uid;
	f.readonly = !fstatvfs(fd, &vfs) && (vfs.f_flag & ST_RDONLY);
	switch (secretfile_judge(&f, lenient, path, why)) {
	case SECRETFILE_REFUSED:
		return -1;
	case SECRETFILE_WARN:
		return 1;
	default:
		return 0;
	}
}

static enum error_kind secretfile_kind(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERROR_UNAVAILABLE;
	case EACCES:
	case EPERM:
	case ELOOP:
	case ENXIO: /* a socket, a device without a driver */
		return ERROR_DENIED;
	default:
		return ERROR_SYSTEM;
	}
}

int secretfile_read(
	const char *path, bool lenient, struct wipebuf *out, struct error *why)
{
	struct error inner = ERROR_INIT;
	struct buf shown;
	int fd, got = -1;

	buf_init(&shown, SHELL_PATH_MAX);
	secretfile_shown(&shown, path);
	/* NONBLOCK: a FIFO in its place must not make us wait */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		error_errno(why, secretfile_kind(errno), "%s", shown.ptr);
		goto out;
	}
	got = secretfile_check(fd, lenient, shown.ptr, why);
	if (got >= 0 && wipebuf_read_file(out, fd, &inner) < 0)
		got = error_set(
			why, inner.kind, "%s: %s", shown.ptr, inner.text);
	close(fd);
out:
	buf_release(&shown);
	return got;
}
