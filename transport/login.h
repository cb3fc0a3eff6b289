/*
 * login: prove who we are, with one key after the other on one connection.
 */
#ifndef LOGIN_H
#define LOGIN_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "transport/connection.h"
#include "transport/identity.h"
#include "transport/ssh_agent.h"
#include "transport/ssh_settings.h"

#include <stdint.h>

/*
 * Log in as s->user: offer the usable keys of a judged list (identity.h) in its
 * order until the server takes one; one that fails, whyever, never ends the
 * loop. The `none` request is not made first: it costs a round trip and tells
 * nothing that a key does not. agent signs for its keys. Returns -1 with
 * ERROR_DENIED (no key was taken), ERROR_TIMEOUT or ERROR_UNAVAILABLE (the
 * server ended it), and lines of what was tried appended to say, each ended by
 * LF.
 */
int login_run(struct connection *c, const struct ssh_settings *s,
	const struct identity_list *keys, struct ssh_agent *agent,
	int64_t deadline, struct buf *say, struct error *err);

#endif
