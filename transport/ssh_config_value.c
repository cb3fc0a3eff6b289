#include "transport/ssh_config_value.h"

#include "transport/ssh_config_word.h"

#include <limits.h>
#include <string.h>

static void *ssh_config_value_at(
	struct ssh_config *c, const struct ssh_config_keyword *k)
{
	return (char *)c->settings + k->offset;
}

bool ssh_config_value_counts(
	const struct ssh_config *c, const struct ssh_config_keyword *k)
{
	return c->where.active && !c->set[ssh_config_keyword_index(k)];
}

void ssh_config_value_done(
	struct ssh_config *c, const struct ssh_config_keyword *k)
{
	c->set[ssh_config_keyword_index(k)] = true;
}

int ssh_config_value_next(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice *rest,
	struct buf *word, struct error *err)
{
	struct error why = ERROR_INIT;
	int got = ssh_config_word_next(rest, word, &why);

	if (got < 0)
		return ssh_config_bad(c, err, "%s: %s", k->name, why.text);
	if (got > 0 && !word->len)
		return ssh_config_bad(
			c, err, "%s has an empty argument", k->name);
	return got;
}

/* The one word that there must be. */
static int ssh_config_value_word(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest, struct buf *word,
	struct error *err)
{
	struct buf more;
	int got = ssh_config_value_next(c, k, &rest, word, err);

	if (got == 0)
		return ssh_config_bad(c, err, "%s has no argument", k->name);
	if (got < 0)
		return -1;
	buf_init(&more, SSH_CONFIG_VALUE_MAX);
	if (ssh_config_word_next(&rest, &more, NULL) != 0)
		got = ssh_config_bad(
			c, err, "%s has more than one argument", k->name);
	buf_release(&more);
	return got < 0 ? -1 : 0;
}

/* A text in place, where the line counts. */
static int ssh_config_value_keep(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest, char **text,
	struct error *err)
{
	struct buf word;
	int rc;

	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	rc = ssh_config_value_word(c, k, rest, &word, err);
	if (rc == 0 && ssh_config_value_counts(c, k)) {
		rc = ssh_settings_replace(text, buf_slice(&word), err);
		ssh_config_value_done(c, k);
	}
	buf_release(&word);
	return rc;
}

int ssh_config_value_text(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_value_keep(
		c, k, rest, ssh_config_value_at(c, k), err);
}

int ssh_config_value_controlpath(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_value_keep(c, k, rest, &c->controlpath, err);
}

int ssh_config_value_ignoreunknown(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_value_keep(c, k, rest, &c->ignoreunknown, err);
}

/*
 * What a file or an -o says is expanded by OpenSSH 10 and not by 9.2, so it is
 * left to the one that is there. -l and user@ are never expanded.
 */
int ssh_config_value_user(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	bool counts = ssh_config_value_counts(c, k);
	char **user = ssh_config_value_at(c, k);

	if (ssh_config_value_keep(c, k, rest, user, err) < 0)
		return -1;
	if (counts && (c->where.line || !strcmp(c->where.name, "-o")) &&
		(strchr(*user, '%') || strstr(*user, "${")))
		ssh_config_handover(c, k->name);
	return 0;
}

struct ssh_config_value_choice {
	const char *word;
	int value;
};

/*
 * One of the words of a table that ends with NULL, case apart. Returns 1 where
 * it counts, 0 where it does not.
 */
static int ssh_config_value_choose(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	const struct ssh_config_value_choice *choices, int *value,
	struct error *err)
{
	struct buf word;
	int rc;

	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	rc = ssh_config_value_word(c, k, rest, &word, err);
	if (rc < 0)
		goto out;
	while (choices->word &&
		!slice_eq_nocase(buf_slice(&word), slice_of(choices->word)))
		choices++;
	*value = choices->value;
	if (!choices->word) {
		rc = ssh_config_bad(
			c, err, "%s cannot be '%s'", k->name, word.ptr);
	} else if (ssh_config_value_counts(c, k)) {
		ssh_config_value_done(c, k);
		rc = 1;
	}
out:
	buf_release(&word);
	return rc;
}

int ssh_config_value_flag(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	static const struct ssh_config_value_choice flags[] = { { "yes", 1 },
		{ "true", 1 }, { "no", 0 }, { "false", 0 }, { NULL, 0 } };
	int value = 0, rc;

	rc = ssh_config_value_choose(c, k, rest, flags, &value, err);
	if (rc > 0)
		*(bool *)ssh_config_value_at(c, k) = value;
	return rc < 0 ? -1 : 0;
}

int ssh_config_value_family(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	static const struct ssh_config_value_choice families[] = {
		{ "any", SSH_SETTINGS_FAMILY_ANY },
		{ "inet", SSH_SETTINGS_FAMILY_INET },
		{ "inet6", SSH_SETTINGS_FAMILY_INET6 },
		{ NULL, 0 },
	};
	int value = 0, rc;

	rc = ssh_config_value_choose(c, k, rest, families, &value, err);
	if (rc > 0)
		c->settings->addressfamily = (enum ssh_settings_family)value;
	return rc < 0 ? -1 : 0;
}

int ssh_config_value_strict(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	static const struct ssh_config_value_choice stricts[] = {
		{ "yes", SSH_SETTINGS_STRICT_YES },
		{ "true", SSH_SETTINGS_STRICT_YES },
		{ "ask", SSH_SETTINGS_STRICT_ASK },
		{ "accept-new", SSH_SETTINGS_STRICT_ACCEPT_NEW },
		{ "no", SSH_SETTINGS_STRICT_NO },
		{ "false", SSH_SETTINGS_STRICT_NO },
		{ "off", SSH_SETTINGS_STRICT_NO },
		{ NULL, 0 },
	};
	int value = 0, rc;

	rc = ssh_config_value_choose(c, k, rest, stricts, &value, err);
	if (rc > 0)
		c->settings->stricthostkeychecking =
			(enum ssh_settings_strict)value;
	return rc < 0 ? -1 : 0;
}

/* Digits at the front of s, moved behind them; -1 over max or without one. */
static long long ssh_config_value_digits(const char **s, long long max)
{
	long long n = 0;
	const char *p = *s;

	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > max)
			return -1;
	}
	if (p == *s)
		return -1;
	*s = p;
	return n;
}

/* What a word is as a number. */
enum ssh_config_value_sense {
	SSH_CONFIG_VALUE_NUMBER,
	SSH_CONFIG_VALUE_LATER, /* it leaves it to a later line */
	SSH_CONFIG_VALUE_OPENSSH, /* only OpenSSH may know */
	SSH_CONFIG_VALUE_WRONG,
};

static int ssh_config_value_number(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	enum ssh_config_value_sense (*sense)(const char *word, int *n),
	const char *what, struct error *err)
{
	bool counts = ssh_config_value_counts(c, k);
	enum ssh_config_value_sense got;
	struct buf word;
	int rc, n = 0;

	buf_init(&word, SSH_CONFIG_VALUE_MAX);
	rc = ssh_config_value_word(c, k, rest, &word, err);
	if (rc < 0)
		goto out;
	got = sense(word.ptr, &n);
	if (got == SSH_CONFIG_VALUE_WRONG)
		rc = ssh_config_bad(c, err, "'%s' is no %s", word.ptr, what);
	if (got == SSH_CONFIG_VALUE_OPENSSH && counts)
		ssh_config_handover(c, k->name);
	if (got == SSH_CONFIG_VALUE_NUMBER && counts)
		*(int *)ssh_config_value_at(c, k) = n;
	if (got != SSH_CONFIG_VALUE_LATER && counts)
		ssh_config_value_done(c, k);
out:
	buf_release(&word);
	return rc;
}

/* The name of a service, or a number with a sign: OpenSSH knows them. */
static enum ssh_config_value_sense ssh_config_value_as_port(
	const char *word, int *n)
{
	const char *end = word;

	if (word[strspn(word, "0123456789")])
		return SSH_CONFIG_VALUE_OPENSSH;
	*n = (int)ssh_config_value_digits(&end, 65535);
	return *n < 1 ? SSH_CONFIG_VALUE_WRONG : SSH_CONFIG_VALUE_NUMBER;
}

int ssh_config_value_port(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_value_number(
		c, k, rest, ssh_config_value_as_port, "port number", err);
}

/* What is not plain digits OpenSSH may read as a number: let it. */
static enum ssh_config_value_sense ssh_config_value_as_count(
	const char *word, int *n)
{
	*n = (int)ssh_config_value_digits(&word, INT_MAX);
	return *n < 0 || *word ? SSH_CONFIG_VALUE_OPENSSH
			       : SSH_CONFIG_VALUE_NUMBER;
}

int ssh_config_value_count(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_value_number(
		c, k, rest, ssh_config_value_as_count, "number", err);
}

/* "90", "1m30s", TIME FORMATS of sshd_config(5); -1: not one. */
static long long ssh_config_value_seconds(const char *s)
{
	static const char units[] = "smhdw";
	static const int seconds[] = { 1, 60, 3600, 86400, 604800 };
	long long total = 0;

	while (*s) {
		long long n = ssh_config_value_digits(&s, INT_MAX);
		const char *unit = *s ? strchr(units, *s | 0x20) : units;

		if (n < 0 || !unit)
			return -1;
		total += n * seconds[unit - units];
		if (total > INT_MAX)
			return -1;
		s += *s != '\0';
	}
	return total;
}

/*
 * "none" leaves it to a later line, as in OpenSSH. Its newer versions take
 * fractions of a second: those are theirs.
 */
static enum ssh_config_value_sense ssh_config_value_as_time(
	const char *word, int *n)
{
	if (!strcmp(word, "none"))
		return SSH_CONFIG_VALUE_LATER;
	*n = (int)ssh_config_value_seconds(word);
	if (*n >= 0)
		return SSH_CONFIG_VALUE_NUMBER;
	return strchr(word, '.') ? SSH_CONFIG_VALUE_OPENSSH
				 : SSH_CONFIG_VALUE_WRONG;
}

int ssh_config_value_timeout(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest,
	struct error *err)
{
	return ssh_config_value_number(
		c, k, rest, ssh_config_value_as_time, "time", err);
}
