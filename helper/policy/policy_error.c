#include "helper/policy/policy_error.h"

#include "helper/base/buf.h"
#include "helper/base/path.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room that is left to the message in struct error's 256 bytes. */
#define POLICY_ERROR_FILE_MAX 90

/* No word of ours is longer; what is longer is near to none of them. */
#define POLICY_ERROR_WORD_MAX 24

int policy_error_at(
	struct error *err, const char *file, int line, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	const char *name;
	struct buf where;
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	buf_init(&where, PATH_LIMIT);
	path_shorten(&where, file);
	name = where.ptr;
	if (where.len > POLICY_ERROR_FILE_MAX)
		name += where.len - POLICY_ERROR_FILE_MAX;
	error_set(err, ERROR_POLICY, "%s%s:%d: %s",
		name == where.ptr ? "" : "...", name, line, text);
	buf_release(&where);
	return -1;
}

int policy_error_wrap(struct error *err, const char *file, int line,
	const struct error *below)
{
	if (below->kind == ERROR_MEMORY)
		return error_set(err, ERROR_MEMORY, "%s", below->text);
	return policy_error_at(err, file, line, "%s", below->text);
}

const char *policy_error_quote(char *out, size_t n, struct slice value)
{
	if (slice_has_control(value))
		snprintf(out, n, "(with control characters)");
	else if (value.len > 40)
		snprintf(out, n, "'%.40s...'", value.ptr);
	else
		snprintf(out, n, "'%.*s'", (int)value.len,
			value.ptr ? value.ptr : "");
	return out;
}

static size_t policy_error_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters left out, put in, changed, or two neighbours swapped. */
static size_t policy_error_distance(struct slice a, struct slice b)
{
	size_t d[POLICY_ERROR_WORD_MAX + 1][POLICY_ERROR_WORD_MAX + 1];

	for (size_t i = 0; i <= a.len; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b.len; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		for (size_t j = 1; j <= b.len; j++) {
			size_t cost = a.ptr[i - 1] != b.ptr[j - 1];
			size_t best = d[i - 1][j - 1] + cost;

			best = policy_error_min(best, d[i - 1][j] + 1);
			best = policy_error_min(best, d[i][j - 1] + 1);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
				a.ptr[i - 2] == b.ptr[j - 1])
				best = policy_error_min(
					best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	}
	return d[a.len][b.len];
}

/* A short word is near to anything, so half of it must be right. */
static const char *policy_error_nearest(
	struct slice word, const char *const *words)
{
	size_t best = 3;
	const char *found = NULL;

	if (!word.len || word.len > POLICY_ERROR_WORD_MAX)
		return NULL;
	for (size_t i = 0; words[i]; i++) {
		struct slice w = slice_of(words[i]);
		size_t d = policy_error_distance(word, w);

		if (d < best && d * 2 <= w.len) {
			best = d;
			found = words[i];
		}
	}
	return found;
}

const char *policy_error_suggest(
	char *out, size_t n, struct slice word, const char *const *words)
{
	const char *near = policy_error_nearest(word, words);

	if (near) {
		snprintf(out, n, "did you mean '%s'?", near);
		return out;
	}
	snprintf(out, n, "use");
	for (size_t i = 0; words[i]; i++) {
		const char *before = " ";
		size_t used = strlen(out);

		if (i)
			before = words[i + 1] ? ", " : " or ";
		snprintf(out + used, n - used, "%s%s", before, words[i]);
	}
	return out;
}
