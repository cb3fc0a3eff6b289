#include "transport/identity.h"

#include "helper/base/path.h"

#include <string.h>

/* The types that libssh2 offers, of a file as of an agent. */
static const struct identity_judge_type {
	const char *type;
	bool rsa;
} identity_judge_types[] = {
	{ "ssh-ed25519", false },
	{ "ecdsa-sha2-nistp256", false },
	{ "ecdsa-sha2-nistp384", false },
	{ "ecdsa-sha2-nistp521", false },
	{ "ssh-rsa", true },
};

/* What the others are. The first row whose part is in the name counts. */
static const struct identity_judge_other {
	const char *part;
	const char *lack;
} identity_judge_others[] = {
	{ "-cert-v0", "a certificate, which we leave to OpenSSH" },
	{ "sk-", "a hardware key, which libssh2 cannot use" },
	{ "ssh-dss", "a type that we do not offer" },
	{ "", "a type that libssh2 does not know" },
};

static const char *identity_judge_lack(const char *type)
{
	size_t i = 0;

	while (!strstr(type, identity_judge_others[i].part))
		i++;
	return identity_judge_others[i].lack;
}

static enum identity_verdict identity_judge_by_type(
	struct identity *id, const struct ssh2_can *can)
{
	size_t n =
		sizeof(identity_judge_types) / sizeof(identity_judge_types[0]);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(id->key.type, identity_judge_types[i].type) != 0)
			continue;
		if (!identity_judge_types[i].rsa || can->rsa_sha2)
			return IDENTITY_USABLE;
		error_set(&id->why, ERROR_UNAVAILABLE,
			"RSA with SHA-2 needs libssh2 1.11, this is %s",
			can->version);
		return IDENTITY_OPENSSH;
	}
	error_set(&id->why, ERROR_UNAVAILABLE, "%s, %s", id->key.type,
		identity_judge_lack(id->key.type));
	return IDENTITY_OPENSSH;
}

/* OpenSSH asks for the passphrase too, but not in BatchMode. */
static enum identity_verdict identity_judge_encrypted(
	struct identity *id, bool batch)
{
	const char *cipher = id->key.cipher, *type = id->key.type;

	error_set(&id->why, ERROR_DENIED, "%s%s%s%s%s%s",
		*type ? type : "a private key", *cipher ? ", " : "", cipher,
		*cipher ? "," : "", " needs a passphrase",
		batch ? ", and nobody may be asked for it (BatchMode)" : "");
	return batch ? IDENTITY_SKIPPED : IDENTITY_OPENSSH;
}

static enum identity_verdict identity_judge_one(
	struct identity *id, const struct ssh2_can *can, bool batch)
{
	id->why = (struct error)ERROR_INIT;
	if (id->certificate) {
		error_set(&id->why, ERROR_UNAVAILABLE,
			"it has a certificate beside it, which we leave to "
			"OpenSSH");
		return IDENTITY_OPENSSH;
	}
	/* its private key may stand in any other file */
	if (id->in_agent || ssh_key_is_certificate(id->key.type))
		return identity_judge_by_type(id, can);
	if (id->fault.kind != ERROR_NONE) {
		id->why = id->fault;
		return IDENTITY_SKIPPED;
	}
	if (id->key.encrypted)
		return identity_judge_encrypted(id, batch);
	return identity_judge_by_type(id, can);
}

size_t identity_judge_usable(const struct identity_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++)
		n += list->item[i].verdict == IDENTITY_USABLE;
	return n;
}

bool identity_judge(struct identity_list *list, const struct ssh2_can *can,
	bool batch, struct buf *why)
{
	const struct identity *foreign = NULL;

	for (size_t i = 0; i < list->count; i++) {
		struct identity *id = &list->item[i];

		id->verdict = identity_judge_one(id, can, batch);
		if (id->verdict == IDENTITY_OPENSSH && !foreign)
			foreign = id;
	}
	if (foreign) {
		identity_label(foreign, why);
		buf_addf(why, NULL, ": %s", foreign->why.text);
		return true;
	}
	if (batch || identity_judge_usable(list))
		return false;
	buf_adds(why,
		"there is no key to offer, and ssh can ask for a password",
		NULL);
	return true;
}
