#include "transport/ssh_settings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum ssh_settings_kind {
	SSH_SETTINGS_TEXT, /* must be there */
	SSH_SETTINGS_MAYBE, /* a text, or NULL */
	SSH_SETTINGS_NUMBER,
	SSH_SETTINGS_FLAG,
	SSH_SETTINGS_WORD, /* an enum, by its words */
	SSH_SETTINGS_LIST,
	SSH_SETTINGS_LINE, /* a list that -G prints as one line */
};

static const char *const ssh_settings_families[] = { "any", "inet", "inet6",
	NULL };
static const char *const ssh_settings_stricts[] = { "true", "ask", "accept-new",
	"false", NULL };

/* In the order of ssh's dump_client_config(). */
static const struct ssh_settings_row {
	const char *key;
	size_t offset;
	const char *const *words;
	enum ssh_settings_kind kind;
	int min, max;
	bool hidden; /* no keyword: not printed */
	bool none; /* 0 is printed so */
} ssh_settings_rows[] = {
#define ROW(k, name)                                                           \
	.key = #name, .offset = offsetof(struct ssh_settings, name),           \
	.kind = SSH_SETTINGS_##k
	{ ROW(TEXT, host) },
	{ ROW(TEXT, user) },
	{ ROW(TEXT, hostname) },
	{ ROW(NUMBER, port), .min = 1, .max = 65535 },
	{ ROW(WORD, addressfamily), .words = ssh_settings_families },
	{ ROW(FLAG, batchmode) },
	{ ROW(FLAG, hashknownhosts) },
	{ ROW(FLAG, identitiesonly) },
	{ ROW(WORD, stricthostkeychecking), .words = ssh_settings_stricts },
	{ ROW(NUMBER, serveralivecountmax), .max = INT_MAX },
	{ ROW(NUMBER, serveraliveinterval), .max = INT_MAX },
	{ ROW(MAYBE, hostkeyalias) },
	{ ROW(MAYBE, identityagent) },
	{ ROW(FLAG, identityfile_given), .hidden = true },
	{ ROW(LIST, identityfile) },
	{ ROW(LINE, globalknownhostsfile) },
	{ ROW(LINE, userknownhostsfile) },
	{ ROW(LIST, sendenv) },
	{ ROW(LIST, setenv) },
	{ ROW(NUMBER, connecttimeout), .max = INT_MAX, .none = true },
#undef ROW
};

#define SSH_SETTINGS_ROWS                                                      \
	(sizeof(ssh_settings_rows) / sizeof(ssh_settings_rows[0]))

/* Where the value of a row is; what it points to, its kind says. */
static void *ssh_settings_at(
	const struct ssh_settings *s, const struct ssh_settings_row *row)
{
	return (char *)s + row->offset;
}

static bool ssh_settings_is_list(const struct ssh_settings_row *row)
{
	return row->kind == SSH_SETTINGS_LIST || row->kind == SSH_SETTINGS_LINE;
}

static bool ssh_settings_is_text(const struct ssh_settings_row *row)
{
	return row->kind == SSH_SETTINGS_TEXT ||
	       row->kind == SSH_SETTINGS_MAYBE;
}

void ssh_settings_init(struct ssh_settings *s)
{
	memset(s, 0, sizeof(*s));
	s->serveralivecountmax = SSH_SETTINGS_ALIVE_COUNT;
}

void ssh_settings_release(struct ssh_settings *s)
{
	for (size_t i = 0; i < SSH_SETTINGS_ROWS; i++) {
		const struct ssh_settings_row *row = &ssh_settings_rows[i];
		void *at = ssh_settings_at(s, row);

		if (ssh_settings_is_text(row)) {
			free(*(char **)at);
		} else if (ssh_settings_is_list(row)) {
			struct ssh_settings_list *list = at;

			while (list->count)
				free(list->item[--list->count]);
		}
	}
	ssh_settings_init(s);
}

struct slice ssh_settings_user_shown(const struct ssh_settings *s)
{
	return (struct slice){ s->user, strcspn(s->user, ":") };
}

int ssh_settings_append(
	struct ssh_settings_list *list, struct slice value, struct error *err)
{
	if (list->count == SSH_SETTINGS_LIST_MAX)
		return error_set(err, ERROR_INPUT, "more than %d values",
			SSH_SETTINGS_LIST_MAX);
	list->item[list->count] = NULL;
	if (ssh_settings_replace(&list->item[list->count], value, err) < 0)
		return -1;
	list->count++;
	return 0;
}

void ssh_settings_drop(struct ssh_settings_list *list, size_t i)
{
	free(list->item[i]);
	list->count--;
	memmove(&list->item[i], &list->item[i + 1],
		(list->count - i) * sizeof(list->item[0]));
}

int ssh_settings_replace(char **text, struct slice value, struct error *err)
{
	char *copy = strndup(value.ptr ? value.ptr : "", value.len);

	if (!copy)
		return error_set(err, ERROR_MEMORY, "out of memory");
	free(*text);
	*text = copy;
	return 0;
}

/* The words of one value that is no list; NULL: there is none. */
static const char *ssh_settings_show(const struct ssh_settings *s,
	const struct ssh_settings_row *row, char number[16])
{
	const void *at = ssh_settings_at(s, row);

	switch (row->kind) {
	case SSH_SETTINGS_TEXT:
	case SSH_SETTINGS_MAYBE:
		return *(char *const *)at;
	case SSH_SETTINGS_FLAG:
		return *(const bool *)at ? "yes" : "no";
	case SSH_SETTINGS_WORD:
		return row->words[*(const unsigned *)at];
	default:
		snprintf(number, 16, "%d", *(const int *)at);
		return number;
	}
}

static int ssh_settings_write_list(const struct ssh_settings_list *list,
	const char *key, struct record *r, struct error *err)
{
	char many[64];

	snprintf(many, sizeof(many), "%s[]", key);
	for (size_t i = 0; i < list->count; i++)
		if (record_add(r, many, slice_of(list->item[i]), err) < 0)
			return -1;
	return 0;
}

int ssh_settings_write(
	const struct ssh_settings *s, struct record *r, struct error *err)
{
	char number[16];

	for (size_t i = 0; i < SSH_SETTINGS_ROWS; i++) {
		const struct ssh_settings_row *row = &ssh_settings_rows[i];
		int rc;

		if (ssh_settings_is_list(row))
			rc = ssh_settings_write_list(
				ssh_settings_at(s, row), row->key, r, err);
		else
			rc = record_add(r, row->key,
				slice_of(ssh_settings_show(s, row, number)),
				err);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int ssh_settings_read_number(
	int *out, struct slice value, int min, int max)
{
	long long n = 0;

	if (!value.len)
		return -1;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return -1;
		n = n * 10 + (value.ptr[i] - '0');
		if (n > max)
			return -1;
	}
	*out = (int)n;
	return n < min ? -1 : 0;
}

static int ssh_settings_read_word(
	unsigned *out, struct slice value, const char *const *words)
{
	for (unsigned i = 0; words[i]; i++)
		if (slice_is(value, words[i])) {
			*out = i;
			return 0;
		}
	return -1;
}

static int ssh_settings_read_one(void *at, const struct ssh_settings_row *row,
	struct slice value, struct error *err)
{
	static const char *const flags[] = { "no", "yes", NULL };
	unsigned flag = 0;
	int rc = -1;

	switch (row->kind) {
	case SSH_SETTINGS_MAYBE:
		if (!value.ptr)
			return 0;
		/* fall through */
	case SSH_SETTINGS_TEXT:
		if (value.len)
			return ssh_settings_replace(at, value, err);
		break;
	case SSH_SETTINGS_FLAG:
		rc = ssh_settings_read_word(&flag, value, flags);
		*(bool *)at = flag;
		break;
	case SSH_SETTINGS_WORD:
		rc = ssh_settings_read_word(at, value, row->words);
		break;
	default:
		rc = ssh_settings_read_number(at, value, row->min, row->max);
		break;
	}
	if (rc < 0)
		return error_set(err, ERROR_INPUT,
			"settings without a right %s", row->key);
	return 0;
}

static int ssh_settings_read_list(struct ssh_settings_list *list,
	const char *name, const struct record *r, struct error *err)
{
	struct slice key, value;
	size_t pos = 0;
	char many[64];

	snprintf(many, sizeof(many), "%s[]", name);
	while (record_next(r, &pos, &key, &value))
		if (slice_is(key, many) &&
			ssh_settings_append(list, value, err) < 0)
			return -1;
	return 0;
}

int ssh_settings_read(
	struct ssh_settings *s, const struct record *r, struct error *err)
{
	for (size_t i = 0; i < SSH_SETTINGS_ROWS; i++) {
		const struct ssh_settings_row *row = &ssh_settings_rows[i];
		void *at = ssh_settings_at(s, row);
		int rc;

		if (ssh_settings_is_list(row))
			rc = ssh_settings_read_list(at, row->key, r, err);
		else
			rc = ssh_settings_read_one(
				at, row, record_get(r, row->key), err);
		if (rc < 0)
			return -1;
	}
	return 0;
}

/* As ssh has it, a list that was given and is empty is "none". */
static int ssh_settings_print_list(const struct ssh_settings_list *list,
	const struct ssh_settings_row *row, bool none, struct buf *out,
	struct error *err)
{
	bool line = row->kind == SSH_SETTINGS_LINE;

	if (!list->count && none)
		return buf_addf(out, err, "%s none\n", row->key);
	for (size_t i = 0; i < list->count; i++) {
		const char *key = i && line ? "" : row->key;
		const char *end = line && i + 1 < list->count ? "" : "\n";

		if (buf_addf(out, err, "%s %s%s", key, list->item[i], end) < 0)
			return -1;
	}
	return 0;
}

static int ssh_settings_print_one(const struct ssh_settings *s,
	const struct ssh_settings_row *row, struct buf *out, struct error *err)
{
	char number[16];
	const char *text = ssh_settings_show(s, row, number);

	if (row->none && !strcmp(text, "0"))
		text = "none";
	if (!text)
		return 0;
	return buf_addf(out, err, "%s %s\n", row->key, text);
}

int ssh_settings_print(
	const struct ssh_settings *s, struct buf *out, struct error *err)
{
	for (size_t i = 0; i < SSH_SETTINGS_ROWS; i++) {
		const struct ssh_settings_row *row = &ssh_settings_rows[i];
		void *at = ssh_settings_at(s, row);
		bool none = row->kind == SSH_SETTINGS_LINE ||
			    (at == &s->identityfile && s->identityfile_given);
		int rc = 0;

		if (ssh_settings_is_list(row))
			rc = ssh_settings_print_list(at, row, none, out, err);
		else if (!row->hidden)
			rc = ssh_settings_print_one(s, row, out, err);
		if (rc < 0)
			return -1;
	}
	return 0;
}
