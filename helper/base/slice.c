#include "helper/base/slice.h"

#include <string.h>

struct slice slice_of(const char *s)
{
	if (!s)
		return SLICE_NONE;
	return (struct slice){ s, strlen(s) };
}

bool slice_eq(struct slice a, struct slice b)
{
	if (!a.ptr || !b.ptr)
		return !a.ptr && !b.ptr;
	return a.len == b.len && !memcmp(a.ptr, b.ptr, a.len);
}

bool slice_is(struct slice a, const char *s)
{
	return a.ptr && slice_eq(a, slice_of(s));
}

/* Not tolower(): what a host name is must not depend on the locale. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool slice_eq_nocase(struct slice a, struct slice b)
{
	if (!a.ptr || !b.ptr)
		return !a.ptr && !b.ptr;
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

bool slice_starts(struct slice a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.ptr && a.len >= n && !memcmp(a.ptr, prefix, n);
}

bool slice_has_control(struct slice a)
{
	for (size_t i = 0; i < a.len; i++) {
		unsigned char c = (unsigned char)a.ptr[i];

		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}
