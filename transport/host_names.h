/*
 * host_names: the first field of a line of known_hosts.
 *
 * sshd(8), SSH_KNOWN_HOSTS FILE FORMAT: patterns between commas, with * and ?,
 * and ! in front of those that exclude; or one name, hashed, as
 * |1|salt|HMAC-SHA1 of the name with that salt|, both in base64.
 */
#ifndef HOST_NAMES_H
#define HOST_NAMES_H

#include "helper/base/slice.h"

#include <stdbool.h>

enum host_names_result {
	HOST_NAMES_NO,
	HOST_NAMES_YES,
	HOST_NAMES_BAD, /* a '|' in front, and no hashed name behind it */
};

/*
 * Do names mean name, which is in lower case and, for a port of its own,
 * "[host]:port"? Letters of patterns match without case (ASCII); a pattern
 * that excludes name decides, wherever it stands. '?' is one byte. Takes
 * time in proportion to the two lengths' product at most.
 */
enum host_names_result host_names_match(struct slice names, struct slice name);

/* Is it more than a list of names: does it have *, ? or ! (not hashed)? */
bool host_names_is_pattern(struct slice names);

#endif
