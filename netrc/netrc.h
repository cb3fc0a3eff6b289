/*
 * netrc: which entry of a .netrc answers for a host.
 *
 * It reads the caller's bytes where they lie: no I/O, no allocation, no
 * logging, and no copy of any secret. netrc_lex.h has the grammar.
 *
 * Which entries may answer:
 *  - machine: its name is the query's host, compared without ASCII case;
 *    brackets around an IPv6 address do not count; no suffix, wildcard, final
 *    dot or other spelling of an address is tried.
 *  - A port, behind the name (`h:8443`; Go, git-credential-netrc) or as a
 *    `port` token (number or well-known service; git-credential-netrc), must
 *    be the query's; an entry with both never matches. A `port` token that is
 *    neither is ignored.
 *  - protocol must be the query's scheme, path its path if it has one.
 *  - login must be the query's login, or be absent.
 *  - An entry one of whose values holds CR, LF or NUL never answers.
 *  - default: only if the caller wants it, and only if no machine answers.
 *    curl uses it, Go and git-credential-netrc do not; it sends a secret to
 *    whichever host asks.
 *
 * Inside an entry login beats user and username, password beats passwd, and
 * the last of a repeated token counts. Fields of two entries are never
 * combined. The best entry is, in this order: a complete one; one that names
 * the port; one with a port token; one with the host's exact case; the first.
 * A partial one has a password without a login, or the reverse where the
 * query has no login.
 */
#ifndef NETRC_H
#define NETRC_H

#include "netrc/netrc_token.h"

#define NETRC_FILE_MAX 1048576u

struct netrc_query {
	struct slice host; /* with or without brackets, without a port */
	struct slice scheme; /* absent: https */
	struct slice login; /* absent: any */
	struct slice path; /* absent: any; a leading '/' does not count */
	int port; /* 0: the scheme's own */
	bool use_default;
};

enum netrc_result {
	NETRC_FOUND,
	NETRC_NOT_FOUND,
	NETRC_ERROR, /* a broken file, and no complete machine before that */
};

/* How the entry matched. */
enum netrc_rule {
	NETRC_RULE_NONE,
	NETRC_RULE_NAME_PORT, /* machine host:port */
	NETRC_RULE_TOKEN_PORT, /* machine host, with a port token */
	NETRC_RULE_HOST, /* machine host */
	NETRC_RULE_ANY_PORT, /* the same, but the query names a port, which
				Go and git-credential-netrc want named */
	NETRC_RULE_DEFAULT,
	NETRC_NRULES,
};

/*
 * What answers. The tokens point into the file, but for the login of an
 * entry that has none: that is the query's own (line 0). An absent token is
 * not an empty one.
 */
struct netrc_match {
	enum netrc_rule rule;
	bool complete; /* login and password are both there */
	size_t line; /* of `machine` or `default`, counted from 1 */
	size_t machines; /* seen in the file, up to an error */
	struct netrc_token login, password, account;
};

/* What is wrong with the file; never any of its bytes. */
struct netrc_fault {
	size_t line; /* counted from 1; 0: the whole file */
	const char *text; /* constant; NULL: nothing is wrong */
};

/*
 * Look for the entry that answers query. file stays the caller's and must
 * live and not change as long as match is used; so must query->login. match
 * and fault (which may be NULL) are always set: where nothing is found, all
 * of match but machines is zero. fault is also set when a complete machine
 * stood before the error and NETRC_FOUND is returned.
 *
 * Errors: a file above NETRC_FILE_MAX and those of netrc_lex_item. An entry
 * still open at the error does not count. Time is linear in file.len.
 */
enum netrc_result netrc_lookup(struct slice file,
	const struct netrc_query *query, struct netrc_match *match,
	struct netrc_fault *fault);

/* A constant text for the trace, "host and port" or the like. Never NULL. */
const char *netrc_rule_text(enum netrc_rule rule);

/*
 * The port that a scheme has of its own (http, https, ftp, ssh), compared
 * without case; that of https for an absent one, 0 for an unknown one.
 */
int netrc_scheme_port(struct slice scheme);

/*
 * The value of a `port` token: 1 to 65535, also for the name of a well-known
 * service; 0 for an absent or another one.
 */
int netrc_port(const struct netrc_token *t);

#endif
