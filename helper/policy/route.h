/*
 * route: what the policy makes of a target: its rail, and for a credential
 * the sources to ask, in order.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include "helper/base/error.h"
#include "helper/policy/policy.h"
#include "helper/policy/policy_source.h"
#include "helper/policy/target.h"

#include <stdbool.h>
#include <stddef.h>

enum route_rail {
	ROUTE_HTTPS, /* a user name and a secret; any scheme but SSH's */
	ROUTE_SSH, /* a key */
};

struct route {
	enum route_rail rail; /* as the scheme says */
	bool allowed; /* false: give no credential, make no connection */
	char why[320]; /* why this rail, or why not; one line for people */
	const char *source[POLICY_SOURCE_MAX]; /* policy_source's own names */
	size_t sources; /* of them; 0 where the policy says none */
	/* What holds and who says so; the strings are the policy's. */
	struct policy_value value[POLICY_KEYS];
	bool netrc_default; /* netrc's "default" entry may answer */
	bool netrc_warn; /* others may read the netrc: warn, go on */
	bool store_none; /* keep nothing */
	bool openssh; /* the system's ssh, always */
};

/*
 * Decide. Pure. The scheme picks the rail; "rail = ssh" forbids an HTTPS
 * credential, "rail = https" an SSH connection; what would send a secret in
 * clear (http, ftp) is forbidden but to this machine itself (127.0.0.0/8,
 * [::1], localhost). A scheme that is no repository's, as smtp, is allowed
 * whatever the rail. Returns -1 with ERROR_INPUT only where the target has
 * no scheme.
 */
int route_choose(const struct policy *p, const struct target *t,
	struct route *out, struct error *err);

/* "https" or "ssh". */
const char *route_rail_name(enum route_rail rail);

#endif
