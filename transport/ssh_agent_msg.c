#include "transport/ssh_agent_msg.h"

#include "transport/ssh_key.h"
#include "transport/ssh_wire.h"

#include <stdlib.h>

#define SSH_AGENT_MSG_FAILURE 5
#define SSH_AGENT_MSG_FAILURE_SSH2 30
#define SSH_AGENT_MSG_FAILURE_COM 102
#define SSH_AGENT_MSG_REQUEST_IDENTITIES 11
#define SSH_AGENT_MSG_IDENTITIES 12
#define SSH_AGENT_MSG_REQUEST_SIGN 13
#define SSH_AGENT_MSG_SIGNATURE 14

int ssh_agent_msg_list(struct buf *out, struct error *err)
{
	static const char request[] = { 0, 0, 0, 1,
		SSH_AGENT_MSG_REQUEST_IDENTITIES };

	return buf_add(out, request, sizeof(request), err);
}

int ssh_agent_msg_sign(struct buf *out, struct slice blob, struct slice data,
	uint32_t flags, struct error *err)
{
	size_t fixed = 1 + 4 + 4 + 4;

	if (blob.len > SSH_AGENT_MSG_MAX - fixed ||
		data.len > SSH_AGENT_MSG_MAX - fixed - blob.len)
		return error_set(err, ERROR_MEMORY,
			"that is too much for an agent to sign");
	if (ssh_wire_put_u32(
		    out, (uint32_t)(fixed + blob.len + data.len), err) < 0 ||
		ssh_wire_put_u8(out, SSH_AGENT_MSG_REQUEST_SIGN, err) < 0 ||
		ssh_wire_put_string(out, blob, err) < 0 ||
		ssh_wire_put_string(out, data, err) < 0 ||
		ssh_wire_put_u32(out, flags, err) < 0)
		return -1;
	return 0;
}

int ssh_agent_msg_length(
	const unsigned char head[4], size_t *length, struct error *err)
{
	struct slice in = { (const char *)head, 4 };
	uint32_t n = 0;

	if (!ssh_wire_u32(&in, &n) || !n || n > SSH_AGENT_MSG_MAX)
		return error_set(err, ERROR_INPUT,
			"the ssh-agent announces a message of %u bytes",
			(unsigned)n);
	*length = n;
	return 0;
}

static int ssh_agent_msg_malformed(struct error *err)
{
	return error_set(
		err, ERROR_INPUT, "the ssh-agent's answer is malformed");
}

/* Take the type from the front of the answer and see that it is this one. */
static int ssh_agent_msg_type(
	struct slice *answer, uint8_t want, struct error *err)
{
	uint8_t type;

	if (!ssh_wire_u8(answer, &type))
		return ssh_agent_msg_malformed(err);
	if (type == SSH_AGENT_MSG_FAILURE ||
		type == SSH_AGENT_MSG_FAILURE_SSH2 ||
		type == SSH_AGENT_MSG_FAILURE_COM)
		return error_set(err, ERROR_DENIED, "the ssh-agent refuses");
	if (type != want)
		return error_set(err, ERROR_INPUT,
			"the ssh-agent answers with a message of type %d",
			type);
	return 0;
}

static int ssh_agent_msg_key(
	struct ssh_agent_msg_key *key, struct slice *in, struct error *err)
{
	if (!ssh_wire_string(in, &key->blob) ||
		!ssh_wire_string(in, &key->comment) ||
		!ssh_key_blob_type(key->blob).ptr)
		return ssh_agent_msg_malformed(err);
	return 0;
}

int ssh_agent_msg_listed(
	struct ssh_agent_msg_keys *keys, struct slice answer, struct error *err)
{
	struct ssh_agent_msg_key *key;
	uint32_t count;

	*keys = (struct ssh_agent_msg_keys){ NULL, 0 };
	if (ssh_agent_msg_type(&answer, SSH_AGENT_MSG_IDENTITIES, err) < 0)
		return -1;
	if (!ssh_wire_u32(&answer, &count))
		return ssh_agent_msg_malformed(err);
	if (count > SSH_AGENT_MSG_KEYS_MAX)
		return error_set(err, ERROR_INPUT,
			"the ssh-agent says that it has %u keys",
			(unsigned)count);
	if (!count)
		return 0;
	key = calloc(count, sizeof(*key));
	if (!key)
		return error_set(err, ERROR_MEMORY, "out of memory");
	for (size_t i = 0; i < count; i++)
		if (ssh_agent_msg_key(&key[i], &answer, err) < 0) {
			free(key);
			return -1;
		}
	*keys = (struct ssh_agent_msg_keys){ key, count };
	return 0;
}

int ssh_agent_msg_signed(
	struct slice *signature, struct slice answer, struct error *err)
{
	if (ssh_agent_msg_type(&answer, SSH_AGENT_MSG_SIGNATURE, err) < 0)
		return -1;
	if (!ssh_wire_string(&answer, signature))
		return ssh_agent_msg_malformed(err);
	return 0;
}
