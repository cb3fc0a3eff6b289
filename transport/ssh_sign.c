#include "transport/ssh_sign.h"

#include "transport/ssh_agent_msg.h"
#include "transport/ssh_key.h"
#include "transport/ssh_wire.h"

#define SSH_SIGN_USERAUTH_REQUEST 50

/* The algorithms that may sign, and the type of key that has them. */
static const struct ssh_sign_algorithm {
	const char *name, *type;
	uint32_t flags;
	size_t size; /* bytes of a signature; 0: they differ */
} ssh_sign_algorithms[] = {
	{ "ssh-ed25519", "ssh-ed25519", 0, 64 },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", 0, 0 },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", 0, 0 },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", 0, 0 },
	{ "rsa-sha2-256", "ssh-rsa", SSH_AGENT_MSG_RSA_SHA2_256, 0 },
	{ "rsa-sha2-512", "ssh-rsa", SSH_AGENT_MSG_RSA_SHA2_512, 0 },
};

static const struct ssh_sign_algorithm *ssh_sign_find(struct slice name)
{
	size_t n = sizeof(ssh_sign_algorithms) / sizeof(ssh_sign_algorithms[0]);

	for (size_t i = 0; i < n; i++)
		if (slice_is(name, ssh_sign_algorithms[i].name))
			return &ssh_sign_algorithms[i];
	return NULL;
}

int ssh_sign_request(struct slice data, struct slice blob,
	struct slice *algorithm, uint32_t *flags, struct error *err)
{
	const struct ssh_sign_algorithm *row;
	struct slice session, user, service, method, name, key;
	uint8_t type, with;

	if (!ssh_wire_string(&data, &session) || !ssh_wire_u8(&data, &type) ||
		!ssh_wire_string(&data, &user) ||
		!ssh_wire_string(&data, &service) ||
		!ssh_wire_string(&data, &method) ||
		!ssh_wire_u8(&data, &with) || !ssh_wire_string(&data, &name) ||
		!ssh_wire_string(&data, &key) || data.len || !session.len ||
		type != SSH_SIGN_USERAUTH_REQUEST || with != 1 ||
		!slice_is(service, "ssh-connection") ||
		!slice_is(method, "publickey"))
		return error_set(err, ERROR_INPUT,
			"what shall be signed is no request to log in");
	row = ssh_sign_find(name);
	if (!row || !slice_eq(key, blob) ||
		!slice_is(ssh_key_blob_type(blob), row->type))
		return error_set(err, ERROR_INPUT,
			"what shall be signed is by another key or algorithm");
	*algorithm = name;
	*flags = row->flags;
	return 0;
}

int ssh_sign_raw(struct slice signature, struct slice algorithm,
	struct slice *raw, struct error *err)
{
	const struct ssh_sign_algorithm *row = ssh_sign_find(algorithm);
	struct slice name, bytes;

	if (!row || !ssh_wire_string(&signature, &name) ||
		!ssh_wire_string(&signature, &bytes) || signature.len ||
		!bytes.len || (row->size && bytes.len != row->size))
		return error_set(err, ERROR_INPUT,
			"the ssh-agent's signature is malformed");
	if (!slice_eq(name, algorithm))
		return error_set(err, ERROR_INPUT,
			"the ssh-agent signed by another algorithm than was "
			"asked for");
	*raw = bytes;
	return 0;
}
