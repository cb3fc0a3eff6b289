#include "transport/ssh_config_file.h"

#include "helper/base/path.h"
#include "helper/policy/policy_file.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* -F /dev/null is how one asks for no configuration at all. */
static bool ssh_config_file_is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

/* Is it ours to read? If it is not, there is a reason. */
static bool ssh_config_file_usable(
	struct ssh_config *c, const struct stat *st, const char *name)
{
	size_t size = st->st_size > 0 ? (size_t)st->st_size : 0;

	if (!S_ISREG(st->st_mode)) {
		ssh_config_reason(c, "%s is no regular file", name);
		return false;
	}
	if (size > SSH_CONFIG_FILE_MAX ||
		c->bytes + size > SSH_CONFIG_FILE_TOTAL_MAX) {
		ssh_config_reason(c, "%s makes it too much to read", name);
		return false;
	}
	if (++c->files > SSH_CONFIG_FILES_MAX) {
		ssh_config_reason(c, "%s is one file too many", name);
		return false;
	}
	c->bytes += size;
	return true;
}

static int ssh_config_file_take(struct ssh_config *c, const char *path,
	struct ssh_config_where *where, bool checked, struct error *err)
{
	struct error why = ERROR_INIT;
	struct buf text;
	int rc;

	buf_init(&text, SSH_CONFIG_FILE_MAX);
	rc = policy_file_read(path, checked, &text, &why);
	if (rc == 0) {
		rc = ssh_config_text(c, where, buf_slice(&text), err);
	} else if (rc < 0 && why.kind == ERROR_DENIED) {
		error_set(err, ERROR_DENIED, "%s", why.text);
	} else if (rc < 0) {
		ssh_config_reason(c, "%s", why.text);
		rc = 0;
	}
	buf_release(&text);
	return rc;
}

/* Returns 1 where there is no such file. */
static int ssh_config_file_read(struct ssh_config *c, const char *path,
	struct ssh_config_where where, bool checked, struct error *err)
{
	struct buf name;
	struct stat st;
	int rc = 0;

	if (where.depth > SSH_CONFIG_DEPTH_MAX)
		return ssh_config_bad(
			c, err, "files include one another too deeply");
	buf_init(&name, PATH_LIMIT);
	path_shorten(&name, path);
	where.name = name.ptr;
	if (stat(path, &st) < 0) {
		rc = errno == ENOENT || errno == ENOTDIR;
		if (!rc)
			ssh_config_reason(c, "%s cannot be read", name.ptr);
	} else if (!ssh_config_file_is_null(&st) &&
		   ssh_config_file_usable(c, &st, name.ptr)) {
		rc = ssh_config_file_take(c, path, &where, checked, err);
	}
	buf_release(&name);
	return rc;
}

static int ssh_config_file_include(
	struct ssh_config *c, const char *pattern, struct error *err)
{
	struct ssh_config_where where = { .user = c->where.user,
		.active = c->where.active,
		.never = c->where.never || !c->where.active,
		.depth = c->where.depth + 1 };
	glob_t found = { .gl_pathc = 0 };
	int rc = glob(pattern, 0, NULL, &found);

	if (rc != 0 && rc != GLOB_NOMATCH)
		ssh_config_handover(c, "Include");
	for (size_t i = 0; i < found.gl_pathc && rc >= 0; i++)
		rc = ssh_config_file_read(
			c, found.gl_pathv[i], where, true, err);
	globfree(&found);
	return rc < 0 ? -1 : 0;
}

static int ssh_config_file_at(struct ssh_config *c, const char *folder,
	const char *file, bool user, struct error *err)
{
	struct ssh_config_where where = { .user = user, .active = true };
	struct buf path;
	int rc;

	buf_init(&path, PATH_LIMIT);
	rc = buf_addf(&path, err, "%s/%s", folder, file);
	if (rc == 0)
		rc = ssh_config_file_read(c, path.ptr, where, user, err);
	buf_release(&path);
	return rc < 0 ? -1 : 0;
}

int ssh_config_file_defaults(struct ssh_config *c, struct error *err)
{
	c->include = ssh_config_file_include;
	if (c->env->home && ssh_config_file_at(c, c->env->home, ".ssh/config",
				    true, err) < 0)
		return -1;
	return ssh_config_file_at(c, c->env->etc, "ssh_config", false, err);
}

int ssh_config_file_given(
	struct ssh_config *c, struct slice path, struct error *err)
{
	struct ssh_config_where where = { .user = true, .active = true };
	struct buf text;
	int rc;

	if (slice_eq_nocase(path, slice_of("none")))
		return 0;
	c->include = ssh_config_file_include;
	buf_init(&text, PATH_LIMIT);
	rc = buf_addslice(&text, path, err);
	if (rc == 0)
		rc = ssh_config_file_read(c, text.ptr, where, false, err);
	if (rc > 0)
		rc = error_set(err, ERROR_USAGE, "-F %s: there is no such file",
			text.ptr);
	buf_release(&text);
	return rc;
}
