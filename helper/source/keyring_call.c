#include "helper/source/keyring_call.h"

#include "helper/base/deadline.h"
#include "helper/source/keyring.h"
#include "helper/source/keyring_secret.h"

#include <stdio.h>
#include <string.h>

/*
 * By scheme and host alone where a port or path may be written in several
 * ways, and by the user where one is asked for.
 */
enum source_outcome keyring_call_find(struct keyring_call *c, bool gcm)
{
	struct keyring_item searches[SECRETSERVICE_ITEMS_SEARCHES];
	char space[256];
	struct slice name = record_get(&c->request, KEYRING_NAMESPACE);
	size_t n = 1, paths = c->target.path.ptr ? 2 : 1;
	struct buf service[2];
	enum source_outcome got;

	memset(searches, 0, sizeof(searches));
	searches[0].attribute[KEYRING_ITEM_PROTOCOL] = c->target.scheme;
	searches[0].attribute[KEYRING_ITEM_SERVER] = c->target.host;
	searches[0].attribute[KEYRING_ITEM_USER] = c->target.user;
	snprintf(space, sizeof(space), "%.*s", (int)name.len,
		name.ptr ? name.ptr : "");
	for (size_t i = 0; i < 2; i++)
		buf_init(&service[i], KEYRING_CALL_NAME_MAX);
	for (size_t i = 0; gcm && i < paths; i++, n++) {
		keyring_item_service(&c->target, space, i, &service[i]);
		searches[n].attribute[KEYRING_ITEM_SERVICE] =
			buf_slice(&service[i]);
		searches[n].attribute[KEYRING_ITEM_ACCOUNT] = c->target.user;
	}
	secretservice_items_release(&c->items);
	got = secretservice_items_find(
		&c->service, searches, n, true, &c->items, &c->why);
	for (size_t i = 0; i < 2; i++)
		buf_release(&service[i]);
	return got;
}

/* Say that from now on a person has the time, and have it unlocked. */
enum source_outcome keyring_call_unlock(
	struct keyring_call *c, const char *const *paths)
{
	struct record asking;
	int sent;

	if (!c->ask) {
		error_set(&c->why, ERROR_DENIED,
			"the keyring is locked; unlock it (log in, or type: "
			"gnome-keyring-daemon --unlock)");
		return SOURCE_LOCKED;
	}
	record_init(&asking);
	record_add(&asking, KEYRING_ASKING, slice_of("1"), NULL);
	sent = record_write(&asking, c->in->fd, true,
		deadline_in(KEYRING_CALL_WAIT_MS), &c->why);
	record_release(&asking);
	if (sent < 0)
		return SOURCE_UNAVAILABLE;
	return secretservice_unlock(&c->service, paths, &c->why);
}

/* The best that answers and was not tried; tried ones are NULLed. */
struct secretservice_item *keyring_call_best(struct keyring_call *c)
{
	struct secretservice_item *best = NULL;

	for (size_t i = 0; i < c->items.count; i++) {
		struct secretservice_item *at = &c->items.item[i];

		if (!at->path || !keyring_item_answers(&at->item, &c->target))
			continue;
		if (!best ||
			keyring_item_before(&at->item, &best->item, &c->target))
			best = at;
	}
	return best;
}

enum source_outcome keyring_call_secret_of(
	struct keyring_call *c, const struct secretservice_item *item)
{
	enum source_outcome got;

	wipebuf_reset(&c->secret);
	got = secretservice_secret(
		&c->service, item->path, &c->secret, &c->why);
	if (got == SOURCE_FOUND)
		keyring_secret_read(wipebuf_slice(&c->secret), &c->found);
	return got;
}

void keyring_call_name(
	struct keyring_call *c, const struct secretservice_item *item)
{
	buf_reset(&c->label);
	buf_adds(&c->label, item->label, NULL);
}
