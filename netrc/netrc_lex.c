#include "netrc/netrc_lex.h"

#include <string.h>

enum value_kind {
	VALUE_NONE,
	VALUE_ANY_LINE,
	VALUE_SAME_LINE,
};

struct keyword {
	struct slice name;
	enum netrc_lex_key key;
	enum value_kind value;
	bool reserved; /* no value where a value is looked for */
};

#define NAME(text)                                                             \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static const struct keyword keywords[] = {
	{ NAME("machine"), NETRC_LEX_MACHINE, VALUE_ANY_LINE, true },
	{ NAME("default"), NETRC_LEX_DEFAULT, VALUE_NONE, true },
	{ NAME("macdef"), NETRC_LEX_MACDEF, VALUE_NONE, true },
	{ NAME("login"), NETRC_LEX_LOGIN, VALUE_ANY_LINE, true },
	{ NAME("password"), NETRC_LEX_PASSWORD, VALUE_ANY_LINE, true },
	{ NAME("account"), NETRC_LEX_ACCOUNT, VALUE_ANY_LINE, true },
	{ NAME("user"), NETRC_LEX_LOGIN_ALIAS, VALUE_SAME_LINE, false },
	{ NAME("username"), NETRC_LEX_LOGIN_ALIAS, VALUE_SAME_LINE, false },
	{ NAME("passwd"), NETRC_LEX_PASSWORD_ALIAS, VALUE_SAME_LINE, false },
	{ NAME("port"), NETRC_LEX_PORT, VALUE_SAME_LINE, false },
	{ NAME("protocol"), NETRC_LEX_PROTOCOL, VALUE_SAME_LINE, false },
	{ NAME("path"), NETRC_LEX_PATH, VALUE_SAME_LINE, false },
};

#define KEYWORD_MIN 4u
#define KEYWORD_MAX 8u

bool netrc_lex_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const struct keyword *find_keyword(struct slice word)
{
	size_t i;

	/* Most words are values: do not walk the table for them. */
	if (word.len < KEYWORD_MIN || word.len > KEYWORD_MAX)
		return NULL;
	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		const struct keyword *k = &keywords[i];

		/* 0x20 is all that case changes in a letter. */
		if (k->name.len == word.len &&
			!((k->name.ptr[0] ^ word.ptr[0]) & ~0x20) &&
			slice_eq_nocase(word, k->name))
			return k;
	}
	return NULL;
}

enum netrc_lex_key netrc_lex_keyword(struct slice word)
{
	const struct keyword *k = find_keyword(word);

	return k ? k->key : NETRC_LEX_JUNK;
}

void netrc_lex_init(struct netrc_lex *lex, struct slice file)
{
	/* So that an absent slice needs no case of its own. */
	const char *p = file.ptr ? file.ptr : "";

	*lex = (struct netrc_lex){ p, p + file.len, 1, true, NULL, 0, false };
}

static bool fail(struct netrc_lex *lex, size_t line, const char *text)
{
	lex->fault = text;
	lex->fault_line = line;
	lex->pos = lex->end;
	return false;
}

/* To behind the next LF, or to the end. */
static void skip_line(struct netrc_lex *lex)
{
	const char *p = memchr(lex->pos, '\n', (size_t)(lex->end - lex->pos));

	lex->pos = p ? p + 1 : lex->end;
	lex->line += p != NULL;
	lex->line_start = true;
}

/* Only at a line's start, and leaves pos alone where there is no comment. */
static bool skip_comment(struct netrc_lex *lex)
{
	const char *p = lex->pos;

	while (p < lex->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == lex->end || *p != '#')
		return false;
	skip_line(lex);
	return true;
}

static void skip_blanks(struct netrc_lex *lex)
{
	for (;;) {
		if (lex->line_start && skip_comment(lex))
			continue;
		lex->line_start = false;
		while (lex->pos < lex->end && *lex->pos != '\n' &&
			netrc_lex_is_blank(*lex->pos))
			lex->pos++;
		if (lex->pos == lex->end || *lex->pos != '\n')
			return;
		skip_line(lex);
	}
}

/* pos is behind the opening quote. */
static bool lex_quoted(struct netrc_lex *lex, struct netrc_token *t)
{
	const char *start = lex->pos;

	while (lex->pos < lex->end) {
		char c = *lex->pos++;

		if (c == '"') {
			t->raw.ptr = start;
			t->raw.len = (size_t)(lex->pos - start - 1);
			t->quoted = true;
			lex->line_start = false;
			return true;
		}
		if (c == '\\' && lex->pos < lex->end)
			c = *lex->pos++;
		if (c != '\n')
			continue;
		lex->line++;
		while (skip_comment(lex))
			;
	}
	lex->open_quote = true;
	return fail(lex, t->line, "no closing quote");
}

/* False at the end, and at an error. */
static bool lex_token(struct netrc_lex *lex, struct netrc_token *t)
{
	const char *start;

	skip_blanks(lex);
	*t = NETRC_TOKEN_NONE;
	t->line = lex->line;
	if (lex->pos == lex->end)
		return false;
	if (*lex->pos == '"') {
		lex->pos++;
		if (!lex_quoted(lex, t))
			return false;
	} else {
		start = lex->pos;
		while (lex->pos < lex->end && !netrc_lex_is_blank(*lex->pos))
			lex->pos++;
		t->raw.ptr = start;
		t->raw.len = (size_t)(lex->pos - start);
	}
	if (t->raw.len > NETRC_LEX_TOKEN_MAX)
		return fail(lex, t->line, "a word is longer than 65,000 bytes");
	return true;
}

/*
 * Where the next word is no value it is read again as a key: no word is read
 * more than twice, since a key is not put back.
 */
static bool lex_value(struct netrc_lex *lex, enum value_kind kind,
	size_t key_line, struct netrc_token *value)
{
	struct netrc_lex before = *lex;
	const struct keyword *k;
	bool other_line, reserved;

	if (!lex_token(lex, value)) {
		*value = NETRC_TOKEN_NONE;
		return !lex->fault;
	}
	k = value->quoted ? NULL : find_keyword(value->raw);
	reserved = k && k->reserved;
	other_line = value->line != key_line;
	if (kind == VALUE_SAME_LINE ? other_line || reserved
				    : other_line && reserved) {
		*value = NETRC_TOKEN_NONE;
		*lex = before;
	}
	return true;
}

/* A line with nothing but blanks, and its LF. */
static bool at_blank_line(const struct netrc_lex *lex)
{
	const char *p = lex->pos;

	while (p < lex->end && (*p == ' ' || *p == '\t'))
		p++;
	while (p < lex->end && *p == '\r')
		p++;
	return p < lex->end && *p == '\n';
}

static void lex_macro(struct netrc_lex *lex, struct slice *macro)
{
	bool last;

	macro->ptr = lex->pos;
	skip_line(lex);
	while (lex->pos < lex->end) {
		last = at_blank_line(lex);
		skip_line(lex);
		if (last)
			break;
	}
	macro->len = (size_t)(lex->pos - macro->ptr);
}

bool netrc_lex_item(struct netrc_lex *lex, struct netrc_lex_item *item)
{
	const struct keyword *k;

	*item = (struct netrc_lex_item){ .key = NETRC_LEX_JUNK };
	if (!lex_token(lex, &item->word))
		return false;
	k = item->word.quoted ? NULL : find_keyword(item->word.raw);
	if (!k)
		return true;
	item->key = k->key;
	if (k->key == NETRC_LEX_MACDEF)
		lex_macro(lex, &item->macro);
	if (k->value == VALUE_NONE)
		return true;
	return lex_value(lex, k->value, item->word.line, &item->value);
}
