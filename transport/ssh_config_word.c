#include "transport/ssh_config_word.h"

#include <string.h>

static bool ssh_config_word_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct slice ssh_config_word_from(struct slice s, size_t n)
{
	return (struct slice){ s.ptr + n, s.len - n };
}

static struct slice ssh_config_word_skip(struct slice s)
{
	while (s.len && ssh_config_word_blank(*s.ptr))
		s = ssh_config_word_from(s, 1);
	return s;
}

static struct slice ssh_config_word_trim(struct slice s)
{
	while (s.len && (ssh_config_word_blank(s.ptr[s.len - 1]) ||
				s.ptr[s.len - 1] == '\f'))
		s.len--;
	return ssh_config_word_skip(s);
}

static int ssh_config_word_quote(struct error *err)
{
	return error_set(err, ERROR_INPUT, "a quote without its end");
}

static int ssh_config_word_long(struct error *err)
{
	return error_set(
		err, ERROR_INPUT, "that is no keyword, it is too long");
}

/* Behind a '"' a keyword goes on to the next one, blanks and '=' included. */
static int ssh_config_word_quoted(
	struct slice *line, struct buf *keyword, struct error *err)
{
	struct slice in = ssh_config_word_from(*line, 1);
	const char *end = memchr(in.ptr, '"', in.len);

	if (!end)
		return ssh_config_word_quote(err);
	in.len = (size_t)(end - in.ptr);
	if (buf_addslice(keyword, in, NULL) < 0)
		return ssh_config_word_long(err);
	*line = ssh_config_word_skip(ssh_config_word_from(*line, in.len + 2));
	return 1;
}

static int ssh_config_word_plain(
	struct slice *line, struct buf *keyword, struct error *err)
{
	size_t n = 0;

	while (n < line->len && !ssh_config_word_blank(line->ptr[n]) &&
		line->ptr[n] != '"' && line->ptr[n] != '=')
		n++;
	if (buf_add(keyword, line->ptr, n, NULL) < 0)
		return ssh_config_word_long(err);
	*line = ssh_config_word_from(*line, n);
	if (line->len && *line->ptr == '"')
		return ssh_config_word_quoted(line, keyword, err);
	*line = ssh_config_word_skip(*line);
	if (line->len && *line->ptr == '=')
		*line = ssh_config_word_skip(ssh_config_word_from(*line, 1));
	return 1;
}

/* Once through all of them, so that nothing is done with half a line. */
static int ssh_config_word_check(struct slice rest, struct error *err)
{
	struct buf word;
	int got;

	buf_init(&word, rest.len);
	do
		got = ssh_config_word_next(&rest, &word, err);
	while (got > 0);
	buf_release(&word);
	return got;
}

int ssh_config_word_keyword(
	struct slice *line, struct buf *keyword, struct error *err)
{
	*line = ssh_config_word_trim(*line);
	buf_reset(keyword);
	if (!line->len || *line->ptr == '#')
		return 0;
	if (memchr(line->ptr, '\0', line->len))
		return error_set(err, ERROR_INPUT, "a NUL in the line");
	if (ssh_config_word_plain(line, keyword, err) < 0)
		return -1;
	if (!keyword->len)
		return error_set(err, ERROR_INPUT, "no keyword in the line");
	if (!line->len)
		return error_set(err, ERROR_INPUT,
			"no argument behind the keyword %s", keyword->ptr);
	return ssh_config_word_check(*line, err) < 0 ? -1 : 1;
}

/* How many bytes an escape takes: 2, or 1 where '\' is itself. */
static size_t ssh_config_word_escape(struct slice s, char quote)
{
	char next = s.len > 1 ? s.ptr[1] : '\0';
	bool escape = next == '\'' || next == '"' || next == '\\' ||
		      (!quote && next == ' ');

	return escape ? 2 : 1;
}

int ssh_config_word_next(
	struct slice *rest, struct buf *word, struct error *err)
{
	struct slice s = *rest;
	char quote = '\0';

	buf_reset(word);
	while (s.len && (*s.ptr == ' ' || *s.ptr == '\t'))
		s = ssh_config_word_from(s, 1);
	if (!s.len || *s.ptr == '#') {
		*rest = ssh_config_word_from(s, s.len);
		return 0;
	}
	while (s.len && (quote || (*s.ptr != ' ' && *s.ptr != '\t'))) {
		size_t n =
			*s.ptr == '\\' ? ssh_config_word_escape(s, quote) : 1;
		bool starts = !quote && (*s.ptr == '"' || *s.ptr == '\'');

		if (starts)
			quote = *s.ptr;
		else if (quote && *s.ptr == quote)
			quote = '\0';
		else if (buf_add(word, s.ptr + n - 1, 1, err) < 0)
			return -1;
		s = ssh_config_word_from(s, n);
	}
	if (quote)
		return ssh_config_word_quote(err);
	*rest = s;
	return 1;
}
