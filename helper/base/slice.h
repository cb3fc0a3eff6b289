/*
 * slice: counted bytes that somebody else owns.
 *
 * A slice is valid only while the buffer it points into is neither changed
 * nor released. It is not NUL-terminated and may hold any byte.
 */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct slice {
	const char *ptr; /* NULL: absent, which is not the same as empty */
	size_t len; /* bytes */
};

#define SLICE_NONE ((struct slice){ NULL, 0 })

/* The bytes of a NUL-terminated string; SLICE_NONE for NULL. */
struct slice slice_of(const char *s);

/* Same bytes; an absent slice equals only an absent one. */
bool slice_eq(struct slice a, struct slice b);

/* Same bytes as the NUL-terminated s. An absent slice equals nothing. */
bool slice_is(struct slice a, const char *s);

/* Like slice_eq, with ASCII letters compared without case (RFC 4343). */
bool slice_eq_nocase(struct slice a, struct slice b);

/* Does a begin with the NUL-terminated prefix? */
bool slice_starts(struct slice a, const char *prefix);

/* Does any byte below 0x20, or 0x7f, stand in it? */
bool slice_has_control(struct slice a);

#endif
