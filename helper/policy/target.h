/*
 * target: what is asked for: scheme, host, port, path, user.
 *
 * Every slice borrows the caller's bytes and is valid as long as they are.
 * Nothing is decoded: a slice is what was written. A password in a URL is
 * skipped; no target ever points at one.
 */
#ifndef TARGET_H
#define TARGET_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>

struct target {
	struct slice scheme; /* absent in what target_from_name made */
	struct slice host; /* never empty; no port; IPv6 with its brackets */
	struct slice path; /* absent, or not empty and not begun by '/' */
	struct slice user; /* absent where none was written; may be empty */
	int port; /* 1-65535; 0: none was written */
};

/*
 * From git's credential attributes (git-credential(1)); hostport is its
 * "host", with ":port" where the URL had one. Absent path and user are fine;
 * scheme and host are required. Returns -1 with ERROR_INPUT where one is
 * missing, holds a control byte, or is no host that one server answers to.
 * No message quotes more than a scheme or a host name.
 */
int target_from_credential(struct target *t, struct slice scheme,
	struct slice hostport, struct slice path, struct slice user,
	struct error *err);

/*
 * From scheme://[user[:password]@]host[:port][/path][?query][#fragment].
 * Returns -1 with ERROR_INPUT; the message never quotes the user info, nor
 * anything that might be a part of it.
 */
int target_from_url(struct target *t, struct slice url, struct error *err);

/*
 * From host[:port][/path], as in a policy's [host "..."]. Stricter than the
 * two above, since a person wrote it to be matched: no wildcard, no "." or
 * ".." and no empty part in the path; one '/' and one ".git" at its end are
 * dropped. Returns -1 with ERROR_INPUT.
 */
int target_from_name(struct target *t, struct slice name, struct error *err);

/* The port written, else the scheme's own; 0 where neither is known. */
int target_port(const struct target *t);

/*
 * Does asked lie within section (from target_from_name)? Same host, without
 * regard to case; same port where section names one; and section's path is
 * asked's or leads to it by whole parts ("acme" holds "acme/x", not
 * "acmex"). A path with a "." or ".." part lies within no path, since the
 * server may take it to another place.
 */
bool target_matches(const struct target *section, const struct target *asked);

/*
 * Append scheme://[user@]host[:port][/path] with percent escapes for bytes
 * that do not belong on a terminal. The user is SSH's alone, up to a ':': in
 * any other URL a token may stand in its place (https://TOKEN@host). Never
 * fails: appends as far as out's maximum allows.
 */
void target_format(const struct target *t, struct buf *out);

#endif
