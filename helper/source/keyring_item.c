#include "helper/source/keyring_item.h"

#include <stdio.h>
#include <string.h>

/* The one that git 2.39 looks for, and 2.43 and later find as well. */
#define KEYRING_ITEM_WRITTEN "org.gnome.keyring.NetworkPassword"

const char *const keyring_item_names[KEYRING_ITEM_ATTRIBUTES] = {
	[KEYRING_ITEM_SCHEMA] = "xdg:schema",
	[KEYRING_ITEM_PROTOCOL] = "protocol",
	[KEYRING_ITEM_SERVER] = "server",
	[KEYRING_ITEM_PORT] = "port",
	[KEYRING_ITEM_OBJECT] = "object",
	[KEYRING_ITEM_USER] = "user",
	[KEYRING_ITEM_SERVICE] = "service",
	[KEYRING_ITEM_ACCOUNT] = "account",
};

static const struct {
	const char *name;
	enum keyring_item_kind kind;
} keyring_item_schemas[] = {
	{ KEYRING_ITEM_WRITTEN, KEYRING_ITEM_GIT },
	{ "org.git.Password", KEYRING_ITEM_GIT },
	{ "com.microsoft.GitCredentialManager", KEYRING_ITEM_GCM },
};
#define KEYRING_ITEM_SCHEMAS                                                   \
	(sizeof(keyring_item_schemas) / sizeof(keyring_item_schemas[0]))

enum keyring_item_kind keyring_item_kind(const struct keyring_item *item)
{
	struct slice schema = item->attribute[KEYRING_ITEM_SCHEMA];

	for (size_t i = 0; i < KEYRING_ITEM_SCHEMAS; i++)
		if (slice_is(schema, keyring_item_schemas[i].name))
			return keyring_item_schemas[i].kind;
	return KEYRING_ITEM_FOREIGN;
}

struct slice keyring_item_user(const struct keyring_item *item)
{
	bool gcm = keyring_item_kind(item) == KEYRING_ITEM_GCM;

	return item->attribute[gcm ? KEYRING_ITEM_ACCOUNT : KEYRING_ITEM_USER];
}

/* One spelling for one port; 0 is none, and what is too large no target has. */
static bool keyring_item_port(struct slice digits, int *port)
{
	*port = 0;
	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.ptr[i];

		if (c < '0' || c > '9' || i > 4 || (c == '0' && !*port))
			return false;
		*port = *port * 10 + (c - '0');
	}
	return !digits.ptr || *port > 0;
}

static bool keyring_item_host(
	const struct keyring_item *item, const struct target *target)
{
	struct target here = {
		.scheme = item->attribute[KEYRING_ITEM_PROTOCOL],
		.host = item->attribute[KEYRING_ITEM_SERVER],
	};

	return slice_eq_nocase(here.scheme, target->scheme) &&
	       slice_eq_nocase(here.host, target->host) &&
	       keyring_item_port(
		       item->attribute[KEYRING_ITEM_PORT], &here.port) &&
	       target_port(&here) == target_port(target);
}

/* An empty one is none, as git's own reading of a URL has it. */
static struct slice keyring_item_path(const struct keyring_item *item)
{
	struct slice path = item->attribute[KEYRING_ITEM_OBJECT];

	return path.len ? path : SLICE_NONE;
}

/* Below the item's path, by whole parts and without a detour over "..". */
static bool keyring_item_leads(struct slice path, const struct target *target)
{
	struct target section = { .host = target->host, .path = path };

	return path.len < target->path.len && target_matches(&section, target);
}

/* How much of target's path is the item's: -1 where it is another one. */
static int64_t keyring_item_depth(
	const struct keyring_item *item, const struct target *target)
{
	struct slice path = keyring_item_path(item);

	if (!target->path.ptr)
		return path.ptr ? 0 : 1;
	if (!path.ptr)
		return 0;
	if (slice_eq(path, target->path) || keyring_item_leads(path, target))
		return (int64_t)path.len;
	return -1;
}

/* The same for the URL that Git Credential Manager keeps in one attribute. */
static int64_t keyring_item_gcm_depth(
	const struct keyring_item *item, const struct target *target)
{
	struct slice service = item->attribute[KEYRING_ITEM_SERVICE];
	const char *colon =
		service.len ? memchr(service.ptr, ':', service.len) : NULL;
	int64_t depth = -1;
	struct buf url;

	if (!colon)
		return -1;
	/* whose namespace it is was decided by what was searched for */
	service.len -= (size_t)(colon - service.ptr);
	service.ptr = colon;
	buf_init(&url, 8192);
	for (int path = 0; path <= (target->path.ptr ? 1 : 0); path++) {
		buf_reset(&url);
		keyring_item_service(target, "", path, &url);
		if (slice_eq(buf_slice(&url), service))
			depth = path ? (int64_t)target->path.len : 0;
	}
	buf_release(&url);
	return depth;
}

static int64_t keyring_item_rank(
	const struct keyring_item *item, const struct target *target)
{
	if (keyring_item_kind(item) == KEYRING_ITEM_GCM)
		return keyring_item_gcm_depth(item, target);
	if (!keyring_item_host(item, target))
		return -1;
	return keyring_item_depth(item, target);
}

bool keyring_item_answers(
	const struct keyring_item *item, const struct target *target)
{
	if (target->user.ptr &&
		!slice_eq(target->user, keyring_item_user(item)))
		return false;
	return keyring_item_rank(item, target) >= 0;
}

/*
 * With the schema that new items of ours get. git 2.43 and later do not store
 * into such a one but beside it, and may do so within the same second.
 */
static bool keyring_item_is_written(const struct keyring_item *item)
{
	return slice_is(
		item->attribute[KEYRING_ITEM_SCHEMA], KEYRING_ITEM_WRITTEN);
}

bool keyring_item_before(const struct keyring_item *a,
	const struct keyring_item *b, const struct target *target)
{
	enum keyring_item_kind ka = keyring_item_kind(a),
			       kb = keyring_item_kind(b);
	int64_t da = keyring_item_rank(a, target),
		db = keyring_item_rank(b, target);

	if (ka != kb)
		return ka < kb;
	if (da != db)
		return da > db;
	if (a->modified != b->modified)
		return a->modified > b->modified;
	return keyring_item_is_written(b) && !keyring_item_is_written(a);
}

bool keyring_item_same(
	const struct keyring_item *item, const struct target *target)
{
	return keyring_item_kind(item) == KEYRING_ITEM_GIT &&
	       keyring_item_host(item, target) &&
	       slice_eq(target->path, keyring_item_path(item)) &&
	       slice_eq(target->user, keyring_item_user(item));
}

bool keyring_item_erased(const struct keyring_item *item,
	const struct target *target, bool password)
{
	enum keyring_item_kind kind = keyring_item_kind(item);

	if (kind == KEYRING_ITEM_GCM || !keyring_item_answers(item, target))
		return false;
	if (password)
		return true;
	return kind == KEYRING_ITEM_GIT &&
	       (!target->path.ptr ||
		       slice_eq(target->path, keyring_item_path(item)));
}

void keyring_item_of(
	struct keyring_item *item, const struct target *target, char number[8])
{
	memset(item, 0, sizeof(*item));
	item->attribute[KEYRING_ITEM_SCHEMA] = slice_of(KEYRING_ITEM_WRITTEN);
	item->attribute[KEYRING_ITEM_PROTOCOL] = target->scheme;
	item->attribute[KEYRING_ITEM_SERVER] = target->host;
	item->attribute[KEYRING_ITEM_OBJECT] = target->path;
	item->attribute[KEYRING_ITEM_USER] = target->user;
	snprintf(number, 8, "%d", target->port);
	if (target->port)
		item->attribute[KEYRING_ITEM_PORT] = slice_of(number);
}

void keyring_item_label(const struct target *target, struct buf *out)
{
	buf_adds(out, "Git: ", NULL);
	buf_addslice(out, target->scheme, NULL);
	buf_adds(out, "://", NULL);
	buf_addslice(out, target->host, NULL);
	if (target->port)
		buf_addf(out, NULL, ":%d", target->port);
	buf_adds(out, "/", NULL);
	buf_addslice(out, target->path, NULL);
}

static void keyring_item_lower(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		buf_add(out, &c, 1, NULL);
	}
}

void keyring_item_service(const struct target *target, const char *space,
	bool path, struct buf *out)
{
	struct target own = { .scheme = target->scheme };

	buf_adds(out, space, NULL);
	buf_adds(out, ":", NULL);
	keyring_item_lower(out, target->scheme);
	buf_adds(out, "://", NULL);
	keyring_item_lower(out, target->host);
	if (target->port && target->port != target_port(&own))
		buf_addf(out, NULL, ":%d", target->port);
	if (path && target->path.len) {
		buf_adds(out, "/", NULL);
		buf_addslice(out, target->path, NULL);
	}
}
