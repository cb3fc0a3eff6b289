/*
 * ssh_agent: a client of the ssh-agent that waits for nobody too long.
 *
 * libssh2 has one as well, but it opens its socket itself and blocks on it
 * without a limit: a key that asks for a touch would stop the process.
 */
#ifndef SSH_AGENT_H
#define SSH_AGENT_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/ssh_agent_msg.h"

#include <stdbool.h>
#include <stdint.h>

struct ssh_agent {
	int fd; /* -1: none, or hung up on */
	struct error why; /* where fd is -1: why, for the trace */
	struct buf answer; /* private: the last one */
};

/*
 * Connect to the agent whose socket is at path (NULL or "none": none is
 * wanted). Returns whether there is one: that there is none is no error, and
 * a->why says why. In both cases ssh_agent_close is called at the end.
 */
bool ssh_agent_open(struct ssh_agent *a, const char *path, int64_t deadline);

/* Close the connection and free; harmless on one that is closed. */
void ssh_agent_close(struct ssh_agent *a);

/*
 * The agent's keys, in its order: keys->key is the caller's to free, its
 * slices are valid until the next call with a. Returns -1 with
 * ERROR_UNAVAILABLE (no agent), ERROR_TIMEOUT, ERROR_DENIED (it refuses),
 * ERROR_INPUT (its answer is none), ERROR_MEMORY or ERROR_SYSTEM. After an
 * answer that did not come whole the connection is closed, and stays so.
 */
int ssh_agent_list(struct ssh_agent *a, struct ssh_agent_msg_keys *keys,
	int64_t deadline, struct error *err);

/*
 * Let the key with this blob sign data; flags are of ssh_agent_msg.h. The
 * signature (string algorithm, string signature: ssh_sign.h) is valid until
 * the next call with a. A person may have to say yes, so give them time.
 * Errors as above.
 */
int ssh_agent_sign(struct ssh_agent *a, struct slice blob, struct slice data,
	uint32_t flags, struct slice *signature, int64_t deadline,
	struct error *err);

#endif
