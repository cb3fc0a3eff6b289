#include "transport/ssh_config_list.h"

#include "transport/ssh_config_value.h"
#include "transport/ssh_pattern.h"

#include <string.h>

/* What one argument of a line does. */
typedef int ssh_config_list_add(struct ssh_config *c,
	const struct ssh_config_keyword *k, const struct buf *word,
	struct error *err);

static struct ssh_settings_list *ssh_config_list_of(
	struct ssh_config *c, const struct ssh_config_keyword *k)
{
	void *at = (char *)c->settings + k->offset;

	return at;
}

static int ssh_config_list_append(struct ssh_config *c,
	const struct ssh_config_keyword *k, const struct buf *word,
	struct error *err)
{
	struct ssh_settings_list *list = ssh_config_list_of(c, k);

	if (list->count == SSH_SETTINGS_LIST_MAX) {
		ssh_config_handover(c, k->name);
		return 0;
	}
	return ssh_settings_append(list, buf_slice(word), err);
}

/* Every argument of a line; their number, at least one, or -1. */
static int ssh_config_list_each(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	ssh_config_list_add *add, struct error *err)
{
	struct buf word;
	int count = 0, got;

	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	while ((got = ssh_config_value_next(c, k, &rest, &word, err)) > 0) {
		got = add(c, k, &word, err);
		if (got < 0)
			break;
		count++;
	}
	buf_release(&word);
	if (got < 0)
		return -1;
	if (!count)
		return ssh_config_bad(c, err, "%s has no argument", k->name);
	return count;
}

static int ssh_config_list_add_identity(struct ssh_config *c,
	const struct ssh_config_keyword *k, const struct buf *word,
	struct error *err)
{
	struct ssh_settings_list *list = ssh_config_list_of(c, k);

	if (!c->where.active)
		return 0;
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->item[i], word->ptr))
			return 0;
	c->settings->identityfile_given = true;
	return ssh_config_list_append(c, k, word, err);
}

int ssh_config_list_identity(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	int count = ssh_config_list_each(
		c, k, rest, ssh_config_list_add_identity, err);

	if (count > 1)
		return ssh_config_bad(
			c, err, "%s has more than one argument", k->name);
	return count < 0 ? -1 : 0;
}

static int ssh_config_list_add_file(struct ssh_config *c,
	const struct ssh_config_keyword *k, const struct buf *word,
	struct error *err)
{
	struct ssh_settings_list *list = ssh_config_list_of(c, k);

	if (!ssh_config_value_counts(c, k))
		return 0;
	if (list->count && !strcasecmp(list->item[0], "none"))
		return ssh_config_bad(
			c, err, "%s: \"none\" must stand alone", k->name);
	if (list->count && !strcasecmp(word->ptr, "none"))
		return ssh_config_bad(
			c, err, "%s: \"none\" must stand alone", k->name);
	return ssh_config_list_append(c, k, word, err);
}

/* A line of one keyword counts as a whole: marked behind its last word. */
static int ssh_config_list_once(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	ssh_config_list_add *add, struct error *err)
{
	bool counts = ssh_config_value_counts(c, k);

	if (ssh_config_list_each(c, k, rest, add, err) < 0)
		return -1;
	if (counts)
		ssh_config_value_done(c, k);
	return 0;
}

int ssh_config_list_files(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_list_once(c, k, rest, ssh_config_list_add_file, err);
}

static void ssh_config_list_remove(
	struct ssh_settings_list *list, struct slice pattern)
{
	for (size_t i = list->count; i > 0; i--)
		if (ssh_pattern_match(pattern, slice_of(list->item[i - 1])))
			ssh_settings_drop(list, i - 1);
}

static int ssh_config_list_add_sendenv(struct ssh_config *c,
	const struct ssh_config_keyword *k, const struct buf *word,
	struct error *err)
{
	if (strchr(word->ptr, '='))
		return ssh_config_bad(
			c, err, "%s: '%s' is no name", k->name, word->ptr);
	if (!c->where.active)
		return 0;
	if (word->ptr[0] != '-')
		return ssh_config_list_append(c, k, word, err);
	ssh_config_list_remove(
		ssh_config_list_of(c, k), slice_of(word->ptr + 1));
	return 0;
}

int ssh_config_list_sendenv(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	int count = ssh_config_list_each(
		c, k, rest, ssh_config_list_add_sendenv, err);

	return count < 0 ? -1 : 0;
}

/* Newer versions expand a value, 9.2 does not: OpenSSH's. */
static int ssh_config_list_add_setenv(struct ssh_config *c,
	const struct ssh_config_keyword *k, const struct buf *word,
	struct error *err)
{
	struct ssh_settings_list *list = ssh_config_list_of(c, k);
	const char *equals = strchr(word->ptr, '=');
	size_t n = equals ? (size_t)(equals - word->ptr) + 1 : 0;

	if (!n)
		return ssh_config_bad(
			c, err, "%s: a name without =value", k->name);
	if (!ssh_config_value_counts(c, k))
		return 0;
	for (size_t i = 0; i < list->count; i++)
		if (!strncmp(list->item[i], word->ptr, n))
			return 0;
	if (strchr(equals, '%') || strstr(equals, "${"))
		ssh_config_handover(c, k->name);
	return ssh_config_list_append(c, k, word, err);
}

int ssh_config_list_setenv(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_list_once(
		c, k, rest, ssh_config_list_add_setenv, err);
}
