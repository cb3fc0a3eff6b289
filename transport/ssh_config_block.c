#include "transport/ssh_config_block.h"

#include "helper/base/path.h"
#include "transport/ssh_config_value.h"
#include "transport/ssh_pattern.h"

#include <string.h>

/* On the command line there are no blocks. */
static int ssh_config_block_in_file(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct error *err)
{
	if (c->where.line)
		return 0;
	return ssh_config_bad(
		c, err, "%s is for files, it is no option", k->name);
}

int ssh_config_block_host(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	bool found = false, barred = false;
	struct buf word;
	int got;

	if (ssh_config_block_in_file(c, k, err) < 0)
		return -1;
	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	while ((got = ssh_config_value_next(c, k, &rest, &word, err)) > 0) {
		bool negated = word.ptr[0] == '!';

		if (!ssh_pattern_match(
			    slice_of(word.ptr + negated), slice_of(c->host)))
			continue;
		barred = barred || negated;
		found = true;
	}
	buf_release(&word);
	c->where.active = found && !barred && !c->where.never;
	return got;
}

/* A line that applies whatever the words: of the block's, none does. */
static void ssh_config_block_openssh(struct ssh_config *c, struct slice rest)
{
	c->where.active = false;
	if (c->where.never)
		return;
	c->where.match = c->where.line;
	for (size_t i = 0; i + 5 <= rest.len; i++)
		if (slice_eq_nocase((struct slice){ rest.ptr + i, 5 },
			    slice_of("final")))
			ssh_config_handover(c, "Match");
}

int ssh_config_block_match(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	struct slice left = rest;
	struct buf word;
	bool all;
	int got;

	if (ssh_config_block_in_file(c, k, err) < 0)
		return -1;
	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	got = ssh_config_value_next(c, k, &left, &word, err);
	if (got == 0)
		got = ssh_config_bad(c, err, "Match has no criteria");
	if (got < 0)
		goto out;
	all = slice_eq_nocase(buf_slice(&word), slice_of("all"));
	got = all ? ssh_config_value_next(c, k, &left, &word, err) : 0;
	if (got > 0)
		got = ssh_config_bad(c, err, "Match all stands alone");
	if (got < 0)
		goto out;
	if (all)
		c->where.active = !c->where.never;
	else
		ssh_config_block_openssh(c, rest);
out:
	buf_release(&word);
	return got;
}

/* Relative to ~/.ssh in a user's file, to /etc/ssh in the system's. */
static int ssh_config_block_path(struct ssh_config *c, const char *written,
	struct buf *path, struct error *err)
{
	const char *home = c->env->home;

	if (written[0] == '/')
		return buf_adds(path, written, err);
	if (!c->where.user)
		return buf_addf(path, err, "%s/%s", c->env->etc, written);
	if (written[0] == '~')
		return buf_addf(path, err, "%s%s", home, written + 1);
	return buf_addf(path, err, "%s/.ssh/%s", home, written);
}

/* With what only newer versions expand, or we cannot: OpenSSH's. */
static bool ssh_config_block_foreign(
	const struct ssh_config *c, const char *written)
{
	bool user = written[0] == '~' && written[1] && written[1] != '/';
	bool home = written[0] != '/' && c->where.user;

	return strchr(written, '%') || strstr(written, "${") || user ||
	       (home && !c->env->home);
}

static int ssh_config_block_include_one(
	struct ssh_config *c, const char *written, struct error *err)
{
	struct buf path;
	int rc;

	if (written[0] == '~' && !c->where.user)
		return ssh_config_bad(c, err,
			"Include '%s': a system's file has no home", written);
	if (ssh_config_block_foreign(c, written)) {
		if (c->where.active)
			ssh_config_handover(c, "Include");
		return 0;
	}
	buf_init(&path, PATH_LIMIT);
	rc = ssh_config_block_path(c, written, &path, err);
	if (rc == 0 && c->include)
		rc = c->include(c, path.ptr, err);
	buf_release(&path);
	return rc;
}

int ssh_config_block_include(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	struct buf word;
	int got;

	if (ssh_config_block_in_file(c, k, err) < 0)
		return -1;
	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	while ((got = ssh_config_value_next(c, k, &rest, &word, err)) > 0) {
		got = ssh_config_block_include_one(c, word.ptr, err);
		if (got < 0)
			break;
	}
	buf_release(&word);
	return got;
}
