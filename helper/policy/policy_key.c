#include "helper/policy/policy_key.h"

#include "helper/policy/policy_error.h"
#include "helper/policy/policy_source.h"

#include <stdio.h>
#include <string.h>

#define POLICY_KEY_QUOTE 64
#define POLICY_KEY_HINT 160

static int policy_key_bad_word(const struct policy_key_row *row,
	struct slice word, const char *const *words, struct error *err)
{
	char quoted[POLICY_KEY_QUOTE], hint[POLICY_KEY_HINT];

	return error_set(err, ERROR_POLICY, "%s: %s is not known; %s",
		row->name, policy_error_quote(quoted, sizeof(quoted), word),
		policy_error_suggest(hint, sizeof(hint), word, words));
}

static int policy_key_parse_word(const struct policy_key_row *row,
	struct slice value, struct buf *out, struct error *err)
{
	for (size_t i = 0; row->words[i]; i++)
		if (slice_is(value, row->words[i]))
			return buf_adds(out, row->words[i], err);
	return policy_key_bad_word(row, value, row->words, err);
}

static int policy_key_parse_switch(const struct policy_key_row *row,
	struct slice value, struct buf *out, struct error *err)
{
	if (slice_is(value, "yes") || slice_is(value, "true"))
		return buf_adds(out, "on", err);
	if (slice_is(value, "no") || slice_is(value, "false"))
		return buf_adds(out, "off", err);
	return policy_key_parse_word(row, value, out, err);
}

static int policy_key_parse_login(const struct policy_key_row *row,
	struct slice value, struct buf *out, struct error *err)
{
	if (slice_has_control(value) || memchr(value.ptr, ' ', value.len))
		return error_set(err, ERROR_POLICY,
			"%s: a login has no blanks or control characters; a "
			"comment begins with ' ;'",
			row->name);
	return buf_addslice(out, value, err);
}

/* Not opened and not expanded here: reading a policy touches no other file. */
static int policy_key_parse_path(const struct policy_key_row *row,
	struct slice value, struct buf *out, struct error *err)
{
	char quoted[POLICY_KEY_QUOTE];

	if (slice_has_control(value))
		return error_set(err, ERROR_POLICY,
			"%s: a path has no control characters", row->name);
	if (value.ptr[0] != '/' && !slice_starts(value, "~/"))
		return error_set(err, ERROR_POLICY,
			"%s: %s is not a path that begins with / or ~/",
			row->name,
			policy_error_quote(quoted, sizeof(quoted), value));
	return buf_addslice(out, value, err);
}

/* One bit of seen a name; a name twice would be asked twice. */
static int policy_key_add_source(const struct policy_key_row *row,
	struct slice name, unsigned *seen, struct buf *out, struct error *err)
{
	const char *words[POLICY_SOURCE_MAX + 2];
	size_t n = 0;

	for (; policy_source_names[n]; n++) {
		words[n] = policy_source_names[n];
		if (!slice_is(name, words[n]))
			continue;
		if (*seen & 1U << n)
			return error_set(err, ERROR_POLICY,
				"%s: '%s' is named twice", row->name, words[n]);
		*seen |= 1U << n;
		if (out->len && buf_adds(out, " ", err) < 0)
			return -1;
		return buf_adds(out, words[n], err);
	}
	words[n] = POLICY_SOURCE_NONE;
	words[n + 1] = NULL;
	if (slice_is(name, POLICY_SOURCE_NONE))
		return error_set(err, ERROR_POLICY, "%s: 'none' stands alone",
			row->name);
	return policy_key_bad_word(row, name, words, err);
}

static int policy_key_parse_sources(const struct policy_key_row *row,
	struct slice value, struct buf *out, struct error *err)
{
	unsigned seen = 0;
	struct slice name;

	if (slice_is(value, POLICY_SOURCE_NONE))
		return buf_adds(out, POLICY_SOURCE_NONE, err);
	while ((name = policy_source_next(&value)).ptr)
		if (policy_key_add_source(row, name, &seen, out, err) < 0)
			return -1;
	if (!seen)
		return error_set(err, ERROR_POLICY,
			"%s: the list is empty; write 'none' for no source",
			row->name);
	return 0;
}

static const char *const policy_key_rails[] = { "auto", "https", "ssh", NULL };
static const char *const policy_key_stores[] = { "auto", "none", NULL };
static const char *const policy_key_switch[] = { "on", "off", NULL };
static const char *const policy_key_strict[] = { "strict", "warn", NULL };
static const char *const policy_key_sshs[] = { "auto", "openssh", NULL };

static const struct policy_key_row policy_key_rows[POLICY_KEYS] = {
	[POLICY_KEY_SOURCES] = {
		.name = "sources",
		.parse = policy_key_parse_sources,
		.preset = policy_source_order,
		.env = POLICY_KEY_ENV_SUBSET,
		.help = "where to look for a credential, in order, or none",
	},
	[POLICY_KEY_ACCOUNT] = {
		.name = "account",
		.parse = policy_key_parse_login,
		.env = POLICY_KEY_ENV_ALLOWED,
		.help = "the login to use where there are several",
	},
	[POLICY_KEY_IDENTITY] = {
		.name = "identity",
		.parse = policy_key_parse_path,
		.env = POLICY_KEY_ENV_ALLOWED,
		.help = "the SSH key file to use",
	},
	[POLICY_KEY_RAIL] = {
		.name = "rail",
		.parse = policy_key_parse_word,
		.words = policy_key_rails,
		.preset = "auto",
		.env = POLICY_KEY_ENV_IF_UNSET,
		.help = "auto (as the URL says), https or ssh",
	},
	[POLICY_KEY_STORE] = {
		.name = "store",
		.parse = policy_key_parse_word,
		.words = policy_key_stores,
		.preset = "auto",
		.env = POLICY_KEY_ENV_ONLY,
		.env_word = "none",
		.help = "auto, or none to keep no credential",
	},
	[POLICY_KEY_NETRC] = {
		.name = "netrc",
		.parse = policy_key_parse_path,
		.env = POLICY_KEY_ENV_REFUSED,
		.help = "the netrc file to read, before $NETRC and ~/.netrc",
	},
	[POLICY_KEY_NETRC_DEFAULT] = {
		.name = "netrc-default",
		.parse = policy_key_parse_switch,
		.words = policy_key_switch,
		.preset = "off",
		.env = POLICY_KEY_ENV_REFUSED,
		.help = "on: netrc's 'default' entry answers for any host",
	},
	[POLICY_KEY_NETRC_PERMISSIONS] = {
		.name = "netrc-permissions",
		.parse = policy_key_parse_word,
		.words = policy_key_strict,
		.preset = "strict",
		.env = POLICY_KEY_ENV_REFUSED,
		.help = "strict, or warn where others can read the netrc",
	},
	[POLICY_KEY_SSH] = {
		.name = "ssh",
		.parse = policy_key_parse_word,
		.words = policy_key_sshs,
		.preset = "auto",
		.env = POLICY_KEY_ENV_IF_UNSET,
		.help = "auto, or openssh to always use the system's ssh",
	},
};

const struct policy_key_row *policy_key_row(enum policy_key key)
{
	return &policy_key_rows[key];
}

int policy_key_find(enum policy_key *key, struct slice name,
	const char *section, struct error *err)
{
	const char *names[POLICY_KEYS + 1];
	char quoted[POLICY_KEY_QUOTE], hint[POLICY_KEY_HINT];

	for (unsigned i = 0; i < POLICY_KEYS; i++) {
		names[i] = policy_key_rows[i].name;
		if (slice_is(name, names[i])) {
			*key = (enum policy_key)i;
			return 0;
		}
	}
	names[POLICY_KEYS] = NULL;
	return error_set(err, ERROR_POLICY, "unknown key %s in [%.40s]; %s",
		policy_error_quote(quoted, sizeof(quoted), name), section,
		policy_error_suggest(hint, sizeof(hint), name, names));
}

int policy_key_parse(enum policy_key key, struct slice value, struct buf *out,
	struct error *err)
{
	const struct policy_key_row *row = &policy_key_rows[key];

	if (!value.len)
		return error_set(err, ERROR_POLICY, "%s: no value behind '='",
			row->name);
	if (value.ptr[0] == '"' || value.ptr[0] == '\'')
		return error_set(err, ERROR_POLICY,
			"%s: write the value without quotes", row->name);
	for (size_t i = 1; i < value.len; i++)
		if (value.ptr[i] == '#' &&
			(value.ptr[i - 1] == ' ' || value.ptr[i - 1] == '\t'))
			return error_set(err, ERROR_POLICY,
				"%s: behind a value a comment begins with "
				"' ;', not with '#'",
				row->name);
	return row->parse(row, value, out, err);
}

int policy_key_check_env(
	enum policy_key key, const char *value, struct error *err)
{
	static const char *const why = "because a package could have put it "
				       "there; put it into "
				       "~/.config/conda-go/config";
	const struct policy_key_row *row = &policy_key_rows[key];

	if (row->env == POLICY_KEY_ENV_REFUSED)
		return error_set(err, ERROR_POLICY,
			"an environment's own file may not set '%s', %s",
			row->name, why);
	if (row->env == POLICY_KEY_ENV_ONLY &&
		strcmp(value, row->env_word) != 0)
		return error_set(err, ERROR_POLICY,
			"an environment's own file may only say '%s = %s', %s",
			row->name, row->env_word, why);
	return 0;
}
