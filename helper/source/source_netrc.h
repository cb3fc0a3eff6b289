/*
 * source_netrc: the .netrc as a source of credentials.
 *
 * The file is the policy's `netrc`, else $NETRC where that is not empty, else
 * ~/.netrc (curl's and Go's order); netrc/netrc.h has the rules of a match,
 * secretfile.h those of a file that may be believed. It stores nothing.
 */
#ifndef SOURCE_NETRC_H
#define SOURCE_NETRC_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/policy/route.h"
#include "helper/source/source.h"

extern const struct source source_netrc;

/*
 * Which file would be read, and why that one: *why points at a constant, and
 * *named says whether somebody named it (false: ~/.netrc by default).
 * Returns -1 with ERROR_UNAVAILABLE where there is no home to look in.
 */
int source_netrc_path(const struct route *route, struct buf *path,
	const char **why, bool *named, struct error *err);

/*
 * The line of ~/.netrc, the only file that git's own libcurl reads, that
 * answers for this target; 0 where none does. If there is one, git never asks
 * a helper. Nothing of the file is kept.
 */
size_t source_netrc_git_first(const struct target *target);

#endif
