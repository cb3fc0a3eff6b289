/*
 * ssh_agent_msg: the messages of the ssh-agent protocol, without any I/O
 * (draft-ietf-sshm-ssh-agent). On the wire each has its length before it
 * (uint32); here a message is its type byte and what follows.
 */
#ifndef SSH_AGENT_MSG_H
#define SSH_AGENT_MSG_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stddef.h>
#include <stdint.h>

#define SSH_AGENT_MSG_MAX (256 * 1024) /* bytes, as OpenSSH has it */
#define SSH_AGENT_MSG_KEYS_MAX 2048 /* as OpenSSH has it */

/* Flags of a signature by an RSA key (5.2, from the registry of RFC 8332) */
#define SSH_AGENT_MSG_RSA_SHA2_256 2u
#define SSH_AGENT_MSG_RSA_SHA2_512 4u

/* One key; its slices point into the answer. */
struct ssh_agent_msg_key {
	struct slice blob; /* its type can be had (ssh_key_blob_type) */
	struct slice comment;
};

struct ssh_agent_msg_keys {
	struct ssh_agent_msg_key *key; /* to be freed; NULL: none */
	size_t count;
};

/*
 * Append a whole request, with its length before it, to out. Returns -1 with
 * ERROR_MEMORY where it would be longer than a message may be.
 */
int ssh_agent_msg_list(struct buf *out, struct error *err);
int ssh_agent_msg_sign(struct buf *out, struct slice blob, struct slice data,
	uint32_t flags, struct error *err);

/*
 * How long is the message whose length stands in the first four bytes of
 * head? Returns -1 with ERROR_INPUT where no message can have it.
 */
int ssh_agent_msg_length(
	const unsigned char head[4], size_t *length, struct error *err);

/*
 * Read the answer to a list, in the agent's order. Returns -1 with
 * ERROR_DENIED (the agent says that it failed), ERROR_INPUT (malformed, or
 * too many keys) or ERROR_MEMORY, and then nothing is to be freed.
 */
int ssh_agent_msg_listed(struct ssh_agent_msg_keys *keys, struct slice answer,
	struct error *err);

/* Read the answer to a sign request: the signature's blob. Errors as above. */
int ssh_agent_msg_signed(
	struct slice *signature, struct slice answer, struct error *err);

#endif
