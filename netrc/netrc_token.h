/*
 * netrc_token: one word of a .netrc, still in the file's own bytes.
 *
 * A token points into the bytes that the scanner was given and lives as long
 * as they do. A quoted token keeps its escapes there (\n, \r and \t stand for
 * control characters, any other \x for x, as curl's quotes do); everything
 * below reads through them, so that only netrc_token_copy ever makes a copy.
 */
#ifndef NETRC_TOKEN_H
#define NETRC_TOKEN_H

#include "helper/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct netrc_token {
	struct slice raw; /* without the quotes; ptr NULL: no such token */
	size_t line; /* where it begins, counted from 1; 0: not in a file */
	bool quoted;
};

#define NETRC_TOKEN_NONE ((struct netrc_token){ SLICE_NONE, 0, false })

/* What is copied by netrc_token_copy never needs more than the raw length. */
#define NETRC_TOKEN_TOO_LONG ((size_t)-1)

/* Is there a token at all? An empty one ("") is there. */
bool netrc_token_present(const struct netrc_token *t);

/*
 * The value has the bytes of s. An absent token equals only an absent slice.
 */
bool netrc_token_eq(const struct netrc_token *t, struct slice s);

/* Like netrc_token_eq, with ASCII letters compared without case. */
bool netrc_token_eq_nocase(const struct netrc_token *t, struct slice s);

/*
 * Does the value hold CR, LF or NUL? Neither git's credential protocol nor an
 * HTTP header can carry such a value, and LF would inject attributes.
 */
bool netrc_token_has_break(const struct netrc_token *t);

/*
 * Write the value, escapes resolved, to buf, which has room for size bytes,
 * with no NUL behind it, and return its length; 0 for an absent token. Where
 * it does not fit, nothing past buf is written, the bytes written so far are
 * wiped, and NETRC_TOKEN_TOO_LONG is returned. raw.len bytes always suffice.
 * The caller owns buf and wipes it; for a secret, it lies in a wipebuf.
 */
size_t netrc_token_copy(const struct netrc_token *t, char *buf, size_t size);

#endif
