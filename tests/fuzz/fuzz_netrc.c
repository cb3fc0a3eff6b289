/*
 * fuzz_netrc: the first line of the input is the query, the rest the file.
 *
 *   FLAGS HOST LOGIN PATH
 *
 * FLAGS is one byte: bit 0 wants the default, bits 1-2 choose the scheme, bits
 * 3-4 the port; a missing word is an absent field.
 */
#include "netrc/netrc.h"
#include "netrc/netrc_lex.h"
#include "netrc/netrc_warn.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(cond)                                                            \
	do {                                                                   \
		if (!(cond))                                                   \
			abort();                                               \
	} while (0)

struct limits {
	struct slice file;
	size_t lines; /* the last line's number */
	size_t count;
};

static struct slice cut(struct slice *from, char at)
{
	struct slice s = *from;
	const char *p;

	if (!s.len)
		return SLICE_NONE;
	p = memchr(s.ptr, at, s.len);
	if (p)
		s.len = (size_t)(p - from->ptr);
	from->ptr += s.len + (p != NULL);
	from->len -= s.len + (p != NULL);
	return s.len ? s : SLICE_NONE;
}

static void parse_query(struct netrc_query *q, struct slice line)
{
	static const char *const schemes[] = { NULL, "http", "ssh", "x" };
	static const int ports[] = { 0, 443, 8443, 65535 };
	unsigned int flags = 0;

	*q = (struct netrc_query){ 0 };
	if (line.len) {
		flags = (unsigned char)*line.ptr++;
		line.len--;
	}
	q->use_default = flags & 1;
	q->scheme = slice_of(schemes[flags >> 1 & 3]);
	q->port = ports[flags >> 3 & 3];
	cut(&line, ' ');
	q->host = cut(&line, ' ');
	q->login = cut(&line, ' ');
	q->path = cut(&line, ' ');
}

static void check_inside(const struct limits *l, struct slice s)
{
	CHECK(s.ptr >= l->file.ptr && s.len <= l->file.len);
	CHECK(s.ptr + s.len <= l->file.ptr + l->file.len);
}

static void check_token(const struct limits *l, const struct netrc_token *t)
{
	char *copy = NULL;
	struct slice value;
	size_t n;

	if (!netrc_token_present(t)) {
		CHECK(!t->raw.len);
		return;
	}
	check_inside(l, t->raw);
	CHECK(t->line >= 1 && t->line <= l->lines);
	CHECK(t->raw.len <= NETRC_LEX_TOKEN_MAX);
	copy = malloc(t->raw.len + 1);
	CHECK(copy);
	n = netrc_token_copy(t, copy, t->raw.len);
	CHECK(n <= t->raw.len && (t->quoted || n == t->raw.len));
	value = (struct slice){ copy, n };
	CHECK(netrc_token_eq(t, value) && netrc_token_eq_nocase(t, value));
	CHECK(netrc_token_has_break(t) ==
		(memchr(copy, '\n', n) || memchr(copy, '\r', n) ||
			memchr(copy, '\0', n)));
	if (n)
		CHECK(netrc_token_copy(t, copy, n - 1) == NETRC_TOKEN_TOO_LONG);
	free(copy);
}

static void check_items(const struct limits *l)
{
	struct netrc_lex_item item;
	const char *pos;
	struct netrc_lex lex;
	size_t line = 1;

	netrc_lex_init(&lex, l->file);
	for (pos = lex.pos; netrc_lex_item(&lex, &item); pos = lex.pos) {
		CHECK(lex.pos > pos && lex.line >= line);
		line = lex.line;
		CHECK(netrc_token_present(&item.word));
		check_token(l, &item.word);
		check_token(l, &item.value);
		if (item.macro.ptr)
			check_inside(l, item.macro);
	}
	CHECK(lex.pos == lex.end && lex.line <= l->lines);
	CHECK(!lex.fault == !lex.fault_line && lex.fault_line <= l->lines);
}

static void check_warning(const struct netrc_warn *w, void *arg)
{
	struct limits *l = arg;

	CHECK(w->line <= l->lines && w->kind < NETRC_WARN_NKINDS);
	CHECK(w->name && w->text);
	l->count++;
}

static void check_match(const struct limits *l, const struct netrc_query *q,
	enum netrc_result result, const struct netrc_match *m)
{
	bool login = netrc_token_present(&m->login);
	bool password = netrc_token_present(&m->password);

	CHECK(m->complete == (login && password));
	CHECK((result == NETRC_FOUND) == (m->rule != NETRC_RULE_NONE));
	CHECK((m->rule == NETRC_RULE_DEFAULT) <= q->use_default);
	CHECK(m->line <= l->lines && !m->line == (result != NETRC_FOUND));
	CHECK((result == NETRC_FOUND) == (login || password));
	if (login && m->login.line)
		check_token(l, &m->login);
	check_token(l, &m->password);
	check_token(l, &m->account);
	if (m->login.line)
		CHECK(!netrc_token_has_break(&m->login));
	CHECK(!netrc_token_has_break(&m->password));
	CHECK(!netrc_token_has_break(&m->account));
	if (q->login.ptr && result == NETRC_FOUND)
		CHECK(netrc_token_eq(&m->login, q->login) && password);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits l = { { size ? (const char *)data : "", size }, 1, 0 };
	struct netrc_fault fault;
	struct netrc_match m;
	enum netrc_result result;
	struct netrc_query q;
	char *file;
	size_t i;

	parse_query(&q, cut(&l.file, '\n'));
	/* A copy of its own size: a byte read past the end is found. */
	file = malloc(l.file.len ? l.file.len : 1);
	CHECK(file);
	memcpy(file, l.file.ptr, l.file.len);
	l.file.ptr = file;
	for (i = 0; i < l.file.len; i++)
		l.lines += l.file.ptr[i] == '\n';
	result = netrc_lookup(l.file, &q, &m, &fault);
	CHECK((result == NETRC_ERROR) <= (fault.text != NULL));
	CHECK(fault.line <= l.lines);
	check_match(&l, &q, result, &m);
	check_items(&l);
	CHECK(netrc_warn_each(l.file, check_warning, &l) == l.count);
	CHECK(l.count <= l.lines * NETRC_WARN_NKINDS + 1);
	free(file);
	return 0;
}
