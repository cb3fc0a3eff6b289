#include "transport/ssh_pattern.h"

#include <string.h>

static char ssh_pattern_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool ssh_pattern_same(char pattern, char c, bool nocase)
{
	if (nocase)
		return ssh_pattern_lower(pattern) == ssh_pattern_lower(c);
	return pattern == c;
}

/* What follows the last '*' moves on until it fits: no '*' before matters. */
static bool ssh_pattern_run(
	struct slice pattern, struct slice text, bool nocase)
{
	size_t p = 0, t = 0, star = pattern.len, from = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.len &&
			   (pattern.ptr[p] == '?' ||
				   ssh_pattern_same(pattern.ptr[p], text.ptr[t],
					   nocase))) {
			p++;
			t++;
		} else if (star < pattern.len) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

bool ssh_pattern_match(struct slice pattern, struct slice text)
{
	return ssh_pattern_run(pattern, text, false);
}

bool ssh_pattern_list(struct slice list, struct slice text)
{
	bool found = false;

	while (list.len) {
		const char *comma = memchr(list.ptr, ',', list.len);
		struct slice one = { list.ptr,
			comma ? (size_t)(comma - list.ptr) : list.len };
		bool negated = one.ptr[0] == '!';
		size_t skip = one.len + (comma ? 1 : 0);

		list = (struct slice){ list.ptr + skip, list.len - skip };
		if (negated)
			one = (struct slice){ one.ptr + 1, one.len - 1 };
		if (!ssh_pattern_run(one, text, true))
			continue;
		if (negated)
			return false;
		found = true;
	}
	return found;
}
