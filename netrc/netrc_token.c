#include "netrc/netrc_token.h"

#include <string.h>

/* Reads a token's value byte by byte. */
struct reader {
	const char *pos;
	const char *end;
	bool quoted;
	bool line_start;
};

static struct reader reader_of(const struct netrc_token *t)
{
	struct reader r = { t->raw.ptr, NULL, t->quoted, false };

	if (r.pos)
		r.end = r.pos + t->raw.len;
	return r;
}

/*
 * Comment lines are dropped from the file before it has tokens: a quoted
 * value that spans lines does not contain them.
 */
static void skip_comments(struct reader *r)
{
	while (r->line_start) {
		const char *p = r->pos;

		r->line_start = false;
		while (p < r->end && (*p == ' ' || *p == '\t'))
			p++;
		if (p == r->end || *p != '#')
			return;
		p = memchr(p, '\n', (size_t)(r->end - p));
		r->line_start = p != NULL;
		r->pos = p ? p + 1 : r->end;
	}
}

static int unescape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return (unsigned char)c;
	}
}

/* The next byte, or -1 at the end. */
static int reader_next(struct reader *r)
{
	char c;

	if (!r->quoted)
		return r->pos < r->end ? (unsigned char)*r->pos++ : -1;
	skip_comments(r);
	if (r->pos == r->end)
		return -1;
	c = *r->pos++;
	if (c == '\n')
		r->line_start = true;
	if (c != '\\' || r->pos == r->end)
		return (unsigned char)c;
	c = *r->pos++;
	if (c == '\n')
		r->line_start = true;
	return unescape(c);
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool netrc_token_present(const struct netrc_token *t)
{
	return t->raw.ptr != NULL;
}

static bool token_eq(const struct netrc_token *t, struct slice s, bool nocase)
{
	struct reader r = reader_of(t);
	size_t i;

	if (!t->raw.ptr || !s.ptr)
		return !t->raw.ptr && !s.ptr;
	for (i = 0; i < s.len; i++) {
		int a = reader_next(&r);
		int b = (unsigned char)s.ptr[i];

		if (a != b && !(nocase && lower(a) == lower(b)))
			return false;
	}
	return reader_next(&r) < 0;
}

bool netrc_token_eq(const struct netrc_token *t, struct slice s)
{
	return token_eq(t, s, false);
}

bool netrc_token_eq_nocase(const struct netrc_token *t, struct slice s)
{
	return token_eq(t, s, true);
}

bool netrc_token_has_break(const struct netrc_token *t)
{
	struct reader r = reader_of(t);
	int c;

	while ((c = reader_next(&r)) >= 0)
		if (c == '\r' || c == '\n' || c == '\0')
			return true;
	return false;
}

size_t netrc_token_copy(const struct netrc_token *t, char *buf, size_t size)
{
	struct reader r = reader_of(t);
	size_t n = 0;
	int c;

	while ((c = reader_next(&r)) >= 0) {
		if (n == size) {
			if (n)
				explicit_bzero(buf, n);
			return NETRC_TOKEN_TOO_LONG;
		}
		buf[n++] = (char)c;
	}
	return n;
}
