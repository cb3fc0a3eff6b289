#include "helper/base/path.h"

#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* NULL unless the variable holds an absolute path. */
static const char *path_variable(const char *name)
{
	const char *v = getenv(name);

	return v && v[0] == '/' ? v : NULL;
}

/*
 * Asked only where HOME is not set: getpwuid_r loads the name service
 * modules, which is most of what a start would cost.
 */
static int path_passwd_home(struct buf *out, struct error *err)
{
	struct passwd pw, *found = NULL;
	char scratch[4096];

	if (getpwuid_r(geteuid(), &pw, scratch, sizeof(scratch), &found) ||
		!found || found->pw_dir[0] != '/')
		return error_set(err, ERROR_UNAVAILABLE,
			"no home: HOME is not set and uid %lu has no entry in "
			"the passwd database; set HOME",
			(unsigned long)geteuid());
	return buf_adds(out, found->pw_dir, err);
}

int path_home(struct buf *out, struct error *err)
{
	const char *home = path_variable("HOME");

	if (home)
		return buf_adds(out, home, err);
	return path_passwd_home(out, err);
}

static int path_xdg(struct buf *out, const char *variable, const char *under,
	const char *name, struct error *err)
{
	const char *base = path_variable(variable);

	if (base)
		return buf_addf(out, err, "%s/conda-go/%s", base, name);
	if (path_home(out, err) < 0)
		return -1;
	return buf_addf(out, err, "/%s/conda-go/%s", under, name);
}

int path_config(struct buf *out, const char *name, struct error *err)
{
	return path_xdg(out, "XDG_CONFIG_HOME", ".config", name, err);
}

int path_state(struct buf *out, const char *name, struct error *err)
{
	return path_xdg(out, "XDG_STATE_HOME", ".local/state", name, err);
}

int path_env(struct buf *out, const char *name, struct error *err)
{
	const char *prefix = path_variable("CONDA_PREFIX");

	if (!prefix)
		return error_set(err, ERROR_UNAVAILABLE,
			"no conda environment is active");
	return buf_addf(out, err, "%s/etc/conda-go/%s", prefix, name);
}

int path_expand(struct buf *out, struct slice written, struct error *err)
{
	if (written.len && written.ptr[0] == '/')
		return buf_addslice(out, written, err);
	if (!slice_starts(written, "~/"))
		return error_set(
			err, ERROR_INPUT, "a path must begin with / or ~/");
	if (path_home(out, err) < 0)
		return -1;
	return buf_add(out, written.ptr + 1, written.len - 1, err);
}

/* Append n bytes, or as many as fit. */
static void path_put(struct buf *out, const char *s, size_t n)
{
	size_t room = out->max - out->len;

	buf_add(out, s, n < room ? n : room, NULL);
}

void path_shorten(struct buf *out, const char *path)
{
	const char *home = path_variable("HOME");
	size_t n = home ? strlen(home) : 0;

	while (n > 1 && home[n - 1] == '/')
		n--;
	if (n > 1 && !strncmp(path, home, n) && path[n] == '/') {
		path_put(out, "~", 1);
		path += n;
	}
	path_put(out, path, strlen(path));
}

void path_quote(struct buf *out, const char *path)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789/._-~+@:,";

	bool home = !strncmp(path, "~/", 2);

	/* any other ~ at the front would be somebody's home to the shell */
	if (*path && (*path != '~' || home) &&
		strspn(path, plain) == strlen(path)) {
		path_put(out, path, strlen(path));
		return;
	}
	/* a quoted ~ is not expanded, so it stays outside the quotes */
	if (home) {
		path_put(out, "~/", 2);
		path += 2;
	}
	path_put(out, "'", 1);
	for (; *path; path++)
		path_put(out, *path == '\'' ? "'\\''" : path,
			*path == '\'' ? 4 : 1);
	path_put(out, "'", 1);
}

int path_make_parent(const char *path, struct error *err)
{
	char dir[PATH_LIMIT];
	size_t n = strlen(path);

	if (n >= sizeof(dir))
		return error_set(err, ERROR_INPUT, "path too long: %s", path);
	memcpy(dir, path, n + 1);
	for (char *p = strchr(dir, '/'); p; p = strchr(p + 1, '/')) {
		if (p == dir)
			continue;
		*p = '\0';
		if (mkdir(dir, 0700) < 0 && errno != EEXIST)
			return error_errno(err, ERROR_SYSTEM, "mkdir %s", dir);
		*p = '/';
	}
	return 0;
}
