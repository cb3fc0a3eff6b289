#include "netrc/netrc_warn.h"

#include "netrc/netrc.h"
#include "netrc/netrc_lex.h"
#include "netrc/netrc_warn_text.h"

#include <string.h>

/* curl's limits since 8.11.1; a whole line is counted with its LF. */
#define CURL_WORD_MAX 4095u
#define CURL_LINE_MAX 16383u
#define CURL_FILE_MAX 131072u

struct warner {
	void (*fn)(const struct netrc_warn *warn, void *arg);
	void *arg;
	size_t count;
	size_t told[NETRC_WARN_NKINDS]; /* the line last told, plus one */
	/* the line that statements are read in */
	size_t line, words, hash_line;
	/* the entry that is open */
	size_t entry; /* its line; 0: none */
	bool machine, login, password;
	bool machine_seen;
};

static void tell(struct warner *w, enum netrc_warn_kind kind, size_t line)
{
	struct netrc_warn warn = netrc_warn_text(kind);

	if (w->told[kind] == line + 1)
		return;
	w->told[kind] = line + 1;
	w->count++;
	warn.line = line;
	w->fn(&warn, w->arg);
}

/* --- what is seen in bytes and lines -------------------------------------- */

/* The UTF-8 of what Go's unicode.IsSpace takes, beyond ASCII. */
static bool unicode_space(const unsigned char *p, size_t left)
{
	static const char *const spaces[] = { "\xc2\x85", "\xc2\xa0",
		"\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
		"\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
		"\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
		"\xe3\x80\x80" };
	struct slice rest = { (const char *)p, left };
	size_t i;

	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (slice_starts(rest, spaces[i]))
			return true;
	return false;
}

static void warn_byte(
	struct warner *w, const unsigned char *p, size_t left, size_t line)
{
	if (*p == '\v' || *p == '\f')
		tell(w, NETRC_WARN_SPACE, line);
	else if (*p == '\0')
		tell(w, NETRC_WARN_NUL, line);
	else if (*p == '\r' && left > 1 && (p[1] == ' ' || p[1] == '\t'))
		tell(w, NETRC_WARN_CR, line);
	else if (*p >= 0x80) {
		tell(w, NETRC_WARN_NON_ASCII, line);
		if (unicode_space(p, left))
			tell(w, NETRC_WARN_SPACE, line);
	}
}

/* Go's and the git helper's keywords, which want their own case. */
static bool others_keyword(struct slice word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (word.ptr[i] >= 'A' && word.ptr[i] <= 'Z')
			return false;
	return netrc_lex_keyword(word) != NETRC_LEX_JUNK;
}

/* Cut the next word off text; false at its end. */
static bool next_word(struct slice *text, struct slice *word)
{
	size_t i = 0, n;

	while (i < text->len && netrc_lex_is_blank(text->ptr[i]))
		i++;
	for (n = i; n < text->len && !netrc_lex_is_blank(text->ptr[n]); n++)
		;
	*word = (struct slice){ text->ptr + i, n - i };
	*text = (struct slice){ text->ptr + n, text->len - n };
	return word->len > 0;
}

static void warn_comment(struct warner *w, struct slice text, size_t line)
{
	struct slice word;

	while (next_word(&text, &word)) {
		if (others_keyword(word))
			tell(w, NETRC_WARN_COMMENT_KEYWORD, line);
		if (word.ptr[word.len - 1] == '\\' && !text.len)
			tell(w, NETRC_WARN_BACKSLASH, line);
	}
}

static void warn_line(struct warner *w, struct slice text, size_t line)
{
	size_t i;

	if (text.len >= CURL_LINE_MAX)
		tell(w, NETRC_WARN_LONG_LINE, line);
	for (i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < 0x20 || c >= 0x80)
			warn_byte(w, (const unsigned char *)text.ptr + i,
				text.len - i, line);
	}
	for (i = 0; i < text.len; i++)
		if (text.ptr[i] != ' ' && text.ptr[i] != '\t')
			break;
	if (i < text.len && text.ptr[i] == '#')
		warn_comment(w, text, line);
	if (i + 1 == text.len && text.ptr[i] == '\r')
		tell(w, NETRC_WARN_CR_LINE, line);
}

static void warn_lines(struct warner *w, struct slice file)
{
	size_t line;

	if (slice_starts(file, "\xef\xbb\xbf"))
		tell(w, NETRC_WARN_BOM, 1);
	for (line = 1; file.len; line++) {
		const char *lf = memchr(file.ptr, '\n', file.len);
		size_t n = lf ? (size_t)(lf - file.ptr) : file.len;

		warn_line(w, (struct slice){ file.ptr, n }, line);
		n += lf != NULL;
		file = (struct slice){ file.ptr + n, file.len - n };
	}
}

/* --- what is seen in statements ------------------------------------------- */

static bool has(struct slice s, char c)
{
	return s.len && memchr(s.ptr, c, s.len);
}

static bool has_upper(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z')
			return true;
	return false;
}

static void close_entry(struct warner *w)
{
	if (w->entry && w->machine && !(w->login && w->password))
		tell(w, NETRC_WARN_PARTIAL, w->entry);
	w->entry = 0;
	w->login = w->password = w->machine = false;
}

static void open_entry(struct warner *w, const struct netrc_lex_item *item)
{
	close_entry(w);
	w->entry = item->word.line;
	w->machine = item->key == NETRC_LEX_MACHINE;
	w->machine_seen |= w->machine;
}

/* The host as it stands: quotes have a warning of their own. */
static void warn_host(struct warner *w, const struct netrc_lex_item *item)
{
	struct slice s = item->value.raw;
	size_t line = item->value.line;
	const char *colon;

	if (!s.len)
		return;
	colon = memchr(s.ptr, ':', s.len);
	if (has_upper(s))
		tell(w, NETRC_WARN_HOST_CASE, line);
	if (has(s, '/'))
		tell(w, NETRC_WARN_HOST_URL, line);
	else if (s.ptr[0] == '[' ||
		 (colon && colon != memrchr(s.ptr, ':', s.len)))
		tell(w, NETRC_WARN_HOST_IPV6, line);
	else if (colon && s.ptr[s.len - 1] >= '0' && s.ptr[s.len - 1] <= '9')
		tell(w, NETRC_WARN_HOST_PORT, line);
}

static bool ends_in_blanks(struct slice macro)
{
	const char *lf, *p;
	size_t n = macro.len;

	if (!n || macro.ptr[n - 1] != '\n')
		return false;
	lf = memrchr(macro.ptr, '\n', n - 1);
	if (!lf || (lf[1] != ' ' && lf[1] != '\t'))
		return false;
	for (p = lf; p < macro.ptr + n; p++)
		if (!netrc_lex_is_blank(*p))
			return false;
	return true;
}

static void warn_macro(struct warner *w, const struct netrc_lex_item *item)
{
	size_t line = item->word.line;
	struct slice text = item->macro;
	const char *lf = memchr(text.ptr, '\n', text.len);
	struct slice word, name = text;

	close_entry(w);
	if (lf)
		name.len = (size_t)(lf - name.ptr);
	next_word(&name, &word);
	if (next_word(&name, &word))
		tell(w, NETRC_WARN_MACRO_TAIL, line);
	if (ends_in_blanks(text))
		tell(w, NETRC_WARN_MACRO_BLANKS, line);
	if (has(text, '\r'))
		tell(w, NETRC_WARN_MACRO_CR, line);
	if (has(text, '"'))
		tell(w, NETRC_WARN_MACRO_QUOTE, line);
	if (w->machine_seen)
		return;
	tell(w, NETRC_WARN_MACRO_FIRST, line);
	while (next_word(&text, &word))
		if (slice_is(word, "machine"))
			tell(w, NETRC_WARN_MACRO_ENTRY, line);
}

static void warn_junk(struct warner *w, const struct netrc_lex_item *item)
{
	const struct netrc_token *t = &item->word;

	if (t->quoted && others_keyword(t->raw))
		tell(w, NETRC_WARN_QUOTED_KEYWORD, t->line);
	tell(w, NETRC_WARN_UNKNOWN, t->line);
	if (!t->quoted && t->raw.ptr[0] == '#')
		w->hash_line = t->line;
}

static void warn_default(struct warner *w, const struct netrc_lex_item *item)
{
	tell(w, NETRC_WARN_DEFAULT, item->word.line);
	open_entry(w, item);
}

static void warn_machine(struct warner *w, const struct netrc_lex_item *item)
{
	open_entry(w, item);
	warn_host(w, item);
}

static void warn_repeated(struct warner *w, const struct netrc_lex_item *item)
{
	if (w->login && w->password && netrc_token_present(&item->value))
		tell(w, NETRC_WARN_REPEATED, item->word.line);
}

static void warn_login(struct warner *w, const struct netrc_lex_item *item)
{
	warn_repeated(w, item);
	if (w->password && !w->login && netrc_token_present(&item->value))
		tell(w, NETRC_WARN_PASSWORD_FIRST, item->word.line);
	w->login |= netrc_token_present(&item->value);
}

static void warn_password(struct warner *w, const struct netrc_lex_item *item)
{
	warn_repeated(w, item);
	w->password |= netrc_token_present(&item->value);
}

static void warn_port(struct warner *w, const struct netrc_lex_item *item)
{
	tell(w, netrc_port(&item->value) ? NETRC_WARN_PORT : NETRC_WARN_UNKNOWN,
		item->word.line);
}

static void warn_protocol(struct warner *w, const struct netrc_lex_item *item)
{
	tell(w, NETRC_WARN_PROTOCOL, item->word.line);
}

static void warn_path(struct warner *w, const struct netrc_lex_item *item)
{
	tell(w, NETRC_WARN_PATH, item->word.line);
}

static void warn_login_alias(
	struct warner *w, const struct netrc_lex_item *item)
{
	tell(w, NETRC_WARN_ALIAS, item->word.line);
	w->login |= netrc_token_present(&item->value);
}

static void warn_password_alias(
	struct warner *w, const struct netrc_lex_item *item)
{
	tell(w, NETRC_WARN_ALIAS, item->word.line);
	w->password |= netrc_token_present(&item->value);
}

struct key {
	void (*fn)(struct warner *w, const struct netrc_lex_item *item);
	bool needs_value;
	enum netrc_warn_kind quoted;
};

static const struct key keys[NETRC_LEX_NKEYS] = {
	[NETRC_LEX_JUNK] = { warn_junk, false, NETRC_WARN_QUOTED },
	[NETRC_LEX_MACHINE] = { warn_machine, true, NETRC_WARN_QUOTED },
	[NETRC_LEX_DEFAULT] = { warn_default, false, NETRC_WARN_QUOTED },
	[NETRC_LEX_MACDEF] = { warn_macro, false, NETRC_WARN_QUOTED },
	[NETRC_LEX_LOGIN] = { warn_login, true, NETRC_WARN_QUOTED },
	[NETRC_LEX_PASSWORD] = { warn_password, true, NETRC_WARN_QUOTED },
	[NETRC_LEX_ACCOUNT] = { NULL, true, NETRC_WARN_QUOTED_ACCOUNT },
	[NETRC_LEX_LOGIN_ALIAS] = { warn_login_alias, false,
		NETRC_WARN_QUOTED },
	[NETRC_LEX_PASSWORD_ALIAS] = { warn_password_alias, false,
		NETRC_WARN_QUOTED },
	[NETRC_LEX_PORT] = { warn_port, false, NETRC_WARN_QUOTED },
	[NETRC_LEX_PROTOCOL] = { warn_protocol, false, NETRC_WARN_QUOTED },
	[NETRC_LEX_PATH] = { warn_path, false, NETRC_WARN_QUOTED },
};

/*
 * What an older curl then reads as a keyword: 7.88 what begins an entry, and
 * behind account, which it does not know, also login and password; 8.14 these
 * two behind each other as well. None looks for a keyword behind machine.
 */
static bool older_keyword(enum netrc_lex_key key, struct slice value)
{
	switch (netrc_lex_keyword(value)) {
	case NETRC_LEX_MACHINE:
	case NETRC_LEX_DEFAULT:
	case NETRC_LEX_MACDEF:
	case NETRC_LEX_LOGIN:
	case NETRC_LEX_PASSWORD:
		return key != NETRC_LEX_MACHINE;
	default:
		return false;
	}
}

static void warn_value(struct warner *w, const struct netrc_lex_item *item)
{
	const struct key *key = &keys[item->key];
	const struct netrc_token *v = &item->value;

	if (!netrc_token_present(v)) {
		if (key->needs_value)
			tell(w, NETRC_WARN_NO_VALUE, item->word.line);
		return;
	}
	if (v->line != item->word.line)
		tell(w, NETRC_WARN_NEXT_LINE, item->word.line);
	if (v->quoted)
		tell(w, key->quoted, v->line);
	else if (v->raw.ptr[0] == '#')
		tell(w, NETRC_WARN_HASH_VALUE, v->line);
	if (older_keyword(item->key, v->raw))
		tell(w, NETRC_WARN_KEYWORD_VALUE, v->line);
	if (netrc_token_has_break(v))
		tell(w, NETRC_WARN_VOID, v->line);
}

/* Where a word stands in its line, for Go, which reads lines in pairs. */
static void count_words(struct warner *w, const struct netrc_token *t)
{
	struct slice text = t->raw, word;

	if (!netrc_token_present(t))
		return;
	if (t->line != w->line)
		w->words = 0;
	w->line = t->line;
	if (!t->quoted || !text.len)
		w->words++;
	else
		while (next_word(&text, &word))
			w->words++;
	if (!t->quoted && has(t->raw, '\\'))
		tell(w, NETRC_WARN_BACKSLASH, t->line);
	if (t->raw.len > CURL_WORD_MAX)
		tell(w, NETRC_WARN_LONG_WORD, t->line);
}

static void warn_place(struct warner *w, const struct netrc_lex_item *item)
{
	size_t line = item->word.line;

	if (item->key == NETRC_LEX_JUNK)
		return;
	if (w->hash_line == line)
		tell(w, NETRC_WARN_HASH_KEYWORD, line);
	if (w->line == line && w->words % 2)
		tell(w, NETRC_WARN_ODD_PLACE, line);
	if (has_upper(item->word.raw))
		tell(w, NETRC_WARN_KEYWORD_CASE, line);
}

static void warn_items(struct warner *w, struct slice file)
{
	struct netrc_lex_item item;
	struct netrc_lex lex;

	netrc_lex_init(&lex, file);
	while (netrc_lex_item(&lex, &item)) {
		warn_place(w, &item);
		count_words(w, &item.word);
		count_words(w, &item.value);
		warn_value(w, &item);
		if (keys[item.key].fn)
			keys[item.key].fn(w, &item);
	}
	if (!lex.fault)
		close_entry(w);
	else
		tell(w,
			lex.open_quote ? NETRC_WARN_QUOTE_OPEN
				       : NETRC_WARN_TOO_LONG,
			lex.fault_line);
}

size_t netrc_warn_each(struct slice file,
	void (*fn)(const struct netrc_warn *warn, void *arg), void *arg)
{
	struct warner w = { .fn = fn, .arg = arg };

	if (file.len > CURL_FILE_MAX)
		tell(&w, NETRC_WARN_LARGE_FILE, 0);
	if (file.len > NETRC_FILE_MAX)
		return w.count;
	warn_lines(&w, file);
	warn_items(&w, file);
	return w.count;
}
