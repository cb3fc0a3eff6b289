#include "transport/identity.h"

#include "helper/base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The public key in the file whose name is path and suffix. */
static int identity_load_public(
	struct ssh_key *key, const char *path, const char *suffix)
{
	char name[PATH_LIMIT];
	struct wipebuf text;
	int result = -1;

	if ((size_t)snprintf(name, sizeof(name), "%s%s", path, suffix) >=
		sizeof(name))
		return -1;
	wipebuf_init(&text, SSH_KEY_FILE_MAX);
	if (ssh_key_read(name, &text, NULL, NULL) == 0)
		result = ssh_key_public(key, wipebuf_slice(&text), NULL);
	wipebuf_release(&text);
	return result;
}

/*
 * The command is in the message whole, or not at all: chmod of a path that was
 * cut is chmod of another file.
 */
static void identity_load_exposed(struct identity *id, mode_t mode)
{
	struct buf text, shown;

	buf_init(&text, 8 * PATH_LIMIT);
	buf_init(&shown, PATH_LIMIT);
	path_shorten(&shown, id->path);
	buf_addf(&text, NULL,
		"others can use it (mode %04o), so ssh does not; type: "
		"chmod 600 ",
		(unsigned)mode);
	path_quote(&text, shown.ptr);
	if (text.len >= sizeof(id->fault.text)) {
		buf_reset(&text);
		buf_addf(&text, NULL,
			"others can use it (mode %04o), so ssh does not; its "
			"mode must be 0600",
			(unsigned)mode);
	}
	error_set(&id->fault, ERROR_DENIED, "%s", text.ptr);
	buf_release(&shown);
	buf_release(&text);
}

/* The file itself: a private key, or the public half of one elsewhere. */
static void identity_load_file(struct identity *id)
{
	mode_t exposed = 0;

	if (ssh_key_read(id->path, &id->text, &exposed, &id->fault) < 0)
		return;
	if (ssh_key_public(&id->key, wipebuf_slice(&id->text), NULL) == 0) {
		error_set(&id->fault, ERROR_UNAVAILABLE,
			"it is a public key, and the ssh-agent does not have "
			"its private half");
		return;
	}
	ssh_key_private(&id->key, wipebuf_slice(&id->text), &id->fault);
	if (exposed)
		identity_load_exposed(id, exposed);
}

/* ssh(1) believes the .pub first, and then the private key must be its half. */
static int identity_load_beside(
	struct identity *id, const struct ssh_key *pub, struct error *err)
{
	bool other =
		id->key.blob.len
			? !slice_eq(buf_slice(&id->key.blob),
				  buf_slice(&pub->blob))
			: *id->key.type && strcmp(id->key.type, pub->type) != 0;

	if (other && id->fault.kind == ERROR_NONE)
		error_set(&id->fault, ERROR_DENIED,
			"the .pub beside it is of another key");
	return ssh_key_blob(
		&id->key, buf_slice(&pub->blob), buf_slice(&pub->comment), err);
}

static int identity_load_neighbours(struct identity *id, struct error *err)
{
	static const char *const names[] = { "-cert", "-cert.pub" };
	struct ssh_key key;
	int result = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ssh_key_init(&key);
		if (identity_load_public(&key, id->path, names[i]) == 0 &&
			ssh_key_is_certificate(key.type))
			id->certificate = true;
		ssh_key_release(&key);
	}
	ssh_key_init(&key);
	if (!(id->key.blob.len && id->key.format == SSH_KEY_PUBLIC) &&
		identity_load_public(&key, id->path, ".pub") == 0)
		result = identity_load_beside(id, &key, err);
	ssh_key_release(&key);
	return result;
}

static bool identity_load_listed(
	const struct identity_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->item[i].path, path))
			return true;
	return false;
}

/* Is there nothing of it: no private key, public key or certificate? */
static bool identity_load_absent(const struct identity *id)
{
	return id->fault.kind == ERROR_UNAVAILABLE && !id->key.blob.len &&
	       !id->certificate;
}

static int identity_load_path(struct identity_list *list, const char *path,
	bool given, struct error *err)
{
	struct identity *id = identity_add(list, err);

	if (!id)
		return -1;
	id->path = strdup(path);
	if (!id->path)
		return error_set(err, ERROR_MEMORY, "out of memory");
	identity_load_file(id);
	if (identity_load_neighbours(id, err) < 0)
		return -1;
	if (id->fault.kind != ERROR_NONE)
		wipebuf_release(&id->text);
	if (!given && identity_load_absent(id))
		identity_drop(list);
	return 0;
}

static int identity_load_agent(struct identity_list *list, bool only,
	struct ssh_agent *agent, int64_t deadline, struct error *err)
{
	struct ssh_agent_msg_keys keys = { NULL, 0 };
	int result;

	if (agent->fd < 0)
		list->agent_why = agent->why;
	else if (ssh_agent_list(agent, &keys, deadline, &list->agent_why) ==
			 0 &&
		 !keys.count)
		error_set(&list->agent_why, ERROR_UNAVAILABLE,
			"the ssh-agent has no keys");
	result = identity_merge(list, &keys, only, err);
	free(keys.key);
	return result;
}

int identity_load(struct identity_list *list, const struct ssh_settings *s,
	struct ssh_agent *agent, int64_t deadline, struct error *err)
{
	for (size_t i = 0; i < s->identityfile.count; i++) {
		const char *path = s->identityfile.item[i];

		if (!strcasecmp(path, "none") ||
			identity_load_listed(list, path))
			continue;
		if (identity_load_path(list, path, s->identityfile_given, err) <
			0)
			return -1;
	}
	return identity_load_agent(
		list, s->identitiesonly, agent, deadline, err);
}
