#include "transport/ssh_config.h"

#include "transport/ssh_config_block.h"
#include "transport/ssh_config_keyword.h"
#include "transport/ssh_config_word.h"
#include "transport/ssh_pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ssh_config_init(struct ssh_config *c, struct ssh_settings *settings,
	struct buf *handover, const struct ssh_config_env *env,
	const char *host)
{
	memset(c, 0, sizeof(*c));
	c->settings = settings;
	c->handover = handover;
	c->env = env;
	c->host = host;
	buf_init(&c->tickets, SSH_CONFIG_REASON_MAX);
}

void ssh_config_release(struct ssh_config *c)
{
	free(c->controlpath);
	free(c->ignoreunknown);
	buf_release(&c->tickets);
}

void ssh_config_place(
	const struct ssh_config *c, const char *keyword, struct buf *out)
{
	const struct ssh_config_where *w = &c->where;

	if (w->line)
		buf_addf(out, NULL, "%s at %s:%d", keyword, w->name, w->line);
	else
		buf_addf(out, NULL, "%s %s", w->name, keyword);
}

void ssh_config_reason(struct ssh_config *c, const char *fmt, ...)
{
	char text[SSH_CONFIG_REASON_MAX];
	va_list ap;

	if (c->handover->len)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_adds(c->handover, text, NULL);
}

void ssh_config_handover(struct ssh_config *c, const char *keyword)
{
	if (!c->handover->len)
		ssh_config_place(c, keyword, c->handover);
}

int ssh_config_bad(
	const struct ssh_config *c, struct error *err, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (c->where.line)
		return error_set(err, ERROR_INPUT, "%s:%d: %s", c->where.name,
			c->where.line, what);
	return error_set(err, ERROR_USAGE, "%s: %s", c->where.name, what);
}

/* Is the lower-cased value one of the patterns between the blanks? */
static bool ssh_config_allows(const char *only, struct slice value)
{
	char lower[64];

	if (value.len > sizeof(lower))
		return false;
	for (size_t i = 0; i < value.len; i++)
		lower[i] = value.ptr[i] >= 'A' && value.ptr[i] <= 'Z'
				   ? (char)(value.ptr[i] - 'A' + 'a')
				   : value.ptr[i];
	value.ptr = lower;
	for (size_t n; *only; only += n + (only[n] == ' ')) {
		n = strcspn(only, " ");
		if (ssh_pattern_match((struct slice){ only, n }, value))
			return true;
	}
	return false;
}

/* The first word says it, and there is no other: else it is for OpenSSH. */
static bool ssh_config_harmless(
	const struct ssh_config_keyword *k, struct slice rest)
{
	bool yes = false;
	struct buf word;

	if (k->what == SSH_CONFIG_ONLY_RAW)
		return ssh_config_allows(k->only, rest);
	buf_init(&word, rest.len);
	if (ssh_config_word_next(&rest, &word, NULL) == 1) {
		yes = ssh_config_allows(k->only, buf_slice(&word));
		yes = yes && ssh_config_word_next(&rest, &word, NULL) == 0;
	}
	buf_release(&word);
	return yes;
}

static void ssh_config_judge(struct ssh_config *c,
	const struct ssh_config_keyword *k, struct slice rest)
{
	bool *set = &c->set[ssh_config_keyword_index(k)];

	if (!c->where.active || (*set && k->what != SSH_CONFIG_ONLY_EACH))
		return;
	*set = true;
	if (k->what != SSH_CONFIG_OPENSSH && ssh_config_harmless(k, rest))
		return;
	if (k->what != SSH_CONFIG_TICKETS)
		ssh_config_handover(c, k->name);
	else if (!c->tickets.len)
		ssh_config_place(c, k->name, &c->tickets);
}

/*
 * A Match decides nothing where a Host or the end comes before a line that
 * means something to us.
 */
static void ssh_config_follow(
	struct ssh_config *c, const struct ssh_config_keyword *k)
{
	struct ssh_config_where *w = &c->where;
	int line = w->line;

	if (!w->match || k->what == SSH_CONFIG_IGNORED)
		return;
	if (k->take != ssh_config_block_host &&
		k->take != ssh_config_block_match) {
		w->line = w->match;
		ssh_config_handover(c, "Match");
		w->line = line;
	}
	w->match = 0;
}

/* A newer ssh may know it; if not, its words for that are as good as ours. */
static void ssh_config_unknown(struct ssh_config *c, struct slice keyword)
{
	char name[64];

	if (c->ignoreunknown &&
		ssh_pattern_list(slice_of(c->ignoreunknown), keyword))
		return;
	snprintf(name, sizeof(name), "the unknown %.*s", (int)keyword.len,
		keyword.ptr);
	ssh_config_handover(c, name);
}

/* rest has arguments, and no quote is open. */
static int ssh_config_directive(struct ssh_config *c, struct slice keyword,
	struct slice rest, struct error *err)
{
	const struct ssh_config_keyword *k = ssh_config_keyword_find(keyword);

	if (!k) {
		ssh_config_unknown(c, keyword);
		return 0;
	}
	ssh_config_follow(c, k);
	if (k->what == SSH_CONFIG_TAKEN)
		return k->take(c, k, rest, err);
	if (k->what != SSH_CONFIG_IGNORED)
		ssh_config_judge(c, k, rest);
	return 0;
}

static int ssh_config_line(
	struct ssh_config *c, struct slice line, struct error *err)
{
	struct error why = ERROR_INIT;
	struct buf keyword;
	int got;

	buf_init(&keyword, SSH_CONFIG_WORD_KEYWORD_MAX);
	got = ssh_config_word_keyword(&line, &keyword, &why);
	if (got < 0)
		ssh_config_bad(c, err, "%s", why.text);
	if (got > 0)
		got = ssh_config_directive(c, buf_slice(&keyword), line, err);
	buf_release(&keyword);
	return got;
}

static void ssh_config_enter(struct ssh_config *c, const char *name)
{
	c->where = (struct ssh_config_where){
		.name = name, .user = true, .active = true
	};
}

int ssh_config_option(
	struct ssh_config *c, struct slice line, struct error *err)
{
	ssh_config_enter(c, "-o");
	return ssh_config_line(c, line, err);
}

/* As a word that is quoted: no blank or '#' ends it, and no '\' escapes. */
int ssh_config_set(struct ssh_config *c, const char *by, const char *keyword,
	struct slice value, struct error *err)
{
	struct buf quoted;
	int got = -1;

	ssh_config_enter(c, by);
	buf_init(&quoted, 2 * value.len + 2);
	if (buf_adds(&quoted, "\"", err) < 0)
		goto out;
	for (size_t i = 0; i < value.len; i++) {
		bool escape = value.ptr[i] == '"' || value.ptr[i] == '\\';

		if ((escape && buf_adds(&quoted, "\\", err) < 0) ||
			buf_add(&quoted, &value.ptr[i], 1, err) < 0)
			goto out;
	}
	if (buf_adds(&quoted, "\"", err) < 0)
		goto out;
	got = ssh_config_directive(
		c, slice_of(keyword), buf_slice(&quoted), err);
out:
	buf_release(&quoted);
	return got;
}

int ssh_config_text(struct ssh_config *c, const struct ssh_config_where *where,
	struct slice text, struct error *err)
{
	struct ssh_config_where outer = c->where;
	int rc = 0;

	c->where = *where;
	while (text.len && rc == 0) {
		const char *lf = memchr(text.ptr, '\n', text.len);
		size_t n = lf ? (size_t)(lf - text.ptr) : text.len;

		c->where.line++;
		rc = ssh_config_line(c, (struct slice){ text.ptr, n }, err);
		n += lf ? 1 : 0;
		text = (struct slice){ text.ptr + n, text.len - n };
	}
	c->where = outer;
	return rc;
}
