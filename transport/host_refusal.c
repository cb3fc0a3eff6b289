#include "transport/host_refusal.h"

#include "helper/base/path.h"

#include <string.h>

/* What the words are made of. */
struct host_refusal {
	const struct ssh_settings *s;
	const char *name; /* as it was looked for */
	struct slice type; /* offered, as people call it */
	char offered[HOST_KEY_FINGERPRINT_SIZE];
	const struct known_hosts_entry *entry;
	struct slice known_type;
	char known[HOST_KEY_FINGERPRINT_SIZE];
	struct buf file; /* as a person would write it */
	struct buf text; /* the advice; in here everything fits */
};

#define HOST_REFUSAL_ROOM 65536

static void host_refusal_add(struct host_refusal *r, const char *text)
{
	buf_adds(&r->text, text, NULL);
}

static bool host_refusal_is_global(const struct host_refusal *r)
{
	const struct ssh_settings_list *global = &r->s->globalknownhostsfile;

	for (size_t i = 0; i < global->count; i++)
		if (!strcmp(global->item[i], r->entry->file))
			return true;
	return false;
}

/* `ssh-keygen -R` takes the whole line away, whoever else it means. */
static void host_refusal_change(struct host_refusal *r, bool global)
{
	buf_addf(&r->text, NULL, "%s line %zu of ",
		global ? "have the administrator of this machine change"
		       : "change",
		r->entry->line);
	path_quote(&r->text, r->file.ptr);
	host_refusal_add(r, ", then ");
}

static void host_refusal_forget(struct host_refusal *r)
{
	host_refusal_add(r, "ssh-keygen -f ");
	path_quote(&r->text, r->file.ptr);
	host_refusal_add(r, " -R ");
	path_quote(&r->text, r->name);
	host_refusal_add(r, " && ");
}

/* ssh as it would be typed: -p also for 22, which a config may have changed. */
static void host_refusal_connect(struct host_refusal *r)
{
	struct slice user = ssh_settings_user_shown(r->s);
	struct buf word;

	host_refusal_add(r, "ssh -o StrictHostKeyChecking=ask -p ");
	buf_addf(&r->text, NULL, "%d ", r->s->port);
	buf_init(&word, HOST_REFUSAL_ROOM);
	buf_addf(&word, NULL, "%.*s@%s", (int)user.len, user.ptr, r->s->host);
	path_quote(&r->text, word.ptr);
	buf_release(&word);
	host_refusal_add(r, " exit");
}

/* The command is the last on the line, and one, for copying. */
static void host_refusal_type(struct host_refusal *r)
{
	bool global = r->entry && host_refusal_is_global(r);
	bool change = r->entry && (global || r->entry->pattern);

	if (change)
		host_refusal_change(r, global);
	host_refusal_add(r, "type this and answer with that fingerprint (ssh "
			    "compares the two): ");
	if (r->entry && !change)
		host_refusal_forget(r);
	host_refusal_connect(r);
}

static int host_refusal_unknown(struct host_refusal *r, struct error *err)
{
	host_refusal_add(r, "ask its owners for the fingerprint, or look where "
			    "they publish it; then ");
	host_refusal_type(r);
	return error_set(err, ERROR_DENIED,
		"the host key of %s is not known: %.*s %s", r->name,
		(int)r->type.len, r->type.ptr, r->offered);
}

/* Both alike: OpenSSH adds no second key before the first one is gone. */
static void host_refusal_other_key(struct host_refusal *r)
{
	buf_addf(&r->text, NULL,
		"known is %s; either the host has a new key, or somebody "
		"stands between you and it: ask its owners. Only if the new "
		"fingerprint is theirs, ",
		r->known);
	host_refusal_type(r);
}

static int host_refusal_other_type(struct host_refusal *r, struct error *err)
{
	host_refusal_other_key(r);
	return error_set(err, ERROR_DENIED,
		"the host key of %s is %.*s %s, and it is known by its %.*s "
		"key only (%s:%zu)",
		r->name, (int)r->type.len, r->type.ptr, r->offered,
		(int)r->known_type.len, r->known_type.ptr, r->file.ptr,
		r->entry->line);
}

static int host_refusal_changed(struct host_refusal *r, struct error *err)
{
	host_refusal_other_key(r);
	return error_set(err, ERROR_DENIED,
		"the host key of %s has changed: it is %.*s %s, and %s:%zu has "
		"another",
		r->name, (int)r->type.len, r->type.ptr, r->offered, r->file.ptr,
		r->entry->line);
}

static int host_refusal_revoked(struct host_refusal *r, struct error *err)
{
	host_refusal_add(r,
		"whoever answered may have stolen the key; you were not logged "
		"in. Ask the host's owners for its new key");
	return error_set(err, ERROR_DENIED,
		"the host key of %s is revoked: %.*s %s (%s:%zu)", r->name,
		(int)r->type.len, r->type.ptr, r->offered, r->file.ptr,
		r->entry->line);
}

static int (*const host_refusal_words[])(
	struct host_refusal *r, struct error *err) = {
	[KNOWN_HOSTS_UNKNOWN] = host_refusal_unknown,
	[KNOWN_HOSTS_OTHER_TYPE] = host_refusal_other_type,
	[KNOWN_HOSTS_CHANGED] = host_refusal_changed,
	[KNOWN_HOSTS_REVOKED] = host_refusal_revoked,
};

static void host_refusal_clean(struct buf *b)
{
	for (char *p = b->ptr; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
}

int host_refusal_say(const struct ssh_settings *s, const struct known_hosts *kh,
	const struct host_key *offered, const struct known_hosts_answer *answer,
	struct buf *advice, struct error *err)
{
	struct host_refusal r = { .s = s,
		.name = kh->name.ptr,
		.type = host_key_type_name(offered->type),
		.entry = answer->entry };

	if (answer->verdict == KNOWN_HOSTS_KNOWN)
		return 0;
	buf_init(&r.file, PATH_LIMIT);
	buf_init(&r.text, HOST_REFUSAL_ROOM);
	host_key_fingerprint(r.offered, offered);
	if (r.entry) {
		host_key_fingerprint(r.known, &r.entry->key);
		r.known_type = host_key_type_name(r.entry->key.type);
		path_shorten(&r.file, r.entry->file);
	}
	host_refusal_words[answer->verdict](&r, err);
	host_refusal_clean(&r.text);
	/* half a command is worse than none */
	buf_addslice(advice, buf_slice(&r.text), NULL);
	buf_release(&r.text);
	buf_release(&r.file);
	return -1;
}
