#include "helper/policy/policy_ini.h"

#include "helper/policy/policy_error.h"

#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct policy_ini {
	struct slice rest; /* not read yet */
	const char *file;
	int line; /* of what inih was given last */
	bool in_section;
	bool failed; /* err is set: inih gets no further line */
	const struct policy_ini_sink *sink;
	struct error *err;
};

static int policy_ini_fail(struct policy_ini *in, const char *text)
{
	in->failed = true;
	return policy_error_at(in->err, in->file, in->line, "%s", text);
}

static bool policy_ini_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice policy_ini_trim(struct slice s)
{
	while (s.len && policy_ini_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && policy_ini_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* Take the next line off in->rest, without its LF or CR LF. */
static struct slice policy_ini_next(struct policy_ini *in)
{
	const char *start = in->rest.ptr;
	const char *lf = memchr(start, '\n', in->rest.len);
	struct slice line = { start, in->rest.len };

	if (lf)
		line.len = (size_t)(lf - start);
	in->rest.ptr += line.len + (lf != NULL);
	in->rest.len -= line.len + (lf != NULL);
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	in->line++;
	return line;
}

static int policy_ini_check_bytes(struct policy_ini *in, struct slice line)
{
	char text[80];

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];

		/* U+0080 to U+009F too: a terminal obeys them as it does ESC */
		if (c == 0xc2 && i + 1 < line.len &&
			((unsigned char)line.ptr[i + 1] & 0xe0) == 0x80)
			c = (unsigned char)line.ptr[i + 1];
		else if ((c >= 0x20 && c != 0x7f) || c == '\t')
			continue;
		snprintf(text, sizeof(text),
			"a control character (0x%02x) in column %zu", c, i + 1);
		return policy_ini_fail(in, text);
	}
	return 0;
}

/* What stands between the brackets of a section's header, from host on. */
static int policy_ini_parse_host(
	struct policy_ini *in, struct slice head, struct slice *host)
{
	const char *end;

	head = policy_ini_trim((struct slice){ head.ptr + 4, head.len - 4 });
	if (!head.len || head.ptr[0] != '"')
		return policy_ini_fail(in,
			"a host's name stands in double quotes: "
			"[host \"git.example.org\"]");
	head.ptr++;
	head.len--;
	end = memchr(head.ptr, '"', head.len);
	if (!end || end != head.ptr + head.len - 1)
		return policy_ini_fail(in,
			"a section's header ends with the quote and the "
			"bracket: [host \"git.example.org\"]");
	*host = (struct slice){ head.ptr, head.len - 1 };
	return 0;
}

static int policy_ini_unknown_section(struct policy_ini *in, struct slice head)
{
	static const char *const words[] = { "default", "host", NULL };
	char quoted[64], hint[64], text[200];
	struct slice word = head;

	for (size_t i = 0; i < word.len; i++)
		if (policy_ini_blank(word.ptr[i]) || word.ptr[i] == '"')
			word.len = i;
	policy_error_suggest(hint, sizeof(hint), word, words);
	if (strncmp(hint, "use", 3) == 0)
		snprintf(
			hint, sizeof(hint), "use [default] or [host \"NAME\"]");
	snprintf(text, sizeof(text), "unknown section %s; %s",
		policy_error_quote(quoted, sizeof(quoted), word), hint);
	return policy_ini_fail(in, text);
}

/* The bracket that ends a header: an IPv6 host has one in its quotes. */
static size_t policy_ini_header_end(struct slice line)
{
	bool quoted = false;
	size_t i;

	for (i = 1; i < line.len; i++) {
		if (line.ptr[i] == '"')
			quoted = !quoted;
		else if (line.ptr[i] == ']' && !quoted)
			break;
	}
	return i;
}

static int policy_ini_section(struct policy_ini *in, struct slice line)
{
	size_t end = policy_ini_header_end(line);
	struct slice head, behind, host = SLICE_NONE;

	if (end >= line.len)
		return policy_ini_fail(in, "a section's header ends with ']'");
	head = policy_ini_trim((struct slice){ line.ptr + 1, end - 1 });
	behind = policy_ini_trim(
		(struct slice){ line.ptr + end + 1, line.len - end - 1 });
	if (behind.len && behind.ptr[0] != ';')
		return policy_ini_fail(
			in, "only a comment (' ;') may follow a header's ']'");
	if (!slice_is(head, "default")) {
		if (!slice_starts(head, "host") ||
			(head.len > 4 && !policy_ini_blank(head.ptr[4]) &&
				head.ptr[4] != '"'))
			return policy_ini_unknown_section(in, head);
		if (policy_ini_parse_host(in, head, &host) < 0)
			return -1;
	}
	in->in_section = true;
	if (in->sink->section(in->sink->arg, host, in->line, in->err) == 0)
		return 0;
	in->failed = true;
	return -1;
}

/*
 * What inih splits at ':' or takes for a comment before '=', or what has no
 * section, would come out of it as something else or not at all.
 */
static int policy_ini_check_pair(struct policy_ini *in, struct slice line)
{
	const char *equals = memchr(line.ptr, '=', line.len);
	struct slice key = line;
	char quoted[64], text[160];

	if (equals)
		key = policy_ini_trim((struct slice){
			line.ptr, (size_t)(equals - line.ptr) });
	if (!equals || memchr(key.ptr, ':', key.len))
		return policy_ini_fail(
			in, "not 'key = value': there is no '=' behind a key");
	if (!key.len)
		return policy_ini_fail(in, "no key before '='");
	if (memchr(key.ptr, ';', key.len))
		return policy_ini_fail(in, "a comment before '='");
	if (in->in_section)
		return 0;
	snprintf(text, sizeof(text),
		"%s stands outside a section; put it below [default], or "
		"below [host \"NAME\"] for one host",
		policy_error_quote(quoted, sizeof(quoted), key));
	return policy_ini_fail(in, text);
}

/* The next line that says something, checked; false at the end. */
static bool policy_ini_line(struct policy_ini *in, struct slice *line)
{
	*line = SLICE_NONE;
	if (in->failed || !in->rest.len)
		return false;
	*line = policy_ini_next(in);
	if (policy_ini_check_bytes(in, *line) < 0)
		return false;
	*line = policy_ini_trim(*line);
	if (!line->len || line->ptr[0] == ';' || line->ptr[0] == '#') {
		line->len = 0;
		return true;
	}
	if (line->len > POLICY_INI_LINE_MAX) {
		policy_error_at(in->err, in->file, in->line,
			"a line of %zu bytes; the limit is %d", line->len,
			POLICY_INI_LINE_MAX);
		in->failed = true;
		return false;
	}
	if (line->ptr[0] == '[')
		return policy_ini_section(in, *line) == 0;
	return policy_ini_check_pair(in, *line) == 0;
}

/*
 * inih's reader: one line a call, as fgets(3). No line begins with a blank,
 * which inih would take for more of the last value, and none fills the
 * buffer, of whose rest inih would make another line. A header goes to inih
 * as "[s]": inih cuts a section's name at 49 bytes without a word.
 */
static char *policy_ini_reader(char *out, int size, void *stream)
{
	struct policy_ini *in = stream;
	struct slice line;

	if (!policy_ini_line(in, &line))
		return NULL;
	if (line.len && line.ptr[0] == '[')
		line = slice_of("[s]");
	if (size < 0 || line.len + 2 > (size_t)size) {
		policy_ini_fail(in, "this build of inih cannot hold the line");
		return NULL;
	}
	snprintf(out, (size_t)size, "%.*s\n", (int)line.len,
		line.ptr ? line.ptr : "");
	return out;
}

/* A build of inih may call this for a section too, without a name. */
static int policy_ini_handler(
	void *arg, const char *section, const char *name, const char *value)
{
	struct policy_ini *in = arg;

	(void)section;
	if (!name || !value || in->failed)
		return 1;
	if (in->sink->pair(in->sink->arg, slice_of(name), slice_of(value),
		    in->line, in->err) < 0)
		in->failed = true;
	return 1;
}

int policy_ini_read(struct slice bytes, const char *file,
	const struct policy_ini_sink *sink, struct error *err)
{
	struct policy_ini in = {
		.rest = bytes, .file = file, .sink = sink, .err = err
	};
	int rc;

	if (bytes.len > POLICY_INI_FILE_MAX)
		return policy_error_at(err, file, 1,
			"more than %d bytes are no policy file",
			POLICY_INI_FILE_MAX);
	if (slice_starts(bytes, "\xef\xbb\xbf")) {
		in.rest.ptr += 3;
		in.rest.len -= 3;
	}
	rc = ini_parse_stream(policy_ini_reader, &in, policy_ini_handler, &in);
	if (in.failed)
		return -1;
	if (rc == -2)
		return error_set(err, ERROR_MEMORY, "out of memory");
	if (rc != 0)
		return policy_error_at(err, file, rc, "not 'key = value'");
	return 0;
}
